"""What every change of the directory asks first, and what it leaves in the log: ids of the directory, never words."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from caseapp import audit
from caseapp.db import Base, hold, session
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_Row = TypeVar("_Row", bound=Base)


def require_in_some_carrier(actor: Actor, permission: Permission) -> None:
    """The directory belongs to no carrier: who may edit in any of them may edit here. Raises ForbiddenError."""
    carriers = policy.organisations(actor, permission) or tuple(actor.organisation_ids) or (UUID(int=0),)
    policy.require_in(actor, permission, carriers[0])


def alone(row: _Row) -> _Row:
    """The row as it stands now, while nobody else changes it: other carriers' people write beside us."""
    hold(session(), f"{row.__tablename__} {row.id}")
    session().refresh(row)
    return row


def note(action: str, row: Base, *, also: UUID | None = None, organisation_id: UUID | None = None) -> None:
    """Record a change with the ids concerned."""
    ids = " ".join(str(each) for each in (row.id, also) if each)
    audit.record(action, organisation_id=organisation_id, detail=audit.Detail(note=ids))
