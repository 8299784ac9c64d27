"""Why an option cannot be had: the preferred minimal conflict, found by QuickXplain in a fixed order.

Rules come first in the order, then facts, then choices, so that a conflict that facts alone explain does not blame a
choice. Only the yes or no of the solver is used, so the answer does not depend on what was asked before.
"""

from collections.abc import Callable, Sequence
from typing import Any

from configurator.engine.compiled import Compiled
from configurator.engine.values import Choices, Conflict, Facts, Pick
from configurator.rules.evaluator import UNKNOWN
from configurator.rules.model import Rule

Part = tuple[str, Any]  # "rule", "fact" or "choice", and which


def explain(
    compiled: Compiled, choices: Choices, facts: Facts, option: Pick | None, standing: Sequence[int] = ()
) -> Conflict | None:
    """A minimal conflict of the option with the choices of other lines, the facts and the rules; None for no conflict.

    ``option`` None asks why the choices themselves cannot stand together. ``standing`` literals are
    taken for granted.
    """
    fixed = [*standing, *([] if option is None else [compiled.literal(*option)])]
    kept = {line: chosen for line, chosen in choices.items() if option is None or line != option[0]}
    return conflict_of(compiled, fixed, _parts(compiled, kept, facts))


def _parts(compiled: Compiled, choices: Choices, facts: Facts) -> list[Part]:
    deciding = compiled.encoding.facts.names
    known = [name for name, value in facts.items() if name in deciding and value is not UNKNOWN]
    return [
        *(("rule", index) for index in range(len(compiled.rules))),
        *(("fact", (name, facts[name])) for name in sorted(known)),
        *(("choice", (line, choices[line])) for line in compiled.choice_literals(choices)),
    ]


def conflict_of(compiled: Compiled, fixed: Sequence[int], parts: Sequence[Part]) -> Conflict | None:
    """The preferred minimal conflict among the parts, given literals that stand; None where there is none."""

    def clash(some: Sequence[Part]) -> bool:
        return compiled.oracle.possible([*fixed, *_literals(compiled, some)]) is False

    if not clash(parts):
        return None
    found = [] if clash([]) else quickxplain(clash, [], parts, asked=False)
    return Conflict(
        choices=tuple(which for kind, which in found if kind == "choice"),
        facts=tuple(which for kind, which in found if kind == "fact"),
        rules=tuple(_rule(compiled, which) for kind, which in found if kind == "rule"),
    )


def quickxplain(
    clash: Callable[[Sequence[Part]], bool], background: list[Part], parts: Sequence[Part], *, asked: bool
) -> list[Part]:
    """Junker's QuickXplain: the minimal conflict of ``parts`` that prefers earlier ones, in their order.

    ``background`` is taken for granted; ``asked`` says whether it grew since the last check.
    """
    if asked and clash(background):
        return []
    if len(parts) == 1:
        return list(parts)
    middle = len(parts) // 2
    first, second = list(parts[:middle]), list(parts[middle:])
    later = quickxplain(clash, [*background, *first], second, asked=True)
    earlier = quickxplain(clash, [*background, *later], first, asked=bool(later))
    return earlier + later


def _literals(compiled: Compiled, parts: Sequence[Part]) -> list[int]:
    facts = dict(which for kind, which in parts if kind == "fact")
    rules = [compiled.encoding.selectors[which] for kind, which in parts if kind == "rule"]
    picks = [compiled.literal(*which) for kind, which in parts if kind == "choice"]
    return [*rules, *compiled.fact_literals(facts), *picks]


def _rule(compiled: Compiled, index: int) -> Rule:
    return compiled.rules[index]
