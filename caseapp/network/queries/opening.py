"""Opening sealed columns of shared rows: they lie under the installation's key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from caseapp.db import session
from caseapp.keystore import KeyStore
from caseapp.sealed import Record, Sealed, open_records

R = TypeVar("R", bound=Record)


def open_shared(sealed: Sealed[R], table: str, rows: Iterable[tuple[UUID, int, bytes]]) -> list[R | None]:
    """The records of rows given as (row id, revision, envelope), in the same order; None where one is not readable."""
    keystore: KeyStore = session().info["keystore"]
    raw = ((row_id.bytes, table, revision, envelope) for row_id, revision, envelope in rows)
    return open_records(sealed, table, raw, {table: keystore.keyring.installation})
