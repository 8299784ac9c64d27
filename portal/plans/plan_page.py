"""The plan page: what it costs, what it covers, and what you may not like, with the source of every figure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from catalog.store.release_info import ReleaseInfo
from catalog.terms import (
    Benefit,
    CostLimit,
    CoverageExample,
    Issuer,
    LimitKind,
    LimitScope,
    Money,
    NetworkTier,
    Plan,
    PlanDesign,
    ProductLine,
    format_dollars,
)
from configurator.eligibility import Reason
from portal.plans.filters import ListState
from portal.plans.listing import Switch, switches_of
from portal.plans.offers import Offer, Position, designs_of
from portal.plans.prices import PriceStory, price_story
from portal.plans.services import EVENTS, named_categories
from portal.plans.shop import Shop
from portal.plans.sorting import months_left
from portal.plans.wording import (
    NO_LIMIT,
    NOT_COVERED,
    in_network_words,
    metal_words,
    out_of_network_words,
    quantity_words,
    savings_words,
    second_tier_words,
    source_words,
)
from portal.web import clock

_KINDS = {LimitKind.DEDUCTIBLE: "What you pay first (deductible)", LimitKind.MOOP: "Most you pay for care a year"}
_SCOPES = {LimitScope.MEDICAL: "care", LimitScope.DRUG: "drugs", LimitScope.COMBINED: "care and drugs"}
_TIERS = {
    NetworkTier.IN_1: "In the network",
    NetworkTier.IN_2: "In the network, second tier",
    NetworkTier.OUT: "Outside the network",
    NetworkTier.COMBINED: "Inside and outside together",
}
_EXAMPLES = {"baby": "Having a baby", "diabetes": "A year with type 2 diabetes", "fracture": "A simple fracture"}


@dataclass(frozen=True, slots=True)
class BenefitLine:
    """What one service costs, with its limits in words and where it is filed."""

    label: str
    in_network: str
    second_tier: str
    outside: str
    limits: str
    source: str


@dataclass(frozen=True, slots=True)
class BenefitGroup:
    """Services of one medical event."""

    title: str
    lines: tuple[BenefitLine, ...]


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A deductible or limit: amounts for one person alone, for each person of a family, for the family."""

    name: str
    tier: str
    individual: str
    per_person: str
    per_group: str
    source: str


@dataclass(frozen=True, slots=True)
class Example:
    """A filed coverage example: what the member pays of it."""

    name: str
    member_pays: Money


@dataclass(frozen=True, slots=True)
class Link:
    """A document or a tool of the payer, outside the portal."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything on the page. ``facts`` are pairs of name and words; ``dislikes`` sentences."""

    plan_id: str
    variant_id: str
    name: str
    metal: str
    plan_type: str
    savings: str
    story: PriceStory
    facts: tuple[tuple[str, str], ...]
    dislikes: tuple[str, ...]
    limited: tuple[tuple[str, str], ...]
    not_covered: tuple[str, ...]
    limits: tuple[LimitLine, ...]
    groups: tuple[BenefitGroup, ...]
    two_tiers: bool
    examples: tuple[Example, ...]
    links: tuple[Link, ...]
    network: str
    confirmed: date
    switches: tuple[Switch, ...]
    reasons: tuple[Reason, ...]
    buyable: bool
    sources: tuple[tuple[str, str], ...]
    release_id: str
    year_premium: Money | None


def _confirmed(release: ReleaseInfo) -> date:
    """The day the plan files were loaded, never later than the day it is for the business."""
    return min(release.created_at.date(), clock.today())


