"""The one table of the keystore."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table

from caseapp.db.types import Id, UtcDateTime

metadata = MetaData()

# A client has one key for each generation. The newest seals. A superseded one seals no row of the file any more; it
# stays for what is never sealed anew (details in the log) and goes with the client.
client_key = Table(
    "client_key",
    metadata,
    Column("client_id", Id, primary_key=True),
    Column("organisation_id", Id, nullable=False, index=True),
    Column("epoch", Integer, nullable=False),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("superseded_at", UtcDateTime),
)


def purpose(organisation_id: bytes, epoch: int, generation: int) -> bytes:
    """What ties a wrapped key to its client; the client's id follows."""
    return b"client|%b|%d|%d|" % (organisation_id, epoch, generation)
