"""A year of expected care: assumptions to lines, one plan's cost and what drives it, pay-outs, the range, the curve."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from catalog.demo import write_ancillary, write_puf
from catalog.importers import read
from catalog.parameters import MissingParameter
from catalog.terms import Option, OptionBenefit, ProductLine
from configurator.cost_sharing import Bucket, CoveredPerson, Measure, from_plan
from configurator.year import (
    Care,
    Expected,
    Payable,
    Policy,
    break_even,
    cost_curve,
    event,
    events,
    lines_of,
    pay_outs,
    profile,
    year_cost,
    yearly_cost,
)
from configurator.year.many import costs_under
from configurator.year.payouts import overlaps, total
from tests.configurator.filed import IN_1, LAW, START, benefit, deductible, imported, moop, people, plan_design

SIMPLE = plan_design(
    [deductible(1000), moop(5000)],
    [
        benefit("primary_care", "$40.00"),
        benefit("specialist", "20% Coinsurance after deductible"),
        benefit("inpatient_facility", "20% Coinsurance after deductible"),
    ],
)
FAMILY = {"p1": 40, "p2": 38, "p3": 9, "p4": 6}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    write_puf(folder, 2027)
    return {key: each for key, each in imported([folder]).items() if each.plan.line is ProductLine.MEDICAL}


@pytest.fixture(scope="module")
def schedules(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    write_ancillary(folder, 2027)
    found = list(read([folder]))
    rows = [each for each in found if isinstance(each, OptionBenefit)]
    return {
        each.option_id: tuple(row for row in rows if row.option_id == each.option_id)
        for each in found
        if isinstance(each, Option)
    }


class TestServices:
    def test_two_visits_a_month_are_spread_over_the_year(self):
        lines = lines_of([Expected("p1", "specialist", 24)], LAW, START)
        assert len(lines) == 24
        assert {sum(line.on.month == month for line in lines) for month in range(1, 13)} == {2}
        assert lines[0].allowed == LAW.value("utilization.price", START, key="specialist")

    def test_cover_that_starts_late_holds_the_year_in_what_is_left(self):
        lines = lines_of([Expected("p1", "specialist", 4)], LAW, date(2027, 10, 1))
        assert (
            date(2027, 10, 1) <= min(line.on for line in lines) <= max(line.on for line in lines) <= date(2027, 12, 31)
        )

    def test_a_known_price_comes_before_the_assumed_one_and_the_households_own_before_both(self):
        prices = {"specialist": Decimal(199)}
        known, own = (
            lines_of([Expected("p1", "specialist", 1, price)], LAW, START, prices=prices)[0].allowed
            for price in (None, Decimal(120))
        )
        assert (known, own) == (199, 120)

    def test_a_service_without_any_price_is_refused_by_name(self):
        with pytest.raises(MissingParameter, match=r"utilization\.price"):
            lines_of([Expected("p1", "moon_travel", 1)], LAW, START)

    def test_the_same_question_gives_the_same_lines(self):
        asked = profile(LAW, START, Care.HIGH, FAMILY)
        assert lines_of(asked, LAW, START) == lines_of(asked, LAW, START)
        names = [line.line_id for line in lines_of(asked, LAW, START)]
        assert len(names) == len(set(names))

    @pytest.mark.parametrize("care", list(Care))
    def test_every_profile_has_prices_and_children_their_own_list(self, care):
        asked = profile(LAW, START, care, FAMILY)
        assert {each.person_id for each in asked} == set(FAMILY)
        assert lines_of(asked, LAW, START)
        adult, child = ([each.category for each in asked if each.person_id == who] for who in ("p1", "p4"))
        assert (adult == child) is (care is Care.BAD)

    @pytest.mark.parametrize("name", events(LAW))
    def test_every_event_has_prices(self, name):
        found = event(LAW, START, name, "p1", date(2027, 6, 1))
        assert found.title
        assert lines_of(found.services, LAW, START)

    def test_a_birth_brings_what_a_hospital_policy_pays_for(self):
        found = event(LAW, START, "birth", "p1", date(2027, 6, 1))
        assert {"delivery", "prenatal_care"} <= {each.category for each in found.services}
        assert {each.benefit for each in found.payable} == {"stay_for_childbirth", "hospital_day"}


class TestYear:
    def test_the_sums_and_what_drives_them(self):
        asked = [
            Expected("p1", "primary_care", 2, Decimal(150)),
            Expected("p1", "specialist", 5, Decimal(300)),
            Expected("p1", "moon_travel", 1, Decimal(70)),
        ]
        year = year_cost(from_plan(SIMPLE, LAW, START, family=False), people(), lines_of(asked, LAW, START))
        # copays 80; specialists 1,500: 1,000 and 20 % of 500; the trip is not covered
        assert year.parts == {"deductible": 1000, "copay": 80, "coinsurance": 100, "not_covered": 70, "over_limit": 0}
        assert (year.allowed, year.plan_pays, year.member_owes) == (1870, 620, 1250)
        assert [(each.category, each.times, each.member_owes) for each in year.drivers] == [
            ("specialist", 5, 1100), ("primary_care", 2, 80), ("moon_travel", 1, 70),
        ]  # fmt: skip
        assert year.missing == ()

    def test_what_the_plan_does_not_state_is_missing_and_stands_at_its_full_price(self):
        filed = plan_design([moop(5000)], [benefit("hospice", None)])
        year = year_cost(from_plan(filed, LAW, START, family=False), people(),
                         lines_of([Expected("p1", "hospice", 1, Decimal(900))], LAW, START))  # fmt: skip
        assert (year.missing, year.member_owes) == (("hospice",), 900)

    def test_in_a_bad_year_every_demo_plan_reaches_its_maximum(self, demo):
        lines = lines_of(profile(LAW, START, Care.BAD, {"p1": 40}), LAW, START)
        for key, filed in demo.items():
            design = from_plan(filed, LAW, START, family=False)
            year = year_cost(design, people(), lines)
            limit = filed.limit("moop", "combined").individual
            used = year.done.state.used(Bucket(Measure.MOOP, "combined", IN_1), "p1")
            assert used == limit, key

    def test_more_care_never_costs_less(self, demo):
        filed = [each for key, each in demo.items() if key.endswith("-01")]
        designs = [from_plan(each, LAW, START, family=True) for each in filed]
        totals = [costs_under(designs, people(4), lines_of(profile(LAW, START, care, FAMILY), LAW, START)).total()
                  for care in Care]  # fmt: skip
        for less, more in pairwise(totals):
            assert (less <= more).all()

    def test_both_ways_agree_on_every_demo_plan_at_every_level(self, demo):
        designs = [from_plan(each, LAW, START, family=True) for each in demo.values()]
        for care in Care:
            lines = lines_of(profile(LAW, START, care, FAMILY), LAW, START)
            found = costs_under(designs, people(4), lines)
            for plan, design in enumerate(designs):
                year = year_cost(design, people(4), lines)
                assert found.member_owes(plan) == year.member_owes
                assert list(found.by_category(plan).items()) == [
                    (each.category, each.member_owes) for each in sorted(
                        year.drivers, key=lambda each: (-each.member_owes, each.category)) if each.member_owes
                ]  # fmt: skip


COSTS = {Care.LOW: Decimal(300), Care.MEDIUM: Decimal(1500), Care.HIGH: Decimal(4000), Care.BAD: Decimal(9000)}


class TestBundle:
    def test_premiums_less_credit_and_cost_sharing_less_pay_outs(self):
        found = yearly_cost(
            Decimal(6000),
            Decimal(2400),
            COSTS,
            LAW,
            START,
            paid_back={Care.BAD: Decimal(1600)},
            missing=("hospice",),
        )
        assert (found.fixed, found.low, found.expected, found.high, found.bad) == (3600, 3900, 5100, 7600, 11000)
        assert found.assumptions == LAW.value("utilization.version", START)
        assert found.missing == ("hospice",)

    def test_without_a_bad_year_there_is_none_and_the_expected_level_must_be_there(self):
        costs = {Care.LOW: Decimal(1)}
        assert yearly_cost(Decimal(0), Decimal(0), costs, LAW, START, expected=Care.LOW).bad is None
        with pytest.raises(ValueError, match="medium"):
            yearly_cost(Decimal(0), Decimal(0), costs, LAW, START)

    def test_the_curve_starts_at_the_premium_and_stops_rising_at_the_maximum(self):
        lines = lines_of([Expected("p1", "inpatient_facility", 4, Decimal(20000), 3)], LAW, START)
        year = year_cost(from_plan(SIMPLE, LAW, START, family=False), people(), lines)
        points = cost_curve(year, Decimal(3600), {lines[1].on: Decimal(500)})
        # 1,000 and 20 % of 19,000 is 4,800; then the 200 to the maximum less the 500 that are paid back
        assert [(point.care, point.spent) for point in points] == [
            (0, 3600), (20000, 8400), (40000, 8100), (60000, 8100), (80000, 8100),
        ]  # fmt: skip


class TestPayOuts:
    def policy(self, schedules, option, *who, face=None, **facts):
        covered = tuple(CoveredPerson(name, START, date(2027, 12, 31), **facts) for name in who or ("p1",))
        return Policy(option, option, schedules[option], covered, dict.fromkeys(who or ("p1",), face) if face else {})

    def paid(self, policy, *happened):
        return [each.amount for each in pay_outs(policy, happened)]

    def test_a_broken_arm_pays_fixed_amounts_beside_the_plan(self, schedules):
        happened = event(LAW, START, "fracture", "p1", date(2027, 6, 1)).payable
        policy = self.policy(schedules, "LW-ACC-BAS")
        # 150 for the emergency room, 1,500 at most for the bone, two follow-up visits of 50
        assert sorted(self.paid(policy, *happened)) == [100, 150, 1500]
        assert total(pay_outs(policy, happened)) == 1750

    def test_days_stop_at_the_limit_of_each_stay(self, schedules):
        policy = self.policy(schedules, "LW-HOS-BAS")
        stays = [Payable("p1", "hospital_day", 40, date(2027, month, 1)) for month in (6, 9)]
        assert self.paid(policy, *stays) == [3000, 3000]

    def test_events_stop_at_the_limit_of_the_year_for_each_person(self, schedules):
        policy = self.policy(schedules, "LW-HOS-BAS", "p1", "p2")
        stays = [Payable(who, "hospital_stay", 2, date(2027, month, 1)) for month in (6, 9) for who in ("p1", "p2")]
        assert self.paid(policy, *stays) == [1000, 1000, 0, 0]
        assert "The limit is 2 per year." in pay_outs(policy, stays)[-1].why

    @pytest.mark.parametrize(("days", "prior", "paid"), [(269, False, 0), (270, False, 500), (10, True, 500)])
    def test_a_waiting_period_and_its_waiver(self, schedules, days, prior, paid):
        policy = self.policy(schedules, "LW-HOS-BAS", prior_cover=prior)
        assert self.paid(policy, Payable("p1", "stay_for_childbirth", 1, START + timedelta(days=days))) == [paid]

    def test_a_percentage_of_the_persons_own_face_amount(self, schedules):
        policy = self.policy(schedules, "LW-CRI-20", face=Decimal(20000))
        assert self.paid(policy, Payable("p1", "heart_attack", 1, date(2027, 6, 1))) == [20000]
        assert self.paid(policy, Payable("p1", "early_stage_cancer", 1, date(2027, 6, 1))) == [5000]

    def test_a_percentage_of_the_charge(self, schedules):
        policy = self.policy(schedules, "LW-ACC-BAS-SPO")
        assert self.paid(policy, Payable("p1", "sports_injury", 1, date(2027, 6, 1), Decimal("333.33"))) == [
            Decimal("83.33")
        ]

    def test_what_a_policy_does_not_name_and_whom_it_does_not_cover(self, schedules):
        policy = self.policy(schedules, "LW-ACC-BAS")
        assert self.paid(policy, Payable("p1", "stroke", 1, START), Payable("p9", "fracture", 1, START)) == []

    def test_what_has_to_happen_before_the_premium_comes_back(self, schedules):
        found = {
            each.benefit: each
            for each in break_even(self.policy(schedules, "LW-ACC-BAS"), Decimal("110.40"), LAW, START)
        }
        assert found["Fracture"].times == 1
        assert found["Hospital day after an accident"].times == 2
        assert found["Emergency room visit"].overlaps == ("emergency_room",)

    def test_a_limit_can_make_that_impossible(self, schedules):
        found = {each.benefit: each.times for each in
                 break_even(self.policy(schedules, "LW-ACC-BAS"), Decimal(400), LAW, START)}  # fmt: skip
        assert found["Emergency room visit"] is None  # 3 visits of 150, but at most 2 a year
        assert found["Fracture"] == 1

    def test_an_allowance_is_no_cash(self, schedules):
        assert pay_outs(self.policy(schedules, "LW-VIS-PLU"), [Payable("p1", "frames", 1, START)]) == ()

    def test_no_overlap_is_held_for_an_unknown_benefit(self):
        assert overlaps("Moon travel", LAW, START) == ()
