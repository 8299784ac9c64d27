"""Plan designs for tests: a few words for one benefit, and the demo's filed plans as imported."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from catalog.importers import read
from catalog.importers.cost_text import cost_share
from catalog.parameters import load
from catalog.terms import (
    Benefit,
    CostLimit,
    Csr,
    LimitKind,
    LimitScope,
    Market,
    NetworkTier,
    Plan,
    PlanDesign,
    PlanVariant,
    Problem,
    ProductLine,
)
from configurator.cost_sharing import Accumulators, CoveredPerson, ServiceLine, adjudicate, from_plan

LAW = load()
START = date(2027, 1, 1)
IN_1, IN_2, OUT, COMBINED = NetworkTier.IN_1, NetworkTier.IN_2, NetworkTier.OUT, NetworkTier.COMBINED
VARIANT = "99999OH0010001-01"


def dollars(text):
    return None if text is None else Decimal(str(text))


def limit(kind, person, group=None, *, scope="combined", tier=IN_1, each=...):
    """A filed limit: the individual amount, the family's (default twice), each person's (default the individual's)."""
    person = dollars(person)
    group = person * 2 if group is None and person is not None else dollars(group)
    each = person if each is ... else dollars(each)
    return CostLimit(VARIANT, LimitKind(kind), LimitScope(scope), tier, person, each, group)


def deductible(person, group=None, **rest):
    return limit("deductible", person, group, **rest)


def moop(person, group=None, **rest):
    return limit("moop", person, group, **rest)


def share(text):
    """Copay and coinsurance as the templates file them, such as $40.00 / 20% Coinsurance after deductible."""
    if text is None:
        return None
    copay, _, coinsurance = (part.strip() for part in text.partition("/"))
    if "%" in copay:
        copay, coinsurance = "", copay
    return cost_share(copay or "Not Applicable", coinsurance or "Not Applicable")


def benefit(category, in_1, out=None, in_2=None, *, covered=True, **rest):
    shares = {"in_1": share(in_1), "in_2": share(in_2), "out": share(out)}
    return Benefit(VARIANT, category, category, covered, **shares, **rest)


def plan_design(limits, benefits, *, line=ProductLine.MEDICAL, exclusions="", variant=None, **of_plan):
    fields = {
        "plan_id": VARIANT[:14], "product_id": VARIANT[:10], "issuer_id": VARIANT[:5], "state": "OH",
        "market": Market.INDIVIDUAL, "line": line, "name": "Test Plan", "exclusions": exclusions,
    }  # fmt: skip
    plan = Plan(**{**fields, **of_plan})
    made = PlanVariant(VARIANT, VARIANT[:14], Csr.STANDARD, **(variant or {}))
    return PlanDesign(plan, made, tuple(limits), tuple(benefits))


def people(count=1, **facts):
    return tuple(CoveredPerson(f"p{number}", **facts) for number in range(1, count + 1))


def line(allowed, category="specialist", *, person="p1", on=START, line_id=None, **rest):
    rest = {name: Decimal(str(v)) if name in ("billed", "other_paid") else v for name, v in rest.items()}
    made = line_id or f"{person} {category} {on} {allowed}"
    return ServiceLine(made, person, category, on, Decimal(str(allowed)), **rest)


def run(filed, *lines, count=1, state=None, on=START, **facts):
    """Adjudicate against a filed plan; the result."""
    state = state or Accumulators(people(count, **facts))
    return adjudicate(from_plan(filed, LAW, on, family=state.family), state, lines)


def numbers(result):
    """(deductible, copay, coinsurance, not covered, over limit, plan pays) in dollars."""
    names = ("deductible", "copay", "coinsurance", "not_covered", "over_limit", "plan_pays")
    return tuple(getattr(result, name) for name in names)


def imported(paths):
    """Plan designs of a set of files, by variant id."""
    held = defaultdict(list)
    for found in read(paths):
        assert not isinstance(found, Problem) or found.severity == "note", str(found)
        held[type(found)].append(found)
    plans = {each.plan_id: each for each in held[Plan]}
    limits, benefits = by_variant(held[CostLimit]), by_variant(held[Benefit])
    return {
        each.variant_id: PlanDesign(
            plans[each.plan_id], each, tuple(limits[each.variant_id]), tuple(benefits[each.variant_id])
        )
        for each in held[PlanVariant]
    }


def by_variant(rows):
    groups = defaultdict(list)
    for row in rows:
        groups[row.variant_id].append(row)
    return groups
