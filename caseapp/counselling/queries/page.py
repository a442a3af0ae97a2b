"""All that the contact form shows, in few statements: it is the page that is opened most often."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Select, String, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import undefer

from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import Client, FactKind, HistoryEntry, HouseholdMember, StayFact
from caseapp.counselling.models import Contact
from caseapp.counselling.queries.contacts import VALID
from caseapp.counselling.rules import Past
from caseapp.db import UtcDateTime, session
from caseapp.drafts.models import ClientDraft, DraftText
from caseapp.errors import NotFoundError
from caseapp.goals.models import Goal, GoalStep
from caseapp.goals.queries import OPEN as STEP_OPEN
from caseapp.goals.queries import topics_of
from caseapp.i18n import gettext as _
from caseapp.sealed import keys_of, open_column
from caseapp.security.vault import Key
from caseapp.tasks.models import Task
from caseapp.tasks.queries import OPEN

_PAST = 20
_PLAIN: dict[str, Any] = {"day": Date(), "moment": UtcDateTime(), "kind": String(), "minutes": Integer()}
_TYPED = frozenset({"note", "others_present", "third_party", "reason"})


@dataclass(frozen=True, slots=True)
class Member:
    """Another person of the household."""

    client_id: UUID
    name: str
    born_on: dt.date | None


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open task of the client."""

    task_id: UUID
    title: str
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step towards a goal that the client takes."""

    step_id: UUID
    text: str
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class BegunDraft:
    """A draft that the actor has begun for this client; `start`: what it is about, in a few words.

    `about` is the id of the contact that it changes, "" for a new one.
    """

    id: UUID
    saved_at: dt.datetime
    start: str
    about: str


@dataclass(frozen=True, slots=True)
class FormPage:
    """The client with all that the form offers."""

    client: Client
    members: list[Member]
    past: list[Past]
    tasks: list[OpenTask]
    steps: list[OpenStep]
    topics: tuple[str, ...]  # of the areas of open goals
    drafts: list[BegunDraft]
    stay: StayFact | None  # where the client lives now


def load_page(client_id: UUID, user_id: UUID, draft_form: str) -> FormPage:
    """What the form shows: three statements, whatever the rows. Raises NotFoundError.

    Members of the household whom the actor may not find are left out.
    """
    people = _people(client_id)
    keys = keys_of(session(), people)
    rows = session().execute(_rows(client_id, user_id, draft_form)).all()
    key = keys.get(client_id)
    return FormPage(
        client=people[client_id],
        members=[
            Member(each.id, each.head.given_names or each.head.full_name, each.head.birth.day)
            for each in people.values()
            if each.id != client_id and each.id in keys
        ],
        past=_past(client_id, key, rows),
        tasks=_tasks(client_id, key, rows),
        steps=_steps(client_id, key, rows),
        # The oldest goal first, as on the page of the goals.
        topics=topics_of(row[6] for row in reversed(rows) if row[0] == "goal"),
        drafts=_drafts(client_id, key, rows),
        stay=_stay(client_id, key, rows),
    )


def _people(client_id: UUID) -> dict[UUID, Client]:
    """The client and who lives in the same household now, by id."""
    own = select(HouseholdMember.household_id).where(
        HouseholdMember.client_id == client_id, HouseholdMember.until_on.is_(None)
    )
    household = select(HouseholdMember.client_id).where(
        HouseholdMember.household_id.in_(own), HouseholdMember.until_on.is_(None)
    )
    found = session().scalars(
        select(Client)
        .where(or_(Client.id == client_id, Client.id.in_(household)))
        .options(undefer(Client.body_blob))
        .order_by(Client.file_number, Client.id)
    )
    people = {client.id: client for client in found}
    if client_id not in people:
        raise NotFoundError
    return people


# What, id, revision, envelope, day, moment, kind, minutes.
_Row = tuple[str, UUID, int, bytes, dt.date | None, dt.datetime | None, str | None, int | None]


def _rows(client_id: UUID, user_id: UUID, draft_form: str) -> Select[Any]:
    """Past contacts, tasks, goals with steps, drafts and stays in one statement: all are sealed rows of one file."""
    parts = union_all(
        _past_rows(client_id),
        _task_rows(client_id),
        _goal_rows(client_id),
        _step_rows(client_id),
        _draft_rows(client_id, user_id, draft_form),
        _stay_rows(client_id),
    ).subquery()
    return select(parts).order_by(parts.c.what, parts.c.day.desc(), parts.c.moment.desc(), parts.c.id)


def _row(what: str, identity: tuple[Any, Any, Any], **columns: Any) -> Select[Any]:
    """One part of the union: id, revision and envelope, then the plain columns that this kind of row has."""
    row_id, revision, envelope = identity
    plain = [columns.get(name, cast(null(), kind)).label(name) for name, kind in _PLAIN.items()]
    return select(
        literal(what).label("what"), row_id.label("id"), revision.label("rev"), envelope.label("blob"), *plain
    )


def _past_rows(client_id: UUID) -> Select[Any]:
    past = (
        select(Contact.id, Contact.detail_rev, Contact.detail_blob, Contact.on_day, Contact.kind, Contact.minutes)
        .where(Contact.client_id == client_id, Contact.state == VALID)
        .order_by(Contact.on_day.desc(), Contact.created_at.desc(), Contact.id)
        .limit(_PAST)
        .subquery()
        .c
    )
    return _row(
        "past", (past.id, past.detail_rev, past.detail_blob), day=past.on_day, kind=past.kind, minutes=past.minutes
    )


def _task_rows(client_id: UUID) -> Select[Any]:
    row = _row("task", (Task.id, Task.text_rev, Task.text_blob), day=Task.due_on)
    return row.where(Task.client_id == client_id, Task.state == OPEN)


def _goal_rows(client_id: UUID) -> Select[Any]:
    identity = (Goal.id, Goal.text_rev, Goal.text_blob)
    row = _row("goal", identity, day=Goal.opened_on, moment=Goal.created_at, kind=Goal.area)
    return row.where(Goal.client_id == client_id, Goal.closed_on.is_(None), Goal.cancelled_at.is_(None))


def _step_rows(client_id: UUID) -> Select[Any]:
    """The client's own steps towards open goals; those of the office are tasks."""
    row = _row("step", (GoalStep.id, GoalStep.text_rev, GoalStep.text_blob), day=GoalStep.due_on)
    standing = select(Goal.id).where(Goal.client_id == client_id, Goal.closed_on.is_(None), Goal.cancelled_at.is_(None))
    return row.where(GoalStep.client_id == client_id, GoalStep.state == STEP_OPEN, GoalStep.goal_id.in_(standing))


