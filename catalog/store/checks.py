"""What can only be seen when all rows of a draft are there: rows without their parent, plans nobody can buy.

Rows that cannot be right are taken out and reported, once for each thing they refer to; a plan that lacks something
stays, and says why it cannot be sold.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from catalog.store import tables
from catalog.store.loading import Loader
from catalog.store.mapping import NounTable
from catalog.store.rate_checks import check_rates
from catalog.store.row_checks import finding
from catalog.terms import Noun, Option, OptionKind, Severity


@dataclass(frozen=True)
class Reference:
    """``field`` of the child names ``parent_field`` of a row that must be in the same release."""

    child: NounTable
    field: str
    parent: NounTable
    parent_field: str
    code: str
    expected: str


# In order: a row that is taken out takes its own children with it.
REFERENCES = (
    Reference(tables.variants, "plan_id", tables.plans, "plan_id", "variant-without-plan", "the id of a plan"),
    Reference(tables.limits, "variant_id", tables.variants, "variant_id", "limit-without-variant", "a filed variant"),
    Reference(
        tables.benefits, "variant_id", tables.variants, "variant_id", "benefit-without-variant", "a filed variant"
    ),
    Reference(tables.rates, "plan_id", tables.plans, "plan_id", "rate-without-plan", "the id of a plan"),
    Reference(tables.tier_rates, "plan_id", tables.plans, "plan_id", "rate-without-plan", "the id of a plan"),
    Reference(tables.options, "product_id", tables.products, "product_id", "option-without-product", "a product"),
)
OPTION_REFERENCES = (
    Reference(tables.option_rates, "option_id", tables.options, "option_id", "rate-without-option", "an option"),
    Reference(tables.option_benefits, "option_id", tables.options, "option_id", "benefit-without-option", "an option"),
    Reference(
        tables.option_eligibility, "option_id", tables.options, "option_id", "eligibility-without-option", "an option"
    ),
    Reference(tables.questions, "product_id", tables.products, "product_id", "question-without-product", "a product"),
)


def check_draft(loader: Loader) -> None:
    """Quarantine what refers to nothing or overlaps, then mark plans and options that nobody can buy."""
    for reference in REFERENCES:
        _remove_orphans(loader, reference)
    _remove_riders_without_base(loader)
    for reference in OPTION_REFERENCES:
        _remove_orphans(loader, reference)
    check_rates(loader)
    _mark_plans(loader)
    _mark_options(loader)
    _note_crosswalk_targets(loader)


def present(child: NounTable, parent: NounTable, **fields: str) -> sa.Exists:
    """Whether the release of a child row has a parent row with equal fields (child field = parent field)."""
    same = (child.table.c[mine] == parent.table.c[theirs] for mine, theirs in fields.items())
    return sa.exists().where(parent.release_no == child.release_no, *same).correlate(child.table)


# --- rows that refer to nothing -------------------------------------------------------------------------------------


def _remove_orphans(loader: Loader, reference: Reference) -> None:
    child = reference.child
    held = present(child, reference.parent, **{reference.field: reference.parent_field})
    expected = f"{reference.expected} in the imported files"
    loader.leave_out_all(child, ~held, field=reference.field, code=reference.code, expected=expected)


def _remove_riders_without_base(loader: Loader) -> None:
    options = tables.options
    base = options.table.alias("base")
    is_choice = sa.exists().where(
        base.c.release_no == options.release_no,
        base.c.option_id == options.table.c.base_option_id,
        base.c.kind == OptionKind.CHOICE,
    )
    orphan = sa.and_(options.table.c.kind == OptionKind.RIDER, ~is_choice.correlate(options.table))

    def leave_out(rider: Option) -> None:
        expected = "an option that the rider is added to"
        loader.leave_out(
            options, finding(rider, "rider-without-base", "base_option_id", rider.base_option_id, expected)
        )

    loader.remove(options, orphan, leave_out)


# --- what nobody can buy --------------------------------------------------------------------------------------------


def _mark_plans(loader: Loader) -> None:
    plans = tables.plans
    own = {"plan_id": "plan_id"}
    rated = sa.or_(present(plans, tables.rates, **own), present(plans, tables.tier_rates, **own))
    placed = present(plans, tables.service_areas, issuer_id="issuer_id", service_area_id="service_area_id")
    varied = present(plans, tables.variants, **own)
    query = (
        sa.select(*plans.columns, rated, placed, varied)
        .where(plans.release_no == loader.release_no, sa.not_(sa.and_(rated, placed, varied)))
        .order_by(plans.table.c.plan_id)
    )
    reasons = {}
    for row in loader.connection.execute(query).all():
        plan = plans.read(row)
        reasons[plan.plan_id] = _plan_reason(plan, *row[-3:])
        _note(loader, plan, "plan-not-sellable", "plan_id", plan.plan_id, reasons[plan.plan_id])
    _write_reasons(loader, plans, reasons)


def _plan_reason(plan: Noun, rated: bool, placed: bool, varied: bool) -> str:
    area = f"Service area {plan.service_area_id} is in no file" if plan.service_area_id else "No service area is filed"
    lacks = ((rated, "No rate is filed"), (placed, area), (varied, "No cost-sharing variant is filed"))
    return "; ".join(text for there, text in lacks if not there)


def _mark_options(loader: Loader) -> None:
    options, products = tables.options, tables.products
    rated = present(options, tables.option_rates, option_id="option_id")
    area = products.table.c.service_area_id
    placed = sa.or_(area == "", present(products, tables.service_areas, service_area_id="service_area_id"))
    query = (
        sa.select(*options.columns, rated, placed)
        .join(
            products.table,
            sa.and_(
                products.release_no == options.release_no, products.table.c.product_id == options.table.c.product_id
            ),
        )
        .where(options.release_no == loader.release_no, sa.not_(sa.and_(rated, placed)))
        .order_by(options.table.c.option_id)
    )
    reasons = {}
    for row in loader.connection.execute(query).all():
        option = options.read(row)
        lacks = ((row[-2], "No rate is filed"), (row[-1], "The service area of the product is in no file"))
        reasons[option.option_id] = "; ".join(text for there, text in lacks if not there)
        _note(loader, option, "option-not-sellable", "option_id", option.option_id, reasons[option.option_id])
    _write_reasons(loader, options, reasons)


def _write_reasons(loader: Loader, table: NounTable, reasons: dict[str, str]) -> None:
    if reasons:
        (key,) = table.key
        statement = (
            sa.update(table.table)
            .where(table.release_no == loader.release_no, table.table.c[key] == sa.bindparam("marked"))
            .values(not_sellable_reason=sa.bindparam("reason"))
        )
        rows = [{"marked": each, "reason": reason} for each, reason in reasons.items()]
        loader.connection.execute(statement, rows)


def _note(loader: Loader, noun: Noun, code: str, field: str, found: str, message: str) -> None:
    expected = "rates, an area and cost sharing in the imported files"
    loader.report(finding(noun, code, field, found, expected, f"It cannot be sold: {message}", Severity.NOTE))


def _note_crosswalk_targets(loader: Loader) -> None:
    crosswalks = tables.crosswalks
    unknown = sa.and_(crosswalks.table.c.to_plan != "", ~present(crosswalks, tables.plans, to_plan="plan_id"))
    for row in loader.read(crosswalks, unknown):
        expected = "a plan in the imported files"
        loader.report(finding(row, "crosswalk-to-unknown-plan", "to_plan", row.to_plan, expected, "", Severity.NOTE))