def plan_page(session: Session, shop: Shop, offer: Offer, position: Position) -> PlanPage | None:
    """The page of one plan in one more statement; None where it has no filed variant to show."""
    row = position.row
    found = designs_of(session, shop, [position]).get(position.plan_id)
    if found is None:
        return None
    groups = tuple(_groups(found))
    issuer = shop.market.issuers.get(row.plan.issuer_id)
    return PlanPage(
        plan_id=row.plan.plan_id,
        variant_id=found.variant.variant_id,
        name=row.plan.name,
        metal=metal_words(row.plan.metal),
        plan_type=row.plan.plan_type,
        savings=savings_words(found.variant.csr),
        story=price_story(row, shop.quote),
        facts=tuple(_facts(found, position)),
        dislikes=tuple(_dislikes(found, position)),
        limited=tuple(_limited(groups)),
        not_covered=tuple(_not_covered(found)),
        limits=tuple(_limit_lines(found.limits)),
        groups=groups,
        two_tiers=any(line.second_tier for group in groups for line in group.lines),
        examples=tuple(_examples(found.variant.examples)),
        links=tuple(_links(found, position, issuer)),
        network=position.network.name if position.network else "",
        confirmed=_confirmed(shop.release),
        switches=switches_of(offer, position, ListState(line=row.plan.line)),
        reasons=row.reasons,
        buyable=position.buyable,
        sources=tuple(_sources(found, position)),
        release_id=shop.release.release_id,
        year_premium=None if row.net_premium is None else row.net_premium * months_left(shop.household.effective_date),
    )


def referral_words(found: PlanDesign) -> str:
    """Whether a referral is needed, as filed."""
    plan = found.plan
    if plan.referral_required is None:
        return "Not filed"
    if not plan.referral_required:
        return "No"
    return f"Yes: {plan.referral_specialists}" if plan.referral_specialists else "Yes"


def _facts(found: PlanDesign, position: Position) -> Iterator[tuple[str, str]]:
    figures = position.figures
    yield "What you pay first (deductible)", figures.deductible.words
    if figures.drugs:
        yield "Drug deductible, apart", figures.drugs.words
    yield "Most you pay for care a year", figures.limit.words
    if figures.drug_limit:
        yield "Most you pay for drugs a year, apart", figures.drug_limit.words
    yield "Network", position.network.name if position.network else "Not filed"
    if found.plan.line is ProductLine.MEDICAL:
        yield "Referral to see a specialist", referral_words(found)
        yield "Children's dental", "Included" if position.pediatric_dental else "Not included"
        yield "HSA-qualified (goes with a health savings account)", "Yes" if found.variant.hsa_eligible else "No"


# What you may not like


def _dislikes(found: PlanDesign, position: Position) -> Iterator[str]:
    return (text for say in _DISLIKES if (text := say(found, position)))


def _needs_referral(found: PlanDesign, _: Position) -> str:
    if not found.plan.referral_required:
        return ""
    who = f" This holds for: {found.plan.referral_specialists}." if found.plan.referral_specialists else ""
    return f"You need a referral from your doctor to see a specialist.{who}"


def _drugs_apart(_: PlanDesign, position: Position) -> str:
    drugs = position.figures.drugs
    return f"Drugs have a deductible of their own: {drugs.words}." if drugs else ""


def _tiers_differ(found: PlanDesign, _: Position) -> str:
    tiers = found.variant.multiple_in_network_tiers
    return "The network has two tiers. Care from the second tier costs you more." if tiers else ""


def _nothing_outside(found: PlanDesign, _: Position) -> str:
    text = "Outside the network most care is not covered. You pay all of it, and it does not count to your limit."
    return text if _closed_network(found) else ""


def _uncounted(found: PlanDesign, _: Position) -> str:
    names = [benefit.name for benefit in found.benefits if benefit.covered and benefit.excluded_from_in_moop]
    return f"Does not count to the most you pay: {', '.join(names)}." if names else ""


def _no_child_dental(found: PlanDesign, position: Position) -> str:
    missing = found.plan.line is ProductLine.MEDICAL and not position.pediatric_dental
    return "Children's dental care is not included. It takes a plan of its own." if missing else ""


def _exclusions(found: PlanDesign, _: Position) -> str:
    return f"Filed exclusions: {found.plan.exclusions.rstrip('.')}." if found.plan.exclusions else ""


def _away(found: PlanDesign, _: Position) -> str:
    text = found.plan.out_of_area_text.rstrip(".")
    return f"Away from home it covers: {text}." if found.plan.out_of_area and text else ""


_DISLIKES = (
    _needs_referral,
    _drugs_apart,
    _tiers_differ,
    _nothing_outside,
    _uncounted,
    _no_child_dental,
    _exclusions,
    _away,
)


def _closed_network(found: PlanDesign) -> bool:
    covered = [benefit for benefit in found.benefits if benefit.covered]
    closed = [benefit for benefit in covered if out_of_network_words(benefit) == NOT_COVERED]
    return len(closed) * 2 > len(covered)


