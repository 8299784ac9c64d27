"""The order in which one service line is adjudicated; each step changes the working figures and says why.

1 cover on the day, benefit, waiting period, limits on visits and days. 2 allowed amount and balance bill. 3 preventive
care and copays that come first. 4 copay, deductible and coinsurance in the order that the plan files. 5 deductible.
6 coinsurance. 7 maximum out of pocket. 8 ledger. 9 reversals (see `adjudicate`). 10 other payers.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from catalog.terms import ZERO, CopayUnit, Money, NetworkTier, ProductLine, format_money, round_cent
from configurator.cost_sharing.design import Bucket, Coverage, Design, Measure, Period, Pool, Terms, Unit, Waiting
from configurator.cost_sharing.lines import Book, Clause, CoveredPerson, Entry, Level, LineResult, ServiceLine

COST_SHARES = ("deductible", "copay", "coinsurance")
_OWED = (*COST_SHARES, "not_covered", "over_limit")
# Another payer's money first takes away what no plan pays, then what was worked out last.
_RELIEVED = ("not_covered", "over_limit", "coinsurance", "copay", "deductible")
_PREVENTIVE_CITE = "45 CFR 147.130(a)(1)"
_PROTECTED_CITE = "45 CFR 149.110, 149.120, 149.130"
_COB_CITE = "issuer rule: coordination of benefits; NAIC Model Regulation 120, section 7"


@dataclass(slots=True)
class Working:
    """The figures of one line while it is worked on; ``left`` is what nobody has been given yet."""

    line: ServiceLine
    terms: Terms
    person: CoveredPerson | None
    book: Book
    left: Money
    units: int
    days: int
    free: bool = False  # preventive care by law
    refused: bool = False  # step 1 found no cover
    deductible: Money = ZERO
    copay: Money = ZERO
    coinsurance: Money = ZERO
    not_covered: Money = ZERO
    over_limit: Money = ZERO
    plan_pays: Money = ZERO
    other_paid: Money = ZERO
    written_off: Money = ZERO
    balance: Money = ZERO
    credited: Money = ZERO  # part of the copay that counts toward the deductible
    credit_to_deductible: Money = ZERO
    help: Money = ZERO  # what a drug maker pays and what therefore counts toward nothing
    order: list[str] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)

    def why(self, number: str, step: int, text: str, cite: str = "") -> None:
        """Note the reason of a number."""
        self.clauses.append(Clause(number, step, text, cite))

    def take(self, part: str, amount: Money) -> Money:
        """Give the member up to that much of what is left, as that part."""
        taken = min(amount, self.left)
        setattr(self, part, getattr(self, part) + taken)
        self.left -= taken
        self.order.append(part)
        return taken

    def give_up(self, part: str, amount: Money) -> Money:
        """Take up to that much away from a part; returns how much it was."""
        cut = min(amount, getattr(self, part))
        setattr(self, part, getattr(self, part) - cut)
        return cut

    def owed(self, parts: Iterable[str] = _OWED) -> Money:
        """The sum of these parts."""
        return sum((getattr(self, part) for part in parts), ZERO)

    def used(self, pool: Pool, person_id: str) -> Money:
        """What already counts toward a pool; an empty person id asks for the family."""
        return self.book.used(pool.key, pool.bucket.period, person_id, self.line.on)


def adjudicate_line(design: Design, people: dict[str, CoveredPerson], book: Book, line: ServiceLine) -> LineResult:
    """Adjudicate one line against the book and add its entries to the book."""
    work = _start(design, people, book, line)
    refusal = _refusal(work)
    if refusal:
        _not_covered(work, refusal)
    else:
        _covered(work)
    _other_payer(work)
    entries = tuple(_entries(work))
    for entry in entries:
        book.add(entry)
    return _result(work, entries)


def _start(design: Design, people: dict[str, CoveredPerson], book: Book, line: ServiceLine) -> Working:
    """Step 2 comes first in fact: a protected service is taken as one in the network."""
    protected = line.protected and line.tier is NetworkTier.OUT
    terms = design.terms_of(line.category, NetworkTier.IN_1 if protected else line.tier)
    work = Working(line, terms, people.get(line.person_id), book, line.allowed, line.units, max(line.days, 1))
    preventive = design.line is ProductLine.MEDICAL and (line.preventive or terms.preventive)
    work.free = preventive and terms.tier is not NetworkTier.OUT
    work.help = ZERO if design.help_counts else line.assistance
    if protected:
        text = "Protected by the No Surprises Act: cost sharing as in the network, and no balance bill."
        work.why("balance_bill_possible", 2, text, _PROTECTED_CITE)
    elif line.tier is NetworkTier.OUT and line.billed is not None and line.billed > line.allowed:
        work.balance = line.billed - line.allowed
        text = "Outside the network the provider may bill what is above the allowed amount; it counts toward nothing."
        work.why("balance_bill_possible", 2, text)
    return work


def _refusal(work: Working) -> str:
    """Step 1: why the plan does not cover the line, or nothing."""
    terms, line = work.terms, work.line
    if work.person is None:
        return f"{line.person_id} is not covered by this policy."
    if not work.person.covered_from <= line.on <= work.person.covered_until:
        return f"{line.person_id} is not covered on {line.on}."
    return "" if work.free else _benefit_refusal(terms, line, work.person)


def _benefit_refusal(terms: Terms, line: ServiceLine, person: CoveredPerson) -> str:
    if terms.coverage is Coverage.NOT_COVERED:
        return f"The plan does not cover this service {_where(line.tier)}. {terms.filed}".strip()
    if terms.coverage is Coverage.NOT_FILED:
        return "The plan covers this service but files no amount; the full price stands here."
    if terms.waiting and line.on < _first_day(terms.waiting, person):
        return f"Waiting period: this benefit begins on {_first_day(terms.waiting, person)}."
    return ""


def _where(tier: NetworkTier) -> str:
    return "outside the network" if tier is NetworkTier.OUT else "in the network"


def _first_day(waiting: Waiting, person: CoveredPerson) -> date:
    """The first day of a benefit; no wait with prior cover where that waives it, or where the start is not known."""
    start = person.covered_from
    if start == date.min or (waiting.waived_with_prior_cover and person.prior_cover):
        return start
    return _add_months(start, waiting.months) + timedelta(days=waiting.days)


def _add_months(day: date, months: int) -> date:
    """The same day some months later; the first of the month after where that month is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    try:
        return day.replace(year=day.year + year, month=month + 1)
    except ValueError:
        return _add_months(day.replace(day=1), months + 1)


