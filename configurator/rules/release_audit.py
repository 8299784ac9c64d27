"""Options that nobody can buy and rules that say nothing new, for the plans of a release.

Sample households ask for every option at a few addresses; the engine tells what no bundle can hold. An option is dead
only where it is for every household that could have it at all; a rule is redundant only where it is every time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from catalog.parameters import Law
from catalog.terms import Household, LocalMarket, Location, OptionKind, Person, Relationship, to_cents
from configurator.bundle import FILED_LINES, Bundler, Choice, Policy
from configurator.engine import ConfigurationModel, OptionModel
from configurator.rules import RuleSet
from configurator.rules.audit import Weakness

SELF, SPOUSE, CHILD = Relationship.SELF, Relationship.SPOUSE, Relationship.CHILD
# Ages and a yearly income that between them open every kind of plan: catastrophic, family, child-only, add-ons.
_SAMPLES = (
    (((SELF, 27),), 30000),
    (((SELF, 40), (SPOUSE, 38), (CHILD, 9)), 72000),
    (((SELF, 10),), 30000),
    (((SELF, 62),), 45000),
)


@dataclass
class _Tally:
    """What was seen so far, over households."""

    dead: dict[str, str] = field(default_factory=dict)
    alive: set[str] = field(default_factory=set)
    redundant: dict[str, str] | None = None
    void: dict[str, str] = field(default_factory=dict)

    def add(self, model: ConfigurationModel) -> None:
        """Take in the findings for one household."""
        found = {kind: {} for kind in ("dead_option", "redundant_rule", "void")}
        for finding in model.audit():
            if finding.kind in found:
                why = f" ({', '.join(finding.rules)})" if finding.rules else ""
                found[finding.kind][finding.subject] = f"{finding.detail}{why}"
        self.void |= found["void"]
        self.dead |= found["dead_option"]
        asked = {f"{line}/{option.option_id}" for line in model.lines for option in model.compiled.options[line]}
        self.alive |= asked - found["dead_option"].keys()
        again = found["redundant_rule"]
        before = again if self.redundant is None else self.redundant
        self.redundant = {rule_id: text for rule_id, text in before.items() if rule_id in again}

    @property
    def open(self) -> bool:
        """Whether another household could still change what is found."""
        return bool(self.dead.keys() - self.alive)


def audit_markets(markets: Iterable[LocalMarket], rules: RuleSet, law: Law) -> tuple[list[Weakness], list[str]]:
    """Findings, and the addresses that were asked for them; further ones only while an option is dead so far."""
    tally, places = _Tally(), []
    for market in markets:
        places.append(f"{market.location.zip_code} {market.location.county_name}")
        for household in sample_households(market.location, date(market.plan_year, 1, 1)):
            tally.add(_model(Bundler(market, household, law, rules)))
        if not tally.open:
            break
    return list(_weaknesses(tally)), places


def _weaknesses(tally: _Tally) -> Iterator[Weakness]:
    for kind, found in (("void", tally.void), ("dead_option", tally.dead), ("redundant_rule", tally.redundant or {})):
        for subject, text in found.items():
            if subject not in tally.alive:
                yield Weakness(kind, subject, text)


def sample_households(place: Location, on: date) -> Iterator[Household]:
    """Each sample on and off the Exchange, at a place."""
    for people, income in _SAMPLES:
        persons = tuple(
            Person(f"p{number}", role, birth_date=on.replace(year=on.year - age), tobacco=False)
            for number, (role, age) in enumerate(people, 1)
        )
        for on_exchange in (True, False):
            yield Household(
                persons, place.zip_code, place.county_fips, on, income=Decimal(income), on_exchange=on_exchange
            )


def _model(bundler: Bundler) -> ConfigurationModel:
    lines: dict[str, list[OptionModel]] = {}
    for policy in _policies(bundler):
        attributes = bundler.selection([policy])[policy.line.value][0]
        option = OptionModel(policy.choice.option_id, attributes, to_cents(policy.net_premium))
        lines.setdefault(policy.line.value, []).append(option)
    return ConfigurationModel.load(lines, bundler.rules, bundler.law, bundler.on)


def _policies(bundler: Bundler) -> Iterator[Policy]:
    """Each option for all people, or for the applicant alone; left out where neither could have it."""
    everybody = tuple(person.person_id for person in bundler.household.applicants)
    options = [option for option in bundler.market.shelf.options if option.kind is OptionKind.CHOICE]
    quoted = [row.plan for row in bundler.quote_for(everybody).plans if row.plan.line in FILED_LINES]
    offered = [(plan.line, plan.plan_id) for plan in quoted] + [(each.line, each.option_id) for each in options]
    for line, option_id in offered:
        tried = (bundler.bundle([Choice(line, option_id, people)]) for people in (everybody, everybody[:1]))
        policy = next((p for bundle in tried if (p := bundle.policies[0]).available), None)
        if policy is not None:
            yield policy
