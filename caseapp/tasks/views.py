"""The page of tasks, and what can be done with one task from any page."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit, clock
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.tasks import queries, rules, service
from caseapp.tasks.forms import TaskChangeForm, new_task_form
from caseapp.tasks.models import Task
from caseapp.web import context, signin
from caseapp.web.area import Area
from caseapp.web.messages import tell

area = Area("tasks", __name__)


@area.page("/aufgaben", permission=Permission.CONTACT_WRITE)
def index() -> ResponseReturnValue:
    """One's own tasks: overdue, this week, later, done in the last days."""
    today = clock.today()
    lines = queries.list_open_for_worker(context.actor(), done_since=today - rules.RECENT)
    audit.note_read(
        "task:list",
        detail=audit.Detail(count=len(lines), digest=audit.list_digest({line.client_id for line in lines})),
    )
    buckets: dict[rules.Bucket, list[queries.TaskLine]] = {bucket: [] for bucket in rules.Bucket}
    for line in lines:
        if line.state == queries.OPEN:
            buckets[rules.bucket(line.due_on, today)].append(line)
    done = [line for line in lines if line.state == queries.DONE]
    done.sort(key=lambda line: line.done_on or dt.date.min, reverse=True)
    return render_template("tasks/index.html", buckets=buckets, done=done, today=today)


@area.page("/klienten/<uuid:client_id>/aufgaben", permission=Permission.CONTACT_WRITE, methods=("GET", "POST"))
def add(client_id: UUID) -> ResponseReturnValue:
    """A new task for a client."""
    client = clients.get_client(client_id)
    policy.require(context.actor(), Permission.CONTACT_WRITE, client)
    form = new_task_form()
    if form.validate_on_submit():
        try:
            task = service.add_task(
                context.actor(),
                client,
                form.title.data or "",
                form.chosen_due,
                note=form.note.data or "",
                deadline=form.deadline.data,
                task_id=form.form_id.data,
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Aufgabe angelegt."), undo=url_for("tasks.cancel", task_id=task.id))
            return _back(client)
    return render_template("tasks/add.html", form=form, client=client), form.status


@area.page("/aufgaben/<uuid:task_id>", permission=Permission.CONTACT_WRITE, methods=("GET", "POST"))
def change(task_id: UUID) -> ResponseReturnValue:
    """Change a task. One that somebody else changed meanwhile is shown beside what was typed."""
    task, client = _load(task_id)
    policy.require(context.actor(), Permission.CONTACT_WRITE, client)
    stored = {"title": task.text.title, "due_on": task.due_on, "note": task.text.note}
    form = TaskChangeForm(data=stored | {"version": task.version})
    if form.validate_on_submit():
        try:
            service.change_task(
                context.actor(),
                client,
                task,
                title=form.title.data or "",
                due_on=form.due_on.data,
                note=form.note.data or "",
                version=form.version.data or "",
            )
        except ConflictError:
            form.version.data = task.version
            return render_template("tasks/change.html", form=form, task=task, client=client, theirs=stored), 409
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Aufgabe geändert."))
            return _back(client)
    return render_template("tasks/change.html", form=form, task=task, client=client), form.status


@area.page("/aufgaben/<uuid:task_id>/erledigt", permission=Permission.CONTACT_WRITE, methods=("POST",))
def done(task_id: UUID) -> ResponseReturnValue:
    """One tap: done. The message offers to take it back."""
    task, client = _load(task_id)
    service.finish_task(context.actor(), client, task)
    tell(_("Erledigt."), undo=url_for("tasks.reopen", task_id=task.id))
    return _back(client)


@area.page("/aufgaben/<uuid:task_id>/offen", permission=Permission.CONTACT_WRITE, methods=("POST",))
def reopen(task_id: UUID) -> ResponseReturnValue:
    """Take "done" or "no longer needed" back."""
    task, client = _load(task_id)
    service.reopen_task(context.actor(), client, task)
    tell(_("Die Aufgabe ist wieder offen."))
    return _back(client)


@area.page("/aufgaben/<uuid:task_id>/streichen", permission=Permission.CONTACT_WRITE, methods=("POST",))
def cancel(task_id: UUID) -> ResponseReturnValue:
    """The task is no longer needed."""
    task, client = _load(task_id)
    service.cancel_task(context.actor(), client, task)
    tell(_("Aufgabe gestrichen."), undo=url_for("tasks.reopen", task_id=task.id))
    return _back(client)


@area.page("/aufgaben/<uuid:task_id>/verschieben", permission=Permission.CONTACT_WRITE, methods=("POST",))
def put_off(task_id: UUID) -> ResponseReturnValue:
    """Move the due day by the days that were tapped, counted from today."""
    task, client = _load(task_id)
    days = request.form.get("days", "")
    if not days.isdecimal() or len(days) > 3 or int(days) > 366:
        raise RuleError(_("Wählen Sie einen Tag aus."))
    service.put_off(context.actor(), client, task, clock.today() + dt.timedelta(days=int(days)))
    tell(_("Aufgabe verschoben."))
    return _back(client)


def _load(task_id: UUID) -> tuple[Task, Client]:
    task = queries.get_task(task_id)
    return task, clients.get_client(task.client_id)


def _back(client: Client) -> ResponseReturnValue:
    """Where the button was pressed; the client page, when that is not known."""
    here = request.form.get("next")
    return redirect(signin.safe_path(here) if here else url_for("clients.show", client_id=client.id))
