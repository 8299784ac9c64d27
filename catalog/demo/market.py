"""The rest of the market: invented competitors' silver plans, needed only so that the benchmark is right.

Written as public use files under names of their own; ``issuers.csv`` says that they are not sold by us.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from catalog.demo import puf_columns
from catalog.demo.csvs import write_csv
from catalog.demo.geography import ALL_AREAS, STATE, ServiceArea, counties_in
from catalog.demo.puf import Row, common, rate_start, service_area_rows
from catalog.demo.rates import age_rates, tobacco_rate


@dataclass(frozen=True)
class Rival:
    """A competitor. ``silvers``: (number, name, rates at 21 in 2026 and 2027, EHB share of the premium)."""

    issuer_id: str
    name: str
    areas: tuple[int, ...]
    silvers: tuple[tuple[str, str, int, int, str], ...]
    dear_areas: tuple[int, ...] = ()

    def factor(self, area: int) -> str:
        """Above one in areas where this competitor is dear."""
        return "1.07" if area in self.dear_areas else "1"

    def plan_id(self, number: str) -> str:
        """HIOS standard component id."""
        return f"{self.issuer_id}{STATE}{number}"


RIVALS = (
    Rival("99002", "Buckthorn Mutual Health", ALL_AREAS, (
        ("0100001", "Buckthorn Silver Value", 361, 395, "1"),
        ("0100002", "Buckthorn Silver Value + Vision", 376, 412, "0.9900"),
        ("0100003", "Buckthorn Silver Classic", 398, 431, "1"),
    ), (2, 9, 13)),
    Rival("99003", "Ninebark Community Care", (4, 5, 9, 11, 12, 13, 15, 16, 17), (
        ("0200001", "Ninebark Silver Standard", 357, 389, "1"),
        ("0200002", "Ninebark Silver 3200", 366, 399, "0.9985"),
    ), (13, 15)),
    Rival("99004", "Tallgrass Health Partners", (1, 2, 6, 7, 8, 10, 14, 16), (
        ("0300001", "Tallgrass Standard Silver", 344, 372, "1"),
        ("0300002", "Tallgrass Silver Copay", 385, 420, "0.9950"),
    )),
)  # fmt: skip


def _attribute_rows(year: int) -> Iterator[Row]:
    for rival in RIVALS:
        for number, name, _, _, ehb in rival.silvers:
            plan_id = rival.plan_id(number)
            yield common(year, rival.issuer_id) | {
                "IssuerMarketPlaceMarketingName": rival.name, "MarketCoverage": "Individual", "DentalOnlyPlan": "No",
                "StandardComponentId": plan_id, "PlanMarketingName": name, "HIOSProductId": plan_id[:10],
                "ServiceAreaId": "OHS001", "PlanType": "HMO", "MetalLevel": "Silver", "DesignType": "Not Applicable",
                "QHPNonQHPTypeId": "On the Exchange", "ChildOnlyOffering": "Allows Adult and Child-Only",
                "EHBPercentTotalPremium": ehb, "PlanEffectiveDate": f"{year}-01-01",
                "PlanExpirationDate": f"{year}-12-31", "PlanId": f"{plan_id}-01", "PlanVariantMarketingName": name,
                "CSRVariationType": "Standard Silver On Exchange Plan",
            }  # fmt: skip


def _rate_rows(year: int) -> Iterator[Row]:
    for rival in RIVALS:
        for number, _, before, after, _ in rival.silvers:
            base, plan_id = Decimal(after if year >= 2027 else before), rival.plan_id(number)
            for area in rival.areas:
                for band, rate in age_rates(base, area, f"{year}|{plan_id}", rival.factor(area)).items():
                    yield rate_start(year, plan_id, area) | {
                        "Tobacco": "Tobacco User/Non-Tobacco User",
                        "Age": band,
                        "IndividualRate": rate,
                        "IndividualTobaccoRate": tobacco_rate(rate, band, "flat"),
                    }


def _area_rows(year: int) -> Iterator[Row]:
    for rival in RIVALS:
        whole = rival.areas == ALL_AREAS
        area = ServiceArea("OHS001", rival.name, () if whole else counties_in(rival.areas), whole)
        yield from service_area_rows(year, area, rival.issuer_id)


def write_market(out_dir: Path, year: int) -> list[Path]:
    """Write the competitors' silver plans into ``out_dir`` (made when missing); three files."""
    out_dir.mkdir(parents=True, exist_ok=True)
    return [
        write_csv(out_dir / "Market_Plan_Attributes_PUF.csv", puf_columns.PLAN_ATTRIBUTES, _attribute_rows(year)),
        write_csv(out_dir / "Market_Rate_PUF.csv", puf_columns.RATES, _rate_rows(year)),
        write_csv(out_dir / "Market_Service_Area_PUF.csv", puf_columns.SERVICE_AREAS, _area_rows(year)),
    ]
