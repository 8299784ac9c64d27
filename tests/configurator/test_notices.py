"""What people are told about a bundle."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.terms import ProductLine
from configurator.notices import ADD_ONS, notices_for
from tests.configurator.markets import LAW, ON

CHILD, NOBODY = {"under_19": Decimal(1)}, {"under_19": Decimal(0)}


def codes(**selection):
    return [notice.code for notice in notices_for({line: [held] for line, held in selection.items()}, LAW, ON)]


def test_hospital_indemnity_carries_the_notice_of_the_law():
    (found,) = [n for n in notices_for({"hospital_indemnity": [{}]}, LAW, ON) if n.code == "fixed-indemnity"]
    assert found.document == "2014 individual notice (rev. 2023-10-01)"
    assert found.cite.startswith("45 CFR 148.220")
    assert found.lines == ("hospital_indemnity",)


def test_cover_for_a_named_disease_is_no_fixed_indemnity():
    assert "fixed-indemnity" not in codes(critical_illness={}, accident={}, dental=NOBODY)


def test_each_add_on_is_named_as_a_policy_of_its_own():
    held = {line.value: [NOBODY | {"pediatric_dental": False}] for line in ProductLine}
    named = [n.lines for n in notices_for(held, LAW, ON) if n.code == "separate-policy"]
    assert named == [(line.value,) for line in ADD_ONS]
    assert ("medical",) not in named
    assert ("hsa",) not in named


@pytest.mark.parametrize(
    ("embedded", "in_medical", "in_dental", "said"),
    [
        (True, CHILD, CHILD, True),
        (False, CHILD, CHILD, False),
        (True, NOBODY, CHILD, False),
        (True, CHILD, NOBODY, False),
    ],
)
def test_child_dental_cover_that_stands_twice_is_said(embedded, in_medical, in_dental, said):
    found = codes(medical=in_medical | {"pediatric_dental": embedded}, dental=in_dental)
    assert ("child-dental-twice" in found) is said


def test_nothing_chosen_nothing_said():
    assert notices_for({}, LAW, date(2027, 1, 1)) == ()
