"""Settings of one running portal, read once from the environment and never changed afterwards."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from pathlib import Path

from sqlalchemy.exc import ArgumentError

from catalog.store.base import normalise_url

ROOT = Path(__file__).resolve().parents[2]
MINIMUM_SECRET = 32


class Mode(Enum):
    """How strict to be. Production is the default; demo and test accept plain http and an invented secret."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


class SettingsError(Exception):
    """A setting that is missing or wrong; the message names it and says what is expected."""


@dataclass(frozen=True)
class Settings:
    """Everything the portal takes from outside.

    `proxies` is the exact number of trusted proxies in front (None: no forwarded header is believed).
    """

    mode: Mode
    database_url: str
    secret_key: str
    data: Path
    today: date | None
    proxies: int | None
    hosts: tuple[str, ...]
    session_idle: timedelta = timedelta(minutes=15)
    session_absolute: timedelta = timedelta(hours=12)
    shopper_life: timedelta = timedelta(days=30)
    body_bytes: int = 1024 * 1024

    @property
    def secure(self) -> bool:
        """True where cookies must be Secure and browsers are told to insist on https."""
        return self.mode is Mode.PRODUCTION

    @property
    def demo(self) -> bool:
        """True where every page says that people and plans are invented."""
        return self.mode is Mode.DEMO


def read_settings(environment: Mapping[str, str] | None = None, needs_secret: bool = True) -> Settings:
    """Read the environment; raises SettingsError naming the variable that is missing or wrong.

    DATABASE_URL, SECRET_KEY, COVERWRIGHT_DATA, COVERWRIGHT_MODE, COVERWRIGHT_TODAY, COVERWRIGHT_PROXIES (number of
    trusted proxies) and COVERWRIGHT_HOSTS (host names, separated by spaces).
    `needs_secret` is False for commands that never sign a cookie and answer no request.
    """
    given = os.environ if environment is None else environment
    mode = _mode(given)
    data = Path(given.get("COVERWRIGHT_DATA") or ROOT / "var").resolve()
    return Settings(
        mode=mode,
        database_url=_database_url(given, data),
        secret_key=_secret(given, mode, data, needs_secret),
        data=data,
        today=_today(given),
        proxies=_proxies(given),
        hosts=tuple(given.get("COVERWRIGHT_HOSTS", "").split()),
    )


def _mode(given: Mapping[str, str]) -> Mode:
    text = given.get("COVERWRIGHT_MODE") or Mode.PRODUCTION.value
    try:
        return Mode(text)
    except ValueError:
        raise SettingsError(f"COVERWRIGHT_MODE is {text!r}; expected production, demo or test") from None


def _database_url(given: Mapping[str, str], data: Path) -> str:
    text = given.get("DATABASE_URL") or f"sqlite:///{data / 'coverwright.db'}"
    try:
        return normalise_url(text).render_as_string(hide_password=False)
    except (ArgumentError, ValueError) as error:
        raise SettingsError(f"DATABASE_URL cannot be used: {error}") from None


def _secret(given: Mapping[str, str], mode: Mode, data: Path, needed: bool) -> str:
    secret = given.get("SECRET_KEY", "")
    if not needed:
        return secret
    if mode is not Mode.PRODUCTION:
        return secret or _kept_secret(data)
    if len(secret) < MINIMUM_SECRET:
        raise SettingsError(
            f"SECRET_KEY has {len(secret)} characters; production needs at least {MINIMUM_SECRET} random ones, "
            "for example from: python3 -c 'import secrets; print(secrets.token_hex(32))'. "
            "For the demo set COVERWRIGHT_MODE=demo."
        )
    return secret


def _kept_secret(data: Path) -> str:
    """The demo's own random secret: made once and kept, so that all worker processes share it."""
    path = data / "demo-secret"
    data.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"demo-secret.{secrets.token_hex(8)}")
    draft.write_text(secrets.token_hex(32), encoding="utf-8")
    draft.chmod(0o600)
    with suppress(FileExistsError):
        path.hardlink_to(draft)  # whole or not at all, and only the first wins
    draft.unlink()
    return path.read_text(encoding="utf-8")


def _today(given: Mapping[str, str]) -> date | None:
    text = given.get("COVERWRIGHT_TODAY")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"COVERWRIGHT_TODAY is {text!r}; expected a date such as 2026-11-15") from None


def _proxies(given: Mapping[str, str]) -> int | None:
    text = given.get("COVERWRIGHT_PROXIES")
    if not text:
        return None
    if not text.isdecimal():
        raise SettingsError(f"COVERWRIGHT_PROXIES is {text!r}; expected the number of proxies in front, such as 1")
    return int(text)
