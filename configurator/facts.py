"""The registry of household facts: what rules may ask about a household, and what pages ask people.

    facts_of(household, law, state, answers) -> {"fpl_percent": Decimal("240.58"), "general_fsa": UNKNOWN, ...}

A fact is either worked out from the household, or asked with its ``question`` and kept in ``answers``. What nobody
told is UNKNOWN, which rules treat as open, never as no. In rules a fact is written ``household.<name>``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.parameters import Law, MissingParameter
from catalog.terms import Csr, Household, Person, PovertyRatio, Relationship
from configurator.enrollment import CLOSED, OPEN, SPECIAL, BrokerStanding, Enrolling, period_of, start_of_cover
from configurator.policy_rules import CHILDREN, PARTNERS
from configurator.rating import is_pediatric
from configurator.rules.evaluator import UNKNOWN
from configurator.rules.vocabulary import Kind, Type, number, text, yes_no
from configurator.savings import coverage_family, credit_by_income, csr_level, shared_csr
from configurator.tax_credit import CSR_NAMES, exact_percent, half_up, poverty_ratio


@dataclass(frozen=True, slots=True)
class Fact:
    """One household fact: its type (with unit and meaning), the question that gets it, and where it comes from.

    ``question`` is empty for a fact that is worked out from what the household told; ``source`` cites why it matters.
    """

    name: str
    type: Type
    source: str
    question: str = ""
    help: str = ""

    @property
    def asked(self) -> bool:
        """Whether a page asks for it, beyond people, address and income."""
        return bool(self.question)


# Kinds of life events as the law's special periods name them, and open enrolment.
ENROLLMENT_REASONS = (
    "open_enrollment",
    "loss_of_coverage",
    "loss_of_medicaid_or_chip",
    "marriage",
    "birth",
    "adoption",
    "move",
    "other_event",
)

_ASKED = (
    Fact(
        "general_fsa",
        yes_no("the applicant or the spouse has a general health FSA"),
        "26 USC 223(c)(1)(A); Rev. Rul. 2004-45",
        "Do you or your spouse have a general health flexible spending account (FSA) through a job?",
        "An FSA that pays only for dental and vision care does not count.",
    ),
    Fact(
        "other_medical_cover",
        yes_no("somebody keeps other medical cover beside the plans here"),
        "26 USC 223(c)(1)(A)(ii); issuer rule: critical-illness application",
        "Will you keep other medical cover, such as a plan through a spouse's job?",
        "Dental, vision, accident and critical-illness cover do not count.",
    ),
    Fact(
        "dental_assurance",
        yes_no("the children have dental cover elsewhere"),
        "45 CFR 155.1065(d)",
        "Do the children have dental cover from another plan?",
        "Outside the Exchange, children under 19 need dental cover from somewhere.",
    ),
    Fact(
        "claimed_as_dependent",
        yes_no("somebody else claims the applicant as a tax dependent"),
        "26 USC 223(b)(6)",
        "Will somebody else claim you as a dependent on their tax return?",
        "Dependents cannot pay into a health savings account.",
    ),
    Fact(
        "dpc_monthly_fee",
        number("fee of a direct primary care arrangement", "dollars a month"),
        "26 USC 223(c)(1); IRS Notice 2026-5",
        "How much a month do you pay a doctor for direct primary care? Enter 0 for none.",
        "A fee above the yearly limit rules out a health savings account.",
    ),
    Fact(
        "prior_dental_months",
        number("dental cover without a long gap before the start", "months"),
        "issuer rule: dental policy form",
        "For how many months did you have dental cover just before this plan starts? Enter 0 for none.",
        "Earlier cover can shorten the waiting time for major dental work.",
    ),
    Fact(
        "enrollment_reason",
        text("why a plan is chosen now", *ENROLLMENT_REASONS),
        "45 CFR 155.410; 45 CFR 155.420",
        "Why are you choosing a plan now?",
        "Outside open enrolment you need a life event, such as a birth, a move or the loss of other cover.",
    ),
)


@dataclass(frozen=True)
class _Case:
    """A household with what facts are worked out from."""

    household: Household
    law: Law
    state: str
    ratio: PovertyRatio | None
    enrolling: Enrolling | None = None
    broker: BrokerStanding | None = None

    @property
    def people(self) -> tuple[Person, ...]:
        return self.household.applicants

    @property
    def ages(self) -> list[int]:
        """Ages on the first day of cover of the applicants who are born by then."""
        on = self.household.effective_date
        return [p.age_on(on) for p in self.people if p.birth_date is None or p.birth_date <= on]

    @property
    def applicant(self) -> Person | None:
        return next((p for p in self.household.persons if p.relationship is Relationship.SELF), None)

    def count(self, test: Callable[[Person], bool]) -> Decimal:
        return Decimal(sum(map(test, self.people)))

    def years(self, name: str) -> int:
        return self.law.value(name, self.household.effective_date)


def _any(values: Iterable[bool | None]) -> Any:
    """Yes where one is yes; unknown where none is and somebody was not asked; else no."""
    told = list(values)
    return True if True in told else UNKNOWN if None in told else False


def _told(value: Any) -> Any:
    return UNKNOWN if value is None else value


def _extra_savings(case: _Case) -> Any:
    household, on = case.household, case.household.effective_date
    if not household.on_exchange:
        return "standard"
    if case.ratio is None:
        return UNKNOWN
    family = frozenset(person.person_id for person in coverage_family(case.people)[0])
    return CSR_NAMES[shared_csr(case.people, family, case.ratio, case.law, on)[0]]


def _savings_by_income(case: _Case) -> Any:
    """The level of somebody who is no tribal member and has no other offer: by income alone."""
    household, on = case.household, case.household.effective_date
    if not household.on_exchange:
        return CSR_NAMES[Csr.STANDARD]
    if case.ratio is None:
        return UNKNOWN
    anybody = Person("anybody", Relationship.SELF)
    return CSR_NAMES[csr_level(anybody, case.ratio, credit_by_income(case.ratio, case.law, on), case.law, on)]


def _enrollment_period(case: _Case) -> Any:
    """``none`` while people only look; unknown where the state's dates are not held."""
    if case.enrolling is None:
        return "none"
    try:
        return period_of(case.law, case.state, case.household.effective_date.year, case.enrolling)
    except MissingParameter:
        return UNKNOWN


