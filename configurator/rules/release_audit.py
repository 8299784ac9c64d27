"""Options that nobody can buy and rules that say nothing new, for the plans of a release.

Sample households ask for every option at a few addresses; the engine tells what no bundle can hold. An option is dead
only where it is for every household that could have it at all; a rule is redundant only where it is every time. A rule
that no option on offer can break is no fault: it is idle until something is filed that could break it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from catalog.parameters import Law
from catalog.terms import Household, LocalMarket, Location, OptionKind, Person, Relationship, to_cents
from configurator.bundle import FILED_LINES, Bundler, Choice, Policy
from configurator.engine import ConfigurationModel, Finding, OptionModel
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


@dataclass(frozen=True, slots=True)
class ReleaseAudit:
    """What was found, the ids of rules that no option on offer can break, and the addresses that were asked for."""

    weaknesses: tuple[Weakness, ...]
    idle: tuple[str, ...]
    places: tuple[str, ...]


@dataclass
class _Tally:
    """What was seen so far, over households."""

    dead: dict[str, str] = field(default_factory=dict)
    alive: set[str] = field(default_factory=set)
    void: dict[str, str] = field(default_factory=dict)
    redundant: dict[str, str] | None = None
    idle: set[str] | None = None

    def add(self, model: ConfigurationModel) -> None:
        """Take in the findings for one household."""
        found = model.audit()
        self.void |= {each.subject: each.detail for each in found if each.kind == "void"}
        dead = {each.subject: _because(each) for each in found if each.kind == "dead_option"}
        options = {f"{line}/{option.option_id}" for line in model.lines for option in model.compiled.options[line]}
        self.dead |= dead
        self.alive |= options - dead.keys()
        self._add_rules([each for each in found if each.kind == "redundant_rule"])

    def _add_rules(self, found: Iterable[Finding]) -> None:
        """A rule that the options alone fulfil is idle; one that follows from others says nothing new."""
        redundant = {each.subject: _because(each) for each in found if each.rules}
        idle = {each.subject for each in found if not each.rules}
        before = redundant if self.redundant is None else self.redundant
        self.redundant = {rule_id: text for rule_id, text in before.items() if rule_id in redundant.keys() | idle}
        self.idle = idle if self.idle is None else self.idle & idle

    @property
    def open(self) -> bool:
        """Whether another household could still change what is found."""
        return bool(self.dead.keys() - self.alive)


def _because(finding: Finding) -> str:
    return f"{finding.detail}: {', '.join(finding.rules)}" if finding.rules else finding.detail


def audit_markets(markets: Iterable[LocalMarket], rules: RuleSet, law: Law) -> ReleaseAudit:
    """Ask at each address in turn; at further ones only while an option is dead so far."""
    tally, places = _Tally(), []
    for market in markets:
        places.append(f"{market.location.zip_code} {market.location.county_name}")
        for household in sample_households(market.location, date(market.plan_year, 1, 1)):
            tally.add(_model(Bundler(market, household, law, rules)))
        if not tally.open:
            break
    return ReleaseAudit(tuple(_weaknesses(tally)), tuple(sorted(tally.idle or ())), tuple(places))


def _weaknesses(tally: _Tally) -> Iterator[Weakness]:
    for subject, text in tally.void.items():
        yield Weakness("void", subject, text)
    for subject, text in tally.dead.items():
        if subject not in tally.alive:
            yield Weakness("dead_option", subject, text)
    for rule_id, text in (tally.redundant or {}).items():
        yield Weakness("redundant_rule", rule_id, text)


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
