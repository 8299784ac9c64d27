"""`coverwright rules`: check, test, audit, compare and explain the rules that bind every bundle."""

import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

import click
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, aliased

from catalog.parameters import Law, load
from catalog.store.market import UnknownReleaseError, local_market, locate, release_info
from catalog.store.tables import number_of, zip_counties
from catalog.terms import LocalMarket
from configurator.facts import fact_types
from configurator.rules import (
    FOLDER,
    AnyRule,
    Rule,
    RuleFileError,
    RuleSet,
    Trial,
    Violation,
    boundary_trials,
    check,
    find_problems,
    load_rules,
    run_trials,
    standard_vocabulary,
)
from configurator.rules.audit import Weakness, audit_rules
from configurator.rules.changes import RuleChanges, changes
from configurator.rules.check import numeric_parameters
from configurator.rules.words import Wording
from portal.configurations.models import ConfigurationVersion
from portal.configurations.stored import replay
from portal.plans.shop import rule_folders
from portal.web.clock import instant
from portal.web.scope import everything
from portal.web.settings import SettingsError, read_settings

DONE, DONE_WITH_PROBLEMS, REFUSED = 0, 1, 2
SCHEMA_VERSION = 1
MOST_PLACES = 5
_NEEDS_TABLES = "a database with tables; run coverwright db upgrade"

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
whole_option = click.option("--whole", is_flag=True, help="The paths are a whole set of rules, not additions to ours.")
paths_argument = click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))


@click.group()
def rules() -> None:
    """The rules that bind every bundle: load them, test them, look for weak spots, compare and explain them.

    A PATH is a folder of *.yaml rule files or one such file. It is read on top of our own rules: it adds rules, and
    replaces ours of the same id where ours is an issuer's rule. Law cannot be replaced. Without a PATH the folder
    that COVERWRIGHT_RULES names is read on top, if it names one.

    Exit codes: 0 done, 1 done and something was found, 2 refused.
    """


def _with_shape(shape: str) -> Callable[[Callable], Callable]:
    """Add the shape of the JSON object to the help of a command, line by line as it stands."""

    def add(function: Callable) -> Callable:
        function.__doc__ = f"{inspect.cleandoc(function.__doc__)}\n\n\b\nWith --json:\n{inspect.cleandoc(shape)}"
        return function

    return add


# check


@rules.command("check")
@paths_argument
@whole_option
@json_option
@click.pass_context
@_with_shape('{"schema_version", "rules": number, "version": text, "problems": [text with file:line:column]}')
def check_files(context: click.Context, paths: tuple[Path, ...], whole: bool, as_json: bool) -> None:
    """Load the rules. Each mistake is shown with file, line, column and a caret; then the exit code is 2."""
    layers = _layers(paths, whole)
    problems = _problems(layers)
    found = None if problems else _load(layers)
    if as_json:
        counted = {"rules": len(found.every), "version": found.version} if found else {"rules": 0, "version": ""}
        _print_json(counted | {"problems": problems})
    elif found:
        kept = len(found.kept)
        click.echo(f"{len(found.every)} rules can be used: {len(found.rules)} in the rule language, {kept} in code.")
    _complain(problems)
    context.exit(REFUSED if problems else DONE)


def _layers(paths: tuple[Path, ...], whole: bool = False) -> tuple[Path, ...]:
    if paths:
        return paths if whole else (FOLDER, *paths)
    return rule_folders()


def _words() -> tuple[Any, frozenset[str]]:
    return standard_vocabulary(fact_types()), numeric_parameters(load())


def _problems(layers: tuple[Path, ...]) -> list[str]:
    try:
        return find_problems(*_words(), layers)
    except RuleFileError as error:
        return [str(error)]


def _load(layers: tuple[Path, ...]) -> RuleSet:
    return load_rules(*_words(), folders=layers)


def _loaded(layers: tuple[Path, ...], as_json: bool) -> RuleSet:
    """The rules, or the end of the command with every mistake."""
    if problems := _problems(layers):
        _refuse(problems, as_json)
    return _load(layers)


