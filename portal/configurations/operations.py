"""Every change of a saved configuration: checks, writes, and leaves an audit row in the same transaction."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from catalog.store.base import new_public_id
from configurator.bundle import Bundle
from portal.configurations.models import Configuration, ConfigurationVersion, ResumeLink
from portal.configurations.stored import StoredInputs, renumbered, store_bundle
from portal.household.models import HouseholdRecord, PersonRecord
from portal.web import clock
from portal.web.audit import audit
from portal.web.scope import current_scope, everything, get_or_404
from portal.web.tokens import hashed, keyed
from portal.web.versioning import check_version

LINK_LIFE = timedelta(days=30)
LONGEST_NAME = 120
MOST_SAVED = 50


class Refused(Exception):
    """The bundle cannot be saved; ``reasons`` say why, for people."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def save(
    session: Session, inputs: StoredInputs, bundle: Bundle, name: str, onto: Configuration | None = None
) -> ConfigurationVersion:
    """Keep a valid bundle as the next version of ``onto``, or under a new name. Raises Refused."""
    _refuse_invalid(bundle)
    configuration = onto or _new_configuration(session, name, inputs.household.effective_date.year)
    previous = configuration.versions[-1] if configuration.versions else None
    version = ConfigurationVersion(
        number=1 + (previous.number if previous else 0),
        made_on=clock.today(),
        created_at=clock.instant(),
        predecessor_id=previous.id if previous else None,
        inputs=inputs,
        bundle=store_bundle(bundle),
    )
    configuration.versions.append(version)
    configuration.changed_at = version.created_at
    session.flush()
    audit(session, "configuration.saved", "configuration", configuration.id, details={"version": version.number})
    return version


def _refuse_invalid(bundle: Bundle) -> None:
    """The evaluator decides, whatever the page showed."""
    if not bundle.policies:
        raise Refused(("There is nothing in your bundle yet. Choose a plan first.",))
    reasons = [violation.message for violation in bundle.verdict.violations]
    reasons += [reason.text for policy in bundle.policies for reason in policy.reasons]
    reasons += [f"{policy.name} has no price for these people." for policy in bundle.policies if policy.premium is None]
    if reasons:
        raise Refused(tuple(dict.fromkeys(reasons)))


def _new_configuration(session: Session, name: str, plan_year: int) -> Configuration:
    moment = clock.instant()
    cut = (name.strip() or f"Bundle for {plan_year}")[:LONGEST_NAME]
    configuration = Configuration(name=cut, plan_year=plan_year, created_at=moment, changed_at=moment)
    session.add(configuration)
    session.flush()
    return configuration


def rename(session: Session, configuration: Configuration, name: str, sent_version: str) -> None:
    """Give another name. Raises Conflict where it was changed meanwhile."""
    mine, theirs = {"Name": name}, {"Name": configuration.name}
    check_version(configuration, sent_version, mine, theirs, f"/saved/{configuration.id}")
    configuration.name = name.strip()[:LONGEST_NAME]
    configuration.changed_at = clock.instant()
    session.flush()
    audit(session, "configuration.renamed", "configuration", configuration.id)


def copy(session: Session, version: ConfigurationVersion, name: str) -> Configuration:
    """A new configuration that begins as this version; the version it came from stays its predecessor."""
    configuration = _new_configuration(session, name, version.configuration.plan_year)
    first = ConfigurationVersion(
        number=1,
        made_on=version.made_on,
        created_at=clock.instant(),
        predecessor_id=version.id,
        inputs=version.inputs,
        bundle=version.bundle,
    )
    configuration.versions.append(first)
    session.flush()
    audit(session, "configuration.copied", "configuration", configuration.id, details={"from": version.id})
    return configuration


def restore(session: Session, configuration: Configuration, version: ConfigurationVersion) -> ConfigurationVersion:
    """Undo: an earlier version becomes the newest again, as a version of its own."""
    again = ConfigurationVersion(
        number=configuration.latest.number + 1,
        made_on=version.made_on,
        created_at=clock.instant(),
        predecessor_id=version.id,
        inputs=version.inputs,
        bundle=version.bundle,
    )
    configuration.versions.append(again)
    configuration.changed_at = again.created_at
    session.flush()
    details = {"version": again.number, "from": version.number}
    audit(session, "configuration.restored", "configuration", configuration.id, details=details)
    return again


def delete(session: Session, configuration: Configuration) -> None:
    """Remove a saved configuration with its versions; the audit row stays."""
    audit(session, "configuration.deleted", "configuration", configuration.id)
    session.delete(configuration)
    session.flush()