def _not_covered(work: Working, why: str) -> None:
    work.refused = True
    if work.line.provider_liable:
        work.written_off, work.left = work.left, ZERO
        work.why("written_off", 1, f"{why} The provider made the mistake and may not bill it (group code CO).")
        return
    work.take("not_covered", work.left)
    work.why("not_covered", 1, why)


def _covered(work: Working) -> None:
    if work.free:
        work.plan_pays = work.left
        work.why("plan_pays", 3, "Preventive care in the network costs you nothing.", _PREVENTIVE_CITE)
        return
    within = _within_limits(work)
    work.left = within
    free = _free_visits(work)
    work.left -= free
    _cost_share(work)
    _cap(work)
    work.plan_pays = within - work.owed(COST_SHARES)
    _paid_limits(work)


def _within_limits(work: Working) -> Money:
    """Step 1 again: the part of the allowed amount that a limit on visits or days leaves."""
    quantity, line = work.terms.quantity, work.line
    if quantity is None or quantity.unit is Unit.DOLLARS:
        return line.allowed
    asked = _asked(work)
    left = max(0, int(quantity.amount - _units_used(work)))
    if asked <= left:
        return line.allowed
    within = part_of(line.allowed, left, asked)
    work.over_limit = line.allowed - within
    if quantity.unit is Unit.DAYS:
        work.days = left
    else:
        work.units = left
    work.why("over_limit", 1, f"Above the plan's limit: {quantity.text}.")
    return within


def _asked(work: Working) -> int:
    quantity, line = work.terms.quantity, work.line
    return max(line.days, 1) if quantity and quantity.unit is Unit.DAYS else line.units


def _units_used(work: Working) -> Decimal:
    units = work.terms.units
    if units is None or units.period is Period.STAY:
        return ZERO
    return work.book.used(units.key, units.period, work.line.person_id, work.line.on)


def part_of(amount: Money, part: int, whole: int) -> Money:
    """An even part of an amount, rounded half up to the cent."""
    return round_cent(amount * part / whole)


