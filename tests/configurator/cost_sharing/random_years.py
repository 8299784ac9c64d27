"""Random plan designs and years of services, from a seed: the same seed gives the same year for ever."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from catalog.terms import ProductLine
from configurator.cost_sharing import CoveredPerson, ServiceLine
from tests.configurator.filed import COMBINED, IN_1, IN_2, OUT, benefit, deductible, limit, moop, plan_design

VISITS = ("primary_care", "specialist", "rehabilitation", "laboratory", "imaging", "preventive_care", "tmj")
STAYS = ("inpatient_facility", "skilled_nursing", "delivery")
DRUGS = ("generic_drugs", "preferred_brand_drugs", "specialty_drugs")
ONCE = ("emergency_room", "hospice", "accidental_dental", "never_filed")
CATEGORIES = (*VISITS, *STAYS, *DRUGS, *ONCE)
TIMINGS = ("", " Copay after deductible", " Copay before deductible", " Copay with deductible")
UNITS = ("Visit(s) per Year", "Days per Year", "Dollars per Year", "Item(s) per Lifetime", "Days per Stay")
FIRST_DAY = date(2027, 1, 1)


def random_year(seed, people=None, lines=12, *, plain=False):
    """(filed design, covered people, lines). ``plain``: nothing that sends a plan to the scalar engine."""
    pick = Random(seed)
    count = people or pick.choice((1, 1, 2, 3, 4))
    who = tuple(_person(pick, f"p{number}", plain) for number in range(1, count + 1))
    return random_design(pick, plain=plain), who, [random_line(pick, n, who, plain) for n in range(lines)]


def random_design(pick, *, plain=False):
    variant = {
        "inpatient_copay_days": pick.choice((None, 3, 5)),
        "primary_visits_before_cost_sharing": pick.choice((None, None, 2)),
        "primary_copays_before_deductible": pick.choice((None, None, None, 2)),
        "hsa_eligible": pick.choice((None, True, False)),
        "specialty_drug_max": pick.choice((None, Decimal(250))),
    }
    names = [name for name in CATEGORIES[:-1] if pick.random() > 0.05]
    return plan_design(_limits(pick), [_benefit(pick, name, plain) for name in names], variant=variant)


def _limits(pick):
    low, high = pick.choice((0, 250, 1500, 6000)), pick.choice((6000, 8200, 10600))
    rows = [moop(high, pick.choice((None, high)), each=pick.choice((high, high, None)))]
    if pick.random() < 0.3:
        rows += [deductible(low, scope="medical"), deductible(pick.choice((0, 500)), scope="drug")]
    else:
        rows.append(deductible(low, each=pick.choice((low, None))))
    rows += pick.choice(([], [limit("deductible", low * 2, tier=IN_2), limit("moop", high + 1000, tier=IN_2)]))
    outside = [limit("deductible", low * 3, tier=OUT), limit("moop", high * 2, tier=OUT)]
    return rows + pick.choice(([], outside, [limit("moop", high * 2, tier=COMBINED)]))


def _share(pick):
    copay, percent = f"${pick.choice((5, 40, 75, 350))}.00", f"{pick.choice((10, 25, 40, 50))}%"
    after = " Coinsurance after deductible"
    return pick.choice((
        copay + pick.choice(TIMINGS), percent, percent + after, f"{copay} / {percent}{after}", "No Charge",
        "No Charge after deductible", f"{copay} Copay after deductible / {percent}{after}",
    ))  # fmt: skip


def _stay_share(pick):
    per = pick.choice(("Day", "Stay"))
    return pick.choice(
        (f"${pick.choice((100, 350))}.00 Copay per {per}{pick.choice(('', ' after deductible'))}", "30%")
    )


def _benefit(pick, name, plain):
    shares = [_stay_share(pick) if name in STAYS else _share(pick) for _ in range(3)]
    limited = {}
    if pick.random() < 0.2:
        units = UNITS if plain else (*UNITS, "Visit(s) per Month")
        limited = {"limit_quantity": Decimal(pick.choice((1, 2, 4))), "limit_unit": pick.choice(units)}
        if "Dollars" in limited["limit_unit"]:
            limited["limit_quantity"] = Decimal(600)
    texts = ["", "", "At least $10 and at most $150 for each prescription.", "Waived if admitted."]
    texts += [] if plain else ["Waiting period of 3 months, waived with prior cover."]
    return benefit(
        name, shares[0], pick.choice((None, "100%", shares[1])), pick.choice((None, shares[2])),
        covered=pick.random() > 0.05, explanation=pick.choice(texts), ehb=pick.choice((True, True, None, False)),
        excluded_from_in_moop=pick.choice((None, None, False, True)), **limited,
    )  # fmt: skip


def _person(pick, name, plain):
    if plain or pick.random() < 0.6:
        return CoveredPerson(name)
    start = FIRST_DAY + timedelta(days=pick.randrange(120))
    return CoveredPerson(name, start, start + timedelta(days=300), pick.random() < 0.5)


def random_line(pick, number, who, plain=False):
    allowed = Decimal(
        pick.choice((pick.randrange(1, 30_000), pick.randrange(1, 900_000), pick.randrange(1, 9_000_000)))
    )
    tier = pick.choice((IN_1, IN_1, IN_1, IN_2, OUT))
    other = None if plain or pick.random() < 0.9 else allowed * pick.randrange(101) // 100 / 100
    return ServiceLine(
        f"L{number}", pick.choice(who).person_id if pick.random() > 0.01 else "stranger", pick.choice(CATEGORIES),
        FIRST_DAY + timedelta(days=pick.randrange(365)), allowed / 100, allowed / 50, tier,
        units=pick.choice((1, 1, 1, 2, 3)), days=pick.choice((0, 1, 4, 9)), protected=pick.random() < 0.2,
        preventive=pick.random() < 0.05, admitted=pick.random() < 0.2, other_paid=other,
        provider_liable=not plain and pick.random() < 0.1, received=number,
        assistance=Decimal(0 if plain or pick.random() < 0.9 else pick.randrange(90)),
    )  # fmt: skip


def dental_year(seed):
    """A dental plan with a yearly maximum and waiting periods, and a year of lines."""
    pick = Random(seed)
    names = ("adult_dental_routine", "adult_dental_basic", "adult_dental_major", "child_dental_basic")
    waits = ("", "Waiting period of 6 months, waived with prior dental cover.", "Waiting period of 90 days")
    rows = [benefit(name, _share(pick), ehb=name.startswith("child"), explanation=pick.choice(waits)) for name in names]
    limits = [deductible(pick.choice((0, 50)), scope="medical"), moop(450, 900, scope="medical")]
    text = f"Adults: the plan pays at most ${pick.choice((800, 1500))} a year"
    filed = plan_design(limits, rows, line=ProductLine.DENTAL, exclusions=text)
    who = tuple(_person(pick, f"p{number}", plain=False) for number in (1, 2))
    lines = [
        ServiceLine(
            f"D{number}", pick.choice(who).person_id, pick.choice(names),
            FIRST_DAY + timedelta(days=pick.randrange(365)), Decimal(pick.randrange(2000, 250_000)) / 100,
            received=number,
        )
        for number in range(8)
    ]  # fmt: skip
    return filed, who, lines