def make_link(session: Session, version: ConfigurationVersion) -> ResumeLink:
    """A secret address that opens a copy of this version elsewhere for 30 days."""
    moment, link_id = clock.instant(), new_public_id()
    link = ResumeLink(
        id=link_id,
        token_hash=hashed(_token(link_id)),
        version_id=version.id,
        created_at=moment,
        expires_at=moment + LINK_LIFE,
    )
    session.add(link)
    session.flush()
    audit(session, "configuration.linked", "configuration", version.configuration_id, details={"link": link.id})
    return link


def _token(link_id: str) -> str:
    """The secret of a link, made from the server's own: no record holds it, and the owner can be shown it again."""
    return keyed(current_app.extensions["settings"].secret_key, "resume link", link_id)


def token_of(session: Session, version: ConfigurationVersion, link_id: str) -> str:
    """The secret of one of the owner's live links to this version; empty where there is no such link."""
    link = next((each for each in live_links(session, version) if each.id == link_id), None)
    return _token(link.id) if link else ""


def live_links(session: Session, version: ConfigurationVersion) -> list[ResumeLink]:
    """The owner's links to this version that still open, newest first."""
    live = sa.select(ResumeLink).where(ResumeLink.version_id == version.id, ResumeLink.expires_at > clock.instant())
    return list(session.scalars(live.order_by(ResumeLink.created_at.desc(), ResumeLink.id)))


def end_links(session: Session, version: ConfigurationVersion) -> None:
    """Every link to this version stops working now."""
    for link in live_links(session, version):
        session.delete(link)
    session.flush()
    audit(session, "configuration.links_ended", "configuration", version.configuration_id)


def version_behind(session: Session, token: str) -> ConfigurationVersion | None:
    """What a resume link opens; None where it is unknown or has ended."""
    with everything(session, "opening a resume link, whose holder is not its maker"):
        link = session.scalars(sa.select(ResumeLink).where(ResumeLink.token_hash == hashed(token))).one_or_none()
        if link is None or link.expires_at < clock.instant():
            return None
        return session.get(ConfigurationVersion, link.version_id)


def resume(session: Session, inputs: StoredInputs) -> dict[str, str]:
    """Make the stored household this person's current one; returns the new person ids by the stored ones."""
    household = inputs.household
    record = HouseholdRecord(
        zip_code=household.zip_code,
        county_fips=household.county_fips,
        effective_date=household.effective_date,
        income=household.income,
        tax_household_size=household.tax_household_size,
        on_exchange=household.on_exchange,
        quick=inputs.quick,
        facts=dict(inputs.answers),
        changed_at=clock.instant(),
    )
    record.people = [
        PersonRecord.from_terms(person, position, inputs.names.get(person.person_id, ""))
        for position, person in enumerate(household.persons)
    ]
    session.add(record)
    session.flush()
    audit(session, "household.resumed", "household", record.id)
    return {old.person_id: new.id for old, new in zip(household.persons, record.people, strict=True)}


def resume_copy(session: Session, version: ConfigurationVersion) -> Configuration:
    """A linked version as this person's own household and saved bundle, priced as it was."""
    stored = version.inputs
    new_ids = resume(session, stored)
    people = tuple(replace(each, person_id=new_ids[each.person_id]) for each in stored.household.persons)
    inputs = replace(
        stored,
        household=replace(stored.household, persons=people),
        choices=renumbered(stored.choices, new_ids),
        names={new_ids[old]: name for old, name in stored.names.items()},
    )
    configuration = _new_configuration(session, "Bundle from a link", stored.household.effective_date.year)
    configuration.versions.append(
        ConfigurationVersion(
            number=1,
            made_on=version.made_on,
            created_at=clock.instant(),
            predecessor_id=version.id,
            inputs=inputs,
            bundle=version.bundle,
        )
    )
    session.flush()
    audit(session, "configuration.resumed", "configuration", configuration.id, details={"from": version.id})
    return configuration


def mine(session: Session) -> list[Configuration]:
    """The person's saved bundles, changed last first; nobody's where nobody is known."""
    if current_scope().empty:
        return []
    newest = sa.select(Configuration).order_by(Configuration.changed_at.desc(), Configuration.id).limit(MOST_SAVED)
    return list(session.scalars(newest))


def configuration_or_404(configuration_id: str) -> Configuration:
    """The person's own configuration; a foreign id answers as a missing one."""
    return get_or_404(Configuration, configuration_id)