def _free_visits(work: Working) -> Money:
    """The part of the line that falls on the year's first visits, which cost nothing (45 CFR 156.155(a)(4))."""
    terms = work.terms
    free = min(work.units, max(0, int(terms.free_visits - _units_used(work))))
    if not free:
        return ZERO
    amount = part_of(work.left, free, work.units)
    work.units -= free
    text = f"The first {terms.free_visits} visits of a year cost you nothing."
    work.why("plan_pays", 3, text, "issuer rule: filed visits before cost sharing")
    return amount


def _cost_share(work: Working) -> None:
    """Steps 3 to 6 in the order that the terms say."""
    if not work.left:
        return
    for part in _parts(work):
        part(work)


def _parts(work: Working) -> Iterator[Callable[[Working], None]]:
    terms = work.terms
    if terms.copay_visits:
        first = _units_used(work) < terms.copay_visits
        yield from (_copay,) if first else (_deductible, _coinsurance if terms.rate else _copay)
        return
    if terms.copay_first:
        yield _copay
    if terms.deductible_applies:
        yield _deductible
    if not terms.copay_first:
        yield _copay
    yield _coinsurance


def _copay(work: Working) -> None:
    terms, line = work.terms, work.line
    if not terms.copay or not work.units:
        return
    if terms.waived_if_admitted and line.admitted:
        work.why("copay", 3, "The copay is waived because you were admitted to the hospital.")
        return
    taken = work.take("copay", terms.copay * _charges(work))
    if terms.copay_counts and terms.deductible:
        work.credited = min(taken, _room(work, terms.deductible))
    per = "" if terms.copay_unit is CopayUnit.SERVICE else f" for each {terms.copay_unit}"
    work.why("copay", 3, f"Copay {format_money(terms.copay)}{per}, never more than the price. {terms.filed}")


def _charges(work: Working) -> int:
    """How many times the copay is charged."""
    terms = work.terms
    if terms.copay_unit is CopayUnit.STAY:
        return 1
    if terms.copay_unit is CopayUnit.DAY:
        return min(work.days, terms.copay_days) if terms.copay_days else work.days
    return work.units


def _room(work: Working, pool: Pool) -> Money:
    """What is still missing in a pool for this person: the smaller of the own and the family part.

    A deductible without any amount has no room; a maximum without any amount has no end.
    """
    rooms = []
    if pool.person is not None:
        rooms.append(pool.person - work.used(pool, work.line.person_id))
    if pool.family is not None:
        rooms.append(pool.family - work.used(pool, ""))
    return max(ZERO, min(rooms)) if rooms else ZERO


def _deductible(work: Working) -> None:
    """Step 5: embedded has both limits, aggregate only the family's."""
    pool = work.terms.deductible
    if pool is None:
        return
    taken = work.take("deductible", max(ZERO, _room(work, pool) - work.credited))
    if taken:
        work.why("deductible", 5, pool.text, pool.cite)


def _coinsurance(work: Working) -> None:
    """Step 6: the member's share of the rest, within the least and the most for each unit."""
    terms = work.terms
    if not terms.rate or not work.left:
        return
    amount = round_cent(work.left * terms.rate)
    if terms.least is not None:
        amount = max(amount, terms.least * work.units)
    if terms.most is not None:
        amount = min(amount, terms.most * work.units)
    work.take("coinsurance", amount)
    work.why("coinsurance", 6, f"{terms.rate:.0%} of the rest. {terms.filed}{_bounds(terms)}")


def _bounds(terms: Terms) -> str:
    least = f", at least {format_money(terms.least)}" if terms.least is not None else ""
    most = f", at most {format_money(terms.most)}" if terms.most is not None else ""
    return f"{least}{most} for each unit" if least or most else ""


def _cap(work: Working) -> None:
    """Step 7: no maximum is passed; what was worked out last is given up first."""
    for pool in work.terms.moops:
        over = work.owed(COST_SHARES) - _room(work, pool)
        if over <= 0:
            continue
        for part in reversed(work.order):
            over -= work.give_up(part, over)
        work.why("plan_pays", 7, pool.text, pool.cite)
    work.credited = min(work.credited, work.copay)


def _paid_limits(work: Working) -> None:
    """Allowances, dollar limits and yearly maximums: what the plan pays at most; the rest is the member's."""
    terms = work.terms
    if terms.allowance is not None:
        text = f"The plan pays up to {format_money(terms.allowance)}."
        _pay_at_most(work, terms.allowance * work.line.units, text)
    for pool in terms.maximums:
        _pay_at_most(work, max(ZERO, pool.person - work.used(pool, work.line.person_id)), pool.text)


