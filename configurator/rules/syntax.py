"""The rule language: words, a Pratt parser and a typed tree.

    expression := or-chain of and-chains of comparisons, with ``not``, ``+``, ``-``, ``number * value``,
                  ``x in ['a', 'b']``, ``x not in [...]``, ``count(test, test, ...)``
    value      := 12, 12.50, 'text', yes, no, ``line.attribute``, ``household.fact``, ``law.dotted.name``

Nothing is ever evaluated as Python. Every node keeps its offset, so that errors can point at it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^']*')|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)"
    r"|(?P<sign><=|>=|==|!=|<|>|\+|-|\*|\(|\)|\[|\]|,))"
)
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
KEYWORDS = ("and", "or", "not", "in", "yes", "no", "count")


class SyntaxProblem(Exception):
    """Text that is no expression; ``offset`` is where it goes wrong."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text or yes/no."""

    value: Decimal | str | bool
    offset: int


@dataclass(frozen=True, slots=True)
class Name:
    """``line.attribute``, ``household.fact`` or ``law.dotted.name``."""

    path: str
    offset: int

    @property
    def scope(self) -> str:
        """The part before the first dot."""
        return self.path.partition(".")[0]

    @property
    def member(self) -> str:
        """The part after the first dot; empty where there is none."""
        return self.path.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Unary:
    """``not x`` or ``-x``."""

    sign: str
    operand: "Node"
    offset: int


@dataclass(frozen=True, slots=True)
class Binary:
    """``and``, ``or``, a comparison, ``+``, ``-`` or ``*``."""

    sign: str
    left: "Node"
    right: "Node"
    offset: int


@dataclass(frozen=True, slots=True)
class Membership:
    """``x in [...]`` or, negated, ``x not in [...]``."""

    operand: "Node"
    members: tuple[Literal, ...]
    negated: bool
    offset: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the tests hold."""

    tests: tuple["Node", ...]
    offset: int


Node = Literal | Name | Unary | Binary | Membership | Count


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    offset: int


def parse(text: str) -> Node:
    """Parse one expression; SyntaxProblem with an offset into ``text`` where it is none."""
    parser = _Parser(_tokens(text), len(text))
    tree = parser.expression(0)
    parser.expect_end()
    return tree


def names(node: Node) -> tuple[Name, ...]:
    """Every name in the tree, in reading order."""
    match node:
        case Name():
            return (node,)
        case Unary(operand=operand) | Membership(operand=operand):
            return names(operand)
        case Binary(left=left, right=right):
            return names(left) + names(right)
        case Count(tests=tests):
            return tuple(name for test in tests for name in names(test))
    return ()


def _tokens(text: str) -> list[_Token]:
    found, position = [], 0
    while text[position:].strip():
        match = TOKEN.match(text, position)
        if not match or not match.lastgroup:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            raise SyntaxProblem(f"cannot read {text[start]!r}", start)
        found.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        position = match.end()
    return found


_BINDING = {"or": 10, "and": 20, "in": 40, "not": 40, "+": 50, "-": 50, "*": 60} | dict.fromkeys(COMPARISONS, 40)


class _Parser:
    """Pratt parser: binding powers decide, one method for prefixes and one for infixes."""

    def __init__(self, tokens: list[_Token], end: int) -> None:
        self.tokens = tokens
        self.position = 0
        self.end = end

    def expression(self, power: int) -> Node:
        left = self.prefix()
        while (token := self.peek()) and self.infix_power(token) > power:
            left = self.infix(left, self.take())
        return left

    def infix_power(self, token: _Token) -> int:
        return 0 if token.kind in ("number", "text") else _BINDING.get(token.text, 0)

    def prefix(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return Literal(Decimal(token.text), token.offset)
        if token.kind == "text":
            return Literal(token.text[1:-1], token.offset)
        if token.kind == "name":
            return self.word(token)
        if token.text == "-":
            return Unary("-", self.expression(55), token.offset)
        if token.text == "(":
            inner = self.expression(0)
            self.expect(")")
            return inner
        raise SyntaxProblem(f"a value was expected here, not {token.text!r}", token.offset)

    def word(self, token: _Token) -> Node:
        if token.text in ("yes", "no"):
            return Literal(token.text == "yes", token.offset)
        if token.text == "not":
            return Unary("not", self.expression(30), token.offset)
        if token.text == "count":
            return Count(self.arguments(), token.offset)
        if token.text in KEYWORDS:
            raise SyntaxProblem(f"a value was expected here, not {token.text!r}", token.offset)
        return Name(token.text, token.offset)

    def infix(self, left: Node, token: _Token) -> Node:
        if token.text == "not":
            self.expect("in")
            return Membership(left, self.members(), True, token.offset)
        if token.text == "in":
            return Membership(left, self.members(), False, token.offset)
        right = self.expression(_BINDING[token.text])
        if token.text in COMPARISONS and isinstance(left, Binary) and left.sign in COMPARISONS:
            raise SyntaxProblem("compare two values at a time; join comparisons with 'and'", token.offset)
        return Binary(token.text, left, right, token.offset)

    def arguments(self) -> tuple[Node, ...]:
        self.expect("(")
        tests = [self.expression(0)]
        while self.peek_text() == ",":
            self.take()
            tests.append(self.expression(0))
        self.expect(")")
        return tuple(tests)

    def members(self) -> tuple[Literal, ...]:
        self.expect("[")
        members = [self.member()]
        while self.peek_text() == ",":
            self.take()
            members.append(self.member())
        self.expect("]")
        return tuple(members)

    def member(self) -> Literal:
        value = self.prefix()
        if not isinstance(value, Literal):
            raise SyntaxProblem("a list holds plain values only", value.offset)
        return value

    def peek(self) -> _Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def peek_text(self) -> str:
        token = self.peek()
        return token.text if token else ""

    def take(self) -> _Token:
        token = self.peek()
        if token is None:
            raise SyntaxProblem("the expression ends too early", self.end)
        self.position += 1
        return token

    def expect(self, text: str) -> None:
        token = self.take()
        if token.text != text or token.kind == "text":
            raise SyntaxProblem(f"{text!r} was expected here, not {token.text!r}", token.offset)

    def expect_end(self) -> None:
        if token := self.peek():
            raise SyntaxProblem(f"nothing was expected after this, but there is {token.text!r}", token.offset)
