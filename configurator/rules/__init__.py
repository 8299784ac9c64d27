"""Rules as dated data with citations and tests: language, files, check."""

from configurator.rules.check import check
from configurator.rules.evaluator import UNKNOWN
from configurator.rules.loader import RuleFileError, RuleSet, load_rules
from configurator.rules.model import OpenQuestion, Rule, Verdict, Violation
from configurator.rules.trials import Trial, run_trials
from configurator.rules.vocabulary import Kind, Type, Vocabulary, number, standard_vocabulary, text, yes_no

__all__ = [
    "UNKNOWN",
    "Kind",
    "OpenQuestion",
    "Rule",
    "RuleFileError",
    "RuleSet",
    "Trial",
    "Type",
    "Verdict",
    "Violation",
    "Vocabulary",
    "check",
    "load_rules",
    "number",
    "run_trials",
    "standard_vocabulary",
    "text",
    "yes_no",
]
