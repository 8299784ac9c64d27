"""The ten steps of adjudication, each with numbers worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.terms import ProductLine
from configurator.cost_sharing import (
    Accumulators,
    Bucket,
    CoveredPerson,
    Measure,
    UnknownLine,
    adjudicate,
    from_plan,
    replay,
    reversal_of,
    reverse,
)
from tests.configurator.filed import (
    COMBINED,
    IN_1,
    LAW,
    OUT,
    START,
    benefit,
    deductible,
    line,
    moop,
    numbers,
    people,
    plan_design,
    run,
)

SIMPLE = plan_design(
    [deductible(1000), moop(5000), deductible(3000, tier=OUT), moop(9000, tier=OUT)],
    [
        benefit("primary_care", "$40.00", "50% Coinsurance after deductible"),
        benefit("specialist", "20% Coinsurance after deductible", "50% Coinsurance after deductible"),
        benefit("emergency_room", "$400.00 Copay after deductible", "$400.00 Copay after deductible"),
        benefit("acupuncture", "$40.00", covered=False),
        benefit("preventive_care", "$40.00", "50% Coinsurance after deductible"),
    ],
)


def dollars(*values):
    return tuple(Decimal(str(value)) for value in values)


class TestStep1Cover:
    def test_a_day_without_cover_is_not_covered(self):
        late = CoveredPerson("p1", START, date(2027, 3, 31))
        done = run(SIMPLE, line(100, on=date(2027, 4, 1)), state=Accumulators((late,)))
        assert numbers(done.lines[0]) == dollars(0, 0, 0, 100, 0, 0)
        assert not done.entries

    def test_a_person_who_is_not_on_the_policy_is_not_covered(self):
        assert numbers(run(SIMPLE, line(100, person="stranger")).lines[0]) == dollars(0, 0, 0, 100, 0, 0)

    def test_an_excluded_benefit_is_the_members_and_counts_toward_nothing(self):
        done = run(SIMPLE, line(100, "acupuncture"))
        assert numbers(done.lines[0]) == dollars(0, 0, 0, 100, 0, 0)
        assert not done.entries

    def test_a_service_that_the_plan_does_not_name_is_not_covered(self):
        assert run(SIMPLE, line(100, "moon_travel")).lines[0].not_covered == 100

    def test_the_providers_own_mistake_is_written_off(self):
        done = run(SIMPLE, line(100, "acupuncture", provider_liable=True)).lines[0]
        assert (done.member_owes, done.written_off) == (0, 100)

    def test_a_visit_limit_leaves_later_visits_to_the_member(self):
        filed = plan_design(
            [deductible(None), moop(5000)],
            [benefit("rehabilitation", "$30.00", limit_quantity=Decimal(2), limit_unit="Visit(s) per Year")],
        )
        done = run(filed, *(line(90, "rehabilitation", on=date(2027, 1, day)) for day in (1, 2, 3)))
        assert [numbers(each) for each in done.lines] == [
            dollars(0, 30, 0, 0, 0, 60), dollars(0, 30, 0, 0, 0, 60), dollars(0, 0, 0, 0, 90, 0),
        ]  # fmt: skip

    def test_a_day_limit_splits_one_stay_evenly(self):
        filed = plan_design(
            [deductible(None), moop(50000)],
            [
                benefit(
                    "skilled_nursing", "$100.00 Copay per Day", limit_quantity=Decimal(3), limit_unit="Days per Year"
                )
            ],
        )
        # 5 days for 2,000: 3 covered days are 1,200, of which 3 x 100 is the copay
        done = run(filed, line(2000, "skilled_nursing", days=5))
        assert numbers(done.lines[0]) == dollars(0, 300, 0, 0, 800, 900)

    def test_a_dollar_limit_caps_what_the_plan_pays(self):
        filed = plan_design(
            [deductible(None), moop(5000)],
            [benefit("accidental_dental", "20%", limit_quantity=Decimal(300), limit_unit="Dollars per Year")],
        )
        done = run(filed, line(250, "accidental_dental"), line(250, "accidental_dental", on=date(2027, 2, 1)))
        # 200, then the 100 that are left of 300; the plan's normal 200 less 100 goes over the limit
        assert [numbers(each) for each in done.lines] == [dollars(0, 0, 50, 0, 0, 200), dollars(0, 0, 50, 0, 100, 100)]

    def test_a_lifetime_limit_remembers_earlier_years_and_a_yearly_one_does_not(self):
        rows = [
            benefit("tmj", "$0.00", limit_quantity=Decimal(1), limit_unit="Treatment(s) per Lifetime"),
            benefit("child_eye_exam", "$0.00", limit_quantity=Decimal(1), limit_unit="Exam(s) per Year"),
        ]
        filed = plan_design([deductible(None), moop(5000)], rows)
        before = run(filed, line(50, "tmj", on=date(2026, 5, 1)), line(50, "child_eye_exam", on=date(2026, 5, 1))).state
        done = run(
            filed, line(60, "tmj"), line(60, "child_eye_exam"), state=Accumulators(people(), before.entries, START)
        )
        assert [each.over_limit for each in done.lines] == [60, 0]

    def test_a_limit_that_cannot_be_applied_is_a_gap(self):
        filed = plan_design(
            [moop(5000)], [benefit("private_duty", "$0.00", limit_quantity=Decimal(8), limit_unit="Hours per Week")]
        )
        assert from_plan(filed, LAW, START, family=False).gaps == ("limit of private_duty: Hours per Week",)

    def test_a_covered_service_without_a_filed_amount_is_not_certain(self):
        filed = plan_design([moop(5000)], [benefit("hospice", None)])
        done = run(filed, line(700, "hospice")).lines[0]
        assert (done.member_owes, done.certain) == (700, False)
        assert from_plan(filed, LAW, START, family=False).gaps == ("hospice",)


class TestStep2Allowed:
    def test_outside_the_network_the_rest_of_the_bill_is_on_top_and_counts_nowhere(self):
        done = run(SIMPLE, line(1000, billed=1800, tier=OUT))
        assert numbers(done.lines[0]) == dollars(1000, 0, 0, 0, 0, 0)
        assert done.lines[0].balance_bill_possible == 800
        assert done.state.used(Bucket(Measure.MOOP, "combined", OUT), "p1") == 1000

    def test_a_protected_service_is_treated_as_in_the_network_without_a_balance_bill(self):
        done = run(SIMPLE, line(1500, "emergency_room", billed=4000, tier=OUT, protected=True))
        assert numbers(done.lines[0]) == dollars(1000, 400, 0, 0, 0, 100)
        assert done.lines[0].balance_bill_possible == 0
        assert done.state.used(Bucket(Measure.DEDUCTIBLE, "combined", IN_1), "p1") == 1000

    def test_in_the_network_the_contract_forbids_a_balance_bill(self):
        assert run(SIMPLE, line(1000, billed=1800)).lines[0].balance_bill_possible == 0

    def test_the_deductible_in_the_network_holds_outside_it_where_no_other_is_filed(self):
        filed = plan_design(
            [deductible(1000), moop(5000)], [benefit("ambulance", "20%", "20% Coinsurance after deductible")]
        )
        assert numbers(run(filed, line(1500, "ambulance", tier=OUT)).lines[0]) == dollars(1000, 0, 100, 0, 0, 400)


class TestStep3PreventiveAndCopays:
    def test_preventive_care_in_the_network_is_free_whatever_is_filed(self):
        done = run(SIMPLE, line(300, "preventive_care"), line(300, "specialist", preventive=True))
        assert [each.member_owes for each in done.lines] == [0, 0]
        assert done.lines[0].clauses[0].cite == "45 CFR 147.130(a)(1)"

    def test_preventive_care_outside_the_network_is_not(self):
        assert run(SIMPLE, line(300, "preventive_care", tier=OUT)).lines[0].member_owes == 300

    def test_a_copay_is_never_more_than_the_price(self):
        assert numbers(run(SIMPLE, line(25, "primary_care")).lines[0]) == dollars(0, 25, 0, 0, 0, 0)

    def test_a_copay_is_charged_for_each_visit(self):
        assert run(SIMPLE, line(500, "primary_care", units=3)).lines[0].copay == 120

    @pytest.mark.parametrize(("text", "days", "expected"), [
        ("$300.00 Copay per Day", 7, 1500), ("$300.00 Copay per Day", 2, 600), ("$300.00 Copay per Stay", 7, 300),
    ])  # fmt: skip
    def test_a_copay_for_each_day_ends_after_the_filed_number_of_days(self, text, days, expected):
        filed = plan_design([moop(9000)], [benefit("inpatient_facility", text)], variant={"inpatient_copay_days": 5})
        assert run(filed, line(20000, "inpatient_facility", days=days)).lines[0].copay == expected

    def test_a_copay_can_be_waived_on_admission(self):
        filed = plan_design([moop(9000)], [benefit("emergency_room", "$400.00", explanation="Waived if admitted.")])
        done = run(filed, line(900, "emergency_room", admitted=True), line(900, "emergency_room"))
        assert [each.copay for each in done.lines] == [0, 400]

    def test_the_first_visits_of_a_catastrophic_plan_are_free(self):
        filed = plan_design(
            [deductible(10600), moop(10600)],
            [benefit("primary_care", "No Charge after deductible")],
            variant={"primary_visits_before_cost_sharing": 3},
        )
        done = run(filed, *(line(100, "primary_care", on=date(2027, month, 1)) for month in (1, 2, 3, 4)))
        assert [each.member_owes for each in done.lines] == [0, 0, 0, 100]

    def test_one_line_of_several_visits_uses_up_the_free_ones_first(self):
        filed = plan_design(
            [deductible(9000), moop(10600)],
            [benefit("primary_care", "No Charge after deductible")],
            variant={"primary_visits_before_cost_sharing": 3},
        )
        assert run(filed, line(500, "primary_care", units=5)).lines[0].deductible == 200

    def test_first_visits_at_the_copay_alone(self):
        filed = plan_design(
            [deductible(1000), moop(9000)],
            [benefit("primary_care", "$30.00 / 20% Coinsurance after deductible")],
            variant={"primary_copays_before_deductible": 1},
        )
        done = run(filed, line(1200, "primary_care"), line(1200, "primary_care", on=date(2027, 2, 1)))
        assert [numbers(each) for each in done.lines] == [
            dollars(0, 30, 0, 0, 0, 1170),
            dollars(1000, 0, 40, 0, 0, 160),
        ]


ORDERS = [
    ("$50.00", "copay_only", (0, 50, 0)),
    ("$50.00 Copay before deductible", "copay_then_deductible", (350, 50, 0)),
    ("$50.00 Copay with deductible", "copay_then_deductible", (300, 50, 0)),
    ("$50.00 Copay after deductible", "deductible_then_copay", (350, 50, 0)),
    ("25% Coinsurance after deductible", "deductible_then_coinsurance", (350, 0, "112.5")),
    ("25%", "coinsurance_only", (0, 0, 200)),
    ("$50.00 / 25% Coinsurance after deductible", "copay_then_deductible", (350, 50, 100)),
    ("No Charge after deductible", "deductible_only", (350, 0, 0)),
    ("No Charge", "no_charge", (0, 0, 0)),
]


@pytest.mark.parametrize(("text", "method", "expected"), ORDERS)
def test_step_4_copay_coinsurance_and_deductible_follow_each_other_as_filed(text, method, expected):
    filed = plan_design([deductible(350), moop(5000)], [benefit("specialist", text)])
    done = run(filed, line(800))
    assert numbers(done.lines[0])[:3] == dollars(*expected)
    assert from_plan(filed, LAW, START, family=False).terms_of("specialist", IN_1).method == method


class TestStep5Deductible:
    def test_one_person_never_adds_more_than_the_own_part_to_an_embedded_family_deductible(self):
        done = run(SIMPLE, line(1700), line(900, person="p2"), line(900, person="p3"), count=3)
        # p1: 1,000 of its own; p2: 900; p3: only the 100 left of the family's 2,000
        assert [each.deductible for each in done.lines] == [1000, 900, 100]

    def test_an_aggregate_deductible_has_no_part_for_each_person(self):
        filed = plan_design(
            [deductible(1000, each=None), moop(5000)], [benefit("specialist", "20% Coinsurance after deductible")]
        )
        done = run(filed, line(1700), line(900, person="p2"), count=2)
        assert [each.deductible for each in done.lines] == [1700, 300]

    def test_alone_the_individual_amount_counts(self):
        filed = plan_design(
            [deductible(1000, each=None), moop(5000)], [benefit("specialist", "20% Coinsurance after deductible")]
        )
        assert run(filed, line(1700)).lines[0].deductible == 1000


class TestStep6Coinsurance:
    def test_it_applies_to_the_rest_and_rounds_half_up(self):
        assert numbers(run(SIMPLE, line("1000.13")).lines[0]) == dollars(1000, 0, "0.03", 0, 0, "0.10")
        assert numbers(run(SIMPLE, line("1000.12")).lines[0])[2] == Decimal("0.02")

    @pytest.mark.parametrize(("price", "expected"), [(20, 10), (100, 30), (1000, 150), (6, 6)])
    def test_least_and_most_for_each_prescription(self, price, expected):
        text = "At least $10 and at most $150 for each prescription."
        filed = plan_design([moop(5000)], [benefit("specialty_drugs", "30%", explanation=text)])
        assert run(filed, line(price, "specialty_drugs")).lines[0].coinsurance == expected

    def test_the_filed_most_for_a_specialty_drug(self):
        filed = plan_design(
            [moop(9000)], [benefit("specialty_drugs", "30%")], variant={"specialty_drug_max": Decimal(250)}
        )
        assert run(filed, line(6000, "specialty_drugs")).lines[0].coinsurance == 250


class TestStep7Maximum:
    def test_the_members_part_stops_at_the_maximum(self):
        done = run(SIMPLE, line(50000), line(100, "primary_care"))
        assert numbers(done.lines[0]) == dollars(1000, 0, 4000, 0, 0, 45000)
        assert done.lines[1].member_owes == 0

    def test_the_family_maximum_holds_for_all_together(self):
        done = run(SIMPLE, line(50000), line(50000, person="p2"), line(50000, person="p3"), count=3)
        assert [each.member_owes for each in done.lines] == [5000, 5000, 0]

    def test_inside_a_family_nobody_pays_more_than_the_self_only_limit_of_the_law(self):
        filed = plan_design(
            [deductible(1000), moop(9000, 24000, each=None)],
            [benefit("specialist", "50% Coinsurance after deductible")],
        )
        done = run(filed, line(90000), line(90000, person="p2"), count=2)
        limit = LAW.value("aca.moop.self", START)
        assert [each.member_owes for each in done.lines] == [limit, 24000 - limit]
        assert "45 CFR 156.130(a) and (c)" in {clause.cite for clause in done.lines[0].clauses}

    def test_a_copay_that_the_maximum_cuts_counts_toward_the_deductible_only_as_far_as_it_is_paid(self):
        rows = [benefit("specialist", "$50.00 Copay with deductible"), benefit("imaging", "$970.00")]
        done = run(plan_design([deductible(600), moop(1000)], rows), line(2000, "imaging"), line(400))
        assert numbers(done.lines[1])[:3] == dollars(0, 30, 0)
        assert done.state.used(Bucket(Measure.DEDUCTIBLE, "combined", IN_1), "p1") == 30

    def test_what_does_not_count_toward_the_maximum_is_not_capped_by_it(self):
        filed = plan_design(
            [moop(1000)],
            [benefit("infertility", "50%", excluded_from_in_moop=True), benefit("adult_glasses", "50%", ehb=False)],
        )
        done = run(filed, line(9000, "infertility"), line(9000, "adult_glasses"))
        assert [each.member_owes for each in done.lines] == [4500, 4500]
        assert not done.entries


class TestStep8Ledger:
    def test_every_entry_says_whose_it_is_and_what_it_counts_toward(self):
        filed = plan_design(
            [deductible(1000, scope="medical"), deductible(200, scope="drug"), moop(5000)],
            [
                benefit("specialist", "20% Coinsurance after deductible"),
                benefit("generic_drugs", "$10.00 Copay after deductible"),
            ],
        )
        done = run(filed, line(300), line(90, "generic_drugs"), count=2)
        found = {(e.bucket.measure, e.bucket.scope, e.bucket.tier, e.level): e.amount for e in done.entries[:4]}
        assert found == {
            ("deductible", "medical", "in_1", "individual"): 300, ("deductible", "medical", "in_1", "family"): 300,
            ("moop", "combined", "in_1", "individual"): 300, ("moop", "combined", "in_1", "family"): 300,
        }  # fmt: skip
        assert done.state.used(Bucket(Measure.DEDUCTIBLE, "drug", IN_1), "p1") == 90
        assert done.state.used(Bucket(Measure.DEDUCTIBLE, "drug", IN_1)) == 90

    def test_a_maximum_for_in_and_outside_together_counts_both(self):
        filed = plan_design([deductible(None), moop(1000, tier=COMBINED)], [benefit("specialist", "50%", "50%")])
        done = run(filed, line(1200), line(1200, tier=OUT))
        assert [each.member_owes for each in done.lines] == [600, 400]

    def test_crossover_fills_the_other_tiers_pool_without_passing_its_limit(self):
        design = from_plan(SIMPLE, LAW, START, family=False, crossover=[(OUT, IN_1)])
        done = adjudicate(design, Accumulators(people()), [line(2500, tier=OUT), line(400, on=date(2027, 2, 1))])
        assert done.state.used(Bucket(Measure.DEDUCTIBLE, "combined", IN_1), "p1") == 1000
        assert numbers(done.lines[1])[:3] == dollars(0, 0, 80)


class TestStep9Reversal:
    def test_original_and_reversal_sum_to_zero_everywhere(self):
        done = run(SIMPLE, line(1700), line(900, person="p2"), count=2)
        back = reverse(done.state, done.lines[0])
        assert numbers(back.lines[0]) == tuple(-each for each in numbers(done.lines[0]))
        assert back.state.used(Bucket(Measure.DEDUCTIBLE, "combined", IN_1), "p1") == 0
        assert back.state.used(Bucket(Measure.MOOP, "combined", IN_1)) == 900
        assert len(back.state.entries) == len(done.state.entries) + len(done.lines[0].entries)

    def test_a_line_is_taken_back_from_the_ledger_alone_and_only_once(self):
        done = run(SIMPLE, line(1700, line_id="A"))
        state = done.state.with_entries(reversal_of(done.state, "A"))
        assert state.used(Bucket(Measure.DEDUCTIBLE, "combined", IN_1), "p1") == 0
        with pytest.raises(UnknownLine):
            reversal_of(state, "A")

    def test_later_lines_are_adjudicated_again_as_if_the_line_had_never_been(self):
        first, second = line(1700), line(500, on=date(2027, 2, 1))
        done = run(SIMPLE, first, second)
        assert done.lines[1].deductible == 0
        again = replay(from_plan(SIMPLE, LAW, START, family=False), done.state, [second])
        assert again.lines[0].deductible == 500


class TestStep10OtherPayer:
    @pytest.mark.parametrize(
        ("other", "plan", "member"), [(0, 400, 1100), (600, 400, 500), (1300, 200, 0), (1500, 0, 0)]
    )
    def test_the_second_payer_pays_its_own_benefit_of_what_is_left(self, other, plan, member):
        done = run(SIMPLE, line(1500, other_paid=other)).lines[0]
        assert (done.plan_pays, done.member_owes, done.other_paid) == (plan, member, other)

    def test_the_deductible_is_credited_as_without_the_other_payer_and_the_maximum_with_what_is_owed(self):
        state = run(SIMPLE, line(1500, other_paid=600)).state
        assert state.used(Bucket(Measure.DEDUCTIBLE, "combined", IN_1), "p1") == 1000
        assert state.used(Bucket(Measure.MOOP, "combined", IN_1), "p1") == 500


def test_lines_are_taken_by_service_date_then_by_when_they_came():
    late = line(800, on=date(2027, 3, 1), line_id="late")
    second = line(800, on=date(2027, 2, 1), received=2, line_id="second")
    first = line(800, on=date(2027, 2, 1), received=1, line_id="first")
    done = run(SIMPLE, late, second, first)
    assert [(each.line.line_id, each.deductible) for each in done.lines] == [
        ("first", 800),
        ("second", 200),
        ("late", 0),
    ]


class TestDental:
    FILED = plan_design(
        [deductible(50, 150, scope="medical"), moop(450, 900, scope="medical")],
        [
            benefit("adult_dental_routine", "No Charge", ehb=False, limit_quantity=Decimal(2),
                    limit_unit="Visits per Year"),
            benefit("adult_dental_basic", "20% Coinsurance after deductible", ehb=False,
                    explanation="Waiting period of 6 months, waived with prior dental cover."),
            benefit("adult_dental_major", "50% Coinsurance after deductible", ehb=False,
                    explanation="Waiting period of 12 months, waived with prior dental cover."),
            benefit("child_dental_basic", "20% Coinsurance after deductible"),
            benefit("child_orthodontia", "50%"),
        ],
        line=ProductLine.DENTAL,
        exclusions="Adults: the plan pays at most $1,000 a year",
    )  # fmt: skip
    STARTED = CoveredPerson("p1", START, date(2027, 12, 31))
    BEFORE = CoveredPerson("p1", START, date(2027, 12, 31), prior_cover=True)

    def test_classes_differ_in_deductible_share_and_waiting_period(self):
        state = Accumulators((self.BEFORE,))
        lines = [line(200, "adult_dental_routine"), line(250, "adult_dental_basic"), line(1000, "adult_dental_major")]
        done = run(self.FILED, *lines, state=state)
        assert [numbers(each) for each in done.lines] == [
            dollars(0, 0, 0, 0, 0, 200), dollars(50, 0, 40, 0, 0, 160), dollars(0, 0, 500, 0, 0, 500),
        ]  # fmt: skip

    @pytest.mark.parametrize(("day", "covered"), [((2027, 6, 30), False), ((2027, 7, 1), True)])
    def test_a_waiting_period_ends_on_its_day(self, day, covered):
        done = run(self.FILED, line(250, "adult_dental_basic", on=date(*day)), state=Accumulators((self.STARTED,)))
        assert (done.lines[0].not_covered == 0) is covered

    def test_the_yearly_maximum_is_for_adults_and_counts_what_the_plan_paid(self):
        state = Accumulators((self.BEFORE,))
        done = run(self.FILED, line(1850, "adult_dental_major"), line(500, "adult_dental_basic"), state=state)
        # 50 + 50 % of 1,800: the plan pays 900; then 100 are left of 1,000, and 400 would have been its part
        assert [numbers(each) for each in done.lines] == [
            dollars(50, 0, 900, 0, 0, 900), dollars(0, 0, 100, 0, 300, 100),
        ]  # fmt: skip

    def test_children_have_no_yearly_maximum_but_an_out_of_pocket_one(self):
        done = run(self.FILED, line(4000, "child_orthodontia"), state=Accumulators((self.STARTED,)))
        assert numbers(done.lines[0]) == dollars(0, 0, 450, 0, 0, 3550)