def _pay_at_most(work: Working, amount: Money, text: str) -> None:
    over = work.plan_pays - amount
    if over > 0:
        work.plan_pays, work.over_limit = amount, work.over_limit + over
        work.why("over_limit", 1, text)


def _other_payer(work: Working) -> None:
    """Step 10: as second payer the plan pays its normal benefit, but no more than the first has left."""
    work.credit_to_deductible = work.deductible + work.credited
    if work.line.other_paid is None:
        return
    work.other_paid = min(work.line.other_paid, work.line.allowed)
    over = work.other_paid - work.give_up("written_off", work.other_paid)
    for part in _RELIEVED:
        over -= work.give_up(part, over)
    work.plan_pays -= over
    work.why("plan_pays", 10, "The plan pays after another payer: up to its own benefit, of what is left.", _COB_CITE)


def _entries(work: Working) -> Iterator[Entry]:
    """Step 8: what the line adds to each accumulator.

    A deductible is credited with what it would have got without another payer; a maximum with what the member owes.
    A drug maker's help is left out of both where it must not count.
    """
    terms = work.terms
    work.credit_to_deductible = max(ZERO, work.credit_to_deductible - work.help)
    if terms.deductible and work.credit_to_deductible:
        yield from _both(work, terms.deductible.bucket, work.credit_to_deductible, "deductible")
    shared = max(ZERO, work.owed(COST_SHARES) - work.help)
    if shared:
        for pool in terms.moops:
            yield from _both(work, pool.bucket, shared, "deductible, copay and coinsurance")
    for pool in terms.credits:
        amount = work.credit_to_deductible if pool.bucket.measure is Measure.DEDUCTIBLE else shared
        if amount := min(amount, _room(work, pool)):
            yield from _both(work, pool.bucket, amount, "also counts here, as the plan files")
    yield from _benefit_entries(work)


def _benefit_entries(work: Working) -> Iterator[Entry]:
    """Visits or days used, and what the plan paid toward a maximum."""
    terms = work.terms
    if terms.units and not work.refused and not work.free and (used := _counted(work)):
        yield _entry(work, terms.units, Level.INDIVIDUAL, Decimal(used), "visits or days used")
    if work.plan_pays and not work.free:
        for pool in terms.maximums:
            yield _entry(work, pool.bucket, Level.INDIVIDUAL, work.plan_pays, "paid by the plan")


def _counted(work: Working) -> int:
    """Units that the plan covered: all that were asked for, less what is above the limit."""
    quantity = work.terms.quantity
    asked = _asked(work)
    if quantity is None or quantity.unit is Unit.DOLLARS:
        return asked
    return min(asked, max(0, int(quantity.amount - _units_used(work))))


def _both(work: Working, bucket: Bucket, amount: Money, why: str) -> Iterator[Entry]:
    yield _entry(work, bucket, Level.INDIVIDUAL, amount, why)
    if work.book.family:
        yield _entry(work, bucket, Level.FAMILY, amount, why)


def _entry(work: Working, bucket: Bucket, level: Level, amount: Decimal, why: str) -> Entry:
    line = work.line
    return Entry(line.line_id, line.person_id, line.on, bucket, level, amount, why)


def _result(work: Working, entries: tuple[Entry, ...]) -> LineResult:
    return LineResult(
        line=work.line,
        deductible=work.deductible,
        copay=work.copay,
        coinsurance=work.coinsurance,
        not_covered=work.not_covered,
        over_limit=work.over_limit,
        plan_pays=work.plan_pays,
        member_owes=work.owed(),
        other_paid=work.other_paid,
        written_off=work.written_off,
        balance_bill_possible=work.balance,
        certain=work.free or work.terms.coverage is not Coverage.NOT_FILED,
        clauses=tuple(work.clauses),
        entries=entries,
    )


def negated(result: LineResult) -> LineResult:
    """Step 9: the same line taken back, every number and every entry with the opposite sign."""
    numbers = (*_OWED, "plan_pays", "member_owes", "other_paid", "written_off", "balance_bill_possible")
    opposite = {name: -getattr(result, name) for name in numbers}
    clause = Clause("reversal", 9, f"Takes back line {result.line.line_id}.")
    return replace(result, **opposite, clauses=(clause,), entries=opposite_entries(result.entries), reversal=True)


def opposite_entries(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries that make the given ones sum to zero."""
    return tuple(replace(each, amount=-each.amount, reversal=not each.reversal) for each in entries)
