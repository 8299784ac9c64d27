"""Random small models in the rule language, and brute force over them: the oracle for everything the engine says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

from configurator.engine import NONE, ConfigurationModel, OptionModel
from configurator.rules import UNKNOWN, Rule, RuleSet, Vocabulary, number, text, yes_no
from configurator.rules.check import rule_holds
from configurator.rules.checking import check_condition
from configurator.rules.evaluator import compile_expression
from configurator.rules.syntax import names, parse

DAY = date(2027, 1, 1)
LINES = ("a", "b", "c", "d", "e")
KINDS = ("x", "y", "z")
ATTRIBUTES = {
    "selected": yes_no("chosen"),
    "flag": yes_no("a flag"),
    "n": number("a number"),
    "m": number("another number"),
    "kind": text("a kind", *KINDS),
}
FACTS = {
    "f": yes_no("a fact"),
    "g": yes_no("another fact"),
    "t": text("a text", *KINDS),
    "age": number("a number"),
}
VOCABULARY = Vocabulary(dict.fromkeys(LINES, ATTRIBUTES), FACTS)
# Every threshold in the random rules is a half between -3 and 4; quarters lie on each and on both sides of it.
GRID = tuple(Decimal(step) / 4 for step in range(-13, 18))
ANSWERS: Mapping[str, tuple] = {
    "f": (True, False),
    "g": (True, False),
    "t": (*KINDS, "none"),
    "age": GRID,
}


class OneLaw:
    """Law with one number, for rules that speak of ``law.cap``."""

    def value(self, name: str, on: date) -> int:
        return {"cap": 2}[name]


LAW = OneLaw()


def make_rule(rule_id: str, when: str, require: str, vocabulary: Vocabulary = VOCABULARY, **fields: Any) -> Rule:
    """A rule from two expressions, checked and compiled as the loader does it."""
    trees = [parse(when), parse(require)]
    for tree in trees:
        check_condition(tree, vocabulary, frozenset({"cap"}))
    spoken = [name for tree in trees for name in names(tree)]
    known = {
        "title": rule_id,
        "entry": 1,
        "issuer_rule": False,
        "cite": ("a source",),
        "mark": "V1",
        "effective_from": date(2014, 1, 1),
        "effective_until": None,
        "recorded": None,
        "replaces": "",
        "message": "Not like this.",
        "mend": "",
        "tests": (),
    }
    return Rule(
        id=rule_id,
        when=trees[0],
        require=trees[1],
        holds_when=compile_expression(trees[0], vocabulary),
        holds=compile_expression(trees[1], vocabulary),
        scopes=tuple(dict.fromkeys(name.scope for name in spoken if name.scope in vocabulary.lines)),
        facts=tuple(dict.fromkeys(name.member for name in spoken if name.scope == "household")),
        parameters=tuple(dict.fromkeys(name.member for name in spoken if name.scope == "law")),
        file="random.yaml",
        line=1,
        **(known | fields),
    )


class Words:
    """Random expressions over some lines; numbers of people are spoken of only where ``numbers`` says so."""

    def __init__(self, random: Random, lines: tuple[str, ...], numbers: bool) -> None:
        self.random, self.lines, self.numbers = random, lines, numbers

    def condition(self, depth: int = 2) -> str:
        pick = self.random.random()
        if not depth or pick < 0.45:
            return self.atom()
        if pick < 0.6:
            return f"not ({self.condition(depth - 1)})"
        if pick < 0.68:
            return f"(({self.condition(depth - 1)}) and yes) == ({self.condition(depth - 1)})"
        join = self.random.choice(("and", "or"))
        return f"({self.condition(depth - 1)}) {join} ({self.condition(depth - 1)})"

    def atom(self) -> str:
        makers = [self.selected, self.flag, self.kind, self.same_kind, self.compared, self.summed, self.counted]
        makers += [self.selected, self.fact, self.fact, self.one_of]
        return self.random.choice(makers + [self.aged] * (3 if self.numbers else 0))()

    def line(self) -> str:
        return self.random.choice(self.lines)

    def sign(self) -> str:
        return self.random.choice(("<", "<=", ">", ">=", "==", "!="))

    def selected(self) -> str:
        return f"{self.line()}.selected"

    def flag(self) -> str:
        return f"{self.line()}.flag"

    def kind(self) -> str:
        return f"{self.line()}.kind {self.random.choice(('==', '!='))} '{self.random.choice((*KINDS, 'none'))}'"

    def one_of(self) -> str:
        some = ", ".join(f"'{kind}'" for kind in self.random.sample(KINDS, 2))
        numbers = ", ".join(str(n) for n in self.random.sample(range(5), 2))
        negated = self.random.choice(("in", "not in"))
        return self.random.choice(
            (
                f"{self.line()}.kind {negated} [{some}]",
                f"{self.line()}.n + {self.line()}.m {negated} [{numbers}]",
                f"household.t {negated} [{some}]",
                f"{self.line()}.flag {negated} [yes]",
            )
        )

    def same_kind(self) -> str:
        other = self.random.choice((f"{self.line()}.kind", "household.t"))
        return f"{self.line()}.kind {self.random.choice(('==', '!='))} {other}"

    def compared(self) -> str:
        return f"{self.random.randint(1, 2)} * {self.line()}.n {self.sign()} {self.line()}.{self.random.choice('nm')}"

    def summed(self) -> str:
        parts = " + ".join(f"{self.line()}.{self.random.choice('nm')}" for _ in range(self.random.randint(2, 3)))
        most = self.random.choice(("law.cap", str(self.random.randint(0, 6)), f"-{self.line()}.m + 4"))
        return f"{parts} {self.sign()} {most}"

    def counted(self) -> str:
        tests = ", ".join(self.condition(0) for _ in range(self.random.randint(2, 3)))
        return f"count({tests}) {self.sign()} {self.random.randint(0, 3)}"

    def fact(self) -> str:
        value = self.random.choice((*KINDS, "none"))
        return self.random.choice(("household.f", "household.g", f"household.t == '{value}'"))

    def aged(self) -> str:
        age = self.random.choice(("household.age", "2 * household.age", "-household.age"))
        other = self.random.choice((str(self.random.randint(0, 3)), f"{self.line()}.n", f"{self.line()}.n - 1"))
        more = self.random.choice(("", "", f" + {self.line()}.m"))
        return f"{age}{more} {self.sign()} {other}"


@dataclass(frozen=True)
class Case:
    """A random model with all that brute force needs."""

    model: ConfigurationModel
    options: Mapping[str, tuple[OptionModel, ...]]
    rules: tuple[Rule, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """Facts that the rules speak of."""
        return tuple(sorted({fact for rule in self.rules for fact in rule.facts}))


def random_case(random: Random) -> Case:
    """A model of up to 5 lines with up to 4 options each, and up to 6 rules."""
    lines = LINES[: random.choice((2, 3, 3, 3, 4, 4, 5))]
    options = {line: tuple(_option(random, line, n) for n in range(random.choice((1, 2, 2, 3, 4)))) for line in lines}
    words = Words(random, lines, numbers=random.random() < 0.3)
    rules = tuple(_rule(words, n) for n in range(random.randint(1, 6)))
    return Case(load(options, rules), options, rules)


def _rule(words: Words, n: int) -> Rule:
    when = words.condition(1) if words.random.random() < 0.8 else "yes"
    return make_rule(f"R{n}", when, words.condition())


def _option(random: Random, line: str, n: int) -> OptionModel:
    attributes = {
        "flag": random.random() < 0.5,
        "n": Decimal(random.randint(0, 3)),
        "m": Decimal(random.randint(0, 2)),
        "kind": random.choice(KINDS),
    }
    price = None if random.random() < 0.04 else random.randint(0, 6) * 100
    return OptionModel(f"{line}{n}", attributes, price)


def load(options: Mapping[str, tuple[OptionModel, ...]], rules: tuple[Rule, ...]) -> ConfigurationModel:
    """Compile options and rules of the random vocabulary."""
    return ConfigurationModel.load(options, RuleSet(rules, "random"), LAW, DAY, vocabulary=VOCABULARY)


class BruteForce:
    """Every bundle with every answer, each judged by the evaluator: ``masks[rule][bundle]`` has a bit an answer."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.lines = tuple(case.options)
        self.answers = [
            dict(zip(case.facts, values, strict=True)) for values in product(*(ANSWERS[fact] for fact in case.facts))
        ]
        self.places = {line: range(len(case.options[line]) + 1) for line in self.lines}
        self.bundles = list(product(*self.places.values()))
        self.masks = [self._rule_masks(rule) for rule in case.rules]
        self.valid = self.allowed(range(len(case.rules)))

    def _rule_masks(self, rule: Rule) -> list[int]:
        told: dict[tuple, int] = {}
        for bit, answer in enumerate(self.answers):
            key = tuple(answer[fact] for fact in rule.facts)
            told[key] = told.get(key, 0) | 1 << bit
        scopes = [self.lines.index(line) for line in rule.scopes]
        known: dict[tuple, int] = {}
        masks = []
        for bundle in self.bundles:
            key = tuple(bundle[scope] for scope in scopes)
            if key not in known:
                known[key] = self._mask(rule, bundle, told)
            masks.append(known[key])
        return masks

    def _mask(self, rule: Rule, bundle: tuple[int, ...], told: dict[tuple, int]) -> int:
        environment = {"law": {"cap": Decimal(2)}}
        for line, place in zip(self.lines, bundle, strict=True):
            if place:
                environment[line] = {"selected": True} | dict(self.case.options[line][place - 1].attributes)
        mask = 0
        for values, bits in told.items():
            environment["household"] = dict(zip(rule.facts, values, strict=True))
            if rule_holds(rule, environment):
                mask |= bits
        return mask

    def allowed(self, rules: Iterator[int] | range) -> list[int]:
        """For each bundle the answers under which all these rules hold."""
        every = (1 << len(self.answers)) - 1
        found = [every] * len(self.bundles)
        for rule in rules:
            found = [mask & more for mask, more in zip(found, self.masks[rule], strict=True)]
        return found

    def told(self, facts: Mapping[str, Any]) -> int:
        """Bits of the answers that agree with the facts."""
        known = {fact: value for fact, value in facts.items() if value is not UNKNOWN and fact in self.case.facts}
        return sum(
            1 << bit
            for bit, answer in enumerate(self.answers)
            if all(answer[fact] == value for fact, value in known.items())
        )

    def option(self, line: str, place: int) -> str:
        """Option id at the place; 0 is ``none``."""
        return self.case.options[line][place - 1].option_id if place else NONE

    def named(self, bundle: tuple[int, ...]) -> dict[str, str]:
        """The bundle as line -> option id."""
        return {line: self.option(line, place) for line, place in zip(self.lines, bundle, strict=True)}

    def solutions(self, facts: Mapping[str, Any], valid: list[int] | None = None) -> list[tuple[int, ...]]:
        """Bundles that some answer allows."""
        told = self.told(facts)
        masks = self.valid if valid is None else valid
        return [bundle for bundle, mask in zip(self.bundles, masks, strict=True) if mask & told]

    def domains(self, choices: Mapping[str, str], facts: Mapping[str, Any]) -> dict[str, dict[str, bool]]:
        """Line -> option -> whether a valid bundle has it beside the choices of the other lines."""
        found = {line: {self.option(line, place): False for place in self.places[line]} for line in self.lines}
        for bundle in map(self.named, self.solutions(facts)):
            wrong = [line for line, chosen in choices.items() if bundle[line] != chosen]
            for line in self.lines if not wrong else wrong if len(wrong) == 1 else ():
                found[line][bundle[line]] = True
        return found

    def price(self, bundle: Mapping[str, str]) -> int | None:
        """Sum of the prices; None where one is missing."""
        prices = [self.case.model.option(line, option_id).price for line, option_id in bundle.items()]
        return None if None in prices else sum(prices)


def random_facts(random: Random, case: Case, share: float) -> dict[str, Any]:
    """Some facts known, others told to be unknown or not mentioned."""
    known = {fact: random.choice(ANSWERS[fact]) for fact in case.facts if random.random() < share}
    return known | {fact: UNKNOWN for fact in case.facts if fact not in known and random.random() < 0.5}


def random_choices(random: Random, case: Case, share: float) -> dict[str, str]:
    """Some lines chosen, valid or not."""
    return {
        line: random.choice([NONE, *(option.option_id for option in options)])
        for line, options in case.options.items()
        if random.random() < share
    }