def _draft_rows(client_id: UUID, user_id: UUID, form: str) -> Select[Any]:
    identity = (ClientDraft.id, ClientDraft.text_rev, ClientDraft.text_blob)
    return _row("draft", identity, moment=ClientDraft.saved_at).where(
        ClientDraft.client_id == client_id,
        ClientDraft.user_id == user_id,
        ClientDraft.form == form,
        ClientDraft.discarded_at.is_(None),
    )


def _stay_rows(client_id: UUID) -> Select[Any]:
    identity = (HistoryEntry.id, HistoryEntry.box_rev, HistoryEntry.box_blob)
    return _row("stay", identity, day=HistoryEntry.from_on, moment=HistoryEntry.created_at).where(
        HistoryEntry.client_id == client_id,
        HistoryEntry.kind == FactKind.STAY.value,
        HistoryEntry.until_on.is_(None),
        HistoryEntry.superseded.is_(False),
        HistoryEntry.cancelled_at.is_(None),
    )


def _opened(sealed: Any, table: str, client_id: UUID, key: Key | None, rows: list[_Row]) -> list[Any]:
    keys = {client_id: key} if key else {}
    return [each.record for each in open_column(sealed, table, [(r[1], client_id, r[2], r[3]) for r in rows], keys)]


def _past(client_id: UUID, key: Key | None, rows: Any) -> list[Past]:
    own = [row for row in rows if row[0] == "past"]
    details = _opened(Contact.detail, "contact", client_id, key, own)
    return [
        Past(row[6], row[7], detail.language if detail else "", detail.interpreter if detail else "")
        for row, detail in zip(own, details, strict=True)
    ]


def _tasks(client_id: UUID, key: Key | None, rows: Any) -> list[OpenTask]:
    own = [row for row in rows if row[0] == "task"]
    texts = _opened(Task.text, "task", client_id, key, own)
    tasks = [OpenTask(row[1], text.title, row[4]) for row, text in zip(own, texts, strict=True) if text]
    return sorted(tasks, key=lambda task: (task.due_on or dt.date.max, task.title))


def _steps(client_id: UUID, key: Key | None, rows: Any) -> list[OpenStep]:
    own = [row for row in rows if row[0] == "step"]
    texts = _opened(GoalStep.text, "goal_step", client_id, key, own)
    steps = [OpenStep(row[1], text.text, row[4]) for row, text in zip(own, texts, strict=True) if text]
    return sorted(steps, key=lambda step: (step.due_on or dt.date.max, step.text))


def _drafts(client_id: UUID, key: Key | None, rows: Any) -> list[BegunDraft]:
    own = [row for row in rows if row[0] == "draft"]
    texts = _opened(ClientDraft.text, "client_draft", client_id, key, own)
    return [
        BegunDraft(row[1], row[5], _first_words(text), text.about) for row, text in zip(own, texts, strict=True) if text
    ]


def _first_words(text: DraftText) -> str:
    """What the draft is about, in a few words."""
    typed = [value for name, value in text.fields if name in _TYPED or name.endswith("-title")]
    topics = [catalogue.label("topics", value) for name, value in text.fields if name == "topics"]
    return next(filter(None, (*typed, ", ".join(topics))), "")[:80] or _("ohne Text")


def _stay(client_id: UUID, key: Key | None, rows: Any) -> StayFact | None:
    own = [row for row in rows if row[0] == "stay"]
    boxes = _opened(HistoryEntry.box, "history_entry", client_id, key, own)
    facts = [box.fact for box in boxes if box and isinstance(box.fact, StayFact)]
    return facts[0] if facts else None
