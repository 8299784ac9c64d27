"""The payer's name, mark, colours and phone, from the one file a payer edits (branding.toml beside this module)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("branding.toml")


@dataclass(frozen=True)
class Branding:
    """What the payer calls itself and how to reach it. Colours are #RRGGBB by token name."""

    name: str
    phone: str
    phone_hours: str
    tty: str
    address: tuple[str, ...]
    time_zone: str
    mark_paths: tuple[str, ...]
    colours: dict[str, str]
    dark: dict[str, str]

    @property
    def phone_link(self) -> str:
        """The phone number as the target of a tel: link."""
        return "tel:+" + "".join(character for character in self.phone if character.isdigit())


@cache
def branding() -> Branding:
    """Read the file once."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Branding(
        name=raw["name"],
        phone=raw["phone"],
        phone_hours=raw["phone_hours"],
        tty=raw["tty"],
        address=tuple(raw["address"]),
        time_zone=raw["time_zone"],
        mark_paths=tuple(raw["mark"]["paths"]),
        colours=dict(raw["colours"]),
        dark=dict(raw["dark"]),
    )


def brand_css() -> str:
    """The colours as custom properties, served as a small style sheet before site.css."""
    light, dark = _properties(branding().colours), _properties(branding().dark)
    screen_dark = f"@media screen and (prefers-color-scheme:dark){{:root:root{{{dark}}}}}"
    return f":root{{{light}}}\n{screen_dark}\n"


def _properties(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())
