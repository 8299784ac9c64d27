"""Invented content for the demo: each feature adds a seeder, `coverwright seed-demo` runs them all."""

from collections.abc import Callable

from portal.web.registries import Seeder, add_seeder, seeders

__all__ = ["on_seed", "seeders"]


def on_seed(order: int = 50) -> Callable[[Seeder], Seeder]:
    """Register `seed(session, accounts)`; `accounts` is role to account id. It must do nothing when run again.

    Works as a decorator: `@on_seed(order=20)`. The session may touch everybody's rows.
    """

    def register(seeder: Seeder) -> Seeder:
        add_seeder(order, seeder)
        return seeder

    return register
