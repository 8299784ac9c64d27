"""From a saved version to the plain values of its summary: the same values stand on the page and on the paper."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from catalog.parameters import MissingParameter, load, open_enrollment
from catalog.store.market import designs, networks_of
from catalog.terms import (
    ZERO,
    LimitKind,
    LimitScope,
    Network,
    NetworkTier,
    OptionBenefit,
    Plan,
    PlanDesign,
    ProductLine,
    Relationship,
    format_dollars,
)
from configurator.bundle import Bundle, Bundler, Policy
from configurator.quote import Quote
from configurator.tax_credit import CreditUnknown
from portal.configurations.models import ConfigurationVersion
from portal.configurations.stored import differences, replay
from portal.documents.summary import (
    BenefitGroup,
    BenefitRow,
    BrokenRule,
    BundleSummary,
    Check,
    CreditState,
    CreditSummary,
    Fact,
    HouseholdMember,
    Payout,
    PlanDetails,
    PolicySummary,
    PremiumRow,
    Record,
)
from portal.plans.shop import rule_set
from portal.plans.wording import in_network_words, metal_words, out_of_network_words, quantity_words, savings_words
from portal.web.formats import day, dollars

LINE_WORDS: Mapping[ProductLine, str] = {
    ProductLine.MEDICAL: "Medical",
    ProductLine.DENTAL: "Dental",
    ProductLine.VISION: "Vision",
    ProductLine.ACCIDENT: "Accident",
    ProductLine.CRITICAL_ILLNESS: "Critical illness",
    ProductLine.HOSPITAL_INDEMNITY: "Hospital stay",
    ProductLine.LIFE: "Life",
    ProductLine.TELEHEALTH: "Telehealth",
    ProductLine.WELLNESS: "Wellness",
    ProductLine.TRANSPORT: "Transport",
    ProductLine.HSA: "Health savings account",
}
RELATIONSHIP_WORDS: Mapping[Relationship, str] = {
    kind: "applicant" if kind is Relationship.SELF else kind.value.replace("_", " ") for kind in Relationship
}
FIXED_PAYMENT = frozenset({ProductLine.ACCIDENT, ProductLine.CRITICAL_ILLNESS, ProductLine.HOSPITAL_INDEMNITY})
_GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Seeing somebody",
        (
            ("preventive_care", "Preventive care and screening"),
            ("primary_care", "Primary care visit"),
            ("specialist", "Specialist visit"),
            ("urgent_care", "Urgent care"),
            ("mental_health_outpatient", "Mental health visit"),
            ("chiropractic", "Chiropractor"),
        ),
    ),
    (
        "Tests and medicines",
        (
            ("laboratory", "Laboratory"),
            ("x_ray", "X-ray"),
            ("imaging", "CT, PET, MRI"),
            ("generic_drugs", "Generic drugs"),
            ("preferred_brand_drugs", "Preferred brand drugs"),
            ("non_preferred_brand_drugs", "Other brand drugs"),
            ("specialty_drugs", "Specialty drugs"),
        ),
    ),
    (
        "Hospital and emergency",
        (
            ("emergency_room", "Emergency room"),
            ("ambulance", "Ambulance"),
            ("inpatient_facility", "Hospital stay, facility"),
            ("inpatient_physician", "Hospital stay, doctors"),
            ("outpatient_facility", "Surgery without a stay, facility"),
            ("outpatient_surgery", "Surgery without a stay, doctors"),
            ("delivery", "Birth of a child"),
        ),
    ),
    (
        "Getting well, and children",
        (
            ("rehabilitation", "Rehabilitation"),
            ("skilled_nursing", "Nursing facility"),
            ("home_health", "Home health care"),
            ("durable_equipment", "Equipment such as a wheelchair"),
            ("child_eye_exam", "Child's eye exam"),
            ("child_glasses", "Child's glasses"),
            ("child_dental_checkup", "Child's dental check-up"),
        ),
    ),
    (
        "Dental care and eyes",
        (
            ("adult_dental_routine", "Adult check-ups and cleaning"),
            ("adult_dental_basic", "Adult fillings"),
            ("adult_dental_major", "Adult crowns and root canals"),
            ("child_dental_basic", "Child's fillings"),
            ("child_dental_major", "Child's crowns and root canals"),
            ("child_orthodontia", "Child's braces"),
            ("adult_eye_exam", "Adult eye exam"),
        ),
    ),
)
_LIMITS: tuple[tuple[LimitKind, LimitScope, str], ...] = (
    (LimitKind.DEDUCTIBLE, LimitScope.COMBINED, "What you pay first (deductible)"),
    (LimitKind.DEDUCTIBLE, LimitScope.MEDICAL, "What you pay first for care (deductible)"),
    (LimitKind.DEDUCTIBLE, LimitScope.DRUG, "What you pay first for drugs (deductible)"),
    (LimitKind.MOOP, LimitScope.COMBINED, "The most you pay in a year (out-of-pocket limit)"),
    (LimitKind.MOOP, LimitScope.MEDICAL, "The most you pay in a year for care"),
    (LimitKind.MOOP, LimitScope.DRUG, "The most you pay in a year for drugs"),
)
_COLUMNS = ("In network", "Out of network")
_NOT_FILED = "none filed"


def summary_of(session: Session, version: ConfigurationVersion, remark: str = "") -> BundleSummary:
    """The version replayed from its stored inputs, as plain values.

    ``remark`` is a sentence under the title. Where the replay gives other amounts than those that were saved, the
    remark says which, so that nobody takes the new figures for the old ones.
    """
    bundler, bundle = replay(session, version.inputs, load(), rule_set())
    inputs, quote = version.inputs, _quote(bundler, bundle)
    variant_ids = [policy.variant.variant_id for policy in bundle.policies if policy.variant]
    details = _details(session, inputs.release_id, variant_ids)
    return BundleSummary(
        title=version.configuration.name,
        made_on=version.made_on,
        starts=inputs.household.effective_date,
        people=tuple(_member(person, bundler) for person in inputs.household.persons),
        zip_code=inputs.household.zip_code,
        county=bundler.market.location.county_name,
        policies=tuple(_policy(policy, bundler, details) for policy in bundle.policies),
        premium=bundle.premium,
        credit=bundle.credit or ZERO,
        net=bundle.net_premium,
        credit_summary=_credit(quote),
        check=_check(bundle),
        record=_record(version),
        change_until=_change_until(bundler),
        told_us=_told(bundler, quote),
        may_have_medicaid=_medicaid(quote),
        remark=" ".join(filter(None, (remark, *differences(version.bundle, bundle)))),
    )


def _details(session: Session, release_id: str, variant_ids: list[str]) -> dict[str, PlanDesign]:
    """Designs by variant, with the network by its name and its directory where the plan files none of its own."""
    networks = networks_of(session, release_id)
    found = designs(session, release_id, variant_ids)
    return {key: replace(each, plan=_with_network(each.plan, networks)) for key, each in found.items()}


def _with_network(plan: Plan, networks: Mapping[tuple[str, str], Network]) -> Plan:
    network = networks.get((plan.issuer_id, plan.network_id))
    if network is None:
        return plan
    return replace(plan, directory_url=plan.directory_url or network.url, network_id=network.name or plan.network_id)


def _quote(bundler: Bundler, bundle: Bundle) -> Quote:
    medical = bundle.policy(ProductLine.MEDICAL)
    everybody = tuple(person.person_id for person in bundler.household.applicants)
    return bundler.quote_for(medical.choice.covered if medical else everybody)


def _member(person: object, bundler: Bundler) -> HouseholdMember:
    on = bundler.on
    born = person.birth_date is None or person.birth_date <= on
    return HouseholdMember(
        name=person.name,
        age=person.age_on(on) if born else None,
        relationship=RELATIONSHIP_WORDS[person.relationship],
        tobacco=person.tobacco,
        applying=person.applying,
    )


def _policy(policy: Policy, bundler: Bundler, details: Mapping[str, PlanDesign]) -> PolicySummary:
    names = {person.person_id: person for person in bundler.household.persons}
    return PolicySummary(
        line=LINE_WORDS[policy.line],
        name=policy.name,
        issuer=_issuer(policy, bundler),
        what=_what(policy, bundler),
        covered=tuple(names[each].name for each in policy.choice.covered),
        rows=tuple(_premium_row(row, names, bundler) for row in policy.rows),
        premium=policy.premium,
        net=policy.net_premium,
        details=_plan_details(policy, bundler, details) if policy.variant else _option_details(policy, bundler),
        credit=policy.credit or ZERO,
        ids=_ids(policy),
        parameters=_parameters(policy),
        add_on=policy.line is not ProductLine.MEDICAL,
    )


def _issuer(policy: Policy, bundler: Bundler) -> str:
    issuer = bundler.market.issuers.get(policy.issuer_id)
    return issuer.name if issuer else policy.issuer_id


def _what(policy: Policy, bundler: Bundler) -> str:
    """One sentence on what the policy is."""
    if policy.plan and policy.line is ProductLine.MEDICAL:
        referral = "a referral is needed" if policy.plan.referral_required else "no referral is needed"
        savings = savings_words(policy.variant.csr) if policy.variant else ""
        words = (
            f"{metal_words(policy.plan.metal)} {policy.plan.plan_type} medical plan; {referral} to see a specialist."
        )
        return f"{words} {savings}." if savings else words
    if policy.plan:
        return f"{metal_words(policy.plan.metal)} {policy.plan.plan_type} dental plan."
    product = bundler.market.shelf.products.get(policy.options[0].product_id)
    return policy.options[0].description or (product.description if product else "")


def _premium_row(row: object, names: Mapping[str, object], bundler: Bundler) -> PremiumRow:
    person = names.get(row.person_id)
    who = person.name if person else "The whole policy"
    return PremiumRow(
        who=f"{who}: {row.item}" if row.item else who,
        amount=row.amount,
        charged=row.charged,
        age=person.age_on(bundler.on) if person else None,
        note="" if row.charged else row.reason,
    )


def _ids(policy: Policy) -> tuple[Fact, ...]:
    if policy.variant:
        return (Fact("Plan ID", policy.variant.variant_id),)
    return tuple(Fact("Option", option.option_id) for option in policy.options)


def _parameters(policy: Policy) -> tuple[Fact, ...]:
    riders = tuple(Fact("Rider", option.name) for option in policy.options[1:])
    face = policy.options[0].attribute("face_amount") if policy.options else None
    return (Fact("Face amount", format_dollars(face)), *riders) if face else riders


def _plan_details(policy: Policy, bundler: Bundler, details: Mapping[str, PlanDesign]) -> PlanDetails:
    design = details[policy.variant.variant_id]
    groups = tuple(filter(None, (_group(title, rows, design) for title, rows in _GROUPS)))
    return PlanDetails(
        line=LINE_WORDS[policy.line],
        name=policy.name,
        issuer=_issuer(policy, bundler),
        ids=_ids(policy),
        columns=_COLUMNS,
        amounts=tuple(filter(None, (_limit_row(*each, design) for each in _LIMITS))),
        groups=groups,
        not_covered=_not_covered(design),
        limits=tuple(f"{b.name}: {b.exclusions}" for b in design.benefits if b.covered and b.exclusions),
        network=_network(design),
        documents=_documents(design),
    )


def _group(title: str, rows: Iterable[tuple[str, str]], design: PlanDesign) -> BenefitGroup | None:
    found = ((design.benefit(category), words) for category, words in rows)
    shown = tuple(
        BenefitRow(words, (in_network_words(benefit), out_of_network_words(benefit)), quantity_words(benefit))
        for benefit, words in found
        if benefit and benefit.covered
    )
    return BenefitGroup(title, shown) if shown else None


def _limit_row(kind: LimitKind, scope: LimitScope, words: str, design: PlanDesign) -> BenefitRow | None:
    inside, outside = (design.limit(kind, scope, tier) for tier in (NetworkTier.IN_1, NetworkTier.OUT))
    values = tuple(_limit_words(limit) for limit in (inside, outside))
    return None if values == (_NOT_FILED, _NOT_FILED) else BenefitRow(words, values)


def _limit_words(limit: object) -> str:
    if limit is None:
        return _NOT_FILED
    person = limit.per_person if limit.per_person is not None else limit.individual
    parts = ((person, "a person"), (limit.per_group, "a family"))
    return ", ".join(f"{format_dollars(amount)} {words}" for amount, words in parts if amount is not None) or _NOT_FILED


def _not_covered(design: PlanDesign) -> tuple[str, ...]:
    filed = (design.plan.exclusions,) if design.plan.exclusions else ()
    return (*(benefit.name for benefit in design.benefits if not benefit.covered), *filed)


def _network(design: PlanDesign) -> str:
    plan = design.plan
    needed = "You need a referral" if plan.referral_required else "You do not need a referral"
    return f"Network {plan.network_id}. {needed} to see a specialist." if plan.network_id else ""


def _documents(design: PlanDesign) -> tuple[Fact, ...]:
    addresses = (
        ("Doctors and hospitals", design.plan.directory_url),
        ("Covered drugs", design.plan.formulary_url),
        ("Full benefit summary", design.variant.sbc_url),
    )
    return tuple(Fact(name, address) for name, address in addresses if address)


def _option_details(policy: Policy, bundler: Bundler) -> PlanDetails:
    shelf = bundler.market.shelf
    rows = tuple(row for option in policy.options for row in shelf.benefits.get(option.option_id, ()))
    paid, shared = [row for row in rows if row.pays_amount], [row for row in rows if not row.pays_amount]
    groups = (BenefitGroup("What you pay", tuple(_option_row(row) for row in shared)),) if shared else ()
    return PlanDetails(
        line=LINE_WORDS[policy.line],
        name=policy.name,
        issuer=_issuer(policy, bundler),
        ids=_ids(policy),
        columns=("You pay",) if shared else (),
        groups=groups,
        payouts=tuple(_payout(row) for row in paid),
        limits=tuple(f"{row.benefit}: {row.text}" for row in rows if row.text),
        fixed_payment=policy.line in FIXED_PAYMENT,
    )


def _option_row(row: OptionBenefit) -> BenefitRow:
    return BenefitRow(row.benefit, (row.member_pays or "included",), _limit_of(row))


def _payout(row: OptionBenefit) -> Payout:
    unit = row.pays_unit.replace("_", " ")
    amount = f"{row.pays_amount.normalize():f}%" if "percent" in row.pays_unit else format_dollars(row.pays_amount)
    pays = f"{amount} {unit.removeprefix('percent ')}".strip()
    wait = f"after {row.waiting_days} days" if row.waiting_days else ""
    return Payout(row.benefit, pays, ", ".join(filter(None, (_limit_of(row), wait))))


def _limit_of(row: OptionBenefit) -> str:
    return f"{row.limit_quantity.normalize():f} {row.limit_unit}" if row.limit_quantity is not None else ""


def _credit(quote: Quote) -> CreditSummary:
    credit = quote.credit
    if isinstance(credit, CreditUnknown):
        return CreditSummary(CreditState.UNKNOWN, note=credit.text)
    state = CreditState.APPLIED if credit.amount else CreditState.NONE
    return CreditSummary(state, credit.amount, tuple(_step(step) for step in credit.steps), credit.text)


def _step(step: object) -> Fact:
    value = step.value if isinstance(step.value, str) else f"{step.value:,}"
    money = step.unit.startswith("USD")
    return Fact(step.text, dollars(step.value) if money else f"{value} {step.unit}".strip())


def _check(bundle: Bundle) -> Check:
    broken = tuple(BrokenRule(found.message, found.mend, found.cite) for found in bundle.verdict.violations)
    questions = tuple(question.title for question in bundle.verdict.open_questions)
    return Check(len(rule_set().rules), broken, questions)


def _record(version: ConfigurationVersion) -> Record:
    inputs = version.inputs
    return Record(
        reference=f"{version.configuration_id[:8]}-{version.number}",
        release=inputs.release_id,
        rule_set=inputs.rule_set_version,
        law=inputs.law_version,
        quote_convention="Marketplace quote: the credit is rounded up to the whole dollar",
        sort_name=inputs.sort_name or "not recorded",
        assumptions=inputs.assumptions,
    )


def _change_until(bundler: Bundler) -> date | None:
    """The last day on which a plan can be chosen for this start of cover (45 CFR 155.410(f)); None where not known."""
    try:
        window = open_enrollment(bundler.law, bundler.market.location.state, bundler.on.year)
    except MissingParameter:
        return None
    return next((cutoff.selected_by for cutoff in window.cutoffs if cutoff.effective == bundler.on), None)


def _told(bundler: Bundler, quote: Quote) -> tuple[Fact, ...]:
    household = bundler.household
    income = "not told" if household.income is None else f"{dollars(household.income)} a year"
    where = "through the Marketplace" if household.on_exchange else "directly from us"
    return (
        Fact("Income", income),
        Fact("People on the tax return", str(household.size)),
        Fact("Bought", where),
        Fact("Cover starts", day(household.effective_date)),
        *(Fact("We assumed", note.text) for note in quote.notes if note.code.startswith("assumed-")),
    )


def _medicaid(quote: Quote) -> tuple[str, ...]:
    names = {person.person_id: person.name for person in quote.household.persons}
    ids = (each for note in quote.notes if "medicaid" in note.code or "chip" in note.code for each in note.person_ids)
    return tuple(names[each] for each in dict.fromkeys(ids))
