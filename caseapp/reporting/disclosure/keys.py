"""The cell key method: each record has a secret number, each cell the sum of its records' numbers.

The same people in a cell give the same key and so the same rounding, in every table and every period; one person
more gives a new one. Source: B. Fraser, J. Wooton, "A proposed method for confidentialising tabular output to
protect against differencing" (UNECE/Eurostat work session on statistical confidentiality, Geneva 2005), as the
Australian Bureau of Statistics and the German census use it; here the key chooses the direction of rounding instead
of adding noise.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from caseapp.reporting.disclosure.errors import KeyMissingError

Keys = NDArray[np.uint64]
SHORTEST = 32  # bytes


@dataclass(frozen=True)
class StatisticsKey:
    """The secret of one funding period. It stays the same within it: a new key would be fresh noise to average over."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < SHORTEST:
            raise KeyMissingError("Without the statistics key no report leaves the house.")

    @property
    def check(self) -> str:
        """Sixteen hexadecimal digits that tell two keys apart and say nothing about them."""
        return hmac.digest(self.secret, b"check value", "sha256")[:8].hex()

    def record_key(self, record: UUID) -> int:
        """The record's number, 0 to 2^64 - 1: the first eight bytes of HMAC-SHA256."""
        return int.from_bytes(hmac.digest(self.secret, record.bytes, "sha256")[:8], "big")

    def record_keys(self, records: Iterable[UUID]) -> Keys:
        """The numbers of many records, in their order."""
        return np.fromiter((self.record_key(record) for record in records), dtype=np.uint64)

    def fingerprints(self, counts: NDArray[np.int64], keys: Keys) -> Keys:
        """A number for each cell that is the same exactly when count and cell key are the same.

        The next period needs to know which cells did not change; this tells it without keeping the counts. Keyed, so
        that nobody can try out counts. Empty cells have 0.
        """
        secret = hmac.digest(self.secret, b"fingerprints", "sha256")
        result = np.zeros(counts.size, dtype=np.uint64)
        pairs = np.column_stack([counts.ravel().astype(np.uint64), keys.ravel()]).astype(">u8")
        for index in np.flatnonzero(counts.ravel()):
            digest = hashlib.blake2b(pairs[index].tobytes(), key=secret, digest_size=8).digest()
            result[index] = int.from_bytes(digest, "big")
        return result.reshape(counts.shape)


def uniform(keys: Keys) -> NDArray[np.float64]:
    """Cell keys as numbers from 0 up to, not including, 1: uniform, as a sum of uniform ones mod 2^64 is."""
    return (keys >> np.uint64(11)).astype(np.float64) / 2.0**53


def allot(keys: Keys, classes: int) -> NDArray[np.int64]:
    """A class from 0 to `classes` - 1 for each record, always the same one.

    For entries that must not stand in a cell of their own (divers, no entry): the statistical offices of the Länder
    allot them at random to the published classes. The key is mixed first: who knew a class must not learn from it in
    which direction the record's cells are rounded.
    """
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):  # the finaliser of SplitMix64
        keys = (keys ^ (keys >> np.uint64(shift))) * np.uint64(factor)
    return ((keys >> np.uint64(32)) % np.uint64(classes)).astype(np.int64)
