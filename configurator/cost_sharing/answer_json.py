"""The answer of ``coverwright cost-share``.

As JSON::

    {
      "schema_version": 1, "law_version": "...",
      "lines": [{"id", "person", "category", "on", "allowed", "deductible", "copay", "coinsurance", "not_covered",
                 "over_limit", "plan_pays", "member_owes", "other_paid", "written_off", "balance_bill_possible",
                 "certain", "reversal", "clauses": [{"number", "step", "text", "cite"}]}],
      "ledger": [{"line_id", "person", "on", "kind", "scope", "tier", "name", "period", "level", "amount", "why",
                  "reversal"}],              the rows that this case added
      "accumulators": [{"kind", "scope", "tier", "name", "period", "level", "person", "used"}],   after all lines
      "gaps": ["hospice"]                    what the design does not file, so that numbers are not certain
    }

Lines stand in the order in which they were taken; allowed = plan_pays + member_owes + other_paid + written_off.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from catalog.parameters import Law
from configurator.cost_sharing.adjudicate import UnknownLine, adjudicate, reversal_of, reverse
from configurator.cost_sharing.case_json import SCHEMA_VERSION, Case, CaseRefused
from configurator.cost_sharing.design import Bucket, Design
from configurator.cost_sharing.lines import Accumulators, Entry, Level, LineResult
from configurator.cost_sharing.mapping import from_plan
from configurator.quote_json import FieldProblem


@dataclass(frozen=True)
class Answer:
    """What came out of a case."""

    design: Design
    lines: tuple[LineResult, ...]
    state: Accumulators
    added: tuple[Entry, ...]
    law_version: str

    @property
    def complete(self) -> bool:
        """Whether every number could be worked out from what the design files."""
        return not self.design.gaps and all(line.certain for line in self.lines)


def answer(case: Case, law: Law) -> Answer:
    """Adjudicate a case, then take back what it asks to.

    Raises `MissingParameter`, and `CaseRefused` where a line cannot be taken back.
    """
    family = case.state.family
    design = from_plan(case.filed, law, case.effective_date, family=family, crossover=case.crossover)
    done = adjudicate(design, case.state, case.lines)
    results, state = list(done.lines), done.state
    for number, line_id in enumerate(case.reverse):
        back = _taken_back(results, state, line_id, number)
        results += back.lines
        state = back.state
    return Answer(design, tuple(results), state, state.entries[len(case.state.entries) :], law.version)


@dataclass(frozen=True)
class _Back:
    lines: tuple[LineResult, ...]
    state: Accumulators


def _taken_back(results: list[LineResult], state: Accumulators, line_id: str, number: int) -> _Back:
    original = next((each for each in results if each.line.line_id == line_id), None)
    if original is not None:
        back = reverse(state, original)
        return _Back(back.lines, back.state)
    try:
        return _Back((), state.with_entries(reversal_of(state, line_id)))
    except UnknownLine as wrong:
        raise CaseRefused([FieldProblem(f"reverse[{number}]", line_id, str(wrong))]) from None


def answer_document(found: Answer) -> dict[str, Any]:
    """The answer as JSON values, in the form that this module describes."""
    return {
        "schema_version": SCHEMA_VERSION,
        "law_version": found.law_version,
        "lines": [_line_document(each) for each in found.lines],
        "ledger": [_entry_document(each) for each in found.added],
        "accumulators": list(_accumulator_documents(found.state)),
        "gaps": list(found.design.gaps),
    }


_NUMBERS = (
    "deductible", "copay", "coinsurance", "not_covered", "over_limit", "plan_pays", "member_owes", "other_paid",
    "written_off", "balance_bill_possible",
)  # fmt: skip


def _line_document(result: LineResult) -> dict[str, Any]:
    line = result.line
    return {
        "id": line.line_id,
        "person": line.person_id,
        "category": line.category,
        "on": line.on.isoformat(),
        "allowed": _money(-line.allowed if result.reversal else line.allowed),
        **{name: _money(getattr(result, name)) for name in _NUMBERS},
        "certain": result.certain,
        "reversal": result.reversal,
        "clauses": [msgspec.to_builtins(clause) for clause in result.clauses],
    }


def _entry_document(entry: Entry) -> dict[str, Any]:
    return {
        "line_id": entry.line_id,
        "person": entry.person_id,
        "on": entry.on.isoformat(),
        **_bucket_document(entry.bucket),
        "level": str(entry.level),
        "amount": _money(entry.amount),
        "why": entry.why,
        "reversal": entry.reversal,
    }


def _bucket_document(bucket: Bucket) -> dict[str, Any]:
    return {
        "kind": str(bucket.measure),
        "scope": bucket.scope and str(bucket.scope),
        "tier": bucket.tier and str(bucket.tier),
        "name": bucket.name,
        "period": str(bucket.period),
    }


def _accumulator_documents(state: Accumulators) -> Iterator[dict[str, Any]]:
    individual = {(entry.bucket, entry.person_id) for entry in state.entries if entry.level is Level.INDIVIDUAL}
    family = {(entry.bucket, "") for entry in state.entries if entry.level is Level.FAMILY}
    for bucket, person in sorted(individual | family, key=lambda each: (each[0].key, each[1])):
        level = Level.INDIVIDUAL if person else Level.FAMILY
        used = _money(state.used(bucket, person))
        yield {**_bucket_document(bucket), "level": str(level), "person": person, "used": used}


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
