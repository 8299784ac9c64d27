"""Cost-sharing designs of the demo as data: what a member pays, by metal and cost-sharing variant.

Amounts come as (2026, 2027) pairs where they differ. A cost share is written short: ``40`` copay, ``40d`` copay
after the deductible, ``30%`` and ``30%d`` coinsurance, ``350/day``, ``350/stayd``, ``NC`` and ``NCd`` no charge.

The standardized designs of plan year 2026 follow the federal ones as seen in Marketplace answers (deductible,
maximum, office, urgent, emergency and generic rows); their other rows and everything for 2027 are invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

YEARS = (2026, 2027)
Pair = int | tuple[int, int]


@dataclass(frozen=True)
class Design:
    """Cost sharing of one variant. ``drug_deductible`` None: medical and drugs share one deductible.

    ``tier2`` and ``out`` hold the other networks' deductible, maximum and default share. ``av`` is a
    (2026, 2027) pair of actuarial values. ``aggregate``: the family deductible has no per-person part.
    """

    deductible: Pair
    moop: Pair
    av: tuple[str, str]
    rest: str = "NCd"
    services: Mapping[str, str] = field(default_factory=dict)
    drug_deductible: Pair | None = None
    tier2: Mapping[str, str] = field(default_factory=dict)
    tier2_deductible: Pair | None = None
    tier2_moop: Pair | None = None
    hdhp: bool = False
    aggregate: bool = False
    free_primary_visits: int = 0
    inpatient_days: int = 0

    def share(self, key: str) -> str:
        """The short cost share of a service key; services not named cost ``rest``."""
        return self.services.get(key, FIXED.get(key, self.rest))

    def share2(self, key: str) -> str:
        """The same in the second in-network tier."""
        return FIXED.get(key) or self.tier2.get(key, self.tier2.get("rest", self.rest))


# Rider and preventive rows cost the same in every design.
FIXED = {"prev": "NC", "dental": "NC", "dental_basic": "20%", "dental_major": "50%", "vision": "10", "fitness": "NC"}


def shares(text: str) -> dict[str, str]:
    """``"pcp=40 spec=80"`` as a dict."""
    return dict(pair.split("=") for pair in text.split())


def amount(pair: Pair, year: int) -> int:
    """The amount of a plan year out of a single number or a (2026, 2027) pair."""
    return pair if isinstance(pair, int) else pair[YEARS.index(year)]


_D = Design
OUT_OF_NETWORK_SHARE = "50%d"

BASE: dict[str, Design] = {
    "catastrophic": _D((10600, 12000), (10600, 12000), ("", ""), "NCd", free_primary_visits=3),
    "bronze_9500": _D(9500, (10600, 11800), ("0.6018", "0.5962"), "50%d", shares("pcp=60d spec=110d gen=35d")),
    "bronze_std": _D(7500, (10000, 11000), ("0.6402", "0.6327"), "50%d",
                     shares("pcp=50 spec=100 uc=75 mh=50 rehab=50 gen=25 pref=50d npref=100d spcl=500d")),
    "bronze_copay": _D((6900, 7300), (10600, 11900), ("0.6378", "0.6311"), "50%d",
                       shares("pcp=45 spec=95 uc=75 mh=45 lab=60 gen=28 pref=150d npref=50%d spcl=50%d"),
                       drug_deductible=(1500, 1700)),
    "bronze_hsa": _D((7200, 7400), (8300, 8600), ("0.6144", "0.6110"), "30%d", hdhp=True),
    "bronze_7000": _D((7800, 7000), (10600, 11500), ("0.6093", "0.6284"), "40%d",
                      shares("pcp=55 spec=105d uc=85 mh=55 gen=30 pref=40%d npref=50%d spcl=50%d")),
    "bronze_open": _D(8000, (10600, 11700), ("0.6265", "0.6231"), "40%d",
                      shares("pcp=60 spec=120 uc=90 mh=60 gen=30 pref=120d npref=50%d spcl=50%d")),
    "silver_std": _D(6000, (8900, 9800), ("0.7001", "0.7011"), "40%d",
                     shares("pcp=40 spec=80 uc=60 mh=40 rehab=40 gen=20 pref=40 npref=80d spcl=350d")),
    "silver_4500": _D(4500, (9300, 10300), ("0.7087", "0.7046"), "35%d",
                      shares("pcp=30 spec=70 uc=60 mh=30 rehab=45 lab=40 er=500d gen=15 pref=65 npref=45%d spcl=45%d")),
    "silver_2500": _D(2500, (9900, 10900), ("0.7133", "0.7102"), "45%d",
                      shares("pcp=45 spec=90 uc=75 mh=45 gen=20 pref=45%d npref=50%d spcl=50%d")),
    "silver_copay": _D((3800, 4000), (9200, 10100), ("0.7118", "0.7064"), "30%d",
                       shares("pcp=35 spec=75 uc=65 mh=35 rehab=50 lab=35 xray=70 img=350d er=550d amb=450d"
                              " inpt=800/dayd gen=12 pref=60d npref=110d spcl=40%d"),
                       drug_deductible=(500, 600), inpatient_days=5),
    "silver_hsa": _D((3700, 3800), (7200, 7400), ("0.7052", "0.7065"), "20%d", hdhp=True, aggregate=True),
    "silver_hsa_open": _D((4000, 4100), (7500, 7700), ("0.7021", "0.7031"), "20%d", hdhp=True),
    "silver_tiers": _D(3500, (9100, 10000), ("0.7151", "0.7109"), "30%d",
                       shares("pcp=25 spec=60 uc=60 mh=25 rehab=40 lab=30 gen=15 pref=55 npref=40%d spcl=40%d"),
                       tier2=shares("rest=45%d pcp=55 spec=110 uc=60 mh=25"
                                    " gen=15 pref=55 npref=40%d spcl=40%d er=30%d"),
                       tier2_deductible=6500, tier2_moop=(10600, 11600)),
    "gold_std": _D(2000, (8200, 9000), ("0.7807", "0.7815"), "25%d",
                   shares("pcp=30 spec=60 uc=45 mh=30 rehab=30 gen=15 pref=30 npref=60 spcl=250")),
    "gold_1500": _D(1500, (8000, 8800), ("0.7962", "0.7921"), "25%d",
                    shares("pcp=25 spec=55 uc=50 mh=25 rehab=35 lab=25 er=400d gen=10 pref=45 npref=35%d spcl=35%d")),
    "gold_copay": _D(0, (8700, 9500), ("0.7883", "0.7856"), "30%",
                     shares("pcp=25 spec=65 uc=60 mh=25 rehab=45 lab=35 xray=75 img=400 er=600 amb=400 outf=600"
                            " outph=150 inpt=950/day inph=NC snf=300/day gen=10 pref=55 npref=95 spcl=40%"),
                     inpatient_days=4),
    "gold_2500": _D(2500, (7600, 8300), ("0.7838", "0.7809"), "20%d",
                    shares("pcp=20 spec=50 uc=50 mh=20 rehab=35 lab=20 gen=10 pref=40 npref=80 spcl=30%d")),
    "gold_tiers": _D(1000, (7900, 8700), ("0.8073", "0.8040"), "20%d",
                     shares("pcp=20 spec=45 uc=45 mh=20 rehab=30 lab=20 gen=10 pref=40 npref=80 spcl=30%"),
                     tier2=shares("rest=40%d pcp=45 spec=90 uc=45 mh=20 gen=10 pref=40 npref=80 spcl=30% er=20%d"),
                     tier2_deductible=3000, tier2_moop=(9800, 10700)),
    "platinum_std": _D(0, (5200, 5700), ("0.8868", "0.8874"), "100",
                       shares("pcp=10 spec=20 uc=15 mh=10 rehab=10"
                              " er=100 inpt=350/stay inph=NC outf=150 outph=50 snf=150/stay"
                              " lab=30 xray=30 img=100 gen=5 pref=10 npref=50 spcl=150")),
    "platinum_250": _D(250, (4200, 4600), ("0.9011", "0.9020"), "10%d",
                       shares("pcp=15 spec=30 uc=30 mh=15 rehab=25 gen=5 pref=30 npref=60 spcl=20%")),
}  # fmt: skip

# Silver cost-sharing variants: (design, csr) -> design. 04, 05, 06 are 73, 87 and 94 % (45 CFR 156.420).
CSR: dict[tuple[str, str], Design] = {
    ("silver_std", "04"): _D(3000, 7400, ("0.7308", "0.7316"), "40%d", BASE["silver_std"].services),
    ("silver_std", "05"): _D(500, 3300, ("0.8713", "0.8721"), "30%d",
                             shares("pcp=20 spec=40 uc=30 mh=20 rehab=20 gen=10 pref=20 npref=60d spcl=250d")),
    ("silver_std", "06"): _D(0, 2200, ("0.9419", "0.9424"), "25%",
                             shares("pcp=NC spec=10 uc=5 mh=NC rehab=NC gen=NC pref=15 npref=50 spcl=150")),
    ("silver_4500", "04"): _D(3300, 8000, ("0.7322", "0.7309"), "35%d", BASE["silver_4500"].services),
    ("silver_4500", "05"): _D(700, 3100, ("0.8732", "0.8718"), "25%d",
                              shares("pcp=15 spec=35 uc=30 mh=15 rehab=20"
                                     " lab=15 er=250d gen=5 pref=30 npref=30%d spcl=30%d")),
    ("silver_4500", "06"): _D(100, 1800, ("0.9437", "0.9431"), "10%d",
                              shares("pcp=5 spec=10 uc=10 mh=5 rehab=10"
                                     " lab=5 er=100d gen=NC pref=10 npref=20%d spcl=20%d")),
    ("silver_2500", "04"): _D(2200, 8200, ("0.7341", "0.7330"), "40%d", BASE["silver_2500"].services),
    ("silver_2500", "05"): _D(600, 3200, ("0.8729", "0.8716"), "25%d",
                              shares("pcp=20 spec=45 uc=35 mh=20 gen=10 pref=30%d npref=40%d spcl=40%d")),
    ("silver_2500", "06"): _D(0, 1700, ("0.9446", "0.9440"), "15%",
                              shares("pcp=5 spec=15 uc=10 mh=5 gen=NC pref=20% npref=30% spcl=30%")),
    ("silver_copay", "04"): _D((3000, 3100), 7900, ("0.7355", "0.7339"), "30%d", BASE["silver_copay"].services,
                               drug_deductible=(400, 500), inpatient_days=5),
    ("silver_copay", "05"): _D(800, 3200, ("0.8744", "0.8738"), "20%d",
                               shares("pcp=15 spec=40 uc=35 mh=15 rehab=25 lab=15 xray=35 img=150d er=250d amb=200d"
                                      " inpt=350/dayd gen=5 pref=35d npref=70d spcl=30%d"),
                               drug_deductible=100, inpatient_days=5),
    ("silver_copay", "06"): _D(0, 1900, ("0.9452", "0.9447"), "10%",
                               shares("pcp=5 spec=15 uc=10 mh=5 rehab=10 lab=5 xray=10 img=75 er=100 amb=75"
                                      " inpt=150/day gen=NC pref=15 npref=40 spcl=20%"),
                               drug_deductible=0, inpatient_days=5),
    ("silver_hsa", "04"): _D((3500, 3600), 6300, ("0.7304", "0.7311"), "15%d", hdhp=True, aggregate=True),
    ("silver_hsa", "05"): _D(900, 2400, ("0.8719", "0.8722"), "15%d", aggregate=True),
    ("silver_hsa", "06"): _D(200, 1200, ("0.9428", "0.9430"), "10%d", aggregate=True),
    ("silver_hsa_open", "04"): _D((3600, 3700), 6600, ("0.7311", "0.7318"), "15%d", hdhp=True),
    ("silver_hsa_open", "05"): _D(1000, 2500, ("0.8709", "0.8712"), "15%d"),
    ("silver_hsa_open", "06"): _D(250, 1300, ("0.9416", "0.9419"), "10%d"),
    ("silver_tiers", "04"): _D(2800, 7900, ("0.7347", "0.7335"), "30%d", BASE["silver_tiers"].services,
                               tier2=BASE["silver_tiers"].tier2, tier2_deductible=5600, tier2_moop=8400),
    ("silver_tiers", "05"): _D(600, 2900, ("0.8738", "0.8730"), "20%d",
                               shares("pcp=10 spec=30 uc=30 mh=10 rehab=20 lab=10 gen=5 pref=25 npref=30%d spcl=30%d"),
                               tier2=shares("rest=35%d pcp=25 spec=55 uc=30 mh=10"
                                            " gen=5 pref=25 npref=30%d spcl=30%d er=20%d"),
                               tier2_deductible=1200, tier2_moop=3400),
    ("silver_tiers", "06"): _D(0, 1600, ("0.9455", "0.9450"), "10%",
                               shares("pcp=5 spec=10 uc=10 mh=5 rehab=10 lab=5 gen=NC pref=10 npref=20% spcl=20%"),
                               tier2=shares("rest=20% pcp=10 spec=25 uc=10 mh=5"
                                            " gen=NC pref=10 npref=20% spcl=20% er=10%"),
                               tier2_deductible=250, tier2_moop=2400),
}  # fmt: skip


def _zero(base: Design) -> Design:
    """Zero cost sharing for American Indians and Alaska Natives below 300 % of poverty (45 CFR 155.350)."""
    drug = None if base.drug_deductible is None else 0
    tier2 = {"rest": "NC"} if base.tier2 else {}
    zero = 0 if base.tier2 else None
    return Design(0, 0, ("1", "1"), "NC", {}, drug, tier2, zero, zero)


def variant_design(name: str, csr: str) -> Design:
    """The design of a variant suffix: 00, 01 and 03 as filed, 02 zero, 04-06 reduced."""
    if csr == "02":
        return _zero(BASE[name])
    return CSR[name, csr] if csr >= "04" else BASE[name]
