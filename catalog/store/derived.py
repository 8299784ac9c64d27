"""What a draft works out once about each plan: its medical design, its riders, its dental check-up for children.

Plans of one medical design that differ only in a dental, vision or fitness rider get the same design key.
"""

from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec
import sqlalchemy as sa

from catalog.store import tables
from catalog.store.loading import Loader
from catalog.store.mapping import NounTable, plain
from catalog.terms import RIDER_CATEGORIES, Benefit, CostLimit, Csr, Plan, PlanVariant, ProductLine

PLANS_AT_ONCE = 200
CHILD_DENTAL = "child_dental_checkup"
_PREFERRED = (Csr.STANDARD, Csr.OFF_EXCHANGE)


def derive_designs(loader: Loader) -> None:
    """Fill design_key, riders and pediatric_dental of every plan."""
    everything = sa.true()
    variants: dict[str, PlanVariant] = {}
    for variant in loader.read(tables.variants, everything):
        known = variants.get(variant.plan_id)
        variants[variant.plan_id] = min(known or variant, variant, key=_rank)
    plans = list(loader.read(tables.plans, everything))
    for start in range(0, len(plans), PLANS_AT_ONCE):
        _write(loader, plans[start : start + PLANS_AT_ONCE], variants)


def _rank(variant: PlanVariant) -> tuple[int, str]:
    """Standard cost sharing first, then the one outside the Exchange."""
    return (_PREFERRED.index(variant.csr) if variant.csr in _PREFERRED else len(_PREFERRED), variant.variant_id)


def _write(loader: Loader, plans: list[Plan], variants: dict[str, PlanVariant]) -> None:
    chosen = {plan.plan_id: variants[plan.plan_id] for plan in plans if plan.plan_id in variants}
    ids = [variant.variant_id for variant in chosen.values()]
    limits, benefits = _by_variant(loader, tables.limits, ids), _by_variant(loader, tables.benefits, ids)
    rows = []
    for plan in plans:
        variant = chosen.get(plan.plan_id)
        variant_id = variant.variant_id if variant else ""
        rows.append(_row(plan, variant, limits[variant_id], benefits[variant_id]))
    statement = (
        sa.update(tables.plans.table)
        .where(tables.plans.release_no == loader.release_no, tables.plans.table.c.plan_id == sa.bindparam("marked"))
        .values({name: sa.bindparam(f"new_{name}") for name in ("design_key", "riders", "pediatric_dental")})
    )
    loader.connection.execute(statement, rows)


def _by_variant(loader: Loader, table: NounTable, ids: list[str]) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = defaultdict(list)
    for noun in loader.read(table, table.table.c.variant_id.in_(ids)):
        rows[noun.variant_id].append(noun)
    return rows


def _row(plan: Plan, variant: PlanVariant | None, limits: list[CostLimit], benefits: list[Benefit]) -> dict[str, Any]:
    covered = {benefit.category for benefit in benefits if benefit.covered}
    return {
        "marked": plan.plan_id,
        "new_design_key": design_key(plan, variant, limits, benefits),
        "new_riders": tuple(sorted(covered & RIDER_CATEGORIES)),
        "new_pediatric_dental": CHILD_DENTAL in covered,
    }


def design_key(
    plan: Plan, variant: PlanVariant | None, limits: Iterable[CostLimit], benefits: Iterable[Benefit]
) -> str:
    """A key that medical plans share when only names, ids and riders differ; any other plan has one of its own."""
    if plan.line is not ProductLine.MEDICAL or variant is None:
        content: list[Any] = [plan.plan_id]
    else:
        content = [
            plan.issuer_id,
            plan.state,
            plan.market,
            plan.plan_type,
            plan.metal,
            plan.network_id,
            plan.service_area_id,
            plan.formulary_id,
            plan.referral_required,
            plan.on_exchange,
            plan.off_exchange,
            plan.child_only_offering,
            variant.hsa_eligible,
            sorted(map(_limit, limits)),
            sorted(_benefit(each) for each in benefits if each.covered and each.category not in RIDER_CATEGORIES),
        ]
    return sha256(msgspec.json.encode(content)).hexdigest()[:32]


def _limit(limit: CostLimit) -> str:
    amounts = (limit.individual, limit.per_person, limit.per_group, limit.coinsurance)
    return msgspec.json.encode([limit.kind, limit.scope, limit.tier, *map(plain, amounts)]).decode()


def _benefit(benefit: Benefit) -> str:
    content = (
        benefit.category,
        benefit.limit_quantity,
        benefit.limit_unit,
        benefit.minimum_stay,
        benefit.excluded_from_in_moop,
        benefit.excluded_from_out_moop,
        benefit.in_1,
        benefit.in_2,
        benefit.out,
    )
    return msgspec.json.encode([plain(each) for each in content]).decode()
