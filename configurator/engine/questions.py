"""The next question: which unknown household fact settles the most."""

from collections.abc import Collection, Sequence

from configurator.engine.compiled import Compiled
from configurator.engine.domains import Answers, class_answers
from configurator.engine.values import Choices, Facts, Pick, Question
from configurator.rules.evaluator import UNKNOWN
from configurator.rules.model import OpenQuestion


def next_question(
    compiled: Compiled,
    choices: Choices,
    facts: Facts,
    open_rules: Sequence[OpenQuestion],
    askable: Collection[str] | None = None,
) -> Question | None:
    """The unknown fact with the most rules left open by the choices and options that some answer greys, together.

    Only facts in ``askable`` where it is given. Ties go to the fact with more open rules, then by name. None where no
    answer would change anything.
    """
    deciding = compiled.encoding.facts.names if askable is None else compiled.encoding.facts.names & set(askable)
    unknown = sorted(fact for fact in deciding if facts.get(fact, UNKNOWN) is UNKNOWN)
    now = class_answers(compiled, choices, compiled.fact_literals(facts), compiled.options)
    questions = [_question(compiled, choices, facts, fact, open_rules, now) for fact in unknown]
    best = max(questions, key=lambda each: (len(each.rules) + len(each.options), len(each.rules)), default=None)
    return best if best and (best.rules or best.options) else None


def _question(
    compiled: Compiled, choices: Choices, facts: Facts, fact: str, open_rules: Sequence[OpenQuestion], now: Answers
) -> Question:
    greyed: set[tuple[str, int]] = set()
    for answer in compiled.encoding.facts.answers(fact):
        known = compiled.fact_literals({**facts, fact: answer})
        then = class_answers(compiled, choices, known, compiled.options)
        greyed |= {
            (line, number)
            for line, found in now.items()
            for number, had in found.items()
            if had and then[line][number] is False
        }
    rules = tuple(question.rule_id for question in open_rules if fact in question.facts)
    return Question(fact, rules, _picks(compiled, greyed))


def _picks(compiled: Compiled, classes: set[tuple[str, int]]) -> tuple[Pick, ...]:
    return tuple(
        (line, option.option_id)
        for line, options in compiled.options.items()
        for option, number in zip(options, compiled.encoding.class_of[line], strict=True)
        if (line, number) in classes
    )
