"""Changing tasks. Every change keeps the client's row of the caseload: next step and number of open tasks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from caseapp import audit, clock
from caseapp.clients.models import Client
from caseapp.clients.service import caseload
from caseapp.db import new_id, scope, session, stored_before
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks import queries, rules
from caseapp.tasks.models import Task, TaskText


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be added. `due_on` None: without a day."""

    title: str
    due_on: dt.date | None


def add_task(
    actor: Actor,
    client: Client,
    title: str,
    due_on: dt.date | None,
    *,
    note: str = "",
    deadline: bool = False,
    contact_id: UUID | None = None,
    task_id: UUID | None = None,
) -> Task:
    """Add a task for the client's worker. `task_id` is that of the form: sent twice, it is stored once.

    Raises RuleError on `title` or `due_on`, AlreadyStoredError where the form has stored another task before.
    """
    policy.require(actor, Permission.CONTACT_WRITE, client)
    rules.check_deadline(due_on, deadline=deadline)
    task = _new(actor, client, NewTask(title, due_on), note=note, deadline=deadline, contact_id=contact_id)
    task.id = task_id or task.id
    stored = stored_before(task, "client_id", "text", "due_on", "deadline", "state")
    if stored is not None:
        return stored
    session().add(task)
    audit.record("task:add", client_id=client.id)
    _keep(client)
    return task


def add_tasks(actor: Actor, client: Client, new: Sequence[NewTask], *, contact_id: UUID | None = None) -> list[Task]:
    """Add several tasks at once, in this order. Raises RuleError on `title`."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    if not new:
        return []
    added = [_new(actor, client, each, contact_id=contact_id) for each in new]
    session().add_all(added)
    audit.record("task:add", client_id=client.id, detail=audit.Detail(count=len(added)))
    _keep(client)
    return added


def cancel_tasks(actor: Actor, client: Client, task_ids: Collection[UUID]) -> list[UUID]:
    """Strike those of the named tasks out that are open, at once. Their ids."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    struck = [task for task in queries.list_chosen(client.id, task_ids) if task.state == queries.OPEN]
    if not struck:
        return []
    for task in struck:
        task.state = queries.CANCELLED
    audit.record("task:cancel", client_id=client.id, detail=audit.Detail(count=len(struck)))
    _keep(client)
    return [task.id for task in struck]


def reopen_tasks(actor: Actor, client: Client, task_ids: Collection[UUID]) -> None:
    """Undo finishing and `cancel_tasks` of those that are named."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    closed = [task for task in queries.list_chosen(client.id, task_ids) if task.state != queries.OPEN]
    if not closed:
        return
    for task in closed:
        task.state, task.done_on = queries.OPEN, None
    audit.record("task:reopen", client_id=client.id, detail=audit.Detail(count=len(closed)))
    _keep(client)


def finish_tasks(actor: Actor, client: Client, task_ids: Collection[UUID]) -> list[UUID]:
    """Finish those of the named tasks that are open, at once. Their ids."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    finished = [task for task in queries.list_chosen(client.id, task_ids) if task.state == queries.OPEN]
    if not finished:
        return []
    for task in finished:
        _finish(task)
    audit.record("task:done", client_id=client.id, detail=audit.Detail(count=len(finished)))
    _keep(client)
    return [task.id for task in finished]


def record_steps(
    actor: Actor,
    client: Client,
    *,
    new: Sequence[NewTask],
    done: Collection[UUID],
    contact_id: UUID,
) -> list[UUID]:
    """Add tasks and finish others with a contact, whose own event records it. The ids that are done by it.

    Raises RuleError on `title`.
    """
    policy.require(actor, Permission.CONTACT_WRITE, client)
    if not new and not done:
        return []
    finished = [task for task in queries.list_chosen(client.id, done) if task.state == queries.OPEN]
    for task in finished:
        _finish(task)
    session().add_all([_new(actor, client, each, contact_id=contact_id) for each in new])
    _keep(client)
    return [task.id for task in finished]


