"""Export to the Universal Variability Language (UVL): options and facts as features, rules as constraints.

Only the Boolean level of the language is used, which every tool reads. A comparison over several lines becomes
helper features (``sum 1``, ...), each equivalent to a state of its decision diagram.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from configurator.engine.compiled import Compiled
from configurator.engine.diagram import Diagram
from configurator.engine.facts import FactSum
from configurator.engine.formula import And, FactIs, Formula, InLine, Linear, Not
from configurator.rules.vocabulary import Kind

_INDENT = "    "


@dataclass(frozen=True)
class _Phrase:
    """A condition in UVL words that can be denied with a minus."""

    text: str

    def __neg__(self) -> "_Phrase":
        return _Phrase(self.text[1:] if self.text.startswith("!") else f"!{self.text}")


def to_uvl(compiled: Compiled) -> str:
    """The model as UVL text: one alternative group for each line, facts beside them, one constraint for each rule."""
    writer = _Writer(compiled)
    rules = [
        (rule.id, writer.literal(formula)) for rule, formula in zip(compiled.rules, compiled.formulas, strict=True)
    ]
    for rule_id, phrase in rules:
        writer.constraints.append(f"{phrase.text} // {rule_id}")
    writer.order()
    features = [line for name, group in writer.groups() for line in _group(name, group)]
    optional = [f'{_INDENT * 3}"{name}"' for name in writer.optional]
    return "\n".join(
        [
            "features",
            f"{_INDENT}bundle {{abstract}}",
            f"{_INDENT * 2}mandatory",
            *features,
            *([f"{_INDENT * 2}optional", *optional] if optional else []),
            "constraints",
            *(_INDENT + constraint for constraint in writer.constraints),
            "",
        ]
    )


def _group(name: str, members: Iterable[str]) -> list[str]:
    return [
        f'{_INDENT * 3}"{name}" {{abstract}}',
        f"{_INDENT * 4}alternative",
        *(f'{_INDENT * 5}"{member}"' for member in members),
    ]


def _safe(name: str) -> str:
    """A feature name: UVL allows neither quotes nor dots nor line breaks in one."""
    return name.translate(str.maketrans({'"': "'", ".": " ", "\n": " ", "\r": " "}))


class _Writer:
    """Writes formulas as phrases and notes the features that they need."""

    true = _Phrase("bundle")

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.optional: dict[str, None] = {}
        self.texts: dict[str, tuple[str, ...]] = {}
        self.cuts: dict[FactSum, dict[tuple[Fraction, bool], _Phrase]] = {}
        self.constraints: list[str] = []
        self._sums: dict[Linear, _Phrase] = {}
        self._count = 0

    def groups(self) -> Iterable[tuple[str, list[str]]]:
        """Features of which exactly one holds: the options of each line, the values of each text fact."""
        for line, options in self.compiled.options.items():
            yield _safe(line), [_option(line, index, option.option_id) for index, option in enumerate(options)]
        for fact, values in self.texts.items():
            yield f"household {fact}", [f"household {fact} is {_safe(value)}" for value in values]

    def new(self) -> _Phrase:
        """A helper feature."""
        self._count += 1
        return self._optional(f"sum {self._count}")

    def _optional(self, name: str) -> _Phrase:
        self.optional[name] = None
        return _Phrase(f'"{name}"')

    def add(self, *phrases: _Phrase) -> None:
        """One of the phrases must hold."""
        self.constraints.append(" | ".join(phrase.text for phrase in phrases))

    def any_of(self, phrases: Sequence[_Phrase]) -> _Phrase:
        """One of the phrases, as one phrase."""
        return _joined(" | ", [phrase.text for phrase in phrases], -self.true)

    def literal(self, formula: Formula) -> _Phrase:
        """The formula as one phrase."""
        match formula:
            case InLine():
                return self._in_line(
                    formula.line, [i for i in range(formula.options.bit_length()) if formula.options >> i & 1]
                )
            case FactIs():
                return self._fact(formula)
            case Not():
                return -self.literal(formula.part)
            case Linear():
                if formula not in self._sums:
                    self._sums[formula] = Diagram(self, formula).root()
                return self._sums[formula]
            case And():
                return _joined(" & ", [self.literal(part).text for part in formula.parts], self.true)
        return _joined(" | ", [self.literal(part).text for part in formula.parts], -self.true)

    def _in_line(self, line: str, indexes: Sequence[int]) -> _Phrase:
        options = self.compiled.options[line]
        names = [f'"{_option(line, index, options[index].option_id)}"' for index in indexes]
        return _joined(" | ", names, -self.true)

    def _fact(self, formula: FactIs) -> _Phrase:
        kind = self.compiled.encoding.facts.types[formula.fact]
        if kind.kind is Kind.YES_NO:
            phrase = self._optional(f"household {formula.fact}")
            return phrase if True in formula.values else -phrase
        self.texts[formula.fact] = kind.values
        names = [f'"household {formula.fact} is {_safe(value)}"' for value in kind.values if value in formula.values]
        return _joined(" | ", names, -self.true)

    def by_value(self, line: str, values: Sequence[int]) -> list[tuple[int, _Phrase]]:
        """For each value that options of the line have, the phrase of having it."""
        groups: dict[int, list[int]] = {}
        for index, value in enumerate(values):
            groups.setdefault(value, []).append(index)
        return [(value, self._in_line(line, indexes)) for value, indexes in sorted(groups.items())]

    def cut(self, facts: FactSum, threshold: Fraction, *, inclusive: bool) -> _Phrase:
        """The phrase for ``facts`` at most, or below, the threshold."""
        cuts = self.cuts.setdefault(facts, {})
        if (threshold, inclusive) not in cuts:
            spoken = " and ".join(f"{'' if weight == 1 else f'{weight} '}{fact}" for fact, weight in facts)
            name = _safe(f"household {spoken} {'at most' if inclusive else 'below'} {threshold}")
            cuts[threshold, inclusive] = self._optional(name)
        return cuts[threshold, inclusive]

    def order(self) -> None:
        """State that a lower cut implies each higher one."""
        for cuts in self.cuts.values():
            ordered = sorted(cuts)
            for lower, higher in pairwise(ordered):
                self.add(-cuts[lower], cuts[higher])


def _option(line: str, index: int, option_id: str) -> str:
    """Name of an option's feature; the number keeps ids apart that differ only in signs that UVL does not allow."""
    clean = _safe(option_id)
    return f"{_safe(line)}: {clean}" if clean == option_id else f"{_safe(line)}: {clean} ({index})"


def _joined(sign: str, parts: Sequence[str], empty: _Phrase) -> _Phrase:
    if not parts:
        return empty
    return _Phrase(parts[0] if len(parts) == 1 else f"({sign.join(parts)})")
