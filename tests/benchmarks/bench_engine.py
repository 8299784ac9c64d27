"""CPU time of the configurator engine on generated models, against clingo, CP-SAT and naive greying.

Run: ``python tests/benchmarks/bench_engine.py [--cpu]``. Prints ratios, with ``--cpu`` milliseconds too; asserts
nothing on time. The unit of a ratio is one bundle judged by the direct evaluator, in the same run. Peers that are not
installed are named and left out. They get the engine's own clauses, so that only the solving is compared.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from configurator.engine import Availability, ConfigurationModel, OptionModel  # noqa: E402
from configurator.rules import RuleSet, Vocabulary, number, text, yes_no  # noqa: E402
from tests.configurator.engine.random_models import make_rule  # noqa: E402

DAY = date(2027, 1, 1)
METALS = ("bronze", "silver", "gold", "platinum")
ATTRIBUTES = {
    "selected": yes_no("chosen"),
    "hdhp": yes_no("goes with an account"),
    "guaranteed": yes_no("no health questions"),
    "rider": yes_no("has a rider"),
    "metal": text("level", *METALS),
    "network": text("network", "hmo", "ppo", "epo"),
    "amount": number("face amount in thousands"),
    "age": number("age of the oldest person covered"),
}
FACTS = {f"yes{n}": yes_no("a fact") for n in range(20)} | {f"number{n}": number("a number") for n in range(12)}


@dataclass(frozen=True)
class Size:
    """Lines, options of the first and of each other line, rules; sessions clicked through, questions to peers."""

    lines: int
    first: int
    others: int
    rules: int
    sessions: int
    questions: int


SIZES = {"240 options, 90 rules": Size(19, 60, 10, 90, 6, 40), "ten times that": Size(67, 240, 33, 900, 1, 10)}


def option(random: Random, line: str, n: int) -> OptionModel:
    return OptionModel(
        f"{line}-{n}",
        {
            "hdhp": random.random() < 0.3,
            "guaranteed": random.random() < 0.4,
            "rider": random.random() < 0.3,
            "metal": random.choice(METALS),
            "network": random.choice(("hmo", "ppo", "epo")),
            "amount": Decimal(random.choice((5, 10, 20, 30, 50))),
            "age": Decimal(random.choice((28, 34, 45, 62))),
        },
        random.randint(5, 900) * 100,
    )


def rule(random: Random, n: int, lines: list[str]) -> tuple[str, str]:
    """The shapes of real rules: needs, excludes, ages, facts, limits between lines, counts."""
    a, b, c = random.sample(lines, 3)
    fact, age = f"household.yes{random.randrange(20)}", f"household.number{random.randrange(12)}"
    if n % 10 == 0:
        some = [f"{line}.rider" for line in random.sample(lines, 4)]
        return random.choice(
            (
                (f"{a}.selected and {b}.selected", f"{a}.amount <= 2 * {b}.amount"),
                (f"{a}.guaranteed", f"{a}.amount + {b}.amount + {c}.amount <= 110"),
                (f"{a}.selected", f"count({', '.join(some)}) <= 3"),
            )
        )
    return random.choice(
        (
            (f"{a}.rider", f"{b}.hdhp or {b}.metal in ['bronze', 'silver'] or not {b}.selected"),
            (f"{a}.rider and {a}.metal == 'gold'", f"{b}.selected or {fact}"),
            (f"{a}.metal == 'bronze' and {a}.rider", f"not {b}.hdhp"),
            (f"{a}.selected", f"{a}.age < 60 or {age} >= {random.choice((18, 30, 65))}"),
            (f"{a}.rider", f"not {fact}"),
            (f"{a}.network == 'hmo' and {b}.selected", f"{b}.network != 'epo' or {fact}"),
            (f"{a}.metal == 'platinum'", f"{b}.guaranteed or {c}.selected"),
        )
    )


def generate(size: Size) -> tuple[dict, RuleSet, Vocabulary]:
    random = Random(240)
    lines = ["medical", *(f"line{n}" for n in range(1, size.lines))]
    vocabulary = Vocabulary(dict.fromkeys(lines, ATTRIBUTES), FACTS)
    options = {
        line: tuple(option(random, line, n) for n in range(size.others if index else size.first))
        for index, line in enumerate(lines)
    }
    rules = tuple(make_rule(f"R{n}", *rule(random, n, lines), vocabulary) for n in range(size.rules))
    return options, RuleSet(rules, "bench"), vocabulary


def cpu(work: Callable[[], object]) -> tuple[float, object]:
    start = time.process_time()
    result = work()
    return (time.process_time() - start) * 1000, result


def clicks(model: ConfigurationModel, households: int, steps: int):
    """Sessions that choose at random inside the domains: choices and facts at each click."""
    random = Random(7)
    for _ in range(households):
        facts = {fact: random.random() < 0.3 for fact in FACTS if fact.startswith("yes") and random.random() < 0.7}
        facts |= {f"number{n}": Decimal(random.choice((17, 29, 40, 66))) for n in range(6)}
        choices: dict[str, str] = {}
        for line in random.sample(model.lines, steps):
            found = model.valid_domains(choices, facts, [line])[line]
            usable = [name for name, state in found.items() if state is Availability.AVAILABLE]
            choices = choices | {line: random.choice(usable)}
            yield random, choices, facts


def broken(random: Random, model: ConfigurationModel, choices: dict) -> dict:
    """Last year's bundle: the choices, with some lines at random and a tenth of them withdrawn."""
    previous = dict(choices)
    for line in random.sample(model.lines, len(model.lines) // 3):
        previous[line] = random.choice(model.compiled.options[line]).option_id
    for line in random.sample(list(previous), max(1, len(previous) // 10)):
        previous[line] = "withdrawn"
    return previous


@dataclass
class Figures:
    """CPU times by question, and how often naive greying is wrong."""

    times: dict[str, list[float]] = field(default_factory=dict)
    wrong: int = 0
    judged: int = 0

    def note(self, name: str, work: Callable[[], object]) -> object:
        """Do it and keep its time."""
        spent, result = cpu(work)
        self.times.setdefault(name, []).append(spent)
        return result

    def click(self, random: Random, model: ConfigurationModel, choices: dict, facts: dict) -> None:
        """Every question that a click may ask."""
        self.note("validate", lambda: model.check(choices, facts))
        self.note("domain of one line", lambda: model.valid_domains(choices, facts, [model.lines[3]]))
        exact = self.note("domains of all lines", lambda: model.valid_domains(choices, facts))
        states = [(line, name, state) for line, found in exact.items() for name, state in found.items()]
        if shut := [(line, name) for line, name, state in states if state is Availability.UNAVAILABLE]:
            pick = random.choice(shut)
            self.note("explain", lambda: model.explain(choices, facts, pick))
        previous = broken(random, model, choices)
        self.note("repair", lambda: model.reconfigure(previous, facts))
        required = [line for line in model.lines if line not in choices][:3]
        self.note("top five", lambda: model.complete(choices, facts, required=required))
        self.naive(model, choices, facts, random.sample(states, 50))

    def naive(self, model: ConfigurationModel, choices: dict, facts: dict, sample: list) -> None:
        """A hand-written configurator puts the option in and checks, the lines not chosen yet left out."""
        for line, name, state in sample:
            verdict = self.note("naive, one option", lambda pick={line: name}: model.check(choices | pick, facts))
            self.wrong += verdict.valid is not (state is Availability.AVAILABLE)
            self.judged += 1


def measure(size: Size) -> tuple[Figures, ConfigurationModel, list]:
    """Build the model, click through sessions, and keep each click for the peers."""
    lines, rules, vocabulary = generate(size)
    figures = Figures()
    for _ in range(5):
        model = figures.note("build", lambda: ConfigurationModel.load(lines, rules, None, DAY, vocabulary=vocabulary))
    trace = []
    for random, choices, facts in clicks(model, size.sessions, 8):
        trace.append((choices, facts))
        figures.click(random, model, choices, facts)
    return figures, model, trace


# Peers: the same questions, on the engine's clauses


def class_picks(model: ConfigurationModel, choices: dict, facts: dict):
    """Assumptions of every question that a full refresh asks."""
    encoding = model.compiled.encoding
    chosen = model.compiled.choice_literals(choices)
    known = [encoding.go, *model.compiled.fact_literals(facts)]
    for line, literals in encoding.class_literals.items():
        others = [literal for other, literal in chosen.items() if other != line]
        yield from ([*known, *others, literal] for literal in literals)


def with_clingo(model: ConfigurationModel):
    import clingo

    control = clingo.Control(["--warn=none"])
    encoding = model.compiled.encoding
    program = "".join(f"{{v({n})}}." for n in range(1, encoding.variables + 1))
    for clause in encoding.clauses:
        program += ":-" + ",".join(f"not v({n})" if n > 0 else f"v({-n})" for n in clause) + "."
    control.add("base", [], program)
    control.ground([("base", [])])
    symbols = {n: clingo.Function("v", [clingo.Number(n)]) for n in range(1, encoding.variables + 1)}
    return lambda assumed: control.solve(assumptions=[(symbols[abs(n)], n > 0) for n in assumed]).satisfiable


def with_cp_sat(model: ConfigurationModel):
    from ortools.sat.python import cp_model

    encoding = model.compiled.encoding
    program = cp_model.CpModel()
    variables = [program.new_bool_var("") for _ in range(encoding.variables)]

    def literal(n: int):
        return variables[n - 1] if n > 0 else ~variables[-n - 1]

    for clause in encoding.clauses:
        program.add_bool_or([literal(n) for n in clause])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1

    def ask(assumed: list[int]) -> bool:
        program.clear_assumptions()
        program.add_assumptions([literal(n) for n in assumed])
        return solver.solve(program) != cp_model.INFEASIBLE

    return ask


PEERS = {"clingo": ("clingo", with_clingo), "CP-SAT": ("ortools", with_cp_sat)}


def against_peers(model: ConfigurationModel, trace: list, ours: float, questions: int) -> None:
    """Ask each peer a sample of a click's questions, and compare its answers and its time with ours."""
    random = Random(3)
    asked = [assumed for choices, facts in trace for assumed in class_picks(model, choices, facts)]
    sample = random.sample(asked, min(questions, len(asked)))
    own, answers = cpu(lambda: [model.compiled.oracle.possible(assumed) for assumed in sample])
    for name, (module, make) in PEERS.items():
        if find_spec(module) is None:
            print(f"  {name}: not installed, left out")
            continue
        built, ask = cpu(lambda make=make: make(model))
        spent, found = cpu(lambda ask=ask: [ask(assumed) for assumed in sample])
        same = "same answers" if found == answers else "DIFFERENT ANSWERS"
        print(f"  {name}: build {built / ours:.1f} x ours, questions {spent / own:.0f} x ours, {same}")


def show(title: str, size: Size, figures: Figures, model: ConfigurationModel, trace: list) -> None:
    """Print one table."""
    times = {name: statistics.median(spent) for name, spent in figures.times.items()}
    solve = statistics.median(
        cpu(lambda assumed=assumed: model.compiled.oracle.possible(assumed))[0]
        for assumed in class_picks(model, *trace[0])
    )
    print(f"{title}: {len(model.lines)} lines, {model.compiled.encoding.variables} variables; 1 = one bundle validated")
    for name, spent in times.items():
        shown = f"{spent:12.3f} ms" if "--cpu" in sys.argv else ""
        print(f"  {name:22}{spent / times['validate']:10.1f}{shown}")
    print(f"  domains of all lines against one solver call: {times['domains of all lines'] / solve:.0f}")
    print(f"  naive greying is wrong for {100 * figures.wrong / figures.judged:.1f} % of {figures.judged} options")
    against_peers(model, trace, times["build"], size.questions)


def main() -> None:
    """Print one table for each size."""
    for title, size in SIZES.items():
        show(title, size, *measure(size))


if __name__ == "__main__":
    main()
