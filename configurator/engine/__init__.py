"""The configurator engine: exact domains, minimal conflicts, fewest changes, best completions."""

from configurator.engine.diff import diff
from configurator.engine.model import ConfigurationModel
from configurator.engine.values import (
    NONE,
    Availability,
    Cause,
    Change,
    Conflict,
    Diagnosis,
    Difference,
    Finding,
    GaveUp,
    Invalidated,
    OptionModel,
    Question,
    Ranked,
    Reconfiguration,
    UnknownOption,
)

__all__ = [
    "NONE",
    "Availability",
    "Cause",
    "Change",
    "ConfigurationModel",
    "Conflict",
    "Diagnosis",
    "Difference",
    "Finding",
    "GaveUp",
    "Invalidated",
    "OptionModel",
    "Question",
    "Ranked",
    "Reconfiguration",
    "UnknownOption",
    "diff",
]