def _start_day(case: _Case) -> Any:
    """``none`` while people only look or where no plan can be chosen; unknown where the dates are not held."""
    if _enrollment_period(case) not in (OPEN, SPECIAL):
        return "none"
    on, enrolling = case.household.effective_date, case.enrolling
    try:
        start = start_of_cover(case.law, case.state, on.year, enrolling.chosen, enrolling.event)
    except MissingParameter:
        return UNKNOWN
    return "as_wanted" if start.on == on else "another_day"


def _limited_to_metal(case: _Case) -> bool:
    enrolling = case.enrolling
    return bool(enrolling and enrolling.event and enrolling.current_metal)


def _broker(name: str) -> "Callable[[_Case], bool]":
    return lambda case: bool(case.broker and getattr(case.broker, name))


def _credit_by_income(case: _Case) -> Any:
    return UNKNOWN if case.ratio is None else credit_by_income(case.ratio, case.law, case.household.effective_date)


def _under(case: _Case, name: str) -> Decimal:
    return Decimal(sum(age < case.years(name) for age in case.ages))


def _applicant_has_medicare(case: _Case) -> Any:
    return _told(case.applicant.medicare if case.applicant else None)


def _applicant_age(case: _Case) -> Any:
    on, who = case.household.effective_date, case.applicant
    if who is None or (who.birth_date is not None and who.birth_date > on):
        return UNKNOWN
    return Decimal(who.age_on(on))


def _pediatric(case: _Case) -> Decimal:
    return case.count(lambda person: is_pediatric(person, case.law, case.household.effective_date))


_Derive = Callable[[_Case], Any]

