"""Places where features add themselves, so that no page of ours names a feature that may be absent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class NavigationItem:
    """One entry of the header: words, endpoint, place in the row (small is left)."""

    label: str
    endpoint: str
    order: int = 50


@dataclass(frozen=True)
class Offer:
    """One of the small things under the landing form: a question, where it is answered, and the link's words."""

    title: str
    text: str
    link: str
    endpoint: str
    order: int = 50


_navigation: set[NavigationItem] = set()
_offers: set[Offer] = set()


def on_navigation(label: str, endpoint: str, order: int = 50) -> None:
    """Add an entry to the header; it is shown only when the endpoint exists."""
    _navigation.add(NavigationItem(label, endpoint, order))


def on_landing(offer: Offer) -> None:
    """Add a small offer to the landing page; it is shown only when its endpoint exists."""
    _offers.add(offer)


def navigation() -> list[NavigationItem]:
    """Entries whose page exists, in order."""
    return _existing(_navigation)


def offers() -> list[Offer]:
    """Offers whose page exists, in order."""
    return _existing(_offers)


def _existing(items: set[Any]) -> list[Any]:
    return sorted((item for item in items if exists(item.endpoint)), key=lambda item: (item.order, item.endpoint))


def exists(endpoint: str) -> bool:
    """Whether a page of this name is served."""
    return endpoint in current_app.view_functions


def link_to(endpoint: str, **values: Any) -> str:
    """The path of a page, or an empty text when no feature serves it: templates never link to nothing."""
    return url_for(endpoint, **values) if exists(endpoint) else ""


Merging = Callable[[Session, str, str], None]
Seeder = Callable[[Session, dict[str, str]], None]
_mergers: list[Merging] = []
_seeders: list[tuple[int, Seeder]] = []


def mergers() -> tuple[Merging, ...]:
    """What `portal.web.merging.on_merge` collected."""
    return tuple(_mergers)


def add_merger(merge: Merging) -> None:
    """Collect one, once."""
    if merge not in _mergers:
        _mergers.append(merge)


def seeders() -> tuple[Seeder, ...]:
    """What `portal.web.seeding.on_seed` collected, in order."""
    return tuple(seeder for _, seeder in sorted(_seeders, key=lambda pair: pair[0]))


def add_seeder(order: int, seeder: Seeder) -> None:
    """Collect one, once."""
    if all(known is not seeder for _, known in _seeders):
        _seeders.append((order, seeder))
