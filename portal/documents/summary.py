"""The bundle summary: the shape of the paper that a household keeps, and the letter made of it.

Everything is a plain value, worked out before: this module looks nothing up and computes no price. It refuses a summary
whose rows do not add up, so that no paper can say two different things.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.documents.engine import Letter, Part, make_pdf

ZERO = Decimal(0)


class DoesNotAddUp(ValueError):
    """Two amounts of a summary contradict each other; the message names both."""


class CreditState(StrEnum):
    """What is known of the premium tax credit."""

    APPLIED = "applied"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fact:
    """One named value in words: ``Fact("Plan ID", "12345OH0010001-01")``."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class HouseholdMember:
    """A person of the household; age in whole years on the day the cover starts, None where it was not given."""

    name: str
    age: int | None
    relationship: str
    tobacco: bool | None  # None: not told
    applying: bool = True


@dataclass(frozen=True, slots=True)
class PremiumRow:
    """What one person (or the whole policy) adds to a premium each month.

    ``amount`` is the filed rate in dollars; where ``charged`` is False it is shown, not added, and ``note`` says why.
    """

    who: str
    amount: Decimal
    charged: bool = True
    age: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class BenefitRow:
    """A service or an amount and what the member pays for it, one text for each column of its plan."""

    name: str
    values: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class BenefitGroup:
    """A table of a plan page; kept short (at most a dozen rows), so that it stays whole on one page."""

    title: str
    rows: tuple[BenefitRow, ...]


@dataclass(frozen=True, slots=True)
class Payout:
    """What a fixed-payment option pays out: the event, the amount in words, and its limit and waiting time."""

    event: str
    pays: str
    limit: str = ""


@dataclass(frozen=True, slots=True)
class PlanDetails:
    """A plan page: the same for everybody with this plan, so it holds nothing about a person or a premium.

    ``columns`` name who provides the care ("In network", "Out of network"); each benefit row has one value for each.
    """

    line: str
    name: str
    issuer: str
    ids: tuple[Fact, ...]
    columns: tuple[str, ...] = ()
    amounts: tuple[BenefitRow, ...] = ()  # deductible and yearly limit
    groups: tuple[BenefitGroup, ...] = ()
    payouts: tuple[Payout, ...] = ()
    not_covered: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    network: str = ""
    documents: tuple[Fact, ...] = ()  # name and address of directory, drug list, full benefit summary
    fixed_payment: bool = False

    def __post_init__(self) -> None:
        """Refuse a row that has not one value for each column."""
        rows = (*self.amounts, *(row for group in self.groups for row in group.rows))
        for row in rows:
            if len(row.values) != len(self.columns):
                raise DoesNotAddUp(
                    f"{self.name}: {row.name!r} has {len(row.values)} values for {len(self.columns)} columns"
                )


@dataclass(frozen=True, slots=True)
class PolicySummary:
    """One policy of the bundle with its price for a month.

    ``line`` is the product line in words ("Medical"); ``what`` says in one sentence what the policy is;
    ``parameters`` are choices within it (face amount, riders). ``add_on`` policies can each be left out.
    """

    line: str
    name: str
    issuer: str
    what: str
    covered: tuple[str, ...]
    rows: tuple[PremiumRow, ...]
    premium: Decimal
    net: Decimal
    details: PlanDetails
    credit: Decimal = ZERO
    ids: tuple[Fact, ...] = ()
    parameters: tuple[Fact, ...] = ()
    add_on: bool = False

    def __post_init__(self) -> None:
        """Refuse amounts that contradict each other."""
        _agree(f"{self.name}: premium", self.premium, sum((row.amount for row in self.rows if row.charged), ZERO))
        _agree(f"{self.name}: net premium", self.net, self.premium - self.credit)


@dataclass(frozen=True, slots=True)
class CreditSummary:
    """The premium tax credit: what is known, the most for a month in dollars, and its arithmetic row by row."""

    state: CreditState
    monthly: Decimal | None = None
    arithmetic: tuple[Fact, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that the bundle breaks, in words, with what would mend it and where the rule comes from."""

    message: str
    mend: str
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """What the rules said: how many were checked, which are broken, and what is still to be answered."""

    rules_checked: int
    broken: tuple[BrokenRule, ...] = ()
    open_questions: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        """No rule is broken."""
        return not self.broken


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that must be known to make the same paper again."""

    reference: str
    release: str
    rule_set: str
    law: str
    quote_convention: str
    sort_name: str
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BundleSummary:
    """A saved bundle, priced. Money is dollars for a month.

    ``elected_on`` is None while the bundle is only saved. ``told_us`` are the household facts that the price rests on.
    ``may_have_medicaid`` names the people who may qualify for Medicaid or CHIP.
    """

    title: str
    made_on: date
    starts: date
    people: tuple[HouseholdMember, ...]
    zip_code: str
    county: str
    policies: tuple[PolicySummary, ...]
    premium: Decimal
    credit: Decimal
    net: Decimal
    credit_summary: CreditSummary
    check: Check
    record: Record
    change_until: date | None = None
    elected_on: date | None = None
    first_payment_due: date | None = None
    told_us: tuple[Fact, ...] = ()
    may_have_medicaid: tuple[str, ...] = ()
    remark: str = ""  # a sentence under the title, such as that everything in the demo is invented

    def __post_init__(self) -> None:
        """Refuse totals that are not those of the policies."""
        for name in ("premium", "credit", "net"):
            parts = sum((getattr(policy, name) for policy in self.policies), ZERO)
            _agree(f"monthly {name}", getattr(self, name), parts)

    @property
    def add_ons(self) -> tuple[PolicySummary, ...]:
        """The policies that can be left out."""
        return tuple(policy for policy in self.policies if policy.add_on)

    @property
    def without_add_ons(self) -> Decimal:
        """The monthly payment when every add-on is left out."""
        return self.net - sum((policy.net for policy in self.add_ons), ZERO)

    @property
    def fixed_payments(self) -> tuple[PolicySummary, ...]:
        """The policies that pay a fixed amount instead of covering care."""
        return tuple(policy for policy in self.policies if policy.details.fixed_payment)

    @property
    def footer(self) -> str:
        """What stands on every page: the catalogue, the rules and the law that the summary was made from."""
        return f"Catalog {self.record.release} · Rules {self.record.rule_set} · Law {self.record.law}"


def summary_letter(summary: BundleSummary, large_print: bool = False) -> Letter:
    """Return the letter of a summary: own pages about the household, shared pages about the plans."""
    details = tuple(dict.fromkeys(policy.details for policy in summary.policies))
    return Letter(
        title=summary.title,
        made_on=summary.made_on,
        footer=summary.footer,
        own=Part("summary.html", {"summary": summary}),
        shared=Part("plans.html", {"plans": details}) if details else None,
        large_print=large_print,
    )


def make_summary_pdf(summary: BundleSummary, large_print: bool = False) -> bytes:
    """Return the summary as a tagged PDF; raises PdfUnavailable or DocumentTooLong as `make_pdf` does."""
    return make_pdf(summary_letter(summary, large_print))


def _agree(what: str, said: Decimal, summed: Decimal) -> None:
    if said != summed:
        raise DoesNotAddUp(f"{what} is {said}, but its parts make {summed}")
