"""Who is responsible for a file, closing and reopening it, and a lead's access to notes."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import update

from caseapp import audit, clock
from caseapp.accounts import queries as accounts
from caseapp.catalogue import queries as catalogue
from caseapp.clients import queries as clients
from caseapp.clients.models import Client, ClientGrant, GrantReason
from caseapp.clients.service import caseload
from caseapp.db import scope, session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.places import queries as places
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks.models import Task
from caseapp.tasks.queries import OPEN

NOTE_ACCESS = dt.timedelta(hours=24)


def assign_client(actor: Actor, client: Client, worker_id: UUID | None) -> None:
    """Give the file to a worker, or back to the queue (None). Its open tasks go along. Raises RuleError on `worker`.

    A worker of another team takes the file into that team, if the actor leads it too.
    """
    policy.require(actor, Permission.CLIENT_ASSIGN, client)
    if worker_id == client.worker_id:
        return
    if worker_id is None and client.protected:
        raise RuleError(_("Eine geschützte Akte braucht immer eine zuständige Person."), field="worker")
    if worker_id is not None:
        client.team_id = _team_for(actor, client, worker_id)
    before, client.worker_id = client.worker_id, worker_id
    caseload.move(client)
    _move_tasks(client)
    changed = tuple(each.hex if each else "-" for each in (before, worker_id))
    audit.record("client:assign", client_id=client.id, detail=audit.Detail(changed=changed))


def close_file(actor: Actor, client: Client, *, reason: str, on: dt.date) -> None:
    """Close the file with effect from that day: read-only from now on and out of all lists. Raises RuleError."""
    policy.require(actor, Permission.CLIENT_CLOSE, client)
    if client.closed:
        raise RuleError(_("Diese Akte ist schon abgeschlossen."))
    if on > clock.today():
        raise RuleError(_("Der Abschluss kann nicht in der Zukunft liegen."), field="on")
    if on < client.opened_on:
        raise RuleError(_("Der Abschluss liegt vor der Aufnahme."), field="on")
    if not catalogue.catalogue().is_valid("closing_reasons", reason, on):
        raise RuleError(_("Wählen Sie einen Grund, der an diesem Tag galt."), field="reason")
    client.closed_on, client.closing_reason = on, reason
    caseload.move(client)
    audit.record("client:close", client_id=client.id, detail=audit.Detail(reason=reason))


def reopen_file(actor: Actor, client: Client) -> None:
    """Open a closed file again, with the worker it had. An open file stays as it is."""
    policy.require(actor, Permission.CLIENT_CLOSE, client)
    if not client.closed:
        return
    was = client.closing_reason or ""
    client.closed_on = client.closing_reason = None
    caseload.move(client)
    audit.record("client:reopen", client_id=client.id, detail=audit.Detail(reason=was))


def open_notes(actor: Actor, client: Client, *, reason: str, text: str) -> ClientGrant:
    """Open this client's notes to the lead for 24 hours. The worker sees that, and why. Raises RuleError.

    Source: § 203 StGB binds towards the employer too; a note is opened case by case, with a reason (roles.md, row 3).
    """
    policy.require(actor, Permission.NOTE_ACCESS, client)
    running = clients.find_note_access(actor.user_id, client.id)
    if running is not None:
        return running
    code = catalogue.catalogue().find("access_reasons", reason, clock.today())
    if code is None:
        raise RuleError(_("Wählen Sie einen Grund."), field="reason")
    if code.says("needs_text") and not text.strip():
        raise RuleError(_("Schreiben Sie in einem Satz, worum es geht."), field="text")
    now = clock.now()
    grant = ClientGrant(
        client_id=client.id,
        organisation_id=client.organisation_id,
        user_id=actor.user_id,
        kind=clients.NOTE,
        from_at=now,
        until_at=now + NOTE_ACCESS,
        granted_by=actor.user_id,
        reason=GrantReason(text=": ".join(filter(None, (code.label(), text.strip())))),
    )
    session().add(grant)
    session().flush()
    audit.record("client:open_notes", client_id=client.id, detail=audit.Detail(reason=reason))
    return grant


def _team_for(actor: Actor, client: Client, worker_id: UUID) -> UUID:
    """The team in which the worker takes this file. Raises RuleError, or ForbiddenError for a team led by others."""
    if _counsels(worker_id, client.organisation_id, client.team_id):
        return client.team_id
    for team in places.list_teams(client.organisation_id):
        if _counsels(worker_id, client.organisation_id, team.id):
            policy.require_in(actor, Permission.CLIENT_ASSIGN, client.organisation_id, team.id)
            return team.id
    raise RuleError(_("Wählen Sie eine Person, die in diesem Team berät."), field="worker")


def _counsels(worker_id: UUID, organisation_id: UUID, team_id: UUID) -> bool:
    return any(person.user_id == worker_id for person in accounts.list_workers(organisation_id, team_id))


def _move_tasks(client: Client) -> None:
    """Open tasks follow the file. The lead may not read them: the update runs outside the row scope and reads none."""
    current = session()
    with scope.everything(current):
        current.execute(
            update(Task).where(Task.client_id == client.id, Task.state == OPEN).values(worker_id=client.worker_id)
        )
