"""Filed premiums of the demo: base x area x age, rounded to the cent, then nudged at some ages.

Real filings differ by a few cents from base x curve (reference: 93 of 102 age cells of one filed plan), so
these do too. Later code only ever looks the filed number up.
"""

import hashlib
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from catalog.demo.geography import STATE
from catalog.parameters import age_curve, load

CURVE_DAY = date(2026, 1, 1)
CENT = Decimal("0.01")

AGE_BANDS = ("0-14", *map(str, range(15, 64)), "64 and over")

AREA_FACTORS = {
    1: "0.94", 2: "0.97", 3: "0.96", 4: "0.92", 5: "0.95", 6: "1.02", 7: "1.00", 8: "1.04", 9: "1.00",
    10: "1.06", 11: "0.98", 12: "0.95", 13: "1.01", 14: "0.98", 15: "0.96", 16: "1.08", 17: "1.07",
}  # fmt: skip

# Tobacco ratio from an age on (highest first); nobody under 21 pays more for tobacco.
TOBACCO = {
    "none": (),
    "flat": ((21, "1.20"),),
    "graded": ((50, "1.40"), (40, "1.30"), (30, "1.20"), (21, "1.10")),
}


def cents(amount: Decimal) -> Decimal:
    """Half up to the cent, as filed tables are."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def youngest(band: str) -> int:
    """Youngest age of a filed band: ``"0-14"`` -> 0, ``"64 and over"`` -> 64."""
    return 0 if band == "0-14" else int(band.split(maxsplit=1)[0])


@cache
def curve() -> dict[str, Decimal]:
    """Age factor of each filed band: the law's curve for Ohio, which is the same in both years."""
    factors = age_curve(load(), STATE, CURVE_DAY)
    return {band: factors[youngest(band)] for band in AGE_BANDS}


def _nudge(key: str, band: str) -> Decimal:
    """0 to 3 cents, up or down, in about one cell of six; never at 21-24, never up at 64 (3:1 must hold)."""
    if 21 <= youngest(band) <= 24:
        return Decimal(0)
    digest = hashlib.sha256(f"{key}|{band}".encode()).digest()
    size = Decimal(1 + digest[1] % 3) * CENT if digest[0] < 43 else Decimal(0)
    return -size if digest[2] % 2 or youngest(band) == 64 else size


def age_rates(base: Decimal, area: int, key: str, factor: str = "1") -> dict[str, Decimal]:
    """Monthly premium by age band for one rating area; equal ``key`` means equal nudges."""
    at_21 = cents(base * Decimal(AREA_FACTORS[area]) * Decimal(factor))
    return {band: cents(at_21 * curve) + _nudge(f"{key}|{area}", band) for band, curve in curve().items()}


def tobacco_rate(rate: Decimal, band: str, profile: str) -> Decimal:
    """The premium of a tobacco user; ``profile`` is a key of TOBACCO."""
    age = youngest(band)
    ratio = next((Decimal(ratio) for start, ratio in TOBACCO[profile] if age >= start), Decimal(1))
    return cents(rate * ratio)


def dental_age_rates(child: Decimal, adult: Decimal, area: int) -> dict[str, Decimal]:
    """Dental premiums: one to age 20, one for adults; the age curve does not apply (45 CFR 148.220(b)(1))."""
    factor = Decimal(AREA_FACTORS[area])
    return {band: cents((child if youngest(band) < 21 else adult) * factor) for band in AGE_BANDS}
