"""What lies on a caseworker's desk beside the files: short advice, activities, begun contacts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from uuid import UUID

from caseapp.counselling.models import Activity, ActivityDetail, AdviceDetail, ShortAdvice
from caseapp.demo.rules.days import DAY, working
from caseapp.demo.rules.office import draw_advice, draw_deeds
from caseapp.demo.service.cases import Case, Rows, draw_id, moment
from caseapp.demo.service.staff import Desk
from caseapp.drafts.models import ClientDraft, DraftText
from caseapp.sealed import seal_row
from caseapp.security.vault import Key

_BEGUN = (
    ("BUE", "SPR", "Kursplatz ab Januar möglich. Noch zu klären:", 11 * 60 + 42),
    ("TEL", "EXI", "Jobcenter fordert Kontoauszüge nach, Frist", 16 * 60 + 5),
)


def desk_rows(rng: Random, desk: Desk, today: dt.date, key: Key) -> Rows:
    """Short advice and activities of the last months, sealed under the carrier's key."""
    rows: Rows = defaultdict(list)
    for advice in draw_advice(rng, today):
        row_id = draw_id(rng)
        said = AdviceDetail(topic=advice.topic, age_band=advice.age_band)
        own = {"kind": advice.kind, "ags": desk.plan.towns[0].ags}
        sealed = seal_row(key, ShortAdvice.detail, "short_advice", row_id, said)
        rows[ShortAdvice].append(_row(row_id, desk, advice.on, advice.minutes) | own | sealed)
    for deed in draw_deeds(rng, today):
        row_id = draw_id(rng)
        done = ActivityDetail(kind=deed.kind, text=deed.text)
        sealed = seal_row(key, Activity.detail, "activity", row_id, done)
        rows[Activity].append(_row(row_id, desk, deed.on, deed.minutes) | sealed)
    return rows


def _row(row_id: UUID, desk: Desk, on: dt.date, minutes: int) -> dict[str, Any]:
    return {
        "id": row_id,
        "organisation_id": desk.organisation_id,
        "worker_id": desk.worker_id,
        "on_day": on,
        "minutes": minutes,
        "created_at": moment(on),
    }


def draft_rows(rng: Random, cases: Sequence[Case], today: dt.date, keys: Mapping[UUID, Key]) -> Rows:
    """Two begun contacts of the first worker of a team, written down yesterday."""
    rows: Rows = defaultdict(list)
    on = working(today - DAY)
    wanted = [case for case in cases if case.desk.leads_team and not (case.frame.waiting or case.frame.closed_on)]
    for case, (kind, topic, note, minutes) in zip(wanted, _BEGUN, strict=False):
        row_id, client_id = draw_id(rng), case.client_ids[0]
        chosen = {"kind": kind, "on_day": f"{on:%d.%m.%Y}", "topics": topic, "main_topic": topic, "note": note}
        text = DraftText(fields=tuple(chosen.items()))
        rows[ClientDraft].append(
            {
                "id": row_id,
                "client_id": client_id,
                "organisation_id": case.desk.organisation_id,
                "user_id": case.desk.worker_id,
                "form": "contact",
                "saved_at": moment(on, minutes),
                "discarded_at": None,
                **seal_row(keys[client_id], ClientDraft.text, "client_draft", row_id, text),
            }
        )
    return rows
