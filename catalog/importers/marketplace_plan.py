"""One plan of a Marketplace answer as nouns: issuer, product, plan, variant, limits, benefits, rate."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from catalog.importers import text
from catalog.importers.cost_text import UnreadableCostShare, cost_share
from catalog.importers.marketplace_shapes import BenefitShape, CostSharing, Limit, PlanShape
from catalog.terms import (
    CENT,
    Benefit,
    CostLimit,
    CostShare,
    CoverageExample,
    Csr,
    Issuer,
    LimitKind,
    LimitScope,
    NetworkTier,
    Noun,
    Plan,
    PlanVariant,
    Product,
    ProductLine,
    Rate,
    Source,
    TobaccoRule,
    category_of,
)

_CSR = {
    "non-exchange variant": Csr.OFF_EXCHANGE,
    "exchange variant (no csr)": Csr.STANDARD,
    "zero cost sharing plan variation": Csr.ZERO,
    "limited cost sharing plan variation": Csr.LIMITED,
    "73% av level silver plan csr": Csr.SILVER_73,
    "87% av level silver plan csr": Csr.SILVER_87,
    "94% av level silver plan csr": Csr.SILVER_94,
}
_LINES = {"healthcare": ProductLine.MEDICAL, "dental": ProductLine.DENTAL}
_TIERS = {
    "in-network": NetworkTier.IN_1,
    "in-network tier 2": NetworkTier.IN_2,
    "out-of-network": NetworkTier.OUT,
    "combined in-out of network": NetworkTier.COMBINED,
}
_LIMITS = {
    "combined medical and drug ehb deductible": (LimitKind.DEDUCTIBLE, LimitScope.COMBINED),
    "medical ehb deductible": (LimitKind.DEDUCTIBLE, LimitScope.MEDICAL),
    "drug ehb deductible": (LimitKind.DEDUCTIBLE, LimitScope.DRUG),
    "maximum out of pocket for medical and drug ehb benefits (total)": (LimitKind.MOOP, LimitScope.COMBINED),
    "maximum out of pocket for medical ehb benefits": (LimitKind.MOOP, LimitScope.MEDICAL),
    "maximum out of pocket for drug ehb benefits": (LimitKind.MOOP, LimitScope.DRUG),
}
_WHOSE = {"individual": "individual", "family per person": "per_person", "family": "per_group"}
_DESIGN = re.compile(r"DESIGN\s*(\d)", re.IGNORECASE)

# An uncovered network tier comes as a coinsurance rate of 1 with this text; tables file it as 100 %.
NOT_COVERED = "Not Covered"
_NOT_COVERED = CostShare(coinsurance=Decimal(1), filed_coinsurance=NOT_COVERED)


def _one_of(choices: dict, found: str, what: str):  # noqa: ANN202 - the type of the choices
    """The choice of that text in any case; UnreadableText where there is none."""
    try:
        return choices[text.squeeze(found).lower()]
    except KeyError:
        raise text.UnreadableText(found, f"{what}: {', '.join(choices)}") from None


def shown_cost_share(shown: CostSharing) -> CostShare:
    """What the display text says; it alone is sure, as the numbers beside it stand for "not covered" too.

    ``$500 Copay after deductible/25% Coinsurance after deductible`` has a copay and a coinsurance. A lone
    "No Charge" belongs to the side that the options do not call "Not Applicable".
    """
    words = text.squeeze(shown.display_string)
    if words.lower() == NOT_COVERED.lower():
        return _NOT_COVERED
    parts = [part.strip() for part in words.split("/")]
    percents = [part for part in parts if "%" in part]
    copays = [part for part in parts if "%" not in part]
    if len(percents) > 1 or len(copays) > 1:
        raise UnreadableCostShare(words, "at most one copay and one coinsurance with a slash between")
    if not percents and _is_coinsurance(copays[0], shown):
        percents, copays = copays, []
    share = cost_share("".join(copays) or "Not Applicable", "".join(percents) or "Not Applicable")
    return _exact(share, shown) if share else CostShare()


def _is_coinsurance(words: str, shown: CostSharing) -> bool:
    return not words.startswith("$") and text.squeeze(shown.copay_options).lower() == "not applicable"


def _exact(share: CostShare, shown: CostSharing) -> CostShare:
    """The numbers in place of the text's, which drops cents (62.50 shows as $62) and parts of a percent."""
    exact: dict[str, Decimal] = {}
    if share.copay is not None and 0 < abs(share.copay - shown.copay_amount) < 1:
        exact["copay"] = _dollars(shown.copay_amount)
    if share.coinsurance is not None and 0 < abs(share.coinsurance - shown.coinsurance_rate) < CENT:
        exact["coinsurance"] = shown.coinsurance_rate
    return replace(share, **exact) if exact else share


