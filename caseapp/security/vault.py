"""Sealing and opening of bytes, and the ring of keys. The only importer of `cryptography`.

Envelope: version (1 byte), key generation (4), nonce (12), ciphertext with tag. The additional data binds a value to
its table, column, row and revision, so a value moved anywhere else does not open (`docs/adr/0003`).
"""

from __future__ import annotations

import hmac
import os
import struct
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import NoReturn, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
K = TypeVar("K", bound=Hashable)
_VERSION = 1
_HEADER = struct.Struct(">BI")
_NONCE_BYTES = 12
_STREAM = b"caseapp file 1|"
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

    def binding(self) -> bytes:
        """What ties a value to this place; the envelope's header comes before it."""
        return _names(self.table, self.column) + self.row.bytes + self.revision.to_bytes(8, "big")


@lru_cache(maxsize=512)
def _names(table: str, column: str) -> bytes:
    return b"".join(struct.pack(">H", len(name)) + name for name in (table.encode(), column.encode()))


@lru_cache(maxsize=64)
def _header(generation: int) -> bytes:
    return _HEADER.pack(_VERSION, generation)


class Key:
    """A data key with its generation, and those it has replaced. Neither `repr` nor pickling gives the bytes away.

    It seals with its own generation and opens what an older one has sealed, too. The cipher is made at the first use
    and then kept.
    """

    __slots__ = ("_cipher", "_secret", "generation", "older")

    def __init__(self, secret: bytes, generation: int = 1) -> None:
        self._secret = secret
        self._cipher: AESGCM | None = None
        self.older: tuple[Key, ...] = ()
        self.generation = generation

    def joined(self, other: Key) -> Key:
        """The newer of two generations of one key, able to open what the other has sealed."""
        newest, replaced = (self, other) if self.generation > other.generation else (other, self)
        newest.older = (*newest.older, replaced, *replaced.older)
        return newest

    def of_generation(self, envelope: bytes) -> Key | None:
        """The generation that sealed the envelope, None for one that is not here."""
        header = envelope[: _HEADER.size]
        for key in (self, *self.older):
            if header == _header(key.generation):
                return key
        return None

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are never pickled")

    @property
    def _aead(self) -> AESGCM:
        if self._cipher is None:
            self._cipher = AESGCM(self._secret)
        return self._cipher

    def seal(self, plaintext: bytes, place: Place, *, block: int) -> bytes:
        """The envelope of `plaintext`, padded to a multiple of `block` bytes (ISO 7816-4)."""
        header = _header(self.generation)
        nonce = os.urandom(_NONCE_BYTES)
        padded = plaintext + b"\x80"
        padded += b"\x00" * (-len(padded) % block)
        return header + nonce + self._aead.encrypt(nonce, padded, header + place.binding())

    def open(self, envelope: bytes, place: Place) -> bytes:
        """The bytes that were sealed at exactly this place. Raises UnreadableError."""
        header, key = envelope[: _HEADER.size], self.of_generation(envelope)
        if key is None or len(envelope) < _PAYLOAD_START:
            raise UnreadableError
        try:
            padded = key._aead.decrypt(  # noqa: SLF001 - same class
                envelope[_HEADER.size : _PAYLOAD_START], envelope[_PAYLOAD_START:], header + place.binding()
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
        return self.unwrapper(purpose)(wrapped, b"")

    def unwrapper(self, purpose: bytes) -> Callable[[bytes, bytes], bytes]:
        """`unwrap` for very many keys: called with a wrapped key and the end of its purpose."""
        decrypt = self._aead.decrypt

        def unwrap(wrapped: bytes, rest: bytes) -> bytes:
            try:
                return decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], purpose + rest)
            except (InvalidTag, ValueError):
                raise UnreadableError from None

        return unwrap


def open_each(
    table: str, column: str, rows: Iterable[tuple[bytes, K, int, bytes]], keys: Mapping[K, Key]
) -> Iterator[bytes | None]:
    """What `Key.open` says to each row of a column, given as (row id, owner of the key, revision, envelope), or None.

    One loop without calls: a search opens thousands of values, each under a key of its own, and the calls would cost
    as much as the deciphering.
    """
    names = _names(table, column)
    for row, owner, revision, envelope in rows:
        key = keys.get(owner)
        if key is None:
            yield None
            continue
        try:
            # The header is part of what is bound: a changed one does not open.
            binding = envelope[:5] + names + row + revision.to_bytes(8, "big")
            padded = AESGCM(key._secret).decrypt(envelope[5:17], envelope[17:], binding)  # noqa: SLF001 - same module
        except (InvalidTag, ValueError):
            yield _open_older(key, envelope, names + row + revision.to_bytes(8, "big"))
        else:
            yield padded[: padded.rindex(b"\x80")]


def _open_older(key: Key, envelope: bytes, binding: bytes) -> bytes | None:
    older = key.of_generation(envelope)
    if older is None or older is key:
        return None
    try:
        padded = older._aead.decrypt(envelope[5:17], envelope[17:], envelope[:5] + binding)  # noqa: SLF001 - same module
    except (InvalidTag, ValueError):
        return None
    return padded[: padded.rindex(b"\x80")]


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


class StreamKey:
    """The key of one sealed file: seals and opens its chunks, each bound to the file, its number and "is the last".

    A key seals one file once, chunk by chunk, so that the number may be the nonce (STREAM, Hoang and others 2015).
    """

    __slots__ = ("_cipher", "_file")

    def __init__(self, secret: bytes, file: UUID) -> None:
        self._cipher, self._file = AESGCM(secret), file.bytes

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are never pickled")

    def seal(self, chunk: bytes, number: int, *, last: bool) -> bytes:
        """The chunk sealed; 16 bytes longer."""
        nonce = _stream_nonce(number, last=last)
        return self._cipher.encrypt(nonce, chunk, _STREAM + self._file)

    def open(self, sealed: bytes, number: int, *, last: bool) -> bytes:
        """The chunk that was sealed in exactly this place. Raises UnreadableError."""
        try:
            return self._cipher.decrypt(_stream_nonce(number, last=last), sealed, _STREAM + self._file)
        except (InvalidTag, ValueError):
            raise UnreadableError from None


def _stream_nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
