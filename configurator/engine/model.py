"""The configuration model: options and rules of one household's date, and every question the builder asks of them.

    model = ConfigurationModel.load(lines, rules, law, as_of)
    model.valid_domains({"hsa": "account"}, facts)["medical"]["gold-1"]     # Availability.UNAVAILABLE
    model.explain({"hsa": "account"}, facts, ("medical", "gold-1")).rules   # (HSA-NEEDS-HDHP-2026,)

Immutable and safe to share between threads. An unknown fact never greys an option: it is unavailable only where no
answer could allow it. The direct evaluator decides what is valid (``check``); the solver only tells what is possible.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property

from catalog.parameters import Law, MissingParameter
from configurator.engine import audit, complete, domains, explain, questions, repair, uvl
from configurator.engine.compiled import Compiled
from configurator.engine.encode import encode
from configurator.engine.formula import TRUE, Formula
from configurator.engine.solver import CONFLICTS, Oracle
from configurator.engine.translate import Translator
from configurator.engine.values import (
    NONE,
    Availability,
    Choices,
    Configuration,
    Conflict,
    Diagnosis,
    Facts,
    Finding,
    OptionModel,
    Pick,
    Question,
    Ranked,
    Reconfiguration,
    UnknownOption,
)
from configurator.facts import fact_types
from configurator.rules import RuleSet, Verdict, Vocabulary, check, standard_vocabulary
from configurator.rules.check import law_values
from configurator.rules.model import Rule

Lines = Mapping[str, Sequence[OptionModel]]
_LEFT_OUT = OptionModel(NONE)


@dataclass(frozen=True)
class ConfigurationModel:
    """See the module. ``compiled.rules`` are the constraints in force on ``as_of``, as known on ``recorded_as_of``.

    ``missing_law`` names rules that need a value of law that is not on file, with what is missing. They grey nothing;
    ``check`` raises MissingParameter where one of them applies.
    """

    compiled: Compiled
    rules: RuleSet
    law: Law
    as_of: date
    recorded_as_of: date | None
    missing_law: Mapping[str, str]

    @classmethod
    def load(
        cls,
        lines: Lines,
        rules: RuleSet,
        law: Law,
        as_of: date,
        recorded_as_of: date | None = None,
        *,
        vocabulary: Vocabulary | None = None,
        conflicts: int = CONFLICTS,
    ) -> "ConfigurationModel":
        """Compile the options and the rules in force.

        ``lines`` maps a product line to its options; ``none`` is an option of every line by itself. ``recorded_as_of``
        asks by the rules that were known on that day. Raises UnknownOption for a line the rules do not know or an
        option id that stands twice, ValueError for an option attribute that is unknown.
        """
        words = vocabulary or _standard()
        options = {line: (_LEFT_OUT, *lines[line]) for line in lines}
        _refuse(options, words)
        binding = rules.in_force(as_of, recorded_as_of)
        missing: dict[str, str] = {}
        translator = Translator(options, words)
        formulas = tuple(_translated(translator, rule, law_values(rule, law, as_of), missing) for rule in binding)
        encoding = encode({line: len(found) for line, found in options.items()}, formulas, words)
        compiled = Compiled(options, binding, formulas, encoding, Oracle(encoding.clauses, conflicts))
        return cls(compiled, rules, law, as_of, recorded_as_of, missing)

    @cached_property
    def version(self) -> str:
        """Hash of everything that decides: options, prices, rule files, rules in force, law, date."""
        digest = hashlib.sha256(f"{self.as_of} {self.rules.version}".encode())
        for rule in self.compiled.rules:
            digest.update(f"{rule.id} {self._law_of(rule)}".encode())
        for line, options in self.compiled.options.items():
            for option in options:
                attributes = sorted((name, _plain(value)) for name, value in option.attributes.items())
                digest.update(f"{line} {option.option_id} {option.price} {option.preferred} {attributes}".encode())
        return digest.hexdigest()[:16]

    def _law_of(self, rule: Rule) -> str:
        return self.missing_law.get(rule.id) or str(sorted(law_values(rule, self.law, self.as_of).items()))

    @property
    def lines(self) -> tuple[str, ...]:
        """Product lines, in order."""
        return tuple(self.compiled.options)

    def option(self, line: str, option_id: str) -> OptionModel:
        """An option; UnknownOption where there is none such."""
        return self.compiled.option(line, option_id)

    def check(self, configuration: Configuration, facts: Facts) -> Verdict:
        """The direct evaluator's verdict: violations and open questions. The authority at save and submit.

        MissingParameter where a rule that applies needs a value of law that is not on file.
        """
        chosen = {
            line: [{"selected": True} | dict(self.option(line, option_id).attributes)]
            for line, option_id in configuration.items()
            if self.option(line, option_id).option_id != NONE
        }
        return check(self.rules, chosen, facts, self.law, self.as_of, self.recorded_as_of)

    def valid_domains(
        self, choices: Choices, facts: Facts, lines: Collection[str] | None = None
    ) -> dict[str, dict[str, Availability]]:
        """Availability by line and option, each line without its own choice; of all lines where none are named."""
        return domains.valid_domains(self.compiled, choices, facts, lines)

    def explain(self, choices: Choices, facts: Facts, option: Pick | None) -> Conflict | None:
        """Why the option (line, id) cannot be had: a minimal conflict; None where it can.

        Its line's own choice is left aside. ``option`` None asks the same of the choices themselves.
        """
        return explain.explain(self.compiled, choices, facts, option)

    def diagnose(self, choices: Choices, facts: Facts, k: int = 3) -> list[Diagnosis]:
        """Smallest sets of choices to give up. GaveUp where the conflict budget runs out."""
        return repair.diagnose(self.compiled, choices, facts, k)

    def reconfigure(
        self,
        previous: Configuration,
        facts: Facts,
        weights: Mapping[str, int] | None = None,
        *,
        force: Choices | None = None,
        required: Collection[str] = (),
    ) -> Reconfiguration | None:
        """The fewest changes to a valid configuration, each with its rule: see ``repair.reconfigure``."""
        return repair.reconfigure(self.compiled, previous, facts, weights, force=force, required=required)

    def complete(
        self,
        choices: Choices,
        facts: Facts,
        objective: str = "price",
        k: int = 5,
        budget: int | None = None,
        *,
        previous: Configuration | None = None,
        weights: Mapping[str, int] | None = None,
        required: Collection[str] = (),
        reported: Collection[str] | None = None,
    ) -> list[Ranked]:
        """The best completions, best first: see ``complete.complete``."""
        return complete.complete(
            self.compiled,
            choices,
            facts,
            objective,
            k,
            budget,
            previous=previous,
            weights=weights,
            required=required,
            reported=reported,
        )

    def next_question(self, choices: Choices, facts: Facts, askable: Collection[str] | None = None) -> Question | None:
        """The unknown fact whose answer settles the most; None where no answer matters."""
        open_rules = self.check(choices, facts).open_questions
        return questions.next_question(self.compiled, choices, facts, open_rules, askable)

    def audit(self) -> list[Finding]:
        """Void model, dead options, redundant rules, false optional lines, untested rules, date gaps."""
        return audit.audit(self.compiled, self.rules, self.law, self.recorded_as_of)

    def to_uvl(self) -> str:
        """The model in the Universal Variability Language, for feature-model tools."""
        return uvl.to_uvl(self.compiled)


@cache
def _standard() -> Vocabulary:
    return standard_vocabulary(fact_types())


def _refuse(options: Mapping[str, Sequence[OptionModel]], vocabulary: Vocabulary) -> None:
    for line, found in options.items():
        if line not in vocabulary.lines:
            raise UnknownOption(f"no product line is called {line!r}; lines: {', '.join(vocabulary.lines)}")
        ids = [option.option_id for option in found]
        if len(set(ids)) < len(ids):
            double = next(option_id for option_id in ids if ids.count(option_id) > 1)
            raise UnknownOption(f"{line}: option {double!r} stands twice ({NONE!r} is an option of every line)")


def _translated(translator: Translator, rule: Rule, law: Mapping, missing: dict[str, str]) -> Formula:
    try:
        return translator.rule(rule, law)
    except MissingParameter as error:
        missing[rule.id] = str(error)
        return TRUE


def _plain(value: object) -> str:
    """A value as text, equal numbers alike."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
