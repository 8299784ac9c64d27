"""Cost sharing of the Plans & Benefits template: package benefits joined with a variance's visits, and its limits."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from catalog.importers import text
from catalog.importers.common import Found, any_text, quarantined
from catalog.importers.cost_text import cost_share
from catalog.importers.xml_cells import Cells, records
from catalog.terms import (
    Benefit,
    CostLimit,
    CostShare,
    LimitKind,
    LimitScope,
    NetworkTier,
    Problem,
    Source,
    category_of,
)


@dataclass(frozen=True, slots=True)
class Shared:
    """A benefit as the package files it, the same for each of its plans."""

    name: str
    category: str
    covered: bool
    ehb: bool | None
    ehb_variance: str
    limit_quantity: Decimal | None
    limit_unit: str
    minimum_stay: int | None
    exclusions: str
    explanation: str
    excluded_from_in_moop: bool | None
    excluded_from_out_moop: bool | None
    source: Source


@dataclass(frozen=True, slots=True)
class _Tier:
    """Cell names of one network tier in a limit; a second spelling where versions differ."""

    tier: NetworkTier
    individual: tuple[str, ...]
    family: tuple[str, ...]
    coinsurance: str = ""


_DEDUCTIBLE_TIERS = (
    _Tier(NetworkTier.IN_1, ("inNetworkTier1Individual",), ("inNetworkTier1Family",), "coinsuranceInNetworkTier1"),
    _Tier(
        NetworkTier.IN_2,
        ("inNetworkTierTwoIndividual", "inNetworkTier2Individual"),
        ("inNetworkTierTwoFamily", "inNetworkTier2Family"),
        "coinsuranceInNetworkTier2",
    ),
    _Tier(NetworkTier.OUT, ("outOfNetworkIndividual",), ("outOfNetworkFamily",), "coinsuranceOutofNetwork"),
    _Tier(NetworkTier.COMBINED, ("combinedInOrOutNetworkIndividual",), ("combinedInOrOutNetworkFamily",)),
)
_MOOP_TIERS = (
    _Tier(NetworkTier.IN_1, ("inNetworkTier1IndividualAmount",), ("inNetworkTier1FamilyAmount",)),
    _Tier(NetworkTier.IN_2, ("inNetworkTier2IndividualAmount",), ("inNetworkTier2FamilyAmount",)),
    _Tier(NetworkTier.OUT, ("outOfNetworkIndividualAmount",), ("outOfNetworkFamilyAmount",)),
    _Tier(NetworkTier.COMBINED, ("combinedInOutNetworkIndividualAmount",), ("combinedInOutNetworkFamilyAmount",)),
)
_LISTS = (
    (LimitKind.MOOP, "moopList/moop", "name", _MOOP_TIERS),
    (LimitKind.DEDUCTIBLE, "planDeductibleList/planDeductible", "deductibleType", _DEDUCTIBLE_TIERS),
)
_VISIT_TIERS = {
    "in_1": ("copayInNetworkTier1", "coInsuranceInNetworkTier1"),
    "in_2": ("copayInNetworkTier2", "coInsuranceInNetworkTier2"),
    "out": ("copayOutOfNetwork", "coInsuranceOutOfNetwork"),
}


def shared_benefit(cells: Cells) -> Shared:
    """A row of the package's benefit list; unreadable cells become problems of the record."""
    name = cells.text("benefitTypeCode")
    return Shared(
        name=name,
        category=category_of(name),
        covered=cells.read(text.covered, "isBenefitCovered") or False,
        ehb=cells.read(text.yes_no, "isEHB"),
        ehb_variance=cells.text("ehbVarianceReason"),
        limit_quantity=cells.read(text.quantity, "quantityLimit"),
        limit_unit=cells.text("unitLimit"),
        minimum_stay=cells.read(text.positive_count, "minimumStay"),
        exclusions=cells.text("exclusion"),
        explanation=cells.text("explanation"),
        excluded_from_in_moop=cells.read(text.yes_no, "excludedInNetworkMOOP"),
        excluded_from_out_moop=cells.read(text.yes_no, "excludedOutOfNetworkMOOP"),
        source=cells.source_of("benefitTypeCode"),
    )


def visit_category(visit: Cells) -> str:
    """The category that joins a service visit with its benefit."""
    return category_of(visit.text("visitType"))


def benefit(variant_id: str, shared: Shared, visit: Cells | None) -> Iterator[Found]:
    """The benefit of one variant, or the problems of its visit."""
    shares = {tier: _share(visit, *names) for tier, names in _VISIT_TIERS.items()} if visit else {}
    if visit and visit.problems:
        yield from visit.problems
        return
    yield Benefit(
        variant_id=variant_id,
        name=shared.name,
        category=shared.category,
        covered=shared.covered,
        ehb=shared.ehb,
        ehb_variance=shared.ehb_variance,
        limit_quantity=shared.limit_quantity,
        limit_unit=shared.limit_unit,
        minimum_stay=shared.minimum_stay,
        exclusions=shared.exclusions,
        explanation=shared.explanation,
        excluded_from_in_moop=shared.excluded_from_in_moop,
        excluded_from_out_moop=shared.excluded_from_out_moop,
        source=visit.source_of("copayInNetworkTier1") if visit else shared.source,
        **shares,
    )


def _share(visit: Cells, copay: str, coinsurance: str) -> CostShare | None:
    """One network tier of a visit; the problem names the cell that cannot be read."""
    for name, pair in ((copay, (visit.text(copay), "")), (coinsurance, ("", visit.text(coinsurance)))):
        visit.attempt(lambda pair=pair: cost_share(*pair), name)
    return None if visit.problems else cost_share(visit.text(copay), visit.text(coinsurance))


def limits(file: str, variance: etree._Element, variant_id: str) -> tuple[list[CostLimit], list[Problem]]:
    """Deductibles and maximums of a variance, and what could not be read in them.

    A tier is yielded where any of its cells holds text, even "Not Applicable".
    """
    found: list[CostLimit] = []
    problems: list[Problem] = []
    for kind, path, name_cell, tiers in _LISTS:
        for cells in records(file, variance, path):
            scope = _scope(cells.text(name_cell))
            if scope is None:
                problems.append(_unknown_scope(cells, name_cell))
                continue
            found.extend(_limits_of(cells, tiers, (variant_id, kind, scope)))
            problems.extend(cells.problems)
    return found, problems


def _limits_of(cells: Cells, tiers: tuple[_Tier, ...], key: tuple[str, LimitKind, LimitScope]) -> Iterator[CostLimit]:
    for tier in tiers:
        individual, family = cells.first(*tier.individual), cells.first(*tier.family)
        if not any_text(cells.text(individual), cells.text(family), cells.text(tier.coinsurance)):
            continue
        amounts = cells.read(text.family_money, family) or text.FamilyAmounts(None, None)
        yield CostLimit(
            *key,
            tier.tier,
            individual=cells.read(text.money, individual),
            per_person=amounts.per_person,
            per_group=amounts.per_group,
            coinsurance=cells.read(text.percent, tier.coinsurance),
            source=cells.source_of(individual),
        )


def _scope(name: str) -> LimitScope | None:
    words = name.lower()
    scopes = {
        (True, True): LimitScope.COMBINED,
        (True, False): LimitScope.MEDICAL,
        (False, True): LimitScope.DRUG,
    }
    return scopes.get(("medical" in words, "drug" in words))


def _unknown_scope(cells: Cells, name_cell: str) -> Problem:
    expected = "a name with Medical, Drug, or both"
    return quarantined(cells.source_of(name_cell), name_cell, cells.text(name_cell), expected, "unknown-limit")
