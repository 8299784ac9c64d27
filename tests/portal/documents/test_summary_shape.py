"""A summary whose amounts contradict each other cannot exist."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.documents.summary import BenefitRow, DoesNotAddUp, PlanDetails, PolicySummary, PremiumRow

CENTS = st.integers(0, 500_000).map(lambda cents: Decimal(cents).scaleb(-2))


def test_a_total_that_is_not_the_sum_is_refused(example):
    with pytest.raises(DoesNotAddUp, match=r"monthly net is 1\.00, but its parts make 854\.83"):
        replace(example.FAMILY_OF_FOUR, net=Decimal("1.00"))


def test_a_premium_that_is_not_its_rows_is_refused(example):
    with pytest.raises(DoesNotAddUp, match=r"premium is 1495\.19"):
        replace(example.MEDICAL, premium=Decimal("1495.19"))


def test_a_net_premium_that_is_not_premium_less_credit_is_refused(example):
    with pytest.raises(DoesNotAddUp, match="net premium"):
        replace(example.MEDICAL, credit=Decimal("811.99"))


def test_a_row_with_too_few_values_is_refused():
    with pytest.raises(DoesNotAddUp, match="'Deductible' has 1 values for 2 columns"):
        PlanDetails(
            line="Medical",
            name="P",
            issuer="I",
            ids=(),
            columns=("In", "Out"),
            amounts=(BenefitRow("Deductible", ("$0",)),),
        )


@settings(max_examples=60)
@given(rows=st.lists(st.tuples(CENTS, st.booleans()), min_size=1, max_size=6), credit=CENTS)
def test_only_charged_rows_count(rows, credit):
    premium = sum((amount for amount, charged in rows if charged), Decimal(0))
    details = PlanDetails(line="Medical", name="P", issuer="I", ids=())
    made = [PremiumRow(f"Person {i}", amount, charged) for i, (amount, charged) in enumerate(rows)]
    policy = PolicySummary(
        line="Medical",
        name="P",
        issuer="I",
        what="",
        covered=(),
        rows=tuple(made),
        premium=premium,
        credit=credit,
        net=premium - credit,
        details=details,
    )
    assert policy.net + policy.credit == premium
    with pytest.raises(DoesNotAddUp):
        replace(policy, premium=premium + Decimal("0.01"))


def test_what_remains_without_add_ons(example):
    family = example.FAMILY_OF_FOUR
    assert family.without_add_ons == Decimal("683.18")
    assert [policy.line for policy in family.fixed_payments] == ["Accident", "Critical illness"]
