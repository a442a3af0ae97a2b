"""What jobs have counted for people with large scopes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from caseapp.db import session
from caseapp.figures.models import FigureSnapshot
from caseapp.jobs import Job
from caseapp.security.actor import Actor
from caseapp.tallies.periods import Period


def find_snapshot(actor: Actor, organisation_id: UUID, period: Period) -> FigureSnapshot | None:
    """The person's own count of the period in this carrier, with its content; None: not yet counted."""
    return (
        session()
        .scalars(
            select(FigureSnapshot)
            .where(
                FigureSnapshot.user_id == actor.user_id,
                FigureSnapshot.organisation_id == organisation_id,
                FigureSnapshot.period == str(period),
            )
            .options(undefer(FigureSnapshot.content_blob))
        )
        .one_or_none()
    )


def job_of(snapshot: FigureSnapshot) -> Job | None:
    """The job that counts or has counted it."""
    return session().get(Job, snapshot.job_id) if snapshot.job_id else None
