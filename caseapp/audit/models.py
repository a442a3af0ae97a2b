"""The table of audit events."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, Id, InstallationBound, UtcDateTime


class AuditEvent(InstallationBound, Base):
    """One event. `detail` is sealed, under the client's key where one is concerned, so that it goes with the client."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_client", "client_id", "at"),
        Index("ix_audit_event_actor", "actor_id", "at"),
    )

    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[UUID | None] = mapped_column(Id)
    organisation_id: Mapped[UUID | None] = mapped_column(Id)
    # No foreign key on the client: the log outlives an erased file.
    client_id: Mapped[UUID | None] = mapped_column(Id)
    action: Mapped[str]
    detail: Mapped[bytes | None]
