"""Up to five plans side by side: the same rows for page and CSV."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from catalog.terms import Benefit, Money, PlanDesign, ProductLine
from portal.plans.offers import Position, designs_of, offers_of
from portal.plans.plan_page import limit_words, referral_words
from portal.plans.services import EVENTS, named_categories
from portal.plans.shop import Shop
from portal.plans.sorting import bad_year, months_left
from portal.plans.wording import in_network_words, metal_words, out_of_network_words, savings_words, second_tier_words
from portal.web.formats import count_of, dollars, whole_dollars

MOST_COMPARED = 5
UNKNOWN = "Not known"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\u2212")


@dataclass(frozen=True, slots=True)
class Side:
    """One plan of the comparison: its price and figures, and its filed design where there is one."""

    position: Position
    design: PlanDesign | None
    months: int

    @property
    def plan_id(self) -> str:
        """The filed plan id."""
        return self.position.plan_id

    @property
    def name(self) -> str:
        """The plan's name."""
        return self.position.row.plan.name


@dataclass(frozen=True, slots=True)
class Row:
    """One thing compared, a text for each plan; ``same`` where all say the same."""

    label: str
    cells: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every plan says the same."""
        return len(set(self.cells)) == 1


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The plans in the order asked for. ``hidden`` counts the rows that are alike and left out."""

    line: ProductLine
    sides: tuple[Side, ...]
    groups: tuple[Group, ...]
    messages: tuple[str, ...]
    only_differences: bool
    hidden: int

    @property
    def plan_ids(self) -> tuple[str, ...]:
        """The filed plan ids."""
        return tuple(side.plan_id for side in self.sides)

    def without(self, plan_id: str) -> list[str]:
        """The plan ids but one."""
        return [each for each in self.plan_ids if each != plan_id]


def compare_plans(session: Session, shop: Shop, wanted: Iterable[str], *, only_differences: bool = False) -> Comparison:
    """Compare plans by id. What cannot be compared is left out and said in ``messages``."""
    asked = list(dict.fromkeys(wanted))
    sold = [each for each in asked if each in shop.quote.by_plan_id]
    line = shop.quote.by_plan_id[sold[0]].plan.line if sold else ProductLine.MEDICAL
    alike = [each for each in sold if shop.quote.by_plan_id[each].plan.line is line]
    sides = _sides(session, shop, line, alike[:MOST_COMPARED])
    groups = tuple(_groups(line, sides)) if sides else ()
    total = sum(len(group.rows) for group in groups)
    shown = _differing(groups) if only_differences and len(sides) > 1 else groups
    return Comparison(
        line=line,
        sides=sides,
        groups=shown,
        messages=tuple(_messages(asked, sold, alike)),
        only_differences=only_differences,
        hidden=total - sum(len(group.rows) for group in shown),
    )


def _messages(asked: list[str], sold: list[str], alike: list[str]) -> Iterator[str]:
    if len(asked) > len(sold):
        yield f"{count_of(len(asked) - len(sold), 'plan')} you chose cannot be found where you live, and is left out."
    if len(sold) > len(alike):
        yield "Medical and dental plans do not compare. We kept the kind you chose first."
    if len(alike) > MOST_COMPARED:
        yield (
            f"You chose {len(alike)} plans. Up to {MOST_COMPARED} fit side by side, so you see the first "
            f"{MOST_COMPARED}. Take one off to make room for another."
        )


def _sides(session: Session, shop: Shop, line: ProductLine, plan_ids: list[str]) -> tuple[Side, ...]:
    if not plan_ids:
        return ()
    offers = offers_of(session, shop, line, plan_ids)
    positions = {position.plan_id: position for offer in offers for position in offer.positions}
    filed = designs_of(session, shop, [positions[each] for each in plan_ids])
    months = months_left(shop.household.effective_date)
    return tuple(Side(positions[each], filed.get(each), months) for each in plan_ids)


def _differing(groups: Iterable[Group]) -> tuple[Group, ...]:
    kept = (Group(group.title, tuple(row for row in group.rows if not row.same)) for group in groups)
    return tuple(group for group in kept if group.rows)


# Rows


def _groups(line: ProductLine, sides: tuple[Side, ...]) -> Iterator[Group]:
    yield _facts("What you pay", PRICES, sides)
    yield _facts("What you pay when you use care", AMOUNTS, sides)
    yield _facts("How it works", WAYS[line], sides)
    for event in EVENTS[line]:
        rows = [row for label, category in event.services for row in _service(label, category, sides)]
        if rows:
            yield Group(event.title, tuple(rows))
    others = _other_services(line, sides)
    if others:
        yield Group("Other services", others)


_Fact = tuple[str, Callable[[Side], str]]


def _facts(title: str, facts: Iterable[_Fact], sides: tuple[Side, ...]) -> Group:
    rows = (Row(label, tuple(words(side) for side in sides)) for label, words in facts)
    return Group(title, tuple(row for row in rows if any(row.cells)))


