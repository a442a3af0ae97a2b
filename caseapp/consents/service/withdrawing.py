"""Withdrawing, which acts at once on everything that runs, and laying aside what is no longer needed.

A withdrawal is the person's own act: it cannot be undone here, only followed by a new sheet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from uuid import UUID

from caseapp import audit, clock
from caseapp.clients.models import Client
from caseapp.clients.service import caseload
from caseapp.consents import queries
from caseapp.consents.models import Declaration, DeclarationState, Ending
from caseapp.db import session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks import service as tasks

# What an upper slice stops that rests on these declarations; the number of things stopped. It runs in the transaction
# of the withdrawal, also for a colleague who may not read the file: then outside the row scope, which is recorded.
WithdrawalHook = Callable[[Actor, Client, frozenset[UUID]], int]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """How the person withdrew: code of the list withdrawal_ways, and what else is to be kept."""

    way: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a withdrawal did: the declarations that hold no more, and how many running things it stopped."""

    ids: tuple[UUID, ...]
    stopped: int
    at: dt.datetime


def withdraw(
    actor: Actor,
    client: Client,
    declaration_ids: Collection[UUID],
    given: Withdrawal,
    hooks: Sequence[WithdrawalHook],
) -> Withdrawn:
    """From now on these declarations do not hold; the others of their sheets stand. What rests on them stops.

    Done twice, the second time changes nothing. Raises RuleError on `declarations` where nothing is chosen.
    """
    policy.require(actor, Permission.CONSENT_WITHDRAW, client)
    now = clock.now()
    chosen = queries.list_declarations(client.id, declaration_ids)
    if not chosen:
        raise RuleError(_("Kreuzen Sie an, was widerrufen wird."), field="declarations")
    valid = [each for each in chosen if each.state == DeclarationState.VALID]
    for each in valid:
        _end(actor, each, DeclarationState.WITHDRAWN, now)
        each.ending = Ending(way=given.way, note=given.note)
    session().flush()
    ids = tuple(each.id for each in valid)
    stopped = _stop(actor, client, frozenset(ids), hooks)
    if ids:
        audit.record("consent:withdraw", client_id=client.id, detail=audit.Detail(count=len(ids)))
        _keep(client)
        if client.worker_id not in {None, actor.user_id}:
            tasks.leave_task(actor, client, _("Widerruf einer Freigabe ansehen und der Stelle Bescheid geben"))
    return Withdrawn(ids, stopped, now)


def finish_declaration(actor: Actor, client: Client, declaration: Declaration) -> None:
    """The purpose is reached, or what has run out is not needed again. Done twice, nothing changes."""
    policy.require(actor, Permission.CONSENT_RECORD, client)
    if declaration.state == DeclarationState.VALID:
        _end(actor, declaration, DeclarationState.DONE, clock.now())
        audit.record("consent:finish", client_id=client.id)
        _keep(client)


def reopen_declaration(actor: Actor, client: Client, declaration: Declaration) -> None:
    """Undo `finish_declaration`. A withdrawn one stays withdrawn: RuleError."""
    policy.require(actor, Permission.CONSENT_RECORD, client)
    if declaration.state == DeclarationState.WITHDRAWN:
        raise RuleError(_("Ein Widerruf lässt sich nicht zurücknehmen. Bereiten Sie ein neues Blatt vor."))
    if declaration.state == DeclarationState.DONE:
        declaration.state = DeclarationState.VALID.value
        declaration.ended_on = declaration.ended_at = declaration.ended_by = None
        audit.record("consent:reopen", client_id=client.id)
        _keep(client)


def _end(actor: Actor, declaration: Declaration, state: DeclarationState, now: dt.datetime) -> None:
    declaration.state = state.value
    declaration.ended_at, declaration.ended_on = now, clock.local(now).date()
    declaration.ended_by = actor.user_id


def _stop(actor: Actor, client: Client, ids: frozenset[UUID], hooks: Sequence[WithdrawalHook]) -> int:
    if not ids or not hooks:
        return 0
    reads = policy.allows(actor, Permission.CLIENT_READ, client)
    wide: AbstractContextManager[None] = nullcontext() if reads else audit.everything("a withdrawal stops what runs")
    with wide:
        return sum(hook(actor, client, ids) for hook in hooks)


def _keep(client: Client) -> None:
    caseload.set_release_end(client.id, queries.earliest_end(client.id))
