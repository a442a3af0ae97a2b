"""Argon2id password hashes: 64 MiB each, few at a time, so that a flood of sign-ins cannot exhaust the memory."""

from __future__ import annotations

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# RFC 9106, second recommended option (64 MiB, 3 passes).
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
# Two server processes: at most four at a time on the machine.
_places = BoundedSemaphore(2)
# Checked when the account does not exist, so that the answer takes as long.
_decoy = ""


def hash_password(password: str) -> str:
    """The hash to store."""
    with _places:
        return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password fits; `stored` None (no such account) takes the same time and is always False."""
    global _decoy  # noqa: PLW0603  made once, on first use, because it costs 64 MiB
    with _places:
        if stored is None:
            _decoy = _decoy or _hasher.hash("no account has this password")
        try:
            return _hasher.verify(stored or _decoy, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with older parameters."""
    return _hasher.check_needs_rehash(stored)
