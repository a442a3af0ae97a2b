"""The tables of the log: events, and the seals over batches of them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, Id, InstallationBound, UtcDateTime


class AuditEvent(InstallationBound, Base):
    """One event. `detail` is sealed, under the client's key where one is concerned, so that it goes with the client.

    `mac` covers every column but `detail` and `batch`; for the detail it covers `detail_digest`, which stays when an
    erased client's detail goes. `envelopes` are digests of the sealed values that the same transaction wrote
    (`audit.proofs`). `batch` is the number of the seal, None until the sealer has come by.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_client", "client_id", "at"),
        Index("ix_audit_event_actor", "actor_id", "at"),
        Index("ix_audit_event_batch", "batch"),
    )

    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[UUID | None] = mapped_column(Id)
    organisation_id: Mapped[UUID | None] = mapped_column(Id)
    # No foreign key on the client: the log outlives an erased file.
    client_id: Mapped[UUID | None] = mapped_column(Id)
    action: Mapped[str]
    detail: Mapped[bytes | None]
    detail_digest: Mapped[bytes | None]
    envelopes: Mapped[bytes | None]
    mac: Mapped[bytes | None]
    batch: Mapped[int | None]


class AuditBatch(InstallationBound, Base):
    """The seal over a batch of events: the root of their Merkle tree, chained to the seal before, and signed.

    Every column but `signature` is signed (`audit.proofs.batch_payload`). The rows outlive their pruned events.
    """

    __tablename__ = "audit_batch"

    number: Mapped[int] = mapped_column(unique=True)
    sealed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    count: Mapped[int]
    first_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    root: Mapped[bytes]
    previous: Mapped[bytes]
    public_key: Mapped[bytes]
    next_public_key: Mapped[bytes]
    # Events written before there were seals: taken over as they were found.
    adopted: Mapped[bool]
    # The chain went on by an operator's command, after a restored backup or a lost signing key.
    resumed: Mapped[bool]
    # Events of the batches up to this number were removed after their retention.
    pruned_through: Mapped[int]
    signature: Mapped[bytes]
