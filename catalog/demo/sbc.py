"""The twelve filed cells of the SBC coverage examples, worked out from a design.

The service lines are our own and add up to the federal totals (12,700, 5,600, 2,800); the federal calculator's
lines are not public. Deductible exact, copays and coinsurance half up to 100 dollars, to 10 below 100.
"""

from dataclasses import dataclass, field

from catalog.demo.designs import Design, amount
from catalog.demo.texts import Share

# name -> (limits row in dollars, ((service key, times, dollars each), ...))
EXAMPLES = {
    "Baby": (60, (("prev", 1, 600), ("lab", 8, 150), ("xray", 2, 350), ("inpt", 1, 7800), ("inph", 1, 2400))),
    "Diabetes": (20, (("pcp", 6, 140), ("lab", 8, 45), ("rest", 1, 680), ("gen", 12, 30), ("pref", 12, 280))),
    "Fracture": (0, (("er", 1, 1350), ("xray", 1, 350), ("rest", 1, 150), ("rehab", 5, 190))),
}
_DAYS_IN_HOSPITAL = 2
_DRUGS = ("gen", "pref", "npref", "spcl")


@dataclass
class _Year:
    """What has been paid so far, in cents."""

    left: dict[str, int]
    moop: int
    paid: dict[str, int] = field(default_factory=lambda: {"deductible": 0, "copay": 0, "coinsurance": 0})

    def pay(self, kind: str, cents: int) -> int:
        cents = min(cents, self.moop - sum(self.paid.values()))
        self.paid[kind] += cents
        return cents

    def service(self, share: Share, pot: str, cost: int) -> None:
        if share.after:
            used = self.pay("deductible", min(self.left[pot], cost))
            self.left[pot] -= used
            cost -= used
        self.pay("coinsurance", cost * share.percent // 100)
        times = _DAYS_IN_HOSPITAL if share.per == "day" else 1
        self.pay("copay", min(share.copay * times * 100, cost))


def _rounded(cents: int) -> int:
    step = 10000 if cents >= 10000 else 1000
    return (cents + step // 2) // step * step // 100


def example(design: Design, year: int, name: str) -> tuple[int, int, int, int]:
    """(deductible, copay, coinsurance, limit) in whole dollars for one example and plan year."""
    limit, lines = EXAMPLES[name]
    moop = amount(design.moop, year)
    drugs = design.drug_deductible
    pots = {"medical": amount(design.deductible, year) * 100, "drug": amount(drugs or 0, year) * 100}
    spent = _Year(pots, moop * 100)
    for key, times, cost in lines:
        pot = "drug" if key in _DRUGS and drugs is not None else "medical"
        for _ in range(times):
            spent.service(Share.parse(design.share(key)), pot, cost * 100)
    deductible = spent.paid["deductible"] // 100
    copay = min(_rounded(spent.paid["copay"]), moop - deductible)
    coinsurance = min(_rounded(spent.paid["coinsurance"]), moop - deductible - copay)
    return deductible, copay, coinsurance, limit
