"""Filed limits as one household meets them."""

from decimal import Decimal

from catalog.terms import CostLimit, LimitKind, LimitScope, NetworkTier
from portal.plans.figures import Amount, figures_of

D = Decimal

DEDUCTIBLE, MOOP = LimitKind.DEDUCTIBLE, LimitKind.MOOP


def limit(kind, scope=LimitScope.COMBINED, tier=NetworkTier.IN_1, amounts=(700, 700, 1400)):
    individual, person, group = (None if each is None else D(each) for each in amounts)
    return CostLimit("v", kind, scope, tier, individual, person, group)


def test_a_family_and_one_person_have_different_amounts():
    rows = [limit(DEDUCTIBLE), limit(MOOP, amounts=(3100, 3100, 6200))]
    family, alone = figures_of(rows, family=True), figures_of(rows, family=False)
    assert (family.deductible_total, family.limit_total) == (1400, 6200)
    assert (alone.deductible_total, alone.limit_total) == (700, 3100)
    assert family.deductible.words == "$700 a person, $1,400 for the family"
    assert alone.deductible.words == "$700"


def test_a_separate_drug_deductible_is_shown_apart_and_added_to_the_total():
    rows = [
        limit(DEDUCTIBLE, LimitScope.MEDICAL),
        limit(DEDUCTIBLE, LimitScope.DRUG, amounts=(100, 100, 200)),
        limit(DEDUCTIBLE, LimitScope.COMBINED, amounts=(None, None, None)),
    ]
    found = figures_of(rows, family=True)
    assert found.drugs == Amount(D(200), D(100))
    assert found.deductible_total == 1600


def test_a_family_amount_that_is_not_filed_is_unknown_not_the_one_of_a_person():
    found = figures_of([limit(MOOP, amounts=(3100, None, None))], family=True)
    assert found.limit_total is None
    assert found.limit.words == "$3,100 a person"


def test_an_amount_filed_for_inside_and_outside_together_counts():
    found = figures_of([limit(DEDUCTIBLE, tier=NetworkTier.COMBINED)], family=False)
    assert found.deductible_total == 700


def test_no_deductible_filed_is_not_a_deductible_of_nothing():
    assert figures_of([], family=False).deductible.words == "None filed"
    assert figures_of([limit(DEDUCTIBLE, amounts=(0, 0, 0))], family=True).deductible.words == "$0"
