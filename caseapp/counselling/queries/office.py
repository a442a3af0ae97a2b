"""Short advice and activities: records of the office, not of a client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from caseapp.counselling.models import Activity, ShortAdvice
from caseapp.db import session


def find_advice(advice_id: UUID) -> ShortAdvice | None:
    """The short advice, or None."""
    return session().get(ShortAdvice, advice_id)


def find_activity(activity_id: UUID) -> Activity | None:
    """The activity, or None."""
    return session().get(Activity, activity_id)


def list_advice(worker_id: UUID, on_day: dt.date) -> Sequence[ShortAdvice]:
    """What this person advised on the day, the latest first."""
    return (
        session()
        .scalars(
            select(ShortAdvice)
            .where(ShortAdvice.worker_id == worker_id, ShortAdvice.on_day == on_day)
            .order_by(ShortAdvice.created_at.desc(), ShortAdvice.id)
        )
        .all()
    )


def list_activities(worker_id: UUID, since: dt.date) -> Sequence[Activity]:
    """This person's activities since the day, the latest first."""
    return (
        session()
        .scalars(
            select(Activity)
            .where(Activity.worker_id == worker_id, Activity.on_day >= since)
            .order_by(Activity.on_day.desc(), Activity.created_at.desc(), Activity.id)
        )
        .all()
    )