# test


@rules.command("test")
@paths_argument
@whole_option
@json_option
@click.pass_context
@_with_shape(
    """
    {"schema_version", "tests": number, "failures": [{"rule_id", "test", "file", "line", "expected", "found"}]}
    """
)
def test_rules(context: click.Context, paths: tuple[Path, ...], whole: bool, as_json: bool) -> None:
    """Run the tests that stand in the rule files, and each rule on both sides of its dates."""
    found, law = _loaded(_layers(paths, whole), as_json), load()
    trials = [*run_trials(found, law), *boundary_trials(found, law)]
    failures = [trial for trial in trials if not trial.as_expected]
    if as_json:
        _print_json({"tests": len(trials), "failures": [_trial_shape(trial) for trial in failures]})
    else:
        click.echo(f"{len(trials)} tests of {len(found.rules)} rules, {len(failures)} failed.")
    _complain(map(str, failures))
    context.exit(DONE_WITH_PROBLEMS if failures else DONE)


def _trial_shape(trial: Trial) -> dict[str, Any]:
    return {
        "rule_id": trial.rule.id,
        "test": trial.test.name,
        "file": trial.rule.file,
        "line": trial.test.line,
        "expected": trial.expected,
        "found": trial.outcome,
    }


# audit


@rules.command("audit")
@paths_argument
@whole_option
@click.option("--release", "release_id", default="", metavar="ID", help="Look at the options of a release too.")
@json_option
@click.pass_context
@_with_shape(
    """
    {"schema_version", "from", "until", "findings": [{"kind", "subject", "text"}],
     "release": null or {"places": [text], "idle_rules": [id of a rule that no option on offer can break]}}
    kinds: failing_test, edge_of_dates, untested_rule, ends_unreplaced, date_gap, date_overlap, law_gap;
    with a release also dead_option, redundant_rule, void
    """
)
def audit(context: click.Context, paths: tuple[Path, ...], whole: bool, release_id: str, as_json: bool) -> None:
    """Look for weak spots: untested rules, gaps between dates, law that is missing this year or next.

    With a release also for options that nobody can buy and rules that follow from others, for sample households at
    sample addresses.
    """
    found, law, today = _loaded(_layers(paths, whole), as_json), load(), _today()
    first, last = today.replace(month=1, day=1), date(today.year + 1, 12, 31)
    findings = list(audit_rules(found, law, first, last))
    released = _of_release(found, law, release_id, as_json) if release_id else None
    findings += released.weaknesses if released else ()
    if as_json:
        listed = [{"kind": each.kind, "subject": each.subject, "text": each.text} for each in findings]
        looked_at = {"places": list(released.places), "idle_rules": list(released.idle)} if released else None
        span = {"from": first.isoformat(), "until": last.isoformat()}
        _print_json(span | {"findings": listed, "release": looked_at})
    else:
        _print_findings(findings, len(found.every), first, last)
        _print_release(released)
    context.exit(DONE_WITH_PROBLEMS if findings else DONE)


def _print_findings(findings: list[Weakness], count: int, first: date, last: date) -> None:
    for each in findings:
        click.echo(f"{each.kind}: {each.subject}: {each.text}")
    click.echo(f"{count} rules looked at, {len(findings)} findings, law from {first} to {last}.")


def _print_release(released: Any) -> None:
    if released is not None:
        click.echo(f"Asked for at {', '.join(released.places) or 'no address: the release has none'}.")
        click.echo(f"{len(released.idle)} rules bind none of the options on offer: {', '.join(released.idle)}")


def _of_release(found: RuleSet, law: Law, release_id: str, as_json: bool) -> Any:
    """What the engine finds in the options of a release; the end of the command where there is none such."""
    try:
        from configurator.rules.release_audit import audit_markets
    except ImportError as error:
        _refuse([f"The engine cannot be loaded: {error}. Run the set-up again, or leave out --release."], as_json)
    try:
        return _in_records(lambda session: audit_markets(_markets(session, release_id), found, law))
    except UnknownReleaseError as error:
        _refuse([f"--release: found {release_id!r}; {error}"], as_json)
    except DatabaseError as error:
        _refuse([_no_tables(error)], as_json)


