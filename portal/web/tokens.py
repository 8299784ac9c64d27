"""Random values for cookies, and the hashes under which they are kept."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """256 random bits, safe in a cookie and in a URL."""
    return secrets.token_urlsafe(32)


def hashed(*parts: str) -> str:
    """SHA-256 in hex of the parts; the lengths are mixed in so that no two lists of parts meet."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()


def keyed(secret: str, *parts: str) -> str:
    """The same under a secret key: nobody can make it without the key."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