class PlanReading:
    """One plan as one shopper sees it. UnreadableText where an id, level, market or amount cannot be read."""

    def __init__(self, shape: PlanShape, source: Source) -> None:
        self.shape = shape
        self.source = source
        self.plan_id = text.plan_id(shape.id)
        self.market = text.market(shape.market)
        self.line: ProductLine = _one_of(_LINES, shape.product_division, "a product division")
        self.metal = text.metal(shape.metal_level)
        self.csr_type = self._csr_type()
        self.csr: Csr = _one_of(_CSR, self.csr_type, "a cost-sharing variant")
        self.variant_id = f"{self.plan_id}-{self.csr.value}"

    def _csr_type(self) -> str:
        shown = {share.csr for benefit in self.shape.benefits for share in benefit.cost_sharings}
        shown |= {limit.csr for limit in self._limits()}
        if len(shown) != 1:
            raise text.UnreadableText(", ".join(sorted(shown)), "one cost-sharing variant for the whole plan")
        return shown.pop()

    def _limits(self) -> tuple[Limit, ...]:
        shape = self.shape
        return shape.tiered_deductibles + shape.tiered_moops + shape.deductibles + shape.moops

    @staticmethod
    def is_implied(noun: Noun) -> bool:
        """Whether every plan of the issuer repeats this noun."""
        return isinstance(noun, Issuer | Product)

    def nouns(self) -> list[Noun]:
        """Issuer, product, variant, limits and benefits."""
        limits = self._cost_limits()
        return [
            self._issuer(),
            Product(self.plan_id[:10], self._issuer_id, self.line, source=self.source),
            self._variant(limits),
            *limits,
            *self._benefits(),
        ]

    @property
    def _issuer_id(self) -> str:
        return text.issuer_id(self.shape.issuer.id)

    def _issuer(self) -> Issuer:
        filed = self.shape.issuer
        return Issuer(
            issuer_id=self._issuer_id,
            name=filed.name,
            state=filed.state,
            phone=filed.toll_free,
            tty=filed.tty,
            website=filed.individual_url,
            source=self.source,
        )

    def plan(self) -> Plan:
        """The plan, under the name of the variant that is shown."""
        shape = self.shape
        design = _DESIGN.fullmatch(shape.design_type)
        relationships = dict.fromkeys(text.relationship(word).value for word in shape.issuer.eligible_dependents)
        return Plan(
            plan_id=self.plan_id,
            product_id=self.plan_id[:10],
            issuer_id=self._issuer_id,
            state=text.state(shape.state),
            market=self.market,
            line=self.line,
            name=text.squeeze(shape.name),
            plan_type=shape.type,
            metal=self.metal,
            design_type=f"Design {design[1]}" if design else "",
            service_area_id=shape.service_area_id,
            guaranteed_rate=shape.guaranteed_rate,
            referral_required=shape.specialist_referral_required,
            disease_programs=shape.disease_mgmt_programs,
            national_network=shape.has_national_network,
            formulary_url=shape.formulary_url,
            directory_url=shape.network_url,
            max_dependent_age=shape.max_age_child,
            tobacco_free_months=shape.tobacco_lookback,
            accepted_relationships=tuple(relationships),
            source=self.source,
        )

    def _variant(self, limits: Iterable[CostLimit]) -> PlanVariant:
        shape = self.shape
        tiers = {_tier(share.network_tier) for benefit in shape.benefits for share in benefit.cost_sharings}
        return PlanVariant(
            variant_id=self.variant_id,
            plan_id=self.plan_id,
            csr=self.csr,
            name=text.squeeze(shape.name),
            csr_type=self.csr_type,
            metal=self.metal,
            deductibles_integrated=_integrated(limits, LimitKind.DEDUCTIBLE),
            moops_integrated=_integrated(limits, LimitKind.MOOP),
            multiple_in_network_tiers=NetworkTier.IN_2 in tiers,
            hsa_eligible=shape.hsa_eligible,
            examples=tuple(self._examples()),
            sbc_url=shape.benefits_url,
            brochure_url=shape.brochure_url,
            source=self.source,
        )

    def _examples(self) -> Iterator[CoverageExample]:
        for name, filed in (self.shape.sbcs or {}).items():
            if filed:
                yield CoverageExample(name, filed.deductible, filed.copay, filed.coinsurance, filed.limit)

    def _cost_limits(self) -> list[CostLimit]:
        """One limit for each kind, scope and tier; its amounts come one a row."""
        amounts: dict[tuple[LimitKind, LimitScope, NetworkTier], dict[str, Decimal]] = {}
        for row in self._limits():
            key = (*_one_of(_LIMITS, row.type, "a deductible or maximum out of pocket"), _tier(row.network_tier))
            whose = _one_of(_WHOSE, row.family_cost, "whose amount it is")
            found = amounts.setdefault(key, {}).setdefault(whose, _dollars(row.amount))
            if found != row.amount:
                raise text.UnreadableText(str(row.amount), f"{found} as in another row of this limit")
        return [CostLimit(self.variant_id, *key, **found, source=self.source) for key, found in amounts.items()]

    def _benefits(self) -> Iterator[Benefit]:
        for index, filed in enumerate(self.shape.benefits):
            yield self._benefit(filed, Source(self.source.file, f"{self.source.place}.benefits[{index}]"))

    def _benefit(self, filed: BenefitShape, source: Source) -> Benefit:
        shares = {_tier(shown.network_tier): shown_cost_share(shown) for shown in filed.cost_sharings}
        return Benefit(
            variant_id=self.variant_id,
            name=text.squeeze(filed.name),
            category=category_of(filed.name),
            covered=filed.covered,
            limit_quantity=filed.limit_quantity if filed.has_limits else None,
            limit_unit=filed.limit_unit,
            exclusions=filed.exclusions,
            explanation=filed.explanation,
            in_1=shares.get(NetworkTier.IN_1),
            in_2=shares.get(NetworkTier.IN_2),
            out=shares.get(NetworkTier.OUT),
            source=source,
        )

    def rate(self, rating_area: str, age: int, period: tuple[date, date]) -> Rate:
        """The premium that the shopper saw, with the dollars that are EHB and that the credit may pay for.

        Shoppers of captures use no tobacco: where a look-back is filed, the tobacco user's rate stays unknown.
        """
        shape = self.shape
        tells_apart = bool(shape.tobacco_lookback)
        return Rate(
            plan_id=self.plan_id,
            rating_area=rating_area,
            age_low=age,
            age_high=age,
            effective_from=period[0],
            effective_until=period[1],
            individual=text.premium(f"{shape.premium:f}"),
            tobacco_rule=TobaccoRule.USER_NON_USER if tells_apart else TobaccoRule.NO_PREFERENCE,
            ehb=_dollars(shape.ehb_premium),
            aptc_eligible=_dollars(shape.aptc_eligible_premium),
            pediatric_ehb=_dollars(shape.pediatric_ehb_premium),
            source=self.source,
        )


def _tier(words: str) -> NetworkTier:
    return _one_of(_TIERS, words, "a network tier")


def _dollars(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else text.money(f"{amount:f}")


def _integrated(limits: Iterable[CostLimit], kind: LimitKind) -> bool | None:
    """Whether medical and drug spending share that limit; None where no such limit is shown."""
    scopes = {limit.scope for limit in limits if limit.kind is kind}
    return LimitScope.COMBINED in scopes if scopes else None
