"""What the figures call a person and a record: numbers that only the statistics key makes.

All of them need a running unit of work, whose keystore holds the key. It is opened once a unit.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from uuid import UUID

from caseapp.db import session
from caseapp.keystore import KeyStore
from caseapp.tallies.lines import Mark

_HELD = "statistics_key"  # in `Session.info`
_MARK_BYTES = 8


def record_key(client_id: UUID) -> int:
    """The person's record key, 0 to 2^64 - 1: the first eight bytes of HMAC-SHA256 of the file's id.

    The same as in `reporting.disclosure.keys`. The cells of a report are rounded by it, so it is never stored plain.
    """
    return int.from_bytes(hmac.digest(_secret(), client_id.bytes, "sha256")[:8], "big")


def record_keys(client_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The record keys of these clients."""
    secret = _secret()
    return {
        client_id: int.from_bytes(hmac.digest(secret, client_id.bytes, "sha256")[:8], "big") for client_id in client_ids
    }


def mark(row_id: UUID) -> Mark:
    """How lines name a record: eight bytes, the same for the same record."""
    return hmac.digest(_secret(), b"mark|" + row_id.bytes, "sha256")[:_MARK_BYTES]


def text_mark(kind: str, text: str) -> Mark:
    """How lines name a typed text without telling it: spaces and capitals make no difference. b"" for no text."""
    folded = " ".join(text.casefold().split())
    if not folded:
        return b""
    return hmac.digest(_secret(), f"text|{kind}|{folded}".encode(), "sha256")[:_MARK_BYTES]


def line_id(row_id: UUID) -> UUID:
    """The id of the line that a record has: found without a search, and nobody without the key finds the record."""
    return UUID(bytes=hmac.digest(_secret(), b"line|" + row_id.bytes, "sha256")[:16])


def person_number(client_id: UUID) -> int:
    """By what a person's lines are found: a signed number of 64 bits beside the sealed line. Not the record key."""
    return int.from_bytes(hmac.digest(_secret(), b"person|" + client_id.bytes, "sha256")[:8], "big", signed=True)


def _secret() -> bytes:
    info = session().info
    secret: bytes | None = info.get(_HELD)
    if secret is None:
        keystore: KeyStore = info["keystore"]
        secret = info[_HELD] = keystore.keyring.secret("statistics")
    return secret
