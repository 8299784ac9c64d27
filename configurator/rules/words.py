"""A rule's expressions in words, for people who read rules without writing them."""

from datetime import date
from decimal import Decimal

from catalog.parameters import Law, MissingParameter
from configurator.rules.syntax import Binary, Count, Literal, Membership, Name, Node, Unary
from configurator.rules.vocabulary import Vocabulary

_SIGNS = {
    "==": "is",
    "!=": "is not",
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
    "+": "plus",
    "-": "minus",
    "*": "times",
    "and": "and",
    "or": "or",
}


class Wording:
    """Puts expressions into words; law is shown with its value on a day, where it is held."""

    def __init__(self, vocabulary: Vocabulary, law: Law, on: date) -> None:
        self.vocabulary, self.law, self.on = vocabulary, law, on

    def words(self, node: Node) -> str:
        """The expression in words."""
        return {
            Literal: lambda: _plain(node.value),
            Name: lambda: self._name(node),
            Unary: lambda: f"{'not' if node.sign == 'not' else 'minus'} {self._part(node.operand)}",
            Membership: lambda: self._membership(node),
            Count: lambda: f"how many of these hold ({'; '.join(map(self.words, node.tests))})",
            Binary: lambda: self._binary(node),
        }[type(node)]()

    def _binary(self, node: Binary) -> str:
        """Both sides with the sign between; a chain of one connective needs no brackets inside."""
        sides = [
            self.words(side)
            if isinstance(side, Binary) and side.sign == node.sign and node.sign in ("and", "or")
            else self._part(side)
            for side in (node.left, node.right)
        ]
        return f" {_SIGNS[node.sign]} ".join(sides)

    def _part(self, node: Node) -> str:
        inner = self.words(node)
        return f"({inner})" if isinstance(node, Binary) and node.sign in ("and", "or") else inner

    def _membership(self, node: Membership) -> str:
        listed = ", ".join(_plain(member.value) for member in node.members)
        return f"{self._part(node.operand)} {'is none of' if node.negated else 'is one of'} {listed}"

    def _name(self, name: Name) -> str:
        if name.scope == "law":
            return self._law(name.member)
        kind = self.vocabulary.type_of(name.scope, name.member)
        spoken = name.scope.replace("_", " ")
        return f"{spoken} is chosen" if name.member == "selected" else f'{spoken} "{kind.meaning}"'

    def _law(self, name: str) -> str:
        title = self.law.parameters[name].title
        try:
            return f"{self.law.value(name, self.on)} ({title})"
        except MissingParameter:
            return f"a value not held for {self.on} ({title})"


def _plain(value: Decimal | str | bool) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
