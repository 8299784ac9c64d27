"""What goes into the engine and what comes out: options, domains, conflicts, repairs, rankings, findings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from configurator.rules.model import Rule, Violation

NONE = "none"  # the option of every line that stands for leaving it out
Pick = tuple[str, str]  # line, option id
Choices = Mapping[str, str]  # line -> option id; a line that is not mentioned is open
Configuration = Mapping[str, str]  # line -> option id; a line that is not mentioned is left out
Facts = Mapping[str, Any]  # fact -> value or UNKNOWN; a fact that is not mentioned is unknown


class UnknownOption(ValueError):
    """A line or an option that the model does not hold."""


class GaveUp(RuntimeError):
    """The conflict budget of one call ran out before there was an answer. Nothing is known then."""


@dataclass(frozen=True, slots=True)
class OptionModel:
    """One option of a line, in the words of the rules.

    ``price`` is cents a month, None where it is not known. ``preferred`` is the payer's reason for recommending it,
    empty for none; it is shown as a label and never ranks anything.
    """

    option_id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    price: int | None = 0
    preferred: str = ""


class Availability(StrEnum):
    """Whether an option still leads to a valid bundle; ``unknown`` where the search was cut short: leave it open."""

    AVAILABLE = "available"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A minimal conflict: these choices, facts and rules cannot hold together; without any one of them they can."""

    choices: tuple[Pick, ...]
    facts: tuple[tuple[str, Any], ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A smallest set of choices to give up, so that those kept can be completed to a valid bundle."""

    drop: tuple[Pick, ...]
    keep: tuple[Pick, ...]


class Cause(StrEnum):
    """Why a line changes: asked for, required but left out, option gone, or a rule leaves no other way."""

    WANTED = "wanted"
    REQUIRED = "required"
    WITHDRAWN = "withdrawn"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Change:
    """One line that changes; ``conflict`` tells why ``before`` cannot stay, None where no rule is the cause."""

    line: str
    before: str
    after: str
    cause: Cause
    conflict: Conflict | None


@dataclass(frozen=True, slots=True)
class Reconfiguration:
    """The fewest changes that make a configuration valid. ``cost`` is the sum of the changed lines' weights.

    ``price`` is cents a month, None where an option without a price is in it.
    """

    configuration: Configuration
    changes: tuple[Change, ...]
    cost: int
    price: int | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One completion: every line's option, its price in cents a month, and the lines that differ from ``previous``."""

    configuration: Configuration
    price: int | None
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """The unknown fact that settles the most: rules left open by these choices, and options that an answer greys."""

    fact: str
    rules: tuple[str, ...]
    options: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of an audit. ``kind`` is void, dead_option, redundant_rule, false_optional, untested_rule or date_gap.

    ``subject`` is a rule id, ``line/option`` or a line; ``rules`` are those that explain it.
    """

    kind: str
    subject: str
    detail: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invalidated:
    """A stored configuration that the other model refuses: its key, options that are gone, rules it breaks."""

    key: str
    withdrawn: tuple[Pick, ...]
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes from one model to another."""

    options_added: tuple[Pick, ...]
    options_removed: tuple[Pick, ...]
    options_changed: tuple[Pick, ...]
    rules_added: tuple[str, ...]
    rules_removed: tuple[str, ...]
    rules_changed: tuple[str, ...]
    invalidated: tuple[Invalidated, ...]
