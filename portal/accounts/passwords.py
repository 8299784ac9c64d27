"""Password hashes: argon2id with the parameters that OWASP names for logins (19 MiB, two passes, one lane)."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST = 15
LONGEST = 1_000

_hasher = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)


def _same_letters(password: str) -> str:
    """One form for letters that keyboards write in several ways (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """The text to store, starting with $argon2id$."""
    return _hasher.hash(_same_letters(password))


@cache
def _hash_of_nobody() -> str:
    return hash_password("the password of nobody at all")


def verify(stored: str | None, password: str) -> bool:
    """Whether the password is right. With no stored hash it takes as long and is wrong."""
    try:
        return _hasher.verify(stored or _hash_of_nobody(), _same_letters(password)) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)
