"""What one address can buy on one day, as plain values: the input of every price."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog.terms.kinds import Market, ProductLine
from catalog.terms.options import Option, OptionBenefit, OptionEligibility, OptionRate, UnderwritingQuestion
from catalog.terms.places import Location
from catalog.terms.plan import Issuer, Plan, PlanVariant, Product
from catalog.terms.rates import BusinessRule, Rate, TierRate


@dataclass(frozen=True, slots=True)
class OptionShelf:
    """Ancillary products of a release with all that belongs to their options."""

    products: Mapping[str, Product] = field(default_factory=dict)  # by product id
    options: tuple[Option, ...] = ()  # in shelf order
    rates: Mapping[str, tuple[OptionRate, ...]] = field(default_factory=dict)  # by option id
    benefits: Mapping[str, tuple[OptionBenefit, ...]] = field(default_factory=dict)
    eligibility: Mapping[str, tuple[OptionEligibility, ...]] = field(default_factory=dict)
    questions: Mapping[str, tuple[UnderwritingQuestion, ...]] = field(default_factory=dict)  # by product id

    def in_line(self, line: ProductLine) -> tuple[Option, ...]:
        """Options of one product line, in shelf order."""
        return tuple(option for option in self.options if option.line is line)


@dataclass(frozen=True, slots=True)
class LocalMarket:
    """Plans whose service area holds the address, with the filed rates of its rating area.

    ``plans`` holds medical and dental plans of every issuer that the release knows there, ours or not
    (``issuers[plan.issuer_id].sold_by_us``). ``rates`` holds the rows in force on the effective date, at least
    for the ages asked for. ``complete`` is false where not every silver plan of the county is known.
    ``with_pediatric_dental`` holds ids of medical plans that cover a dental check-up for children.
    """

    release_id: str
    plan_year: int
    market: Market
    location: Location
    complete: bool
    issuers: Mapping[str, Issuer]
    plans: tuple[Plan, ...]
    variants: Mapping[str, tuple[PlanVariant, ...]]  # by plan id, ordered by suffix
    rates: Mapping[str, tuple[Rate, ...]]  # by plan id
    tier_rates: Mapping[str, tuple[TierRate, ...]]  # by plan id
    business_rules: tuple[BusinessRule, ...]
    with_pediatric_dental: frozenset[str]
    shelf: OptionShelf = field(default_factory=OptionShelf)
