"""Sealing and opening of bytes, and the ring of keys. The only importer of `cryptography`.

Envelope: version (1 byte), key generation (4), nonce (12), ciphertext with tag. The additional data binds a value to its
table, column, row and revision, so a value moved anywhere else does not open (`docs/adr/0003`).
"""

from __future__ import annotations

import hmac
import os
import struct
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_VERSION = 1
_HEADER = struct.Struct(">BI")
_NONCE_BYTES = 12
_PAYLOAD_START = _HEADER.size + _NONCE_BYTES


class UnreadableError(Exception):
    """The value was changed, moved, cut, or sealed under another key."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands. Any difference at opening makes it unreadable."""

    table: str
    column: str
    row: UUID
    revision: int

    def additional_data(self, header: bytes) -> bytes:
        return header + _names(self.table, self.column) + self.row.bytes + self.revision.to_bytes(8, "big")


@lru_cache(maxsize=512)
def _names(table: str, column: str) -> bytes:
    return b"".join(struct.pack(">H", len(name)) + name for name in (table.encode(), column.encode()))


class Key:
    """A data key with its generation. Neither `repr` nor pickling gives the bytes away."""

    __slots__ = ("_aead", "generation")

    def __init__(self, secret: bytes, generation: int = 1) -> None:
        self._aead = AESGCM(secret)
        self.generation = generation

    def seal(self, plaintext: bytes, place: Place, *, block: int) -> bytes:
        """The envelope of `plaintext`, padded to a multiple of `block` bytes (ISO 7816-4)."""
        header = _HEADER.pack(_VERSION, self.generation)
        nonce = os.urandom(_NONCE_BYTES)
        padded = plaintext + b"\x80"
        padded += b"\x00" * (-len(padded) % block)
        return header + nonce + self._aead.encrypt(nonce, padded, place.additional_data(header))

    def open(self, envelope: bytes, place: Place) -> bytes:
        """The bytes that were sealed at exactly this place. Raises UnreadableError."""
        header = envelope[: _HEADER.size]
        if len(envelope) < _PAYLOAD_START or header != _HEADER.pack(_VERSION, self.generation):
            raise UnreadableError
        try:
            padded = self._aead.decrypt(
                envelope[_HEADER.size : _PAYLOAD_START],
                envelope[_PAYLOAD_START:],
                place.additional_data(header),
            )
        except InvalidTag:
            raise UnreadableError from None
        return padded[: padded.rindex(b"\x80")]

    def wrap(self, secret: bytes, purpose: bytes) -> bytes:
        """Another key's bytes under this one; opens only with the same `purpose`."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, secret, purpose)

    def unwrap(self, wrapped: bytes, purpose: bytes) -> bytes:
        """The bytes that `wrap` was given. Raises UnreadableError."""
        try:
            return self._aead.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], purpose)
        except (InvalidTag, ValueError):
            raise UnreadableError from None


def generation_of(envelope: bytes) -> int:
    """The generation of the key that sealed the envelope. Raises UnreadableError on anything else."""
    if len(envelope) < _PAYLOAD_START:
        raise UnreadableError
    version, generation = _HEADER.unpack_from(envelope)
    if version != _VERSION:
        raise UnreadableError
    return int(generation)


def new_secret() -> bytes:
    """Fresh random bytes for a key."""
    return os.urandom(KEY_BYTES)


def keyed_digest(secret: bytes, text: str) -> bytes:
    """HMAC-SHA256, for looking a value up without storing it (sign-in names, throttle keys, search terms)."""
    return hmac.digest(secret, text.encode(), "sha256")


def check_value(secret: bytes) -> str:
    """A fingerprint that tells whether a key is the right one and nothing about the key itself."""
    return sha256(b"caseapp check value" + secret).hexdigest()[:16]
