"""What is wrong with a file: one shape for every importer, so that people can mend their files."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a problem did."""

    NOTE = "note"  # nothing left out; worth knowing
    QUARANTINED = "quarantined"  # this row was left out
    REFUSED = "refused"  # the file cannot be trusted, nothing was taken


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: file, row or cell, field, value found, what was expected, in plain words."""

    severity: Severity
    code: str  # stable slug, e.g. "rate-without-plan"
    file: str
    place: str  # "row 17", "Rate_Table-B.14"
    field: str
    found: str
    expected: str
    message: str = ""

    def __str__(self) -> str:
        text = f"{self.file}, {self.place}: {self.field}: found {self.found!r}, expected {self.expected}"
        return f"{text}. {self.message}" if self.message else text


class FileRefused(Exception):
    """A file cannot be trusted; ``problem`` names file, place and field."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem
