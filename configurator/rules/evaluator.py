"""Direct evaluation: the authority over what is valid.

Values are Decimal, str, bool or UNKNOWN. Logic with UNKNOWN follows Kleene: ``no and unknown`` is ``no``,
``yes or unknown`` is ``yes``, anything else with an unknown part stays unknown.
"""

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from configurator.rules.syntax import Binary, Count, Literal, Membership, Name, Node, Unary
from configurator.rules.vocabulary import ABSENT, Value, Vocabulary


class Unknown(Enum):
    """A household fact that nobody has told yet."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown.UNKNOWN
Environment = Mapping[str, Mapping[str, Any]]  # scope -> member -> value; "law" holds numbers by dotted name
Evaluate = Callable[[Environment], Value | Unknown]

_DECISIVE = {"and": False, "or": True}
_OPERATIONS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def compile_expression(node: Node, vocabulary: Vocabulary) -> Evaluate:
    """Turn a checked tree into a function of the environment."""
    return _COMPILERS[type(node)](node, vocabulary)


def _compile_literal(literal: Literal, _: Vocabulary) -> Evaluate:
    return lambda _: literal.value


def _compile_name(name: Name, vocabulary: Vocabulary) -> Evaluate:
    scope, member = name.scope, name.member
    if scope == "law":
        return lambda environment: environment["law"][member]
    if scope == "household":
        return lambda environment: environment["household"].get(member, UNKNOWN)
    kind = vocabulary.type_of(scope, member)
    absent = ABSENT[kind.kind] if kind else False
    return lambda environment: environment.get(scope, {}).get(member, absent)


def _compile_unary(node: Unary, vocabulary: Vocabulary) -> Evaluate:
    function = operator.not_ if node.sign == "not" else operator.neg
    return _lift(function, compile_expression(node.operand, vocabulary))


def _compile_binary(node: Binary, vocabulary: Vocabulary) -> Evaluate:
    left, right = compile_expression(node.left, vocabulary), compile_expression(node.right, vocabulary)
    if node.sign in _DECISIVE:
        return _connective(_DECISIVE[node.sign], left, right)
    return _lift(_OPERATIONS[node.sign], left, right)


def _compile_membership(node: Membership, vocabulary: Vocabulary) -> Evaluate:
    values = frozenset(member.value for member in node.members)
    return _lift(lambda value: (value in values) != node.negated, compile_expression(node.operand, vocabulary))


def _compile_count(node: Count, vocabulary: Vocabulary) -> Evaluate:
    return _lift(_count, *(compile_expression(test, vocabulary) for test in node.tests))


_COMPILERS: dict[type, Callable[[Any, Vocabulary], Evaluate]] = {
    Literal: _compile_literal,
    Name: _compile_name,
    Unary: _compile_unary,
    Binary: _compile_binary,
    Membership: _compile_membership,
    Count: _compile_count,
}


def _count(*values: bool) -> Decimal:
    return Decimal(sum(values))


def _lift(function: Callable[..., Any], *parts: Evaluate) -> Evaluate:
    def evaluate(environment: Environment) -> Any:
        values = [part(environment) for part in parts]
        return UNKNOWN if UNKNOWN in values else function(*values)

    return evaluate


def _connective(decisive: bool, left: Evaluate, right: Evaluate) -> Evaluate:
    """``and`` is decided by one no, ``or`` by one yes; otherwise an unknown part leaves the whole unknown."""

    def evaluate(environment: Environment) -> Any:
        first = left(environment)
        if first is decisive:
            return decisive
        second = right(environment)
        if second is decisive:
            return decisive
        return UNKNOWN if UNKNOWN in (first, second) else not decisive

    return evaluate
