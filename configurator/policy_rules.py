"""Who may be on a policy, and how it is rated, as the issuer filed it: the most specific rows win.

Business rules are filed for an issuer, for a product and for a plan (reference: filed templates, New Jersey PUF 2026).
A plan's own rows replace those of its product, which replace those of its issuer, each level as a whole: a plan that
files two relationships accepts those two, whatever its issuer files. Only where a level files no relationship at all
are they taken from the next.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from catalog.terms import NO_SOURCE, BusinessRule, Plan, Relationship, Source

CHILDREN = frozenset(
    {
        Relationship.CHILD,
        Relationship.STEPCHILD,
        Relationship.FOSTER_CHILD,
        Relationship.ADOPTED_CHILD,
        Relationship.GRANDCHILD,
        Relationship.NEPHEW_OR_NIECE,
        Relationship.SIBLING,
        Relationship.WARD,
    }
)
PARTNERS = frozenset({Relationship.SPOUSE, Relationship.LIFE_PARTNER})

# 26 USC 152(f)(1): an adopted child and one placed for adoption count as the taxpayer's own.
_COUNTS_AS = {Relationship.ADOPTED_CHILD: Relationship.CHILD}


@dataclass(frozen=True, slots=True)
class PolicyRules:
    """The filed rules of one plan; None and empty mean "not filed".

    ``max_dependent_age`` is covered through that age. ``relationships`` are those accepted beside the applicant;
    ``living_together`` those that are accepted only in the applicant's home.
    """

    max_dependent_age: int | None = None
    age_determination: str = ""
    tobacco_free_months: int | None = None
    max_children_charged: int | None = None
    max_children: int | None = None
    relationships: frozenset[str] = frozenset()
    living_together: frozenset[str] = frozenset()
    source: Source = NO_SOURCE

    def accepts(self, relationship: Relationship) -> bool:
        """Whether the plan takes this relationship; everybody where no list is filed."""
        if relationship is Relationship.SELF or not self.relationships:
            return True
        return bool({relationship, _COUNTS_AS.get(relationship, relationship)} & self.relationships)


class RuleBook:
    """Business rules of a market, indexed once; ``of`` answers for a plan."""

    def __init__(self, rules: Iterable[BusinessRule]) -> None:
        self._rows: dict[tuple[str, str, str], list[BusinessRule]] = defaultdict(list)
        for rule in rules:
            self._rows[rule.issuer_id, rule.product_id, rule.plan_id].append(rule)
        self._of_plan: dict[str, PolicyRules] = {}
        self._of_levels: dict[tuple[object, ...], PolicyRules] = {}

    def of(self, plan: Plan) -> PolicyRules:
        """The rules that hold for the plan."""
        if plan.plan_id not in self._of_plan:
            self._of_plan[plan.plan_id] = _with_plan_fields(plan, self._merged(plan))
        return self._of_plan[plan.plan_id]

    def _merged(self, plan: Plan) -> PolicyRules:
        """The rules of the filed levels that a plan has; most plans of an issuer share them."""
        key = (plan.line, *(level for level in _levels(plan) if level in self._rows))
        if key not in self._of_levels:
            self._of_levels[key] = self._from_levels(plan)
        return self._of_levels[key]

    def _from_levels(self, plan: Plan) -> PolicyRules:
        levels = [rows for level in _levels(plan) if (rows := self._rows_of(level, plan))]
        named = next((rows for rows in levels if any(row.relationship for row in rows)), [])
        return _merge(levels[0], named) if levels else PolicyRules()

    def _rows_of(self, level: tuple[str, str, str], plan: Plan) -> list[BusinessRule]:
        return [row for row in self._rows.get(level, ()) if row.line in ("", plan.line)]


def _levels(plan: Plan) -> tuple[tuple[str, str, str], ...]:
    """Keys of the rows of a plan, its product and its issuer; some files leave the product out of plan rows."""
    issuer, product = plan.issuer_id, plan.product_id
    return (issuer, product, plan.plan_id), (issuer, "", plan.plan_id), (issuer, product, ""), (issuer, "", "")


def _merge(rows: list[BusinessRule], named: list[BusinessRule]) -> PolicyRules:
    """One set of rules: ``rows`` of the most specific level, relationships from the rows ``named``."""
    together = frozenset(row.relationship for row in named if row.cohabitation_required)
    return PolicyRules(
        max_dependent_age=_first(row.max_dependent_age for row in rows),
        age_determination=_first(row.age_determination or None for row in rows) or "",
        tobacco_free_months=_first(row.tobacco_free_months for row in rows),
        max_children_charged=_first(row.max_children_charged for row in rows),
        max_children=_first(row.max_children for row in rows),
        relationships=_accepted(named),
        living_together=together - {Relationship.SELF},
        source=rows[0].source,
    )


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)


def _accepted(rows: list[BusinessRule]) -> frozenset[str]:
    accepted = frozenset(row.relationship for row in rows if row.relationship)
    as_spouse = any(row.domestic_partner_as_spouse for row in rows)
    return accepted | {Relationship.LIFE_PARTNER} if accepted and as_spouse else accepted


def _with_plan_fields(plan: Plan, rules: PolicyRules) -> PolicyRules:
    """What a format files on the plan itself is more specific than any row."""
    if plan.max_dependent_age is None and plan.tobacco_free_months is None and not plan.accepted_relationships:
        return rules
    return replace(
        rules,
        max_dependent_age=_first((plan.max_dependent_age, rules.max_dependent_age)),
        tobacco_free_months=_first((plan.tobacco_free_months, rules.tobacco_free_months)),
        relationships=frozenset(plan.accepted_relationships) or rules.relationships,
    )
