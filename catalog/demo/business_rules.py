"""Business rules of the demo issuer: who may be on a policy.

Rows per issuer, product and plan; the most specific wins.
"""

from catalog.demo.geography import STATE
from catalog.demo.lineup import ISSUER_ID, TIN

_ADDED = "A different rate (specifically for parties of two or more)for each enrollee is added together"
_TIERS = "There are rates specifically for couples and for families (not just addition of individual rates)"
_RELATIONS = (
    "Self,Yes; Spouse,No; Life Partner,Yes; Child,No; Stepson or Stepdaughter,No; Adopted Child,No; Foster Child,No"
)
_WARDS = f"{_RELATIONS}; Ward,No; Grandson or Granddaughter,Yes"

# product, plan, dental, rates, children charged, oldest dependent, tobacco-free months, relationships
_TABLE = (
    ("", "", False, _ADDED, "3 or more", "25", "6", _WARDS),
    ("", "", True, _ADDED, "Not Applicable", "25", "Not Applicable", _RELATIONS),
    ("103", "", True, _TIERS, "3 or more", "25", "Not Applicable", _RELATIONS),
    ("104", "", True, _ADDED, "Not Applicable", "18", "Not Applicable", _RELATIONS),
    ("102", "1020001", True, _ADDED, "3 or more", "21", "Not Applicable", _RELATIONS),
)


def business_rules() -> list[dict[str, object]]:
    """Rows of the Business Rules table, without the columns that start every table."""
    prefix = f"{ISSUER_ID}{STATE}"
    return [
        {
            "TIN": TIN,
            "ProductId": prefix + product if product else "",
            "StandardComponentId": prefix + plan if plan else "",
            "EnrolleeContractRateDeterminationRule": rates,
            "TwoParentFamilyMaxDependentsRule": children,
            "SingleParentFamilyMaxDependentsRule": children,
            "DependentMaximumAgRule": oldest,
            "ChildrenOnlyContractMaxChildrenRule": children,
            "DomesticPartnerAsSpouseIndicator": "Yes",
            "SameSexPartnerAsSpouseIndicator": "Yes",
            "AgeDeterminationRule": "Age on effective date",
            "MinimumTobaccoFreeMonthsRule": months,
            "CohabitationRule": relations,
            "MarketCoverage": "Individual",
            "DentalOnlyPlan": "Yes" if dental else "No",
        }
        for product, plan, dental, rates, children, oldest, months, relations in _TABLE
    ]
