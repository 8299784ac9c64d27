"""Valid domains: which options of a line still lead to a valid bundle, with the line's own choice released."""

from collections.abc import Collection, Iterable

from configurator.engine.compiled import Compiled
from configurator.engine.values import Availability, Choices, Facts, UnknownOption

Answers = dict[str, dict[int, bool | None]]  # line -> class -> can be had
_NAMES = {True: Availability.AVAILABLE, False: Availability.UNAVAILABLE, None: Availability.UNKNOWN}


def valid_domains(
    compiled: Compiled, choices: Choices, facts: Facts, lines: Collection[str] | None = None
) -> dict[str, dict[str, Availability]]:
    """Availability by line and option, exactly; each class of like options is tried once."""
    wanted = list(compiled.options) if lines is None else list(lines)
    for line in wanted:
        if line not in compiled.options:
            raise UnknownOption(f"no product line {line!r} in this model; lines: {', '.join(compiled.options)}")
    answers = class_answers(compiled, choices, compiled.fact_literals(facts), wanted)
    return {line: _by_option(compiled, line, answers[line]) for line in wanted}


def class_answers(compiled: Compiled, choices: Choices, known: list[int], lines: Iterable[str]) -> Answers:
    """The same by class of options; ``known`` are the literals of the facts."""
    chosen = compiled.choice_literals(choices)
    base = [compiled.encoding.go, *known]
    answers = _open_lines(compiled, [*base, *chosen.values()], [line for line in lines if line not in chosen])
    for line in lines:
        if line in chosen:
            others = [literal for other, literal in chosen.items() if other != line]
            answers[line] = _one_line(compiled, [*base, *others], line)
    return answers


def _open_lines(compiled: Compiled, assumed: list[int], lines: list[str]) -> Answers:
    """Lines without a choice share their assumptions, so that one solution settles an option in each of them.

    One open class of every line is asked for at once; where that is too much to ask, each half of the lines by itself.
    """
    answers: Answers = {line: {} for line in lines}
    numbers = {line: range(len(compiled.encoding.class_literals[line])) for line in lines}
    while wave := [
        (line, number) for line in lines if (number := _first_open(numbers[line], answers[line])) is not None
    ]:
        _settle(compiled, assumed, wave, answers)
    return answers


def _first_open(numbers: range, answers: dict[int, bool | None]) -> int | None:
    return next((number for number in numbers if number not in answers), None)


def _settle(compiled: Compiled, assumed: list[int], wave: list[tuple[str, int]], answers: Answers) -> None:
    wave = [(line, number) for line, number in wave if number not in answers[line]]
    if not wave:
        return
    literals = [compiled.encoding.class_literals[line][number] for line, number in wave]
    found, solution = compiled.oracle.solution([*assumed, *literals])
    if found:
        _learn(compiled, answers, solution)
    elif len(wave) == 1:
        answers[wave[0][0]][wave[0][1]] = found
    else:
        middle = len(wave) // 2
        _settle(compiled, assumed, wave[:middle], answers)
        _settle(compiled, assumed, wave[middle:], answers)


def _learn(compiled: Compiled, answers: Answers, solution: list[int]) -> None:
    for line, found in answers.items():
        for number, literal in enumerate(compiled.encoding.class_literals[line]):
            if solution[literal - 1] > 0:
                found[number] = True
                break


def _one_line(compiled: Compiled, assumed: list[int], line: str) -> dict[int, bool | None]:
    literals = compiled.encoding.class_literals[line]
    return {number: compiled.oracle.possible([*assumed, literal]) for number, literal in enumerate(literals)}


def _by_option(compiled: Compiled, line: str, answers: dict[int, bool | None]) -> dict[str, Availability]:
    numbers = compiled.encoding.class_of[line]
    return {
        option.option_id: _NAMES[answers[number]]
        for option, number in zip(compiled.options[line], numbers, strict=True)
    }
