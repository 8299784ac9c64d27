"""Rules as dated data with citations and tests: language, files, check."""

from configurator.rules.check import check
from configurator.rules.evaluator import UNKNOWN
from configurator.rules.loader import FOLDER, RuleFileError, find_problems, load_rules
from configurator.rules.model import (
    AnyRule,
    KeptRule,
    OpenQuestion,
    Repeal,
    Rule,
    RuleKind,
    RuleSet,
    Verdict,
    Violation,
)
from configurator.rules.trials import Trial, boundary_trials, run_trials
from configurator.rules.vocabulary import Kind, Type, Vocabulary, number, standard_vocabulary, text, yes_no

__all__ = [
    "FOLDER",
    "UNKNOWN",
    "AnyRule",
    "KeptRule",
    "Kind",
    "OpenQuestion",
    "Repeal",
    "Rule",
    "RuleFileError",
    "RuleKind",
    "RuleSet",
    "Trial",
    "Type",
    "Verdict",
    "Violation",
    "Vocabulary",
    "boundary_trials",
    "check",
    "find_problems",
    "load_rules",
    "number",
    "run_trials",
    "standard_vocabulary",
    "text",
    "yes_no",
]
