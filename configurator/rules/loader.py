"""Load rule files into one set: ours, and on top of them a payer's own folder.

A payer adds rules, or replaces ours of the same id where ours is an issuer's rule. What is law cannot be replaced.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from configurator.rules.model import AnyRule, KeptRule, Rule, RuleSet
from configurator.rules.reading import MARKS, RuleFile, RuleFileError
from configurator.rules.vocabulary import Vocabulary

FOLDER = Path(__file__).with_name("files")

__all__ = ["FOLDER", "MARKS", "RuleFileError", "RuleSet", "find_problems", "load_rules", "read_rules", "rule_files"]


def load_rules(
    vocabulary: Vocabulary, law_names: frozenset[str], folder: Path = FOLDER, *, folders: Iterable[Path] = ()
) -> RuleSet:
    """Every rule of the ``*.yaml`` files, parsed, type-checked and compiled; RuleFileError otherwise.

    ``folders`` stands in for ``folder``: the first holds the base, each later one (a folder or a single file) adds
    to it. A later rule of the same id takes the place of an earlier one if that is an issuer's rule.
    """
    layers = [rule_files(each) for each in folders or (folder,)]
    read = [[rule for path in paths for rule in _rules_of(path, vocabulary, law_names)] for paths in layers]
    return _rule_set(read, [path for paths in layers for path in paths])


def find_problems(vocabulary: Vocabulary, law_names: frozenset[str], folders: Iterable[Path]) -> list[str]:
    """Everything that is wrong with these folders together, each with its place; empty where they can be loaded."""
    layers = [rule_files(each) for each in folders]
    paths = [path for layer in layers for path in layer]
    found = [str(error) for path in paths for error in RuleFile(path, vocabulary, law_names).problems()]
    if found:
        return found
    try:
        load_rules(vocabulary, law_names, folders=folders)
    except RuleFileError as error:
        return [str(error)]
    return []


def rule_files(place: Path) -> tuple[Path, ...]:
    """The rule files of a folder in order of their names, or the one file that is named; RuleFileError for neither."""
    if place.is_dir():
        return tuple(sorted(place.glob("*.yaml")))
    if place.is_file():
        return (place,)
    raise RuleFileError(f"{place}: there is no such folder or file; name a folder of *.yaml files or one of them")


def read_rules(path: Path, vocabulary: Vocabulary, law_names: frozenset[str]) -> list[Rule]:
    """The constraints of one file."""
    return [rule for rule in _rules_of(path, vocabulary, law_names) if isinstance(rule, Rule)]


def _rules_of(path: Path, vocabulary: Vocabulary, law_names: frozenset[str]) -> list[AnyRule]:
    return list(RuleFile(path, vocabulary, law_names).rules())


def _rule_set(layers: list[list[AnyRule]], paths: list[Path]) -> RuleSet:
    rules = _merged(layers)
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
    constraints = tuple(rule for rule in rules if isinstance(rule, Rule))
    return RuleSet(constraints, digest[:16], tuple(rule for rule in rules if isinstance(rule, KeptRule)))


def _merged(layers: list[list[AnyRule]]) -> tuple[AnyRule, ...]:
    """One rule for each id, later layers over earlier ones."""
    found: dict[str, AnyRule] = {}
    for layer in layers:
        _refuse_doubles(layer)
        for rule in layer:
            _refuse_replacing_law(rule, found)
        found |= {rule.id: rule for rule in layer}
    _refuse_unknown_predecessors(found)
    return tuple(found.values())


def _refuse_doubles(rules: Iterable[AnyRule]) -> None:
    seen: dict[str, AnyRule] = {}
    for rule in rules:
        if first := seen.get(rule.id):
            raise RuleFileError(f"{_place(rule)}: rule {rule.id} stands already at {_place(first)}")
        seen[rule.id] = rule


def _refuse_replacing_law(rule: AnyRule, base: dict[str, AnyRule]) -> None:
    """A payer's file leaves law alone, by its id and by ``replaces``."""
    for old in _taken_away(rule, base):
        if not old.issuer_rule:
            raise RuleFileError(
                f"{_place(rule)}: {old.id} ({_place(old)}) is law and cannot be replaced. "
                "Give your rule an id of its own; it then holds beside the law."
            )


def _taken_away(rule: AnyRule, base: dict[str, AnyRule]) -> Iterator[AnyRule]:
    yield from (base[rule_id] for rule_id in dict.fromkeys((rule.id, rule.replaces)) if rule_id in base)


def _refuse_unknown_predecessors(rules: dict[str, AnyRule]) -> None:
    for rule in rules.values():
        if rule.replaces and rule.replaces not in rules:
            raise RuleFileError(f"{_place(rule)}: {rule.id} replaces {rule.replaces}, which is in no file")


def _place(rule: AnyRule) -> str:
    return f"{rule.file}:{rule.line}"
