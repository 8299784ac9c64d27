"""Closed lists of the trade: product lines, markets, metals, variants, network tiers."""

from enum import StrEnum


class ProductLine(StrEnum):
    """What kind of cover a product is."""

    MEDICAL = "medical"
    DENTAL = "dental"
    VISION = "vision"
    ACCIDENT = "accident"
    CRITICAL_ILLNESS = "critical_illness"
    HOSPITAL_INDEMNITY = "hospital_indemnity"
    LIFE = "life"
    TELEHEALTH = "telehealth"
    WELLNESS = "wellness"
    TRANSPORT = "transport"
    HSA = "hsa"


class Market(StrEnum):
    """Market a plan is filed in."""

    INDIVIDUAL = "individual"
    SMALL_GROUP = "small_group"


class Metal(StrEnum):
    """Metal level of a medical plan, or high and low of a dental plan (45 CFR 156.140, 156.150)."""

    CATASTROPHIC = "catastrophic"
    BRONZE = "bronze"
    EXPANDED_BRONZE = "expanded_bronze"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"
    LOW = "low"
    HIGH = "high"

    @property
    def level(self) -> "Metal":
        """The level for shopping and rules: expanded bronze is bronze."""
        return Metal.BRONZE if self is Metal.EXPANDED_BRONZE else self


class Csr(StrEnum):
    """Cost-sharing variant, by the suffix of the variant id (45 CFR 155.305(g), 156.420)."""

    OFF_EXCHANGE = "00"
    STANDARD = "01"
    ZERO = "02"
    LIMITED = "03"
    SILVER_73 = "04"
    SILVER_87 = "05"
    SILVER_94 = "06"


class NetworkTier(StrEnum):
    """Where the provider stands in the plan's network; ``COMBINED`` counts in and out together."""

    IN_1 = "in_1"
    IN_2 = "in_2"
    OUT = "out"
    COMBINED = "combined"


class DeductibleTiming(StrEnum):
    """How an amount stands to the deductible, as filed."""

    NONE = "none"  # the deductible does not apply
    AFTER = "after"  # paid once the deductible is met
    BEFORE = "before"  # paid first, then the deductible applies to the rest
    WITH = "with"  # paid and counted toward the deductible


class CopayUnit(StrEnum):
    """What one copay is charged for; a service is a visit, a procedure or a prescription."""

    SERVICE = "service"
    DAY = "day"
    STAY = "stay"


class LimitKind(StrEnum):
    """Deductible or maximum out of pocket."""

    DEDUCTIBLE = "deductible"
    MOOP = "moop"


class LimitScope(StrEnum):
    """Which spending counts toward the limit (M, D, T EHB in filed tables)."""

    MEDICAL = "medical"
    DRUG = "drug"
    COMBINED = "combined"


class TobaccoRule(StrEnum):
    """Whether the filed rate tells tobacco users apart."""

    NO_PREFERENCE = "no_preference"
    USER_NON_USER = "user_non_user"


class Relationship(StrEnum):
    """Relationship of a person to the applicant."""

    SELF = "self"
    SPOUSE = "spouse"
    LIFE_PARTNER = "life_partner"
    CHILD = "child"
    STEPCHILD = "stepchild"
    FOSTER_CHILD = "foster_child"
    ADOPTED_CHILD = "adopted_child"
    GRANDCHILD = "grandchild"
    NEPHEW_OR_NIECE = "nephew_or_niece"
    SIBLING = "sibling"
    WARD = "ward"
    PARENT = "parent"
    OTHER = "other"
