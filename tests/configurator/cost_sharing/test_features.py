"""Design features with numbers worked out by hand: tiers, drug deductibles, HSA plans, vision, text phrases."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from catalog.demo import write_ancillary, write_puf
from catalog.importers import read
from catalog.parameters import MissingParameter
from catalog.terms import Csr, Metal, Option, OptionBenefit, ProductLine
from configurator.cost_sharing import Accumulators, Bucket, CoveredPerson, Measure, adjudicate, from_plan
from configurator.cost_sharing.clauses import PaidMaximum, paid_maximums, text_terms
from configurator.cost_sharing.design import Waiting
from configurator.cost_sharing.hdhp import hsa_standing
from configurator.cost_sharing.options import from_option
from tests.configurator.filed import (
    IN_1,
    IN_2,
    LAW,
    OUT,
    START,
    benefit,
    deductible,
    imported,
    line,
    moop,
    numbers,
    people,
    plan_design,
    run,
)


def dollars(*values):
    return tuple(Decimal(str(value)) for value in values)


class TestTwoTiersInTheNetwork:
    FILED = plan_design(
        [deductible(1000), deductible(3000, tier=IN_2), moop(7900), moop(9800, tier=IN_2)],
        [
            benefit("specialist", "$45.00", in_2="$90.00"),
            benefit("inpatient_facility", "20% Coinsurance after deductible", in_2="40% Coinsurance after deductible"),
            benefit("laboratory", "10%"),
        ],
    )

    def test_each_tier_has_its_own_share_deductible_and_maximum(self):
        done = run(
            self.FILED,
            line(5000, "inpatient_facility"),
            line(5000, "inpatient_facility", tier=IN_2),
            line(200, tier=IN_2),
        )
        assert [numbers(each)[:3] for each in done.lines] == [
            dollars(1000, 0, 800),
            dollars(3000, 0, 800),
            dollars(0, 90, 0),
        ]

    def test_a_service_without_a_second_share_costs_the_same_in_both(self):
        assert run(self.FILED, line(100, "laboratory", tier=IN_2)).lines[0].coinsurance == 10

    def test_both_tiers_together_stop_at_the_limit_of_the_law(self):
        done = run(self.FILED, line(90000, "inpatient_facility"), line(90000, "inpatient_facility", tier=IN_2))
        assert [each.member_owes for each in done.lines] == [7900, LAW.value("aca.moop.self", START) - 7900]

    def test_one_set_of_limits_holds_for_both_tiers(self):
        filed = plan_design([deductible(1000), moop(5000)], self.FILED.benefits)
        done = run(filed, line(1000, "inpatient_facility"), line(500, "inpatient_facility", tier=IN_2))
        assert [numbers(each)[:3] for each in done.lines] == [dollars(1000, 0, 0), dollars(0, 0, 200)]


class TestDrugDeductible:
    ROWS = (
        benefit("generic_drugs", "$10.00"),
        benefit("preferred_brand_drugs", "$60.00 Copay after deductible"),
        benefit("specialist", "20% Coinsurance after deductible"),
    )

    def test_a_separate_one_fills_with_drugs_alone(self):
        filed = plan_design([deductible(2000, scope="medical"), deductible(500, scope="drug"), moop(9000)], self.ROWS)
        done = run(
            filed,
            line(400),
            line(380, "preferred_brand_drugs"),
            line(380, "preferred_brand_drugs"),
            line(25, "generic_drugs"),
        )
        # 380; then the 120 that are left and a copay of 60; a generic is outside the deductible
        assert [numbers(each)[:3] for each in done.lines] == [
            dollars(400, 0, 0), dollars(380, 0, 0), dollars(120, 60, 0), dollars(0, 10, 0),
        ]  # fmt: skip

    def test_an_integrated_one_fills_with_both(self):
        filed = plan_design([deductible(500), moop(9000)], self.ROWS)
        done = run(filed, line(400), line(380, "preferred_brand_drugs"))
        assert [numbers(each)[:3] for each in done.lines] == [dollars(400, 0, 0), dollars(100, 60, 0)]

    def test_separate_maximums_stop_apart(self):
        limits = [deductible(None), moop(1000, scope="medical"), moop(200, scope="drug")]
        filed = plan_design(limits, [benefit("specialty_drugs", "50%"), benefit("specialist", "50%")])
        done = run(filed, line(5000, "specialty_drugs"), line(5000))
        assert [each.member_owes for each in done.lines] == [200, 1000]

    def test_a_drug_without_a_drug_deductible_has_none(self):
        filed = plan_design([deductible(2000, scope="medical"), moop(9000)], self.ROWS)
        assert numbers(run(filed, line(380, "preferred_brand_drugs")).lines[0])[:3] == dollars(0, 60, 0)


def hsa_plan(ded=3600, most=7200, *, visit="20% Coinsurance after deductible", metal=Metal.SILVER, **rest):
    rows = [benefit("primary_care", visit), benefit("preventive_care", "No Charge"), benefit("telehealth", "No Charge")]
    return plan_design([deductible(ded, **rest), moop(most)], rows, metal=metal)


class TestHighDeductiblePlans:
    def test_only_preventive_and_telehealth_before_the_deductible(self):
        assert hsa_standing(hsa_plan(), LAW, START, family=False).by == "design"
        standing = hsa_standing(hsa_plan(visit="$30.00"), LAW, START, family=False)
        assert not standing.qualifies
        assert standing.against == ("Paid before the deductible: primary_care.",)

    @pytest.mark.parametrize(("metal", "by"), [
        (Metal.BRONZE, "metal"), (Metal.EXPANDED_BRONZE, "metal"), (Metal.CATASTROPHIC, "metal"), (Metal.SILVER, ""),
    ])  # fmt: skip
    def test_bronze_and_catastrophic_plans_count_from_2026_without_that_design(self, metal, by):
        filed = hsa_plan(visit="$30.00", metal=metal)
        assert hsa_standing(filed, LAW, START, family=False).by == by
        assert not hsa_standing(filed, LAW, date(2025, 1, 1), family=False).qualifies

    def test_the_variant_without_cost_sharing_does_not_count(self):
        filed = hsa_plan(0, 0, visit="No Charge", metal=Metal.BRONZE)
        zero = replace(filed, variant=replace(filed.variant, csr=Csr.ZERO))
        assert not hsa_standing(zero, LAW, START, family=False).qualifies

    @pytest.mark.parametrize(("family", "each", "fits"), [(False, ..., True), (True, 2000, False), (True, None, True)])
    def test_no_persons_own_deductible_is_below_the_family_minimum(self, family, each, fits):
        filed = hsa_plan(2000, group=4000, each=each)
        assert hsa_standing(filed, LAW, START, family=family).qualifies is fits

    @pytest.mark.parametrize(("most", "fits"), [(8700, True), (8701, False), (None, False)])
    def test_the_maximum_is_bounded(self, most, fits):
        assert hsa_standing(hsa_plan(most=most), LAW, START, family=False).qualifies is fits

    def test_in_the_engine_everything_but_preventive_care_fills_the_deductible(self):
        done = run(hsa_plan(), line(300, "preventive_care"), line(300, "primary_care"))
        assert [each.deductible for each in done.lines] == [0, 300]

    @pytest.mark.parametrize(("account", "counted"), [(True, 100), (False, 300)])
    def test_a_drug_makers_help_does_not_count_beside_an_account(self, account, counted):
        rows = [benefit("specialty_drugs", "No Charge after deductible")]
        filed = plan_design([deductible(3600), moop(7200)], rows, variant={"hsa_eligible": account})
        done = run(filed, line(300, "specialty_drugs", assistance=Decimal(200)))
        assert done.lines[0].member_owes == 300
        for measure in (Measure.DEDUCTIBLE, Measure.MOOP):
            assert done.state.used(Bucket(measure, "combined", IN_1), "p1") == counted

    def test_a_year_without_law_is_refused_by_name(self):
        with pytest.raises(MissingParameter, match="hdhp"):
            hsa_standing(hsa_plan(), LAW, date(2031, 1, 1), family=False)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    write_ancillary(folder, 2027)
    found = list(read([folder]))
    options = {each.option_id: each for each in found if isinstance(each, Option)}
    benefits = [each for each in found if isinstance(each, OptionBenefit)]
    return {key: from_option(option, [b for b in benefits if b.option_id == key], family=False)
            for key, option in options.items()}  # fmt: skip


class TestOptions:
    def pay(self, design, *lines):
        return [numbers(each) for each in adjudicate(design, Accumulators(people()), lines).lines]

    def test_an_allowance_leaves_the_rest_to_the_member(self, shelf):
        lines = [line(230, "frames"), line(90, "lenses"), line(110, "eye_exam")]
        assert self.pay(shelf["LW-VIS-PLU"], *lines) == [
            dollars(0, 0, 0, 0, 80, 150), dollars(0, 15, 0, 0, 0, 75), dollars(0, 10, 0, 0, 0, 100),
        ]  # fmt: skip

    def test_a_second_pair_in_the_same_year_is_above_the_limit(self, shelf):
        assert self.pay(shelf["LW-VIS-PLU"], line(100, "frames"), line(120, "frames"))[1] == dollars(0, 0, 0, 0, 120, 0)

    def test_outside_the_network_another_row_holds(self, shelf):
        assert self.pay(shelf["LW-VIS-PLU"], line(110, "eye_exam", tier=OUT)) == [dollars(0, 0, 0, 0, 70, 40)]
        assert self.pay(shelf["LW-VIS-PLU"], line(110, "lenses", tier=OUT)) == [dollars(0, 0, 0, 110, 0, 0)]

    def test_a_video_visit_costs_what_is_filed(self, shelf):
        lines = [line(60, "urgent_care_visit_by_video"), line(90, "counseling_visit_by_video")]
        assert [each[1] for each in self.pay(shelf["LW-TEL-CAR"], *lines)] == [0, 20]

    def test_a_limit_longer_than_a_year_is_named(self, shelf):
        assert "limit of frames: per 2 years" in shelf["LW-VIS-ESS"].gaps
        assert shelf["LW-VIS-PLU"].gaps == ()

    def test_cash_is_no_cost_sharing(self, shelf):
        assert not shelf["LW-ACC-BAS"].terms

    def test_words_that_say_no_amount_are_a_gap(self):
        row = OptionBenefit("X", "Coach", member_pays="ask us")
        design = from_option(Option("X", "X", ProductLine.WELLNESS, "X"), [row], family=False)
        assert design.gaps == ("coach",)

    def test_percent_and_waiting_days(self):
        row = OptionBenefit("X", "Lenses", member_pays="20 %", waiting_days=30, waived_with_prior_cover=True)
        design = from_option(Option("X", "X", ProductLine.VISION, "X"), [row], family=False)
        for prior, owed in ((False, 100), (True, 20)):
            state = Accumulators((CoveredPerson("p1", START, prior_cover=prior),))
            assert adjudicate(design, state, [line(100, "lenses")]).lines[0].member_owes == owed


class TestPhrases:
    @pytest.mark.parametrize(("text", "found"), [
        ("Waiting period of 6 months, waived with prior dental cover.", Waiting(6, 0, True)),
        ("Waiting period of 1 month", Waiting(1, 0, False)),
        ("Waiting period of 90 days", Waiting(0, 90, False)),
        ("There may be a waiting period.", None),
    ])  # fmt: skip
    def test_waiting_periods(self, text, found):
        assert text_terms(text).waiting == found

    def test_maximums_say_for_whom_and_how_long(self):
        text = "Adults: the plan pays at most $1,500 a year; the plan pays at most $2,000 per lifetime"
        assert paid_maximums(text) == (
            PaidMaximum("adults", Decimal(1500), "year"), PaidMaximum("", Decimal(2000), "lifetime"),
        )  # fmt: skip
        assert paid_maximums("The plan pays a lot") == ()

    def test_bounds_of_a_prescription(self):
        assert text_terms("At least $10 for each prescription").least == 10
        assert text_terms("at most $75 for each prescription").most == 75
        both = text_terms("At least $10 and at most $150 for each prescription.")
        assert (both.least, both.most) == (10, 150)


@pytest.fixture(scope="module")
def designs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    write_puf(folder, 2027)
    return imported([folder])


class TestDemo:
    def test_every_demo_plan_maps_without_a_gap(self, designs):
        gaps = {key: from_plan(each, LAW, START, family=True).gaps for key, each in designs.items()}
        assert not any(gaps.values()), gaps

    def test_the_demos_hsa_plans_qualify_by_their_design(self, designs):
        for key in ("99001OH0020001-01", "99001OH0020002-01", "99001OH0030005-01"):
            assert hsa_standing(designs[key], LAW, START, family=False).against == (), key

    def test_dental_yearly_maximums_and_waits_are_read(self, designs):
        design = from_plan(designs["99001OH1010001-01"], LAW, START, family=False)
        basic = design.terms_of("adult_dental_basic", IN_1)
        assert basic.waiting == Waiting(6, 0, True)
        assert [pool.person for pool in basic.maximums] == [1500]
        assert design.terms_of("child_dental_basic", IN_1).maximums == ()

    def test_an_aggregate_deductible_of_the_demo(self, designs):
        design = from_plan(designs["99001OH0020002-01"], LAW, START, family=True)
        done = adjudicate(design, Accumulators(people(2)), [line(5000, "specialist")])
        family = done.state.used(Bucket(Measure.DEDUCTIBLE, "combined", IN_1))
        assert (done.lines[0].deductible, family) == (5000, 5000)
