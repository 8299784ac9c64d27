"""Plans that a sibling beats: never worse in any field that we hold, somewhere better, and no dearer.

Only siblings are compared: same issuer, line, market, plan type, network, service area, formulary, and the same name
apart from metal words and numbers, because riders and sub-networks that nobody publishes hide in names. Field by field,
never by a sum of a good and a bad year: a plan that is cheaper when healthy and in the worst year is often dearer
between (reference: measurements on real plan lists). A field that cannot be ranked counts as worse, so a flag is a
proof over the fields and silence is none.

The order of cost shares is by parts: copay, coinsurance, deductible. One thing it cannot see is that a copay without
the deductible fills no deductible; so a caller may add worked-out years (``Offer.years``), which must not be dearer
either.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from catalog.terms import (
    ZERO,
    Benefit,
    CopayUnit,
    CostLimit,
    CostShare,
    DeductibleTiming,
    LimitKind,
    LimitScope,
    Metal,
    Money,
    NetworkTier,
    PlanDesign,
)
from configurator.cost_sharing.mapping import TIERS, amounts, deductible_applies, quantity, share_of

_ENDLESS = Decimal("Infinity")
_METAL_WORDS = frozenset(
    {word for metal in Metal for word in metal.value.split("_")} - {Metal.LOW.value, Metal.HIGH.value}
)
_NOT_WORDS = re.compile(r"[^a-z]+")


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan that can be had: its design, what it costs, and perhaps worked-out years.

    ``premiums`` are monthly dollars by any key (one household's net premium, or every filed rate cell); ``years`` the
    yearly cost sharing under the same lists of services for every offer.
    """

    design: PlanDesign
    premiums: Mapping[str, Money]
    years: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which two plans differ, as people may read it; ``order`` 1: the second is better, -1: worse."""

    field: str
    found: str
    other: str
    order: int


@dataclass(frozen=True, slots=True)
class Dominated:
    """A plan and the sibling that beats it; ``better`` are the fields that prove it, all others are equal."""

    variant_id: str
    by_variant_id: str
    better: tuple[Difference, ...] = field(default=())


def dominated(offers: Iterable[Offer]) -> dict[str, Dominated]:
    """The dominated plans by variant id, each with the sibling that beats it in the most fields."""
    families: dict[tuple[object, ...], list[Offer]] = defaultdict(list)
    for offer in offers:
        families[family_of(offer.design)].append(offer)
    found = (_best(offer, family) for family in families.values() for offer in family if len(family) > 1)
    return {each.variant_id: each for each in found if each}


def _best(offer: Offer, family: Sequence[Offer]) -> Dominated | None:
    proofs = [proof for other in family if other is not offer and (proof := beats(other, offer))]
    return max(proofs, key=lambda proof: (len(proof.better), proof.by_variant_id), default=None)


def family_of(filed: PlanDesign) -> tuple[object, ...]:
    """What siblings share."""
    plan = filed.plan
    return (
        plan.issuer_id, plan.state, plan.market, plan.line, plan.plan_type, plan.network_id, plan.directory_url,
        plan.service_area_id, plan.formulary_id, plan.formulary_url, plan.child_only_offering, name_stem(plan.name),
    )  # fmt: skip


def name_stem(name: str) -> str:
    """A name without metal words and numbers: what is left may hide a rider or a sub-network."""
    words = _NOT_WORDS.sub(" ", name.lower()).split()
    return " ".join(word for word in words if word not in _METAL_WORDS)


def beats(other: Offer, offer: Offer) -> Dominated | None:
    """The proof that ``other`` is never worse than ``offer`` and somewhere better; None where there is none."""
    better = []
    for found in _differences(offer, other):
        if found.order < 0:
            return None
        better.append(found)
    ids = (offer.design.variant.variant_id, other.design.variant.variant_id)
    return Dominated(*ids, tuple(better)) if better else None


def differences(offer: Offer, other: Offer) -> tuple[Difference, ...]:
    """Every field in which two plans differ, better or worse, for a page that compares them."""
    return tuple(_differences(offer, other))


def _differences(offer: Offer, other: Offer) -> Iterator[Difference]:
    yield from _prices(offer, other)
    yield from _limits(offer.design, other.design)
    yield from _facts(offer.design, other.design)
    yield from _benefits(offer.design, other.design)


def _less(name: str, found: Money, other: Money) -> Iterator[Difference]:
    """Less is better."""
    if found != other:
        yield Difference(name, _shown(found), _shown(other), 1 if other < found else -1)


def _more(name: str, found: Decimal | int, other: Decimal | int) -> Iterator[Difference]:
    """More is better."""
    if found != other:
        yield Difference(name, str(found), str(other), 1 if other > found else -1)


def _shown(amount: Money) -> str:
    return "no limit" if amount == _ENDLESS else str(amount)


def _prices(offer: Offer, other: Offer) -> Iterator[Difference]:
    if offer.premiums.keys() != other.premiums.keys() or len(offer.years) != len(other.years):
        yield Difference("premium", "other people or places", "other people or places", -1)
        return
    for key, premium in offer.premiums.items():
        yield from _less(f"premium {key}".strip(), premium, other.premiums[key])
    for number, (cost, others) in enumerate(zip(offer.years, other.years, strict=True), start=1):
        yield from _less(f"year {number}", cost, others)


# Deductibles and maximums

_WHOSE = ("individual", "each person in a family", "family")
_SCOPES = (LimitScope.MEDICAL, LimitScope.DRUG)


def _limits(a: PlanDesign, b: PlanDesign) -> Iterator[Difference]:
    for kind in LimitKind:
        for tier in TIERS:
            for scope in _SCOPES:
                rows = (_row(a, kind, scope, tier), _row(b, kind, scope, tier))
                yield from _three(f"{kind} {scope} {tier}", *(_amounts(kind, row) for row in rows))
            yield from _together(a, b, kind, tier)


def _three(name: str, found: tuple[Money, ...], other: tuple[Money, ...]) -> Iterator[Difference]:
    for whose, mine, others in zip(_WHOSE, found, other, strict=True):
        yield from _less(f"{name}, {whose}", mine, others)


def _together(a: PlanDesign, b: PlanDesign, kind: LimitKind, tier: NetworkTier) -> Iterator[Difference]:
    """One limit for care and drugs against two: the two together may not be more."""
    mine, others = ([_row(each, kind, scope, tier) for scope in _SCOPES] for each in (a, b))
    if mine[0] is not mine[1] or others[0] is others[1]:
        return
    sums = zip(*(_amounts(kind, row) for row in others), strict=True)
    both = tuple(sum(pair, ZERO) for pair in sums)
    for found in _three(f"{kind} {tier}, care and drugs together", _amounts(kind, mine[0]), both):
        if found.order < 0:
            yield found


def _row(filed: PlanDesign, kind: LimitKind, scope: LimitScope, tier: NetworkTier) -> CostLimit | None:
    """The row that holds: the tier's own, else the one for all tiers; in a second tier without any the first's."""
    for place in (tier, NetworkTier.COMBINED):
        for each in (scope, LimitScope.COMBINED):
            row = filed.limit(kind, each, place)
            if row is not None and any(
                amount is not None for amount in (row.individual, row.per_person, row.per_group)
            ):
                return row
    return _row(filed, kind, scope, NetworkTier.IN_1) if tier is NetworkTier.IN_2 else None


def _amounts(kind: LimitKind, row: CostLimit | None) -> tuple[Money, Money, Money]:
    """(individual, each person in a family, family); no deductible is zero, no maximum is endless."""
    missing = ZERO if kind is LimitKind.DEDUCTIBLE else _ENDLESS
    if row is None:
        return missing, missing, missing
    (alone, _), (person, group) = amounts(row, family=False), amounts(row, family=True)
    group = _ENDLESS if group is None else group
    return (missing if alone is None else alone), (group if person is None else person), group


# Facts of the plan and the variant

_GOOD_FACTS = ("wellness_program", "national_network", "out_of_country", "out_of_area")


def _facts(a: PlanDesign, b: PlanDesign) -> Iterator[Difference]:
    for name in _GOOD_FACTS:
        yield from _more(name, bool(getattr(a.plan, name)), bool(getattr(b.plan, name)))
    yield from _less("referral_required", _flag(a.plan.referral_required), _flag(b.plan.referral_required))
    yield from _more("hsa_eligible", bool(a.variant.hsa_eligible), bool(b.variant.hsa_eligible))
    yield from _set("disease_programs", a.plan.disease_programs, b.plan.disease_programs)
    if a.plan.exclusions != b.plan.exclusions:
        yield Difference("exclusions", a.plan.exclusions, b.plan.exclusions, -1 if b.plan.exclusions else 1)
    yield from _variant_facts(a, b)


def _flag(value: bool | None) -> Decimal:
    return Decimal(bool(value))


def _set(name: str, found: Sequence[str], other: Sequence[str]) -> Iterator[Difference]:
    if set(found) != set(other):
        yield Difference(name, ", ".join(found), ", ".join(other), 1 if set(found) < set(other) else -1)


def _variant_facts(a: PlanDesign, b: PlanDesign) -> Iterator[Difference]:
    mine, others = a.variant, b.variant
    yield from _less("specialty_drug_max", _or_endless(mine.specialty_drug_max), _or_endless(others.specialty_drug_max))
    free = [each.primary_visits_before_cost_sharing or 0 for each in (mine, others)]
    yield from _more("primary_visits_before_cost_sharing", *free)
    first = [each.primary_copays_before_deductible or 0 for each in (mine, others)]
    if first[0] != first[1]:
        yield Difference("primary_copays_before_deductible", *map(str, first), -1)
    days = [_or_endless(each.inpatient_copay_days or None) for each in (mine, others)]
    if any(_charges_days(each) for each in b.benefits):
        yield from _less("inpatient_copay_days", *days)


def _or_endless(amount: Decimal | int | None) -> Decimal:
    return _ENDLESS if amount is None else Decimal(amount)


def _charges_days(benefit: Benefit) -> bool:
    shares = (share_of(benefit, tier) for tier in TIERS)
    return any(share is not None and share.copay_unit is CopayUnit.DAY and share.copay for share in shares)


# Benefits


def _benefits(a: PlanDesign, b: PlanDesign) -> Iterator[Difference]:
    mine, others = ({each.category: each for each in filed.benefits if each.covered} for filed in (a, b))
    for category in sorted(mine.keys() | others.keys()):
        found, other = mine.get(category), others.get(category)
        if found is None or other is None:
            covered = [("covered" if each else "not covered") for each in (found, other)]
            yield Difference(category, *covered, 1 if other else -1)
            continue
        yield from _benefit(found, other)


def _benefit(a: Benefit, b: Benefit) -> Iterator[Difference]:
    yield from _quantities(a, b)
    if b.exclusions != a.exclusions:
        yield Difference(f"{a.category}, exclusions", a.exclusions, b.exclusions, -1 if b.exclusions else 1)
    yield from _less(f"{a.category}, left out of the maximum", *(_left_out(each) for each in (a, b)))
    for tier in TIERS:
        yield from _share(f"{a.category} {tier}", share_of(a, tier), share_of(b, tier))


def _left_out(benefit: Benefit) -> Decimal:
    flags = (benefit.excluded_from_in_moop, benefit.excluded_from_out_moop)
    return Decimal(sum(benefit.ehb is False if flag is None else flag for flag in flags))


def _quantities(a: Benefit, b: Benefit) -> Iterator[Difference]:
    """A limit that cannot be ranked (other unit or period) counts as worse."""
    name = f"{a.category}, limit"
    if b.limit_quantity is None or (a.limit_quantity, a.limit_unit) == (b.limit_quantity, b.limit_unit):
        if a.limit_quantity != b.limit_quantity:
            yield Difference(name, f"{a.limit_quantity} {a.limit_unit}", "no limit", 1)
        return
    mine, others = quantity(a), quantity(b)
    same = mine is not None and others is not None and (mine.unit, mine.period) == (others.unit, others.period)
    if same:
        yield from _more(name, mine.amount, others.amount)
    else:
        yield Difference(name, f"{a.limit_quantity} {a.limit_unit}", f"{b.limit_quantity} {b.limit_unit}", -1)


def _share(name: str, a: CostShare | None, b: CostShare | None) -> Iterator[Difference]:
    if a == b:
        return
    shown = (_words(a), _words(b))
    if not _pays(a) or not _pays(b):
        if _pays(a) or _pays(b):
            yield Difference(name, *shown, 1 if _pays(b) else -1)
        return
    orders = [order for order in _share_orders(a, b) if order]
    if orders:
        yield Difference(name, *shown, min(orders))


def _pays(share: CostShare | None) -> bool:
    """Whether the plan pays anything that it also states."""
    return share is not None and share.is_filed and not share.member_pays_all


def _words(share: CostShare | None) -> str:
    if not _pays(share):
        return "not covered"
    texts = [text for text in (share.filed_copay, share.filed_coinsurance) if text and text != "Not Applicable"]
    return " / ".join(texts)


def _share_orders(a: CostShare, b: CostShare) -> Iterator[int]:
    """For each part 1 where the second share is better, -1 where it is worse or cannot be ranked."""
    yield _sign(a.coinsurance or ZERO, b.coinsurance or ZERO)
    yield _sign(_flag(deductible_applies(a)), _flag(deductible_applies(b)))
    yield _copay_order(a, b)
    if deductible_applies(a) and deductible_applies(b) and b.copay:
        yield _sign(_comes_first(a), _comes_first(b))


def _copay_order(a: CostShare, b: CostShare) -> int:
    mine, others = a.copay or ZERO, b.copay or ZERO
    if others and a.copay_unit is not b.copay_unit:
        return 1 if a.copay_unit is CopayUnit.DAY and others <= mine and b.copay_unit is CopayUnit.STAY else -1
    return _sign(mine, others)


def _comes_first(share: CostShare) -> Decimal:
    return Decimal(share.copay_timing is not DeductibleTiming.AFTER)


def _sign(found: Decimal, other: Decimal) -> int:
    return (found > other) - (found < other)
