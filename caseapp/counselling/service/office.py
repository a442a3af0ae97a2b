"""Short advice without a file and activities without a case: so that no false file is opened for the statistics."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar
from uuid import UUID

from caseapp import audit, clock
from caseapp.counselling import queries, rules
from caseapp.counselling.models import Activity, ActivityDetail, AdviceDetail, ShortAdvice
from caseapp.db import session, stored_before
from caseapp.drafts.service import drop_on_save
from caseapp.errors import NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_Record = TypeVar("_Record", ShortAdvice, Activity)


def add_advice(
    actor: Actor,
    organisation_id: UUID,
    *,
    advice_id: UUID,
    on_day: dt.date,
    kind: str,
    minutes: int | None,
    ags: str | None,
    detail: AdviceDetail,
) -> ShortAdvice:
    """Store a short advice. Sent twice, it is stored once.

    Raises RuleError on `on_day`, AlreadyStoredError where the form has stored another one before.
    """
    advice = ShortAdvice(
        id=advice_id,
        organisation_id=organisation_id,
        worker_id=actor.user_id,
        on_day=on_day,
        kind=kind,
        minutes=minutes,
        ags=ags or None,
        created_at=clock.now(),
        detail=detail,
    )
    return _add(actor, advice, "advice:add", "kind", "ags")


def add_activity(
    actor: Actor,
    organisation_id: UUID,
    *,
    activity_id: UUID,
    on_day: dt.date,
    minutes: int | None,
    detail: ActivityDetail,
) -> Activity:
    """Store an activity and drop its draft. Sent twice, it is stored once. Raises as `add_advice`."""
    activity = Activity(
        id=activity_id,
        organisation_id=organisation_id,
        worker_id=actor.user_id,
        on_day=on_day,
        minutes=minutes,
        created_at=clock.now(),
        detail=detail,
    )
    stored = _add(actor, activity, "activity:add")
    drop_on_save(activity_id, client_bound=False)
    return stored


def undo_advice(actor: Actor, advice_id: UUID) -> None:
    """Take one's own short advice back within ten minutes. Raises NotFoundError, RuleError."""
    _undo(actor, queries.find_advice(advice_id), "advice:undo")


def undo_activity(actor: Actor, activity_id: UUID) -> None:
    """Take one's own activity back within ten minutes. Raises NotFoundError, RuleError."""
    _undo(actor, queries.find_activity(activity_id), "activity:undo")


def _add(actor: Actor, record: _Record, action: str, *said: str) -> _Record:
    """Store the record, or give the one that the same form stored before; `said` is what only this kind holds."""
    policy.require_in(actor, Permission.ADVICE_WRITE, record.organisation_id)
    rules.check_day(record.on_day, clock.today())
    rules.check_minutes(record.minutes)
    stored = stored_before(record, "organisation_id", "worker_id", "on_day", "minutes", "detail", *said)
    if stored is not None:
        return stored
    session().add(record)
    audit.record(action, organisation_id=record.organisation_id)
    session().flush()
    return record


def _undo(actor: Actor, record: ShortAdvice | Activity | None, action: str) -> None:
    if record is None or record.worker_id != actor.user_id:
        raise NotFoundError
    policy.require_in(actor, Permission.ADVICE_WRITE, record.organisation_id)
    if not rules.can_undo(record.created_at, None, clock.now()):
        raise RuleError(_("Das lässt sich nicht mehr zurücknehmen."))
    session().delete(record)
    audit.record(action, organisation_id=record.organisation_id)
    session().flush()