# Facts that are worked out: type, source of the rule that needs it, and how.
_DERIVED: Mapping[str, tuple[Type, str, _Derive]] = {
    "people": (
        number("people who want cover", "people"),
        "45 CFR 147.102(c)",
        lambda case: Decimal(len(case.people)),
    ),
    "children_under_21": (
        number("people under 21 who want cover", "people"),
        "45 CFR 147.102(c)(1)",
        lambda case: _under(case, "rating.charged_children.below_age"),
    ),
    "children_under_19": (
        number("people whose dental care is children's dental care", "people"),
        "45 CFR 156.115(a)(6)",
        _pediatric,
    ),
    "has_spouse": (
        yes_no("a spouse or partner wants cover"),
        "45 CFR 147.102(c)",
        lambda case: any(person.relationship in PARTNERS for person in case.people),
    ),
    "has_children": (
        yes_no("a child wants cover"),
        "45 CFR 147.120",
        lambda case: any(person.relationship in CHILDREN for person in case.people),
    ),
    "oldest_age": (
        number("age of the oldest person who wants cover, at the start of cover", "years"),
        "45 CFR 147.102(a)(1)(iii)",
        lambda case: Decimal(max(case.ages)) if case.ages else UNKNOWN,
    ),
    "youngest_age": (
        number("age of the youngest person who wants cover, at the start of cover", "years"),
        "45 CFR 147.102(a)(1)(iii)",
        lambda case: Decimal(min(case.ages)) if case.ages else UNKNOWN,
    ),
    "applicant_age": (
        number("age of the applicant at the start of cover", "years"),
        "45 CFR 147.102(a)(1)(iii)",
        _applicant_age,
    ),
    "applicant_has_medicare": (
        yes_no("the applicant has Medicare"),
        "26 USC 223(b)(7)",
        _applicant_has_medicare,
    ),
    "medicare_any": (
        yes_no("somebody who wants cover has Medicare"),
        "Social Security Act 1882(d)(3)",
        lambda case: _any(person.medicare for person in case.people),
    ),
    "other_offer_any": (
        yes_no("somebody who wants cover has another offer of health cover that rules out the tax credit"),
        "45 CFR 155.305(f)(1)(ii)(B)",
        lambda case: _any(person.other_offer for person in case.people),
    ),
    "tobacco_any": (
        yes_no("somebody who wants cover uses tobacco"),
        "45 CFR 147.102(a)(1)(iv)",
        lambda case: _any(person.tobacco for person in case.people),
    ),
    "tribal_any": (
        yes_no("somebody who wants cover is a member of a federally recognized tribe"),
        "45 CFR 155.350",
        lambda case: _any(person.tribal_member for person in case.people),
    ),
    "exempt_all": (
        yes_no("everybody who wants cover holds a hardship exemption"),
        "45 CFR 156.155(a)(5)",
        lambda case: bool(case.people) and all(person.hardship_exemption for person in case.people),
    ),
    "income": (
        number("expected yearly household income", "dollars a year"),
        "26 CFR 1.36B-1(e)",
        lambda case: _told(case.household.income),
    ),
    "tax_household_size": (
        number("people in the tax household", "people"),
        "26 CFR 1.36B-1(d)",
        lambda case: Decimal(case.household.size),
    ),
    "fpl_percent": (
        number("income against the poverty guideline, to 0.01", "percent"),
        "26 CFR 1.36B-1(h)",
        lambda case: half_up(exact_percent(case.ratio), 2) if case.ratio else UNKNOWN,
    ),
    "credit_by_income": (
        yes_no("the income allows a premium tax credit"),
        "26 CFR 1.36B-2(b)(1)",
        _credit_by_income,
    ),
    "extra_savings": (
        text("extra savings that one policy gives all applicants", *CSR_NAMES.values()),
        "45 CFR 155.305(g)",
        _extra_savings,
    ),
    "savings_by_income": (
        text("extra savings that the income gives by itself", *CSR_NAMES.values()),
        "45 CFR 155.305(g)",
        _savings_by_income,
    ),
    "enrollment_period": (
        text("period in which the plan is chosen; none while nothing is chosen for good", OPEN, SPECIAL, CLOSED),
        "45 CFR 155.410; 45 CFR 155.420",
        _enrollment_period,
    ),
    "start_day": (
        text("whether cover can start on the day wanted, for a plan chosen now", "as_wanted", "another_day"),
        "45 CFR 155.410(f); 45 CFR 155.420(b)",
        _start_day,
    ),
    "limited_to_metal": (
        yes_no("a special period binds the household to the metal level that it has now"),
        "45 CFR 155.420(a)(4)",
        _limited_to_metal,
    ),
    "broker_acts": (
        yes_no("a broker acts for the household"),
        "45 CFR 155.220",
        lambda case: case.broker is not None,
    ),
    "broker_licensed": (yes_no("the broker is licensed in the state"), "45 CFR 155.220", _broker("licensed")),
    "broker_registered": (
        yes_no("the broker is registered with the Exchange"),
        "45 CFR 155.220",
        _broker("registered"),
    ),
    "broker_consent": (
        yes_no("the client's consent to the broker is stored"),
        "45 CFR 155.220(j)(2)(iii)",
        _broker("consent"),
    ),
    "broker_review": (
        yes_no("the client's review of the application is stored"),
        "45 CFR 155.220(j)(2)(ii)",
        _broker("review"),
    ),
    "on_exchange": (
        yes_no("the household buys through the Exchange"),
        "45 CFR 155.20",
        lambda case: case.household.on_exchange,
    ),
    "plan_year": (
        number("year in which cover starts", "year"),
        "45 CFR 144.103",
        lambda case: Decimal(case.household.effective_date.year),
    ),
}

