"""Tables of the catalogue: one a noun, one of releases, one of what an import found wrong.

A release is written once, as a whole, and never changed; only its state moves. Rows name it by a small number, people
by its id.
"""

from enum import StrEnum

import sqlalchemy as sa

from catalog import terms
from catalog.store.base import Base, JsonDocument, UtcDateTime, choice
from catalog.store.mapping import NounTable, OnConflict, noun_table
from catalog.terms import Market, Noun, Severity

REFUSE, FILL_IN = OnConflict.REFUSE, OnConflict.FILL_IN


class ReleaseState(StrEnum):
    """Life of a release: only a draft is ever written, at most one of a lineage is published."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"  # another one of its lineage took its place
    WITHDRAWN = "withdrawn"  # it was published, and taken back


release = sa.Table(
    "catalog_release",
    Base.metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("release_id", sa.String(60), unique=True),
    sa.Column("state", choice(ReleaseState), nullable=False),
    sa.Column("plan_year", sa.Integer),
    sa.Column("market", choice(Market)),
    sa.Column("states", JsonDocument(tuple[str, ...]), nullable=False),
    sa.Column("issuer_set", JsonDocument(tuple[str, ...]), nullable=False),
    sa.Column("lineage", sa.String(64)),
    sa.Column("counts", JsonDocument(dict[str, int]), nullable=False),
    sa.Column("content_hash", sa.String(64)),
    sa.Column("files", JsonDocument(tuple[dict[str, str], ...]), nullable=False),
    sa.Column("predecessor_id", sa.String(60)),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("published_at", UtcDateTime),
    sa.Index(
        "uq_catalog_release_published",
        "lineage",
        unique=True,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    ),
)

problem = sa.Table(
    "catalog_problem",
    Base.metadata,
    sa.Column("release_no", sa.ForeignKey("catalog_release.number", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("severity", choice(Severity), nullable=False),
    *(
        sa.Column(name, sa.Text, nullable=False)
        for name in ("code", "file", "place", "field", "found", "expected", "message")
    ),
)


def _not_sellable_reason() -> sa.Column:
    """Plain words for why it cannot be bought; empty for everything that can."""
    return sa.Column("not_sellable_reason", sa.Text, nullable=False, server_default="")


issuers = noun_table("issuer", terms.Issuer, on_conflict=FILL_IN)
products = noun_table("product", terms.Product, on_conflict=FILL_IN)
plans = noun_table(
    "plan",
    terms.Plan,
    on_conflict=REFUSE,
    extra=(
        _not_sellable_reason(),
        sa.Column("design_key", sa.String(64), nullable=False, server_default=""),
        sa.Column("riders", JsonDocument(tuple[str, ...]), nullable=False, server_default="[]"),
        sa.Column("pediatric_dental", sa.Boolean, nullable=False, server_default=sa.false()),
    ),
    indexes=("service_area_id",),
)
variants = noun_table("variant", terms.PlanVariant, on_conflict=REFUSE, indexes=("plan_id",))
limits = noun_table("limit", terms.CostLimit, on_conflict=REFUSE)
benefits = noun_table("benefit", terms.Benefit)
rates = noun_table(
    "rate",
    terms.Rate,
    on_conflict=REFUSE,
    clustered=True,
)
tier_rates = noun_table("tier_rate", terms.TierRate, on_conflict=REFUSE)
business_rules = noun_table("business_rule", terms.BusinessRule)
crosswalks = noun_table("crosswalk", terms.Crosswalk, indexes=("to_plan",))
counties = noun_table("county", terms.County, on_conflict=FILL_IN)
zip_counties = noun_table("zip_county", terms.ZipCounty, clustered=True)
rating_areas = noun_table("rating_area", terms.RatingAreaPart)
service_areas = noun_table("service_area", terms.ServiceAreaPart, indexes=("state county_fips",))
networks = noun_table("network", terms.Network, on_conflict=FILL_IN)
coverage = noun_table("market_coverage", terms.MarketCoverage)
options = noun_table(
    "option", terms.Option, on_conflict=REFUSE, extra=(_not_sellable_reason(),), indexes=("product_id",)
)
option_rates = noun_table(
    "option_rate",
    terms.OptionRate,
    on_conflict=REFUSE,
)
option_benefits = noun_table("option_benefit", terms.OptionBenefit)
option_eligibility = noun_table("option_eligibility", terms.OptionEligibility)
questions = noun_table("underwriting_question", terms.UnderwritingQuestion)

NOUN_TABLES: tuple[NounTable, ...] = (
    issuers,
    products,
    plans,
    variants,
    limits,
    benefits,
    rates,
    tier_rates,
    business_rules,
    crosswalks,
    counties,
    zip_counties,
    rating_areas,
    service_areas,
    networks,
    coverage,
    options,
    option_rates,
    option_benefits,
    option_eligibility,
    questions,
)
BY_NOUN: dict[type[Noun], NounTable] = {each.noun: each for each in NOUN_TABLES}


def number_of(release_id: str) -> sa.ScalarSelect[int]:
    """The number of a release, as part of another statement."""
    return sa.select(release.c.number).where(release.c.release_id == release_id).scalar_subquery()