def take_back_steps(actor: Actor, client: Client, *, contact_id: UUID, done: Collection[UUID]) -> None:
    """The inverse of `record_steps`: what the contact added is cancelled, what it finished is open again."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    made = [task for task in queries.list_made_with(contact_id) if task.state == queries.OPEN]
    finished = [task for task in queries.list_chosen(client.id, done) if task.state == queries.DONE]
    if not made and not finished:
        return
    for task in made:
        task.state = queries.CANCELLED
    for task in finished:
        task.state, task.done_on = queries.OPEN, None
    _keep(client)


def change_task(
    actor: Actor, client: Client, task: Task, *, title: str, due_on: dt.date | None, note: str, version: str
) -> None:
    """Change what is to be done and until when.

    Raises ConflictError when somebody else changed it since `version`, RuleError on `title`, and on `due_on` of a
    deadline.
    """
    policy.require(actor, Permission.CONTACT_WRITE, client)
    if task.version != version:
        raise ConflictError(_("Diese Aufgabe wurde inzwischen geändert."))
    _require_open(task)
    rules.check_new_due(task.due_on, due_on, deadline=task.deadline)
    task.text = TaskText(title=rules.check_title(title), note=note)
    task.due_on = due_on
    audit.record("task:edit", client_id=client.id)
    _keep(client)


def put_off(actor: Actor, client: Client, task: Task, due_on: dt.date) -> None:
    """Move the due day. Raises RuleError on `due_on` for a deadline."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    _require_open(task)
    rules.check_new_due(task.due_on, due_on, deadline=task.deadline)
    task.due_on = due_on
    audit.record("task:put_off", client_id=client.id)
    _keep(client)


def finish_task(actor: Actor, client: Client, task: Task) -> None:
    """The task is done. Doing it twice changes nothing."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    if task.state == queries.OPEN:
        _finish(task)
        audit.record("task:done", client_id=client.id)
        _keep(client)


def reopen_task(actor: Actor, client: Client, task: Task) -> None:
    """Undo `finish_task` and `cancel_task`."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    if task.state != queries.OPEN:
        task.state, task.done_on = queries.OPEN, None
        audit.record("task:reopen", client_id=client.id)
        _keep(client)


def cancel_task(actor: Actor, client: Client, task: Task) -> None:
    """The task is no longer needed. It stays in the file, struck out."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    _require_open(task)
    task.state = queries.CANCELLED
    audit.record("task:cancel", client_id=client.id)
    _keep(client)


def stop_tasks(actor: Actor, client: Client, task_ids: Collection[UUID]) -> int:
    """Cancel those of the tasks that are open, because the release on which they rested was withdrawn. How many.

    Whoever takes the call withdraws, also without being allowed to read the file: outside the row scope.
    """
    policy.require(actor, Permission.CONSENT_WITHDRAW, client)
    current = session()
    with scope.everything(current):
        found = [task for task in queries.list_chosen(client.id, task_ids) if task.state == queries.OPEN]
        for task in found:
            task.state = queries.CANCELLED
        if found:
            audit.record("task:cancel", client_id=client.id, detail=audit.Detail(count=len(found)))
            current.flush()
            _keep(client)
    return len(found)


def leave_task(actor: Actor, client: Client, title: str) -> None:
    """A task of today for the worker of the file, from somebody who took a withdrawal and may not read the file."""
    policy.require(actor, Permission.CONSENT_WITHDRAW, client)
    current = session()
    with scope.everything(current):
        current.add(_new(actor, client, NewTask(title, clock.today())))
        audit.record("task:add", client_id=client.id)
        current.flush()
        _keep(client)


def _new(
    actor: Actor,
    client: Client,
    new: NewTask,
    *,
    note: str = "",
    deadline: bool = False,
    contact_id: UUID | None = None,
) -> Task:
    return Task(
        id=new_id(),
        client_id=client.id,
        organisation_id=client.organisation_id,
        # The case's worker, also when somebody covers: the task must not vanish with the cover.
        worker_id=client.worker_id or actor.user_id,
        due_on=new.due_on,
        deadline=deadline,
        state=queries.OPEN,
        contact_id=contact_id,
        created_by=actor.user_id,
        created_at=clock.now(),
        text=TaskText(title=rules.check_title(new.title), note=note),
    )


def _finish(task: Task) -> None:
    task.state, task.done_on = queries.DONE, clock.today()


def _require_open(task: Task) -> None:
    if task.state != queries.OPEN:
        raise RuleError(_("Diese Aufgabe ist schon abgeschlossen. Öffnen Sie sie zuerst wieder."))


def _keep(client: Client) -> None:
    caseload.set_next_step(client.id, *queries.next_step(client.id))
