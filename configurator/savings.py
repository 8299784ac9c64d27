"""Who the tax credit and cost-sharing reductions are for, and what people should hear about Medicaid and Medicare."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from catalog.parameters import Law, MissingParameter, csr_bands
from catalog.terms import Csr, Household, Person, PovertyRatio, spoken_list
from configurator.tax_credit import (
    CSR_NAMES,
    CSR_ORDER,
    MARKETPLACE_QUOTE,
    exact_percent,
    income_refusal,
    least_generous,
)

_CSR_CITE = "45 CFR 155.305(g)(3)"


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing that changes no price: stable code, plain words, citation, people it is about."""

    code: str
    text: str
    cite: str = ""
    person_ids: tuple[str, ...] = ()


def coverage_family(persons: Iterable[Person]) -> tuple[tuple[Person, ...], tuple[Note, ...]]:
    """The people a credit can be for, and a note on each who is left out (45 CFR 155.305(f)(1)(ii)(B)).

    Whoever has Medicare or another offer of minimum essential cover is left out; what was not asked counts as no.
    """
    everybody = tuple(persons)
    notes = [note for person in everybody if (note := _left_out(person))]
    out = {person_id for note in notes for person_id in note.person_ids}
    return tuple(person for person in everybody if person.person_id not in out), tuple(notes)


def _left_out(person: Person) -> Note | None:
    who, ids = person.name or person.person_id, (person.person_id,)
    cite = "45 CFR 155.305(f)(1)(ii)(B)"
    if person.medicare:
        return Note("no-credit-medicare", f"{who} has Medicare, so no tax credit is for {who}.", cite, ids)
    if person.other_offer:
        return Note("no-credit-other-offer", f"{who} has another offer of health cover, so no tax credit.", cite, ids)
    return None


def credit_by_income(ratio: PovertyRatio | None, law: Law, on: date) -> bool:
    """Whether the income alone allows a credit; false where no income is told."""
    return ratio is not None and income_refusal(ratio, law, on, MARKETPLACE_QUOTE) is None


def csr_level(person: Person, ratio: PovertyRatio | None, gets_credit: bool, law: Law, on: date) -> Csr:
    """The cost-sharing reduction of one person on the Exchange (45 CFR 155.305(g), 155.350).

    Tribal members: zero up to 300 percent of poverty where a credit is allowed, otherwise limited whatever the income.
    """
    percent = exact_percent(ratio) if ratio is not None else None
    if person.tribal_member:
        zero = gets_credit and percent <= law.value("csr.american_indian_zero_cost_limit", on)
        return Csr.ZERO if zero else Csr.LIMITED
    return _band_level(percent, law, on) if gets_credit else Csr.STANDARD


def _band_level(percent: Fraction, law: Law, on: date) -> Csr:
    for band in csr_bands(law, on):
        if percent <= band.high and (percent > band.low or (band.low_included and percent == band.low)):
            return Csr(band.variant)
    return Csr.STANDARD


def shared_csr(
    persons: Iterable[Person], family: frozenset[str], ratio: PovertyRatio | None, law: Law, on: date
) -> tuple[Csr, tuple[Note, ...]]:
    """The level that one policy for all of them gives, and a note where separate policies would give some more."""
    by_income = credit_by_income(ratio, law, on)
    levels = {p.person_id: csr_level(p, ratio, by_income and p.person_id in family, law, on) for p in persons}
    shared = least_generous(levels.values())
    more = tuple(who for who, level in levels.items() if CSR_ORDER.index(level) > CSR_ORDER.index(shared))
    if not more:
        return shared, ()
    text = f"On one policy all get the same extra savings (here: {CSR_NAMES[shared]}). Separate policies may give more."
    return shared, (Note("mixed-savings", text, _CSR_CITE, more),)


def public_cover_notes(household: Household, ratio: PovertyRatio | None, law: Law, state: str) -> tuple[Note, ...]:
    """Who may qualify for Medicaid, CHIP or Medicare; silent where the state's limits are not held."""
    return (*_medicaid_notes(household, ratio, law, state), *_medicare_notes(household, law))


def _medicaid_notes(household: Household, ratio: PovertyRatio | None, law: Law, state: str) -> tuple[Note, ...]:
    if ratio is None:
        return ()
    on, percent = household.effective_date, exact_percent(ratio)
    child_below = law.value("medicaid.child_below_age", on)
    adult_below = law.value("medicaid.expansion_below_age", on)
    children = _of_age(household, on, 0, child_below)
    adults = _of_age(household, on, child_below, adult_below)
    found = []
    if children and _within(law, "medicaid.income_limit.child", state, on, percent):
        found.append(Note("children-medicaid-chip", _CHILDREN, "42 CFR 435.118; 42 CFR 457.310", children))
    if adults and _within(law, "medicaid.income_limit.adult", state, on, percent):
        found.append(Note("adults-medicaid", _ADULTS, "42 CFR 435.119", adults))
    return tuple(found)


_CHILDREN = (
    "Your children may qualify for Medicaid or CHIP, which often costs less. "
    "If they do, no tax credit is for them, and the prices here change."
)
_ADULTS = (
    "The adults here may qualify for Medicaid, which often costs less. "
    "If they do, no tax credit is for them, and the prices here change."
)


def _of_age(household: Household, on: date, low: int, below: int) -> tuple[str, ...]:
    """Ids of applicants of an age who are born by then."""
    born = [p for p in household.applicants if p.birth_date is None or p.birth_date <= on]
    return tuple(p.person_id for p in born if low <= p.age_on(on) < below and not p.other_offer and not p.medicare)


def _within(law: Law, name: str, state: str, on: date, percent: Fraction) -> bool:
    """Whether a state limit is held and the income is not above it."""
    try:
        return percent <= law.value(name, on, key=state)
    except MissingParameter:
        return False


def _medicare_notes(household: Household, law: Law) -> tuple[Note, ...]:
    on = household.effective_date
    born = [p for p in household.applicants if p.birth_date is None or p.birth_date <= on]
    age = law.value("medicare.age", on)
    ids = tuple(p.person_id for p in born if p.medicare is None and p.age_on(on) >= age)
    text = f"Most people of {age} and older can have Medicare. Whoever has it gets no tax credit."
    return (Note("may-have-medicare", text, "42 USC 1395c", ids),) if ids else ()


def assumptions(persons: Iterable[Person], law: Law, on: date) -> tuple[Note, ...]:
    """What a price took for granted because nobody was asked; tobacco only of people who may legally use it."""
    born = [person for person in persons if person.birth_date is None or person.birth_date <= on]
    legal = law.value("rating.tobacco.legal_age", on)
    smokers = [person for person in born if person.tobacco is None and person.age_on(on) >= legal]
    offers = [person for person in born if person.other_offer is None and not person.medicare]
    found = (
        ("assumed-no-tobacco", "{}: priced as not using tobacco, because you have not told us.", _TOBACCO, smokers),
        ("assumed-no-other-offer", "{}: we took it that there is no other offer of health cover.", _OFFER, offers),
    )
    return tuple(_assumed(code, text, cite, people) for code, text, cite, people in found if people)


_TOBACCO = "45 CFR 147.102(a)(1)(iv)"
_OFFER = "45 CFR 155.305(f)(1)(ii)(B)"


def _assumed(code: str, text: str, cite: str, people: list[Person]) -> Note:
    names = spoken_list(person.name or person.person_id for person in people)
    return Note(code, text.format(names), cite, tuple(person.person_id for person in people))
