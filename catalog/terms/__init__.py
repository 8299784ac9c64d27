"""The nouns of the field as frozen dataclasses with exact money; see DESIGN, Nouns."""

from catalog.terms.benefits import RIDER_CATEGORIES, SERVICES, category_of
from catalog.terms.keyed import NO_SOURCE, Keyed, Source
from catalog.terms.kinds import (
    CopayUnit,
    Csr,
    DeductibleTiming,
    LimitKind,
    LimitScope,
    Market,
    Metal,
    NetworkTier,
    ProductLine,
    Relationship,
    TobaccoRule,
)
from catalog.terms.market import LocalMarket, OptionShelf
from catalog.terms.money import (
    CENT,
    ZERO,
    Money,
    ceil_dollar,
    format_dollars,
    format_money,
    from_cents,
    round_cent,
    round_dollar,
    to_cents,
)
from catalog.terms.options import (
    AttributeValue,
    Option,
    OptionBenefit,
    OptionEligibility,
    OptionKind,
    OptionRate,
    PersonRole,
    RateUnit,
    UnderwritingQuestion,
)
from catalog.terms.people import Household, Person, PovertyRatio, add_years, age_on, format_date, spoken_list
from catalog.terms.places import (
    County,
    Location,
    MarketCoverage,
    Network,
    RatingAreaPart,
    ServiceAreaPart,
    ZipCounty,
)
from catalog.terms.plan import (
    Benefit,
    CostLimit,
    CostShare,
    CoverageExample,
    Issuer,
    Plan,
    PlanDesign,
    PlanVariant,
    Product,
)
from catalog.terms.problems import FileRefused, Problem, Severity
from catalog.terms.rates import HIGHEST_AGE, OLDEST, BusinessRule, Crosswalk, Rate, TierRate

Noun = (
    Issuer
    | Product
    | Plan
    | PlanVariant
    | CostLimit
    | Benefit
    | Rate
    | TierRate
    | BusinessRule
    | Crosswalk
    | County
    | ZipCounty
    | RatingAreaPart
    | ServiceAreaPart
    | Network
    | MarketCoverage
    | Option
    | OptionRate
    | OptionBenefit
    | OptionEligibility
    | UnderwritingQuestion
)

__all__ = [
    "CENT",
    "HIGHEST_AGE",
    "NO_SOURCE",
    "OLDEST",
    "RIDER_CATEGORIES",
    "SERVICES",
    "ZERO",
    "AttributeValue",
    "Benefit",
    "BusinessRule",
    "CopayUnit",
    "CostLimit",
    "CostShare",
    "County",
    "CoverageExample",
    "Crosswalk",
    "Csr",
    "DeductibleTiming",
    "FileRefused",
    "Household",
    "Issuer",
    "Keyed",
    "LimitKind",
    "LimitScope",
    "LocalMarket",
    "Location",
    "Market",
    "MarketCoverage",
    "Metal",
    "Money",
    "Network",
    "NetworkTier",
    "Noun",
    "Option",
    "OptionBenefit",
    "OptionEligibility",
    "OptionKind",
    "OptionRate",
    "OptionShelf",
    "Person",
    "PersonRole",
    "Plan",
    "PlanDesign",
    "PlanVariant",
    "PovertyRatio",
    "Problem",
    "Product",
    "ProductLine",
    "Rate",
    "RateUnit",
    "RatingAreaPart",
    "Relationship",
    "ServiceAreaPart",
    "Severity",
    "Source",
    "TierRate",
    "TobaccoRule",
    "UnderwritingQuestion",
    "ZipCounty",
    "add_years",
    "age_on",
    "category_of",
    "ceil_dollar",
    "format_date",
    "format_dollars",
    "format_money",
    "from_cents",
    "round_cent",
    "round_dollar",
    "spoken_list",
    "to_cents",
]
