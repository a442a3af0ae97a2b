"""Rights on single cases."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from caseapp import clock
from caseapp.clients.models import ClientGrant
from caseapp.db import scope, session

# A grant of kind "note" opens notes only: it does not make somebody a worker of the case.
_WORKING_KINDS = ("cover", "co_work", "protection")


def granted_clients(user_id: UUID) -> frozenset[UUID]:
    """The clients whose files are opened to this person today, one by one.

    Read while the actor is only being made, therefore outside the row scope; it reads this person's own grants only.
    """
    now = clock.now()
    current = session()
    with scope.everything(current):
        rows = current.scalars(
            select(ClientGrant.client_id)
            .where(ClientGrant.user_id == user_id, ClientGrant.kind.in_(_WORKING_KINDS))
            .where(ClientGrant.from_at <= now, or_(ClientGrant.until_at.is_(None), ClientGrant.until_at > now))
            .order_by(ClientGrant.client_id)
        )
        return frozenset(rows)
