"""The solver: CaDiCaL 1.5.3 under assumptions, one lock for each instance, a conflict budget for each call.

``propagate()`` is never called: it can report a conflict that is none after a call of ``solve``.
"""

from collections.abc import Iterable, Sequence
from threading import RLock

from pysat.solvers import Solver

CONFLICTS = 20_000  # a click needs a few dozen; beyond this the answer is "unknown"


class Oracle:
    """Answers whether the clauses can hold together with assumed literals."""

    def __init__(self, clauses: Iterable[Sequence[int]], conflicts: int = CONFLICTS) -> None:
        self._solver = Solver(name="cadical153", bootstrap_with=clauses)
        self._lock = RLock()
        self._conflicts = conflicts
        self.calls = 0

    def possible(self, assumed: Sequence[int]) -> bool | None:
        """Whether there is a solution; None where the conflict budget ran out."""
        with self._lock:
            return self._solve(assumed)

    def solution(self, assumed: Sequence[int]) -> tuple[bool | None, list[int]]:
        """As ``possible``, with the solution: literal of variable v at place v - 1; empty where there is none."""
        with self._lock:
            found = self._solve(assumed)
            return found, self._solver.get_model() if found else []

    def _solve(self, assumed: Sequence[int]) -> bool | None:
        self.calls += 1
        self._solver.conf_budget(self._conflicts)
        return self._solver.solve_limited(assumptions=assumed)
