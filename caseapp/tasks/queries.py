"""Reading tasks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select

from caseapp.clients.models import Client
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.sealed import keys_of, open_column
from caseapp.security.actor import Actor
from caseapp.tasks.models import Task

OPEN, DONE, CANCELLED = "open", "done", "cancelled"


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with its client, as lists show it. Title and name are "" where they cannot be read."""

    task_id: UUID
    client_id: UUID
    title: str
    due_on: dt.date | None
    deadline: bool
    state: str
    done_on: dt.date | None
    client_name: str
    file_number: str
    origin: str = ""  # what it asks after: "referral"


def get_task(task_id: UUID) -> Task:
    """The task. Raises NotFoundError for a missing and for a foreign one alike."""
    found = session().get(Task, task_id)
    if found is None:
        raise NotFoundError
    return found


def list_for_client(client_id: UUID) -> Sequence[Task]:
    """The client's open tasks, the most urgent first, undated ones last."""
    return session().scalars(_in_order().where(Task.client_id == client_id, Task.state == OPEN)).all()


def list_chosen(client_id: UUID, task_ids: Iterable[UUID]) -> Sequence[Task]:
    """Those of the client's tasks that are named, in the same order."""
    chosen = tuple(task_ids)
    if not chosen:
        return []
    return session().scalars(_in_order().where(Task.client_id == client_id, Task.id.in_(chosen))).all()


def list_made_with(contact_id: UUID) -> Sequence[Task]:
    """The tasks that the form of this contact made."""
    return session().scalars(_in_order().where(Task.contact_id == contact_id)).all()


def list_open_for_worker(actor: Actor, *, done_since: dt.date | None = None) -> list[TaskLine]:
    """The actor's open tasks and those of covered clients, the most urgent first; two statements whatever the rows.

    `done_since` adds what was finished since that day.
    """
    wanted: ColumnElement[bool] = Task.state == OPEN
    if done_since is not None:
        wanted = or_(wanted, and_(Task.state == DONE, Task.done_on >= done_since))
    mine: ColumnElement[bool] = Task.worker_id == actor.user_id
    if actor.granted:
        mine = or_(mine, Task.client_id.in_(tuple(actor.granted)))
    return _lines(and_(mine, wanted))


def next_step(client_id: UUID) -> tuple[ScalarSelect[dt.date | None], ScalarSelect[int]]:
    """The earliest due day among the client's open tasks, and how many are open, to be counted inside an update."""
    open_ones = Task.client_id == client_id, Task.state == OPEN
    return (
        select(func.min(Task.due_on)).where(*open_ones).scalar_subquery(),
        select(func.count(Task.id)).where(*open_ones).scalar_subquery(),
    )


def next_steps() -> Mapping[UUID, tuple[dt.date | None, int]]:
    """`next_step` of all clients with open tasks: for rebuilding the caseload."""
    rows = session().execute(
        select(Task.client_id, func.min(Task.due_on), func.count(Task.id))
        .where(Task.state == OPEN)
        .group_by(Task.client_id)
        .order_by(Task.client_id)
    )
    return {client_id: (due_on, number) for client_id, due_on, number in rows}


def _in_order() -> Select[Task]:
    return select(Task).order_by(Task.due_on.is_(None), Task.due_on, Task.created_at, Task.id)


def _lines(condition: ColumnElement[bool]) -> list[TaskLine]:
    task = (
        Task.id,
        Task.client_id,
        Task.text_rev,
        Task.text_blob,
        Task.due_on,
        Task.deadline,
        Task.state,
        Task.done_on,
    )
    rows = (
        session()
        .execute(
            select(*task, Client.head_rev, Client.head_blob, Client.file_number, Task.origin)
            .join(Client, Client.id == Task.client_id)
            .where(condition, Client.closed_on.is_(None))
            .order_by(Task.due_on.is_(None), Task.due_on, Task.created_at, Task.id)
        )
        .all()
    )
    keys = keys_of(session(), {row[1] for row in rows})
    texts = open_column(Task.text, "task", [row[:4] for row in rows], keys)
    heads = open_column(Client.head, "client", [(row[1], row[1], row[8], row[9]) for row in rows], keys)
    return [
        TaskLine(
            task_id=row[0],
            client_id=row[1],
            title=text.record.title if text.record else "",
            due_on=row[4],
            deadline=row[5],
            state=row[6],
            done_on=row[7],
            client_name=head.record.full_name if head.record else "",
            file_number=row[10],
            origin=row[11],
        )
        for row, text, head in zip(rows, texts, heads, strict=True)
    ]