FACTS: tuple[Fact, ...] = (
    *(Fact(name, kind, source) for name, (kind, source, _) in _DERIVED.items()),
    *_ASKED,
)
BY_NAME: Mapping[str, Fact] = {fact.name: fact for fact in FACTS}


def fact_types() -> dict[str, Type]:
    """Type by name: what the vocabulary of the rules is made from."""
    return {fact.name: fact.type for fact in FACTS}


def facts_of(
    household: Household,
    law: Law,
    state: str,
    answers: Mapping[str, Any] | None = None,
    enrolling: Enrolling | None = None,
    broker: BrokerStanding | None = None,
) -> dict[str, Decimal | str | bool | Any]:
    """Every fact of the registry: worked out, or from ``answers``, or UNKNOWN.

    ``state`` is the two-letter state of the address. ``enrolling`` is told when a plan is chosen for good, ``broker``
    when one acts for the household; without them no rule on dates or brokers speaks up. Raises ValueError for an
    answer to a fact that is not asked or not of its type.
    """
    case = _Case(household, law, state, _ratio(household, law, state), enrolling, broker)
    derived = {name: derive(case) for name, (_, _, derive) in _DERIVED.items()}
    told = {name: checked_answer(name, value) for name, value in (answers or {}).items()}
    return {fact.name: UNKNOWN for fact in FACTS} | derived | told


def _ratio(household: Household, law: Law, state: str) -> PovertyRatio | None:
    """Income against the guideline; None where the income or the guideline of the date is not known."""
    try:
        return poverty_ratio(household, law, state)
    except MissingParameter:
        return None


def checked_answer(name: str, value: Any) -> Decimal | str | bool:
    """An answer of the fact's type: bool, Decimal (from int too) or one of its texts. ValueError says what is wrong."""
    fact = BY_NAME.get(name)
    if fact is None or not fact.asked:
        raise ValueError(f"{name}: this is not a question we ask; found {value!r}")
    if fact.type.kind is Kind.YES_NO and isinstance(value, bool):
        return value
    if fact.type.kind is Kind.NUMBER and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    if fact.type.kind is Kind.TEXT and value in fact.type.values:
        return value
    expected = ", ".join(fact.type.values) or fact.type.kind.value
    raise ValueError(f"{name}: found {value!r}, expected {expected}")


def read_answers(stored: Mapping[str, bool | str]) -> dict[str, Decimal | str | bool]:
    """Answers as records keep them (numbers as text) as answers of their facts' types; unknown facts are left out."""
    known = {name: value for name, value in stored.items() if name in BY_NAME and BY_NAME[name].asked}
    return {
        name: Decimal(value) if BY_NAME[name].type.kind is Kind.NUMBER and isinstance(value, str) else value
        for name, value in known.items()
    }
