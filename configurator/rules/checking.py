"""Type check of a rule against the vocabulary: every word known, every comparison sensible."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

from configurator.rules.syntax import COMPARISONS, Binary, Count, Literal, Membership, Name, Node, SyntaxProblem, Unary
from configurator.rules.vocabulary import Kind, Type, Vocabulary

_KIND_OF_LITERAL = {bool: Kind.YES_NO, str: Kind.TEXT}


def check(node: Node, vocabulary: Vocabulary, law_names: frozenset[str]) -> Type:
    """Type of the expression; SyntaxProblem with an offset where a word or a type is wrong."""
    return _CHECKS[type(node)](node, vocabulary, law_names)


def check_condition(node: Node, vocabulary: Vocabulary, law_names: frozenset[str]) -> None:
    """As ``check``, for an expression that must be yes or no."""
    if check(node, vocabulary, law_names).kind is not Kind.YES_NO:
        raise SyntaxProblem("this must be yes or no, for example a comparison", node.offset)


def _check_literal(literal: Literal, *_: object) -> Type:
    return Type(_KIND_OF_LITERAL.get(type(literal.value), Kind.NUMBER))


def _check_unary(node: Unary, vocabulary: Vocabulary, law_names: frozenset[str]) -> Type:
    kind = Kind.YES_NO if node.sign == "not" else Kind.NUMBER
    return _demand(node.operand, kind, node.sign, vocabulary, law_names)


def _check_count(node: Count, vocabulary: Vocabulary, law_names: frozenset[str]) -> Type:
    for test in node.tests:
        _demand(test, Kind.YES_NO, "count", vocabulary, law_names)
    return Type(Kind.NUMBER)


def _check_membership(node: Membership, vocabulary: Vocabulary, law_names: frozenset[str]) -> Type:
    for member in node.members:
        _check_pair(node.operand, member, vocabulary, law_names)
    return Type(Kind.YES_NO)


def _check_name(name: Name, vocabulary: Vocabulary, law_names: frozenset[str]) -> Type:
    if name.scope == "law":
        if name.member in law_names:
            return Type(Kind.NUMBER)
        raise SyntaxProblem(f"no parameter is called {name.member!r}{_hint(name.member, law_names)}", name.offset)
    found = vocabulary.type_of(name.scope, name.member)
    if found:
        return found
    if name.scope == "household":
        raise SyntaxProblem(
            f"no household fact is called {name.member!r}{_hint(name.member, vocabulary.facts)}", name.offset
        )
    if name.scope not in vocabulary.lines:
        known = (*vocabulary.lines, "household", "law")
        raise SyntaxProblem(f"no product line is called {name.scope!r}{_hint(name.scope, known)}", name.offset)
    hint = _hint(name.member, vocabulary.lines[name.scope])
    raise SyntaxProblem(f"{name.scope} has no attribute {name.member!r}{hint}", name.offset)


def _hint(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(sorted(known))}"


def _check_binary(node: Binary, vocabulary: Vocabulary, law_names: frozenset[str]) -> Type:
    if node.sign in ("and", "or"):
        _demand(node.left, Kind.YES_NO, node.sign, vocabulary, law_names)
        return _demand(node.right, Kind.YES_NO, node.sign, vocabulary, law_names)
    if node.sign in COMPARISONS:
        _check_pair(node.left, node.right, vocabulary, law_names, ordered=node.sign not in ("==", "!="))
        return Type(Kind.YES_NO)
    _demand(node.left, Kind.NUMBER, node.sign, vocabulary, law_names)
    if node.sign == "*" and not isinstance(node.left, Literal):
        raise SyntaxProblem("multiply by a number written first, as in 2 * x", node.left.offset)
    return _demand(node.right, Kind.NUMBER, node.sign, vocabulary, law_names)


def _demand(node: Node, kind: Kind, sign: str, vocabulary: Vocabulary, law_names: frozenset[str]) -> Type:
    found = check(node, vocabulary, law_names)
    if found.kind is not kind:
        raise SyntaxProblem(f"{sign!r} needs a {kind} here, this is a {found.kind}", node.offset)
    return Type(kind)


def _check_pair(
    left: Node, right: Node, vocabulary: Vocabulary, law_names: frozenset[str], *, ordered: bool = False
) -> None:
    left_type, right_type = check(left, vocabulary, law_names), check(right, vocabulary, law_names)
    if left_type.kind is not right_type.kind:
        raise SyntaxProblem(f"a {left_type.kind} cannot be compared with a {right_type.kind}", right.offset)
    if ordered and left_type.kind is not Kind.NUMBER:
        raise SyntaxProblem("only numbers have an order; use == or !=", left.offset)
    for literal, other, name in ((right, left_type, left), (left, right_type, right)):
        if isinstance(literal, Literal) and other.values and literal.value not in other.values:
            raise SyntaxProblem(_no_such_value(literal, other, name), literal.offset)


def _no_such_value(literal: Literal, other: Type, name: Node) -> str:
    spoken = name.path.replace(".", " has a ", 1) if isinstance(name, Name) else "this"
    return f"no {spoken} {literal.value!r}; values: {', '.join(sorted(other.values))}"


_CHECKS: dict[type, Callable[[Any, Vocabulary, frozenset[str]], Type]] = {
    Literal: _check_literal,
    Name: _check_name,
    Unary: _check_unary,
    Binary: _check_binary,
    Membership: _check_membership,
    Count: _check_count,
}
