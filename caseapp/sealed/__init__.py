"""Sealed columns for the ORM: typed records that are encrypted at the flush and opened on access.

Nobody above this storey encrypts or decrypts. A table declares the blob and its revision, and a descriptor over them:

    head_blob: Mapped[bytes] = mapped_column("head")
    head_rev: Mapped[int] = mapped_column()
    head = Sealed(ClientHead, blob="head_blob", revision="head_rev", block=SHORT)
"""

from caseapp.sealed.descriptor import LONG, SHORT, Sealed, sealed_columns
from caseapp.sealed.flush import install, seal_row, sealed_values
from caseapp.sealed.keys import (
    create_keys,
    destroy_keys_after_commit,
    key_of,
    keys_of,
    open_organisation_keys,
    raw_organisation_keys,
)
from caseapp.sealed.lists import Opened, open_column, open_records, open_undecoded
from caseapp.sealed.notes import Written, envelope_digest, note, sealed_tables
from caseapp.sealed.records import Decoder, Record

__all__ = [
    "LONG",
    "SHORT",
    "Decoder",
    "Opened",
    "Record",
    "Sealed",
    "Written",
    "create_keys",
    "destroy_keys_after_commit",
    "envelope_digest",
    "install",
    "key_of",
    "keys_of",
    "note",
    "open_column",
    "open_organisation_keys",
    "open_records",
    "open_undecoded",
    "raw_organisation_keys",
    "seal_row",
    "sealed_columns",
    "sealed_tables",
    "sealed_values",
]