def _service(label: str, category: str, sides: tuple[Side, ...]) -> Iterator[Row]:
    """In-network cost, then outside where any plan covers it there."""
    benefits = [side.design.benefit(category) if side.design else None for side in sides]
    if not any(benefits):
        return
    yield Row(label, tuple(_inside(benefit) for benefit in benefits))
    outside = tuple(out_of_network_words(benefit) for benefit in benefits)
    if any(benefit and benefit.covered for benefit in benefits):
        yield Row(f"{label}, outside the network", outside)
    limits = tuple(limit_words(benefit) if benefit else "" for benefit in benefits)
    if any(limits):
        yield Row(f"{label}, limits", tuple(text or "None filed" for text in limits))


def _inside(benefit: Benefit | None) -> str:
    second = second_tier_words(benefit)
    words = in_network_words(benefit)
    return f"{words}. Second tier: {second}" if second and second != words else words


def _other_services(line: ProductLine, sides: tuple[Side, ...]) -> tuple[Row, ...]:
    named = named_categories(line)
    names: dict[str, str] = {}
    for side in sides:
        for benefit in side.design.benefits if side.design else ():
            if benefit.covered and benefit.category not in named:
                names.setdefault(benefit.category, benefit.name)
    pairs = sorted(names.items(), key=lambda pair: pair[1])
    return tuple(
        Row(name, tuple(_inside(side.design.benefit(category) if side.design else None) for side in sides))
        for category, name in pairs
    )


def _money(amount: Money | None) -> str:
    return UNKNOWN if amount is None else dollars(amount)


def _bad_year(side: Side) -> str:
    total = bad_year(side.position.net_premium, side.position.limit, side.months)
    return UNKNOWN if total is None else whole_dollars(total)


def _good_year(side: Side) -> str:
    net = side.position.net_premium
    return UNKNOWN if net is None else whole_dollars(net * side.months)


def _savings(side: Side) -> str:
    variant = side.position.row.variant
    return (savings_words(variant.csr) if variant else "") or "None"


def _eligible(side: Side) -> str:
    return "Yes" if side.position.buyable else " ".join(("No.", *(each.text for each in side.position.row.reasons)))


PRICES: tuple[_Fact, ...] = (
    ("You pay a month", lambda side: _money(side.position.net_premium)),
    ("Full price a month", lambda side: _money(side.position.row.premium.total)),
    ("Tax credit used a month", lambda side: _money(side.position.row.credit)),
    ("Good year: premiums only", _good_year),
    ("Bad year: premiums and the most you pay", _bad_year),
    ("You can buy it", _eligible),
)
AMOUNTS: tuple[_Fact, ...] = (
    ("What you pay first (deductible)", lambda side: side.position.figures.deductible.words),
    (
        "Drug deductible, apart",
        lambda side: side.position.figures.drugs.words if side.position.figures.drugs else "None apart",
    ),
    ("Most you pay for care a year", lambda side: side.position.figures.limit.words),
)
_SHARED: tuple[_Fact, ...] = (
    ("Metal level", lambda side: metal_words(side.position.row.plan.metal)),
    ("Kind of plan", lambda side: side.position.row.plan.plan_type or UNKNOWN),
    ("Network", lambda side: side.position.network.name if side.position.network else UNKNOWN),
)
WAYS: dict[ProductLine, tuple[_Fact, ...]] = {
    ProductLine.MEDICAL: (
        *_SHARED,
        ("Referral to see a specialist", lambda side: referral_words(side.design) if side.design else UNKNOWN),
        ("Rider", lambda side: side.position.rider_label),
        ("Extra savings", _savings),
        ("Children's dental", lambda side: "Included" if side.position.pediatric_dental else "Not included"),
        ("Works with an HSA", lambda side: "Yes" if _hsa(side) else "No"),
    ),
    ProductLine.DENTAL: _SHARED,
}


def _hsa(side: Side) -> bool:
    variant = side.position.row.variant
    return bool(variant and variant.hsa_eligible)


# CSV


def comparison_csv(comparison: Comparison, about: Iterable[tuple[str, str]]) -> str:
    """The comparison as CSV text; ``about`` are pairs written below it. No cell starts a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_safe(("Group", "What", *(side.name for side in comparison.sides))))
    writer.writerow(_safe(("", "Plan ID", *comparison.plan_ids)))
    for group in comparison.groups:
        writer.writerows(_safe((group.title, row.label, *row.cells)) for row in group.rows)
    writer.writerows(_safe(("About", *pair)) for pair in about)
    return out.getvalue()


def _safe(cells: Iterable[str]) -> list[str]:
    """Cells that no spreadsheet takes for a formula: a text that would be one gets an apostrophe in front."""
    return [f"'{cell}" if cell.lstrip().startswith(_DANGEROUS) else cell for cell in cells]