def _limited(groups: Iterable[BenefitGroup]) -> Iterator[tuple[str, str]]:
    return ((line.label, line.limits) for group in groups for line in group.lines if line.limits)


def _not_covered(found: PlanDesign) -> Iterator[str]:
    return (benefit.name for benefit in sorted(found.benefits, key=lambda each: each.name) if not benefit.covered)


# Benefits and limits


def _groups(found: PlanDesign) -> Iterator[BenefitGroup]:
    by_category = {benefit.category: benefit for benefit in found.benefits}
    line = found.plan.line
    for event in EVENTS[line]:
        filed = [(label, by_category[category]) for label, category in event.services if category in by_category]
        if filed:
            yield BenefitGroup(event.title, tuple(_line(label, benefit) for label, benefit in filed))
    named = named_categories(line)
    others = [benefit for benefit in found.benefits if benefit.covered and benefit.category not in named]
    if others:
        in_order = sorted(others, key=lambda benefit: benefit.name)
        yield BenefitGroup("Other services", tuple(_line(benefit.name, benefit) for benefit in in_order))


def _line(label: str, benefit: Benefit) -> BenefitLine:
    return BenefitLine(
        label=label,
        in_network=in_network_words(benefit),
        second_tier=second_tier_words(benefit),
        outside=out_of_network_words(benefit),
        limits=limit_words(benefit),
        source=source_words(benefit.source),
    )


def limit_words(benefit: Benefit) -> str:
    """Quantity limit, exclusions and explanation of a benefit as sentences; empty where nothing is filed."""
    if not benefit.covered:
        return ""
    quantity = quantity_words(benefit)
    parts = (
        f"At most {quantity}" if quantity else "",
        f"Not included: {benefit.exclusions}" if benefit.exclusions else "",
        benefit.explanation,
    )
    return " ".join(f"{part.strip().rstrip('.')}." for part in parts if part.strip())


def _limit_lines(rows: Iterable[CostLimit]) -> Iterator[LimitLine]:
    for row in rows:
        if (row.individual, row.per_person, row.per_group) != (None, None, None):
            yield LimitLine(
                name=f"{_KINDS[row.kind]}, {_SCOPES[row.scope]}",
                tier=_TIERS[row.tier],
                individual=_amount(row.individual),
                per_person=_amount(row.per_person),
                per_group=_amount(row.per_group),
                source=source_words(row.source),
            )


def _amount(amount: Money | None) -> str:
    return NO_LIMIT if amount is None else format_dollars(amount)


def _examples(filed: Iterable[CoverageExample]) -> Iterator[Example]:
    """Examples with all four parts filed; the parts add up to what the member pays."""
    for example in filed:
        parts = (example.deductible, example.copay, example.coinsurance, example.limit)
        if None not in parts:
            yield Example(_EXAMPLES.get(example.name, example.name), sum(parts, Money(0)))


# Documents and sources


def _links(found: PlanDesign, position: Position, issuer: Issuer | None) -> Iterator[Link]:
    plan, variant = found.plan, found.variant
    network = position.network.url if position.network else ""
    wanted = (
        ("Find a doctor or hospital in the network", plan.directory_url or network or _of(issuer, "directory_url")),
        ("Look up a drug (formulary)", plan.formulary_url or _issuer_formulary(plan, issuer)),
        ("Summary of Benefits and Coverage (SBC)", variant.sbc_url),
        ("Plan brochure", variant.brochure_url),
    )
    return (Link(words, href) for words, href in wanted if href.startswith(("https://", "http://")))


def _of(issuer: Issuer | None, name: str) -> str:
    return getattr(issuer, name) if issuer else ""


def _issuer_formulary(plan: Plan, issuer: Issuer | None) -> str:
    return _of(issuer, "formulary_url") if plan.line is ProductLine.MEDICAL else ""


def _sources(found: PlanDesign, position: Position) -> Iterator[tuple[str, str]]:
    yield "Plan", source_words(found.plan.source)
    yield "Cost-sharing variant", source_words(found.variant.source)
    if position.network:
        yield "Network", source_words(position.network.source)
    for line in _limit_lines(found.limits):
        yield f"{line.name}, {line.tier.lower()}", line.source
    for group in _groups(found):
        for line in group.lines:
            yield line.label, line.source
