"""A compiled model: options, rules in force, their clauses and the solver that holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from configurator.engine.encode import Encoding
from configurator.engine.formula import Formula
from configurator.engine.solver import Oracle
from configurator.engine.values import NONE, Choices, Configuration, Facts, OptionModel, UnknownOption
from configurator.rules.model import Rule


@dataclass(frozen=True)
class Compiled:
    """What every question is asked of. ``options`` has the implicit ``none`` first in each line."""

    options: Mapping[str, tuple[OptionModel, ...]]
    rules: tuple[Rule, ...]
    formulas: tuple[Formula, ...]
    encoding: Encoding
    oracle: Oracle

    @cached_property
    def place(self) -> Mapping[str, Mapping[str, int]]:
        """Place of each option in its line."""
        return {
            line: {option.option_id: index for index, option in enumerate(options)}
            for line, options in self.options.items()
        }

    def option(self, line: str, option_id: str) -> OptionModel:
        """The option; UnknownOption where the model has none such."""
        place = self.index(line, option_id)
        return self.options[line][place]

    def index(self, line: str, option_id: str) -> int:
        """Place of the option in its line; UnknownOption where the model has none such."""
        if line not in self.place:
            raise UnknownOption(f"no product line {line!r} in this model; lines: {', '.join(self.place)}")
        if option_id not in self.place[line]:
            close = get_close_matches(option_id, list(self.place[line]), n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise UnknownOption(f"{line}: no option {option_id!r} is on offer{hint}")
        return self.place[line][option_id]

    def has(self, line: str, option_id: str) -> bool:
        """Whether the model holds that option."""
        return option_id in self.place.get(line, ())

    def literal(self, line: str, option_id: str) -> int:
        """Literal of the option's class."""
        return self.class_literal(line, self.index(line, option_id))

    def class_literal(self, line: str, index: int) -> int:
        """Literal of the class of the option at that place."""
        return self.encoding.class_literals[line][self.encoding.class_of[line][index]]

    def choice_literals(self, choices: Choices) -> dict[str, int]:
        """Literal of each choice, in line order; UnknownOption for one that is not on offer."""
        literals = {line: self.literal(line, option_id) for line, option_id in choices.items()}
        return {line: literals[line] for line in self.options if line in literals}

    def fact_literals(self, facts: Facts) -> list[int]:
        """Literals of the known facts."""
        return self.encoding.facts.literals(facts)

    def complete(self, configuration: Configuration) -> dict[str, str]:
        """Every line's option, ``none`` where the configuration has nothing; in line order."""
        for line, option_id in configuration.items():
            self.index(line, option_id)
        return {line: configuration.get(line, NONE) for line in self.options}

    def price(self, configuration: Configuration) -> int | None:
        """Cents a month of a configuration; None where one of its options has no price."""
        prices = [self.option(line, option_id).price for line, option_id in configuration.items()]
        return None if None in prices else sum(prices)
