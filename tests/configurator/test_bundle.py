"""Bundles: each policy priced by itself, and described in the words of the rules."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from catalog.terms import (
    Csr,
    Metal,
    Option,
    OptionRate,
    OptionShelf,
    PersonRole,
    PlanVariant,
    Product,
    ProductLine,
    RateUnit,
    Relationship,
)
from configurator.bundle import Bundler, Choice
from configurator.enrollment import BrokerStanding, Enrolling, LifeEvent
from configurator.facts import fact_types
from configurator.rules import load_rules, standard_vocabulary
from configurator.rules.check import numeric_parameters
from tests.configurator.markets import LAW, ON, YEAR_END, aged, child, dental, household, market, plan, spouse

RULES = load_rules(standard_vocabulary(fact_types()), numeric_parameters(LAW))
SILVER, GOLD = plan("99999OH0010001"), plan("99999OH0010002", metal=Metal.GOLD)
TOOTH = dental(pediatric_dental_apportionment=Decimal("0.40"))
FAMILY = (aged("p1", 40), spouse("p2", 38), child("c1", 9))
EVERYBODY = ("p1", "p2", "c1")


def option(option_id, line, **attributes):
    filed = {name: value if isinstance(value, bool) else Decimal(value) for name, value in attributes.items()}
    return Option(option_id, f"P-{option_id}", line, option_id, attributes=tuple(sorted(filed.items())))


def rate(option_id, amount):
    return OptionRate(option_id, PersonRole.ANY, RateUnit.PER_PERSON, Decimal(amount), ON, YEAR_END)


ILLNESS = option("CI-20", ProductLine.CRITICAL_ILLNESS, face_amount=20000, spouse_percent=50, child_percent=25)
HOSPITAL = option("HI-1", ProductLine.HOSPITAL_INDEMNITY)
SHELF = OptionShelf(options=(ILLNESS, HOSPITAL), rates={"CI-20": (rate("CI-20", 8),), "HI-1": (rate("HI-1", 5),)})
MEDICAL = Choice(ProductLine.MEDICAL, SILVER.plan_id, EVERYBODY)
TEETH = Choice(ProductLine.DENTAL, TOOTH.plan_id, EVERYBODY)
CRITICAL = Choice(ProductLine.CRITICAL_ILLNESS, "CI-20", EVERYBODY)
STAY = Choice(ProductLine.HOSPITAL_INDEMNITY, "HI-1", EVERYBODY)
ALL = (MEDICAL, TEETH, CRITICAL, STAY)


def bundler(*persons, plans=(SILVER, GOLD, TOOTH), shelf=SHELF, **fields):
    known = {name: fields.pop(name) for name in ("answers", "enrolling", "broker") if name in fields}
    stock = market(*plans, shelf=shelf, variants=fields.pop("variants", {}))
    return Bundler(stock, household(*(persons or FAMILY), **fields), LAW, RULES, **known)


def attributes(made, *choices, line=ProductLine.MEDICAL):
    bundle = made.bundle(choices)
    return made.selection(bundle.policies)[line.value][0]


def broken(made, *choices):
    return {violation.rule_id for violation in made.bundle(choices).verdict.violations}


def test_a_medical_plan_can_be_bought_by_itself():
    bundle = bundler().bundle([MEDICAL])
    assert bundle.valid
    assert bundle.verdict.open_questions == ()


def test_no_price_depends_on_the_other_policies():
    made = bundler()
    for choice in ALL:
        alone, among = made.bundle([choice]).policy(choice.line), made.bundle(ALL).policy(choice.line)
        assert alone.premium == among.premium
        assert [row.rate for row in alone.rows] == [row.rate for row in among.rows]


def test_each_policy_has_its_own_price_and_can_be_dropped():
    made = bundler()
    whole = made.bundle(ALL)
    assert whole.premium == sum(policy.premium for policy in whole.policies)
    for choice in ALL[1:]:
        rest = made.bundle([each for each in ALL if each is not choice])
        assert whole.premium - rest.premium == whole.policy(choice.line).premium
        assert rest.policy(ProductLine.MEDICAL) == whole.policy(ProductLine.MEDICAL)


def test_the_bundle_speaks_only_words_that_the_rules_know():
    vocabulary = standard_vocabulary(fact_types())
    made = bundler()
    for line, policies in made.selection(made.bundle(ALL).policies).items():
        assert set(policies[0]) <= set(vocabulary.lines[line])


@pytest.mark.parametrize(("start", "refused"), [(date(2027, 6, 15), True), (date(2027, 6, 14), True)])
def test_the_age_for_catastrophic_plans_is_that_of_the_first_day_of_the_year(start, refused):
    """Somebody of 30 on January 1 is refused all year; who turns 30 later in the year is not."""
    lean = plan(metal=Metal.CATASTROPHIC)
    choice = Choice(ProductLine.MEDICAL, lean.plan_id, ("p1",))
    old = replace(aged("p1", 30), birth_date=date(1997, 1, 1))
    young = replace(old, birth_date=date(1997, 1, 2))
    for person, expected in ((old, refused), (young, False)):
        made = bundler(person, plans=(lean,), effective_date=start)
        assert ("MEDICAL-CATASTROPHIC-AGE" in broken(made, choice)) is expected
    exempt = replace(old, hardship_exemption="E123")
    assert "MEDICAL-CATASTROPHIC-AGE" not in broken(bundler(exempt, plans=(lean,), effective_date=start), choice)


def test_plans_for_children_alone_and_plans_never_for_them_alone():
    both = plan("99999OH0010003", child_only_offering="Allows Adult and Child-Only")
    only = plan("99999OH0010004", child_only_offering="Allows Child-Only")
    never = plan("99999OH0010005", child_only_offering="Allows Adult-Only")
    made = bundler(child("c1", 20), child("c2", 21), aged("p1", 40), plans=(both, only, never))

    def rule_broken(bought, *people):
        return "MEDICAL-CHILD-ONLY" in broken(made, Choice(ProductLine.MEDICAL, bought.plan_id, people))

    assert not rule_broken(only, "c1")
    assert rule_broken(only, "c1", "c2")
    assert rule_broken(never, "c1")
    assert not rule_broken(never, "c1", "p1")
    assert not rule_broken(both, "c1")
    assert not rule_broken(both, "c1", "p1")


def variants(*levels):
    return {SILVER.plan_id: tuple(PlanVariant(f"{SILVER.plan_id}-{level}", SILVER.plan_id, level) for level in levels)}


def test_extra_savings_are_those_of_the_people_on_the_policy():
    """A child with another offer takes nothing from the parents, who are on a policy without the child."""
    people = (aged("p1", 40), spouse("p2", 38), child("c1", 9, other_offer=True))
    made = bundler(*people, income="33000", variants=variants(Csr.STANDARD, Csr.SILVER_94))
    parents = Choice(ProductLine.MEDICAL, SILVER.plan_id, ("p1", "p2"))
    found = attributes(made, parents)
    assert (found["csr"], found["shared_savings"]) == ("94", "94")
    assert made.facts["extra_savings"] == "standard"
    assert broken(made, parents) == set()
    assert attributes(made, MEDICAL)["shared_savings"] == "standard"


def test_a_plan_that_is_filed_as_tied_to_another_line_cannot_be_bought():
    tied = Product(SILVER.product_id, SILVER.issuer_id, ProductLine.MEDICAL, requires_line="dental")
    shelf = replace(SHELF, products={SILVER.product_id: tied})
    assert broken(bundler(shelf=shelf), MEDICAL) == {"MEDICAL-STANDS-ALONE"}
    assert broken(bundler(), MEDICAL) == set()


def test_shares_of_the_family_in_a_critical_illness_policy():
    found = attributes(bundler(), CRITICAL, line=ProductLine.CRITICAL_ILLNESS)
    assert (found["spouse_percent"], found["child_percent"], found["aggregate_face_amount"]) == (50, 25, 20000)
    alone = replace(CRITICAL, covered=("p1",))
    found = attributes(bundler(), alone, line=ProductLine.CRITICAL_ILLNESS)
    assert (found["spouse_percent"], found["child_percent"]) == (0, 0)


def test_a_fixed_amount_for_children_counts_as_its_share():
    fixed = option("CI-20", ProductLine.CRITICAL_ILLNESS, face_amount=20000, spouse_percent=50, child_face_amount=6000)
    made = bundler(shelf=replace(SHELF, options=(fixed,)), answers={"other_medical_cover": True})
    assert attributes(made, CRITICAL, line=ProductLine.CRITICAL_ILLNESS)["child_percent"] == 30
    assert broken(made, CRITICAL) == {"ILLNESS-FAMILY-SHARES"}


@pytest.mark.parametrize(("limit", "rules"), [(40000, set()), (39999, {"ILLNESS-AGGREGATE-LIMIT"})])
def test_amounts_of_one_person_add_up_over_policies(limit, rules):
    base = option("CI-20", ProductLine.CRITICAL_ILLNESS, face_amount=20000, aggregate_face_limit=limit)
    made = bundler(shelf=replace(SHELF, options=(base,)), answers={"other_medical_cover": True})
    one = replace(CRITICAL, covered=("p1",))
    assert broken(made, one, one) - {"ONE-ILLNESS-AND-HOSPITAL-PER-PERSON"} == rules
    assert broken(made, one) == set()


@pytest.mark.parametrize("cut", [True, False])
def test_a_policy_that_is_filed_as_paying_less_beside_medical_cover(cut):
    filed = option("HI-1", ProductLine.HOSPITAL_INDEMNITY, coordinates_with_medical=cut)
    made = bundler(shelf=replace(SHELF, options=(filed,)))
    assert broken(made, STAY) == ({"NO-COORDINATION-WITH-MEDICAL"} if cut else set())


def moved(current, *, plans=(SILVER, GOLD)):
    """A household that moves in May and has a plan of a metal level now."""
    event = LifeEvent("move", date(2027, 5, 3))
    enrolling = Enrolling(date(2027, 5, 10), event, current)
    return bundler(plans=plans, enrolling=enrolling, effective_date=date(2027, 6, 1))


@pytest.mark.parametrize(
    ("current", "plans", "bought", "rules"),
    [
        (Metal.SILVER, (SILVER, GOLD), SILVER, set()),
        (Metal.SILVER, (SILVER, GOLD), GOLD, {"SPECIAL-PERIOD-SAME-METAL"}),
        (Metal.PLATINUM, (SILVER, GOLD), GOLD, set()),
        (Metal.PLATINUM, (SILVER, GOLD), SILVER, {"SPECIAL-PERIOD-SAME-METAL"}),
        (Metal.CATASTROPHIC, (SILVER, GOLD), SILVER, {"SPECIAL-PERIOD-SAME-METAL"}),
        (None, (SILVER, GOLD), GOLD, set()),
    ],
)
def test_a_special_period_keeps_some_households_at_their_metal_level(current, plans, bought, rules):
    assert broken(moved(current, plans=plans), replace(MEDICAL, option_id=bought.plan_id)) == rules


def test_outside_open_enrolment_nothing_can_be_chosen_without_a_life_event():
    late = bundler(enrolling=Enrolling(date(2027, 5, 10)), effective_date=date(2027, 6, 1))
    assert broken(late, MEDICAL) == {"ENROLMENT-PERIOD"}
    assert broken(late, replace(TEETH, covered=("p1",))) == set()


def test_a_plan_chosen_after_the_cut_off_starts_later():
    assert broken(bundler(enrolling=Enrolling(date(2026, 12, 15))), MEDICAL) == set()
    assert broken(bundler(enrolling=Enrolling(date(2026, 12, 16))), MEDICAL) == {"START-OF-COVER"}


def test_a_broker_needs_standing_and_the_clients_word():
    full = BrokerStanding(licensed=True, registered=True, consent=True, review=True)
    assert broken(bundler(broker=full), MEDICAL) == set()
    assert broken(bundler(broker=replace(full, consent=False)), MEDICAL) == {"BROKER-CONSENT"}
    assert broken(bundler(broker=BrokerStanding()), MEDICAL) == {"BROKER-STANDING", "BROKER-CONSENT"}


def test_an_applicant_alone_of_18_may_have_critical_illness_cover():
    made = bundler(aged("p1", 18, Relationship.SELF), answers={"other_medical_cover": True})
    assert broken(made, replace(CRITICAL, covered=("p1",))) == set()