def _markets(session: Session, release_id: str) -> Iterator[LocalMarket]:
    """Places of the release, a few at most; which options are on offer differs by county, the rules do not."""
    on = date(release_info(session, release_id).plan_year, 1, 1)
    for zip_code, county_fips in islice(_addresses(session, release_id), MOST_PLACES):
        place = locate(session, release_id, zip_code, county_fips).location
        if place is not None:
            yield local_market(session, release_id, place, on=on, ages=None)


def _addresses(session: Session, release_id: str) -> Iterator[tuple[str, str]]:
    """One ZIP code of each county."""
    place = zip_counties.table.c
    query = sa.select(sa.func.min(place.zip_code), place.county_fips).where(place.release_no == number_of(release_id))
    yield from map(tuple, session.execute(query.group_by(place.county_fips).order_by(place.county_fips)))


# diff


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A stored configuration that was valid by the old rules and is not by the new: its ids, and what it breaks."""

    configuration_id: str
    version: int
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class StoredEffect:
    """What a change of rules does to the newest version of each stored configuration.

    ``not_replayed`` are ids of those that cannot be made again, because their release is gone.
    """

    looked_at: int
    spoiled: tuple[Spoiled, ...]
    not_replayed: tuple[str, ...]


@rules.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@whole_option
@click.option(
    "--stored", is_flag=True, help="Also say which stored configurations become invalid (needs the database)."
)
@json_option
@click.pass_context
@_with_shape(
    """
    {"schema_version", "added": [id], "removed": [id], "changed": [{"rule_id", "fields": [name]}],
     "stored": null or {"looked_at": number, "not_replayed": [configuration id],
       "invalid": [{"configuration_id", "version", "violations": [{"rule_id", "message", "cite"}]}]}}
    """
)
def diff(context: click.Context, old: Path, new: Path, whole: bool, stored: bool, as_json: bool) -> None:
    """Compare two folders of rules: what came, went and changed, and what it does to stored configurations.

    The exit code is 1 where a stored configuration becomes invalid or cannot be made again.
    """
    before, after = (_loaded(_layers((path,), whole), as_json) for path in (old, new))
    found = changes(before, after)
    effect = _stored_effect(before, after, as_json) if stored else None
    if as_json:
        _print_json(_changes_shape(found) | {"stored": _effect_shape(effect) if effect else None})
    else:
        _print_changes(found, effect)
    context.exit(DONE_WITH_PROBLEMS if effect and (effect.spoiled or effect.not_replayed) else DONE)


def _stored_effect(before: RuleSet, after: RuleSet, as_json: bool) -> StoredEffect:
    try:
        return _in_records(lambda session: stored_effect(session, before, after, load()))
    except DatabaseError as error:
        _refuse([_no_tables(error)], as_json)


def stored_effect(session: Session, before: RuleSet, after: RuleSet, law: Law) -> StoredEffect:
    """Check the newest version of each stored configuration by both sets of rules."""
    count, spoiled, lost = 0, [], []
    with everything(session, "rules diff"):
        for version in session.scalars(_newest()):
            count += 1
            try:
                violations = _newly_broken(session, version, before, after, law)
            except LookupError:
                lost.append(version.configuration_id)
                continue
            if violations:
                spoiled.append(Spoiled(version.configuration_id, version.number, violations))
    return StoredEffect(count, tuple(spoiled), tuple(lost))


def _newest() -> sa.Select[tuple[ConfigurationVersion]]:
    later = aliased(ConfigurationVersion)
    same = later.configuration_id == ConfigurationVersion.configuration_id
    newer = sa.exists().where(same, later.number > ConfigurationVersion.number)
    return sa.select(ConfigurationVersion).where(~newer).order_by(ConfigurationVersion.configuration_id)


def _newly_broken(
    session: Session, version: ConfigurationVersion, before: RuleSet, after: RuleSet, law: Law
) -> tuple[Violation, ...]:
    """Rules that the configuration breaks now; none where it broke one before."""
    bundler, bundle = replay(session, version.inputs, law, before)
    if not bundle.verdict.valid:
        return ()
    return check(after, bundler.selection(bundle.policies), bundler.facts, law, bundler.on).violations


def _changes_shape(found: RuleChanges) -> dict[str, Any]:
    changed = [{"rule_id": each.rule_id, "fields": list(each.fields)} for each in found.changed]
    return {"added": list(found.added), "removed": list(found.removed), "changed": changed}


def _effect_shape(effect: StoredEffect) -> dict[str, Any]:
    return {
        "looked_at": effect.looked_at,
        "not_replayed": list(effect.not_replayed),
        "invalid": [
            {
                "configuration_id": each.configuration_id,
                "version": each.version,
                "violations": [
                    {"rule_id": v.rule_id, "message": v.message, "cite": list(v.cite)} for v in each.violations
                ],
            }
            for each in effect.spoiled
        ],
    }


def _print_changes(found: RuleChanges, effect: StoredEffect | None) -> None:
    for word, ids in (("added", found.added), ("removed", found.removed)):
        for rule_id in ids:
            click.echo(f"{word}: {rule_id}")
    for change in found.changed:
        click.echo(f"changed: {change.rule_id}: {', '.join(change.fields)}")
    if not found:
        click.echo("No rule differs.")
    if effect is not None:
        _print_effect(effect)


def _print_effect(effect: StoredEffect) -> None:
    for each in effect.spoiled:
        why = "; ".join(f"{violation.rule_id}: {violation.message}" for violation in each.violations)
        click.echo(f"becomes invalid: {each.configuration_id} version {each.version}: {why}")
    for configuration_id in effect.not_replayed:
        click.echo(f"cannot be made again: {configuration_id}: its catalogue release is gone")
    click.echo(f"{effect.looked_at} stored configurations looked at, {len(effect.spoiled)} become invalid.")


# explain


@rules.command("explain")
@click.argument("rule_id")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Show law as of this day; else today.")
@json_option
@_with_shape(
    """
    {"schema_version", "rule_id", "kind", "title", "entry", "issuer_rule", "message", "mend", "cite": [text], "mark",
     "effective_from", "effective_until", "recorded", "replaces", "repealed": null or {"from", "recorded", "cite"},
     "in_force": true or false on the day,
     "when", "require": the expressions in words, "tests": [{"name", "on", "expect"}],
     "implemented_by": [name], "kept_by": [name]}
    """
)
def explain(rule_id: str, on: Any, as_json: bool) -> None:
    """Say what a rule demands, why, since when, how sure its source is, and which tests keep it."""
    found = _loaded(_layers(()), as_json)
    try:
        rule = found.find(rule_id)
    except KeyError:
        ids = sorted(each.id for each in found.every)
        known = ", ".join(get_close_matches(rule_id.upper(), ids, n=5, cutoff=0.4) or ids)
        _refuse([f"RULE_ID: found {rule_id!r}, expected one of {known}"], as_json)
    shape = rule_shape(rule, found, load(), on.date() if on else _today())
    _print_json(shape) if as_json else click.echo("\n".join(_explained(shape)))


def rule_shape(rule: AnyRule, found: RuleSet, law: Law, on: date) -> dict[str, Any]:
    """A rule as plain data; see `explain`."""
    replaced = any(each.replaces == rule.id for each in found.in_force(on))
    common = {
        "rule_id": rule.id,
        "kind": rule.kind.value,
        "title": rule.title,
        "entry": rule.entry,
        "issuer_rule": rule.issuer_rule,
        "message": rule.message,
        "mend": rule.mend,
        "cite": list(rule.cite),
        "mark": rule.mark,
        "effective_from": rule.effective_from.isoformat(),
        "effective_until": rule.effective_until.isoformat() if rule.effective_until else None,
        "recorded": rule.recorded.isoformat() if rule.recorded else None,
        "replaces": rule.replaces,
        "repealed": _repeal(rule),
        "in_force": rule.in_force(on) and not replaced,
    }
    return common | (_expressions(rule, law, on) if isinstance(rule, Rule) else _functions(rule))


def _repeal(rule: AnyRule) -> dict[str, Any] | None:
    end = rule.repealed if isinstance(rule, Rule) else None
    if end is None:
        return None
    days = {"from": end.effective_from.isoformat(), "recorded": end.recorded.isoformat()}
    return days | {"cite": list(end.cite)}


def _expressions(rule: Rule, law: Law, on: date) -> dict[str, Any]:
    wording = Wording(standard_vocabulary(fact_types()), law, on)
    tests = [
        {"name": test.name, "on": test.on.isoformat(), "expect": "pass" if test.passes else "fail"}
        for test in rule.tests
    ]
    spoken = {"when": wording.words(rule.when), "require": wording.words(rule.require)}
    return spoken | {"tests": tests, "implemented_by": [], "kept_by": []}


def _functions(rule: AnyRule) -> dict[str, Any]:
    kept = {"implemented_by": list(rule.implemented_by), "kept_by": list(rule.kept_by)}
    return {"when": "", "require": "", "tests": []} | kept


def _explained(shape: dict[str, Any]) -> Iterator[str]:
    yield f"{shape['rule_id']}: {shape['title']}"
    whose = "rule of the issuer" if shape["issuer_rule"] else "law"
    entry = f", entry {shape['entry']} of the catalogue" if shape["entry"] else ""
    yield f"{shape['kind']}, {whose}{entry}"
    until = f" to {shape['effective_until']}" if shape["effective_until"] else ""
    known = f", known since {shape['recorded']}" if shape["recorded"] else ""
    force = "in force" if shape["in_force"] else "not in force"
    yield f"from {shape['effective_from']}{until}{known}; {force} on the day asked about"
    if end := shape["repealed"]:
        yield f"ended from {end['from']}, known since {end['recorded']}: {'; '.join(end['cite'])}"
    yield f"source ({shape['mark']}): {'; '.join(shape['cite'])}"
    for label in ("message", "mend", "when", "require", "replaces"):
        if shape[label]:
            yield f"{label}: {shape[label]}"
    yield from (f"test: {test['name']}, {test['on']}: {test['expect']}" for test in shape["tests"])
    yield from (f"in: {name}" for name in shape["implemented_by"])
    yield from (f"test: {name}" for name in shape["kept_by"])


# What the verbs share


def _today() -> date:
    try:
        return read_settings(needs_secret=False).today or instant().date()
    except SettingsError as error:
        _refuse([str(error)], as_json=False)


def _in_records(work: Callable[[Session], Any]) -> Any:
    """What the work gives on a reading session; the database is left as soon as it is done."""
    from portal.cli import records

    sessions = records()
    try:
        with sessions.read() as session:
            return work(session)
    finally:
        sessions.engine.dispose()


def _no_tables(error: DatabaseError) -> str:
    return f"DATABASE_URL: found {error.orig}, expected {_NEEDS_TABLES}"


def _refuse(problems: list[str], as_json: bool) -> NoReturn:
    """Say what is wrong, and end with exit code 2."""
    if as_json:
        _print_json({"refused": problems})
    _complain(problems)
    raise click.exceptions.Exit(REFUSED)


def _complain(problems: Any) -> None:
    for problem in problems:
        click.echo(problem, err=True)


def _print_json(document: dict[str, Any]) -> None:
    click.echo(json.dumps({"schema_version": SCHEMA_VERSION} | document, ensure_ascii=False, indent=1))


def register(cli: click.Group) -> None:
    """Add the verbs."""
    cli.add_command(rules)
