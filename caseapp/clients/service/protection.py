"""Protecting a file, by one person; ending the protection, by two."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from caseapp import audit, clock
from caseapp.clients.models import Client, ClientGrant, GrantReason
from caseapp.clients.queries.grants import LIFT
from caseapp.clients.queries.protection import find_lift_grant, list_second_persons
from caseapp.db import session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

# Then an unanswered request lapses, and with it what the asked person sees of the file.
LIFT_OPEN_FOR = dt.timedelta(days=14)


def protect(actor: Actor, client: Client) -> None:
    """Show the file to its worker and to named people only. Raises RuleError while it waits in the queue."""
    policy.require(actor, Permission.CLIENT_PROTECT, client)
    if client.worker_id is None:
        raise RuleError(_("Teilen Sie die Akte zuerst einer Person zu: Sonst sieht sie niemand mehr."))
    if not client.protected:
        client.protected = True
        _record("client:protect", client, "protected")


def ask_to_lift(actor: Actor, client: Client, *, second_id: UUID, reason: str, lift_id: UUID | None) -> None:
    """Ask a second person to agree that the protection ends; until then the file stays protected.

    The asked person finds the file from now on, for 14 days at most. `lift_id` of the open request: a double click.
    Raises RuleError on `second` or `reason`.
    """
    policy.require(actor, Permission.CLIENT_PROTECT, client)
    if not client.protected:
        raise RuleError(_("Diese Akte ist nicht geschützt."))
    open_one = find_lift_grant(client.id)
    if open_one is not None:
        if open_one.id == lift_id:
            return
        raise RuleError(_("Die Aufhebung ist schon beantragt. Sehen Sie sich den Antrag an."))
    if not reason.strip():
        raise RuleError(_("Schreiben Sie in einem Satz, warum der Schutz enden kann."), field="reason")
    if second_id not in {person.user_id for person in list_second_persons(client, but=actor.user_id)}:
        raise RuleError(_("Diese Person kann nicht zustimmen. Wählen Sie eine andere."), field="second")
    now = clock.now()
    asked = ClientGrant(
        id=lift_id,
        client_id=client.id,
        organisation_id=client.organisation_id,
        user_id=second_id,
        kind=LIFT,
        from_at=now,
        until_at=now + LIFT_OPEN_FOR,
        granted_by=actor.user_id,
        reason=GrantReason(text=reason.strip()),
    )
    session().add(asked)
    _record("client:lift_request", client, second_id.hex)


def confirm_lift(actor: Actor, client: Client, lift_id: UUID | None) -> None:
    """End the protection, as the second person. Raises RuleError for the requester, and for a request that is gone."""
    policy.require(actor, Permission.CLIENT_PROTECT, client)
    open_one = _decidable(actor, client, lift_id)
    client.protected = False
    _close(open_one, "client:unprotect", client)


def decline_lift(actor: Actor, client: Client, lift_id: UUID | None) -> None:
    """Refuse, as the second person: the file stays protected. Raises RuleError as `confirm_lift`."""
    policy.require(actor, Permission.CLIENT_PROTECT, client)
    _close(_decidable(actor, client, lift_id), "client:lift_decline", client)


def withdraw_lift(actor: Actor, client: Client) -> None:
    """Take the own request back. One that is gone already changes nothing; another person's raises RuleError."""
    policy.require(actor, Permission.CLIENT_PROTECT, client)
    open_one = find_lift_grant(client.id)
    if open_one is None:
        return
    if open_one.granted_by != actor.user_id:
        raise RuleError(_("Zurückziehen kann den Antrag nur, wer ihn gestellt hat."))
    _close(open_one, "client:lift_withdraw", client)


def _decidable(actor: Actor, client: Client, lift_id: UUID | None) -> ClientGrant:
    """The open request, if it is the one that the actor has seen, and not the own one. Raises RuleError."""
    open_one = find_lift_grant(client.id)
    if open_one is None or open_one.id != lift_id:
        raise RuleError(
            _("Dieser Antrag ist nicht mehr offen: Er wurde zurückgezogen, entschieden oder ist abgelaufen.")
        )
    if open_one.granted_by == actor.user_id:
        raise RuleError(
            _("Den Schutz heben immer zwei Personen auf. Ihren eigenen Antrag können Sie nicht bestätigen.")
        )
    return open_one


def _close(grant: ClientGrant, action: str, client: Client) -> None:
    grant.until_at = clock.now()
    _record(action, client, grant.granted_by.hex if grant.granted_by else "-")


def _record(action: str, client: Client, changed: str) -> None:
    """`changed`: the other person of the two, as id."""
    session().flush()
    audit.record(action, client_id=client.id, detail=audit.Detail(changed=(changed,)))
