"""Who the credit is for, the shared cost-sharing level, and what people hear about Medicaid and Medicare."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.terms import Csr, PovertyRatio, Relationship
from configurator.savings import assumptions, coverage_family, csr_level, public_cover_notes, shared_csr
from configurator.tax_credit import poverty_ratio
from tests.configurator.markets import LAW, ON, aged, child, household, spouse

SELF = aged("p1", 40)


def at(percent):
    return PovertyRatio(Decimal(15960) * Decimal(percent) / 100, Decimal(15960))


@pytest.mark.parametrize(
    ("percent", "level"),
    [
        (100, Csr.SILVER_94),
        (150, Csr.SILVER_94),
        ("150.01", Csr.SILVER_87),
        (200, Csr.SILVER_87),
        ("200.01", Csr.SILVER_73),
        (250, Csr.SILVER_73),
        ("250.01", Csr.STANDARD),
    ],
)
def test_levels_by_income(percent, level):
    assert csr_level(SELF, at(percent), True, LAW, ON) is level
    assert csr_level(SELF, at(percent), False, LAW, ON) is Csr.STANDARD


@pytest.mark.parametrize(
    ("percent", "gets_credit", "level"),
    [
        (120, True, Csr.ZERO),
        (300, True, Csr.ZERO),  # 45 CFR 155.350(a)(1)(ii): does not exceed 300 percent
        ("300.01", True, Csr.LIMITED),
        (120, False, Csr.LIMITED),
        (900, False, Csr.LIMITED),
    ],
)
def test_tribal_levels(percent, gets_credit, level):
    assert csr_level(aged("p1", 40, tribal_member=True), at(percent), gets_credit, LAW, ON) is level


def test_tribal_members_get_the_limited_level_without_telling_an_income():
    assert csr_level(aged("p1", 40, tribal_member=True), None, False, LAW, ON) is Csr.LIMITED


def shared(percent, *people):
    family = frozenset(person.person_id for person in coverage_family(people)[0])
    return shared_csr(people, family, at(percent), LAW, ON)


def test_a_mixed_household_shares_the_least_generous_level_and_hears_of_separate_policies():
    level, notes = shared(120, SELF, aged("p2", 40, Relationship.SPOUSE, tribal_member=True))
    assert level is Csr.SILVER_94
    assert [(note.code, note.person_ids) for note in notes] == [("mixed-savings", ("p2",))]


def test_whoever_has_another_offer_takes_the_level_away_from_the_policy():
    level, notes = shared(120, SELF, aged("p2", 40, Relationship.SPOUSE, other_offer=True))
    assert (level, notes[0].person_ids) == (Csr.STANDARD, ("p1",))


def test_people_of_one_level_hear_nothing():
    assert shared(120, SELF, spouse()) == (Csr.SILVER_94, ())


def test_the_coverage_family_leaves_out_medicare_and_other_offers():
    family, notes = coverage_family([SELF, aged("p2", 66, medicare=True), aged("p3", 30, other_offer=True)])
    assert [person.person_id for person in family] == ["p1"]
    assert [note.code for note in notes] == ["no-credit-medicare", "no-credit-other-offer"]


def notes_for(income, *people, state="OH", **fields):
    home = household(*people, income=income, **fields)
    found = public_cover_notes(home, poverty_ratio(home, LAW, state), LAW, state)
    return {note.code: note.person_ids for note in found}


FAMILY = (SELF, spouse(), child("c1", 5), child("c2", 18))


@pytest.mark.parametrize(
    ("percent", "codes"),
    [(138, {"children-medicaid-chip", "adults-medicaid"}), (139, {"children-medicaid-chip"}), (212, set())],
)
def test_who_may_qualify_for_medicaid_or_chip_in_ohio(percent, codes):
    guideline = Decimal(15960 + 3 * 5680)
    assert set(notes_for(guideline * percent / 100, *FAMILY)) == codes


def test_the_note_names_the_people_it_is_about():
    found = notes_for("30000", *FAMILY, child("c3", 19))
    assert found == {"children-medicaid-chip": ("c1", "c2"), "adults-medicaid": ("p1", "p2", "c3")}


def test_children_with_another_offer_are_not_named():
    assert notes_for("60000", SELF, child("c1", 5, other_offer=True)) == {}


def test_a_state_whose_limits_are_not_held_is_silent():
    assert notes_for("20000", *FAMILY, state="WY") == {}


def test_without_an_income_nothing_is_said_about_medicaid():
    assert notes_for(None, *FAMILY) == {}


def test_people_of_65_are_asked_about_medicare_once():
    assert notes_for("30000", aged("p1", 65)) == {"may-have-medicare": ("p1",)}
    assert notes_for("30000", aged("p1", 65, medicare=False)) == {}


def test_an_unborn_child_is_not_counted():
    assert notes_for("30000", aged("p1", 64), aged("c1", 0, Relationship.CHILD, on=date(2027, 5, 1))) == {}


def test_what_was_not_told_is_said_of_those_whom_it_could_touch():
    people = (aged("p1", 40, tobacco=True), spouse(name="Ann"), child("c1", 20), child("c2", 21, other_offer=True))
    found = {note.code: (note.person_ids, note.text.partition(":")[0]) for note in assumptions(people, LAW, ON)}
    assert found == {
        "assumed-no-tobacco": (("p2", "c2"), "Ann and c2"),
        "assumed-no-other-offer": (("p1", "p2", "c1"), "p1, Ann and c1"),
    }
