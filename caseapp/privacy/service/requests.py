"""Asking for an erasure, and deciding: always two people, the second one the carrier's head."""

from __future__ import annotations

from uuid import UUID

from caseapp import audit, clock, jobs
from caseapp.accounts import queries as accounts
from caseapp.clients.models import Client, ClientGrant, GrantReason
from caseapp.clients.queries.grants import ERASE
from caseapp.db import session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.jobs import Job
from caseapp.privacy.models import Erasure, ErasurePlan, ErasureProtocol, ErasureStep
from caseapp.privacy.queries import find_erasure, find_request_grant, list_heads
from caseapp.security import policy
from caseapp.security.actor import Actor, Role
from caseapp.security.permissions import Permission

ERASE_JOB = "privacy:erase"


def request_erasure(actor: Actor, client: Client, *, head_id: UUID, reason: str, request_id: UUID | None) -> None:
    """Ask the carrier's head to have the file erased; nothing goes before the decision.

    The reason is sealed under the file's own key and goes with it. `request_id` of the open request: a double click.
    Raises RuleError on `head` or `reason`.
    """
    policy.require(actor, Permission.ERASURE_REQUEST, client)
    open_one = find_request_grant(client.id)
    if open_one is not None:
        if open_one.id == request_id:
            return
        raise RuleError(_("Die Löschung ist schon beantragt. Sehen Sie sich den Antrag an."))
    if find_erasure(client.id) is not None:
        raise RuleError(_("Die Löschung ist schon entschieden."))
    if not reason.strip():
        raise RuleError(_("Schreiben Sie in einem Satz, warum die Akte gelöscht werden soll."), field="reason")
    if head_id not in {person.user_id for person in list_heads(client.organisation_id, but=actor.user_id)}:
        raise RuleError(_("Diese Person kann nicht entscheiden. Wählen Sie eine andere."), field="head")
    request = ClientGrant(
        id=request_id,
        client_id=client.id,
        organisation_id=client.organisation_id,
        user_id=head_id,
        kind=ERASE,
        from_at=clock.now(),
        until_at=None,
        granted_by=actor.user_id,
        reason=GrantReason(text=reason.strip()),
    )
    session().add(request)
    _record("erasure:request", client, head_id.hex)


def withdraw(actor: Actor, client: Client) -> None:
    """Take the own request back. One that is gone already changes nothing; another person's raises RuleError."""
    policy.require(actor, Permission.ERASURE_REQUEST, client)
    open_one = find_request_grant(client.id)
    if open_one is None:
        return
    if open_one.granted_by != actor.user_id:
        raise RuleError(_("Zurückziehen kann den Antrag nur, wer ihn gestellt hat."))
    open_one.until_at = clock.now()
    _record("erasure:withdraw", client, actor.user_id.hex)


def decline(actor: Actor, client: Client, request_id: UUID | None) -> None:
    """Refuse as the carrier's head: the file stays as it is. Raises RuleError for the requester."""
    policy.require(actor, Permission.ERASURE_EXECUTE, client)
    open_one = _decidable(actor, client, request_id)
    open_one.until_at = clock.now()
    _record("erasure:decline", client, open_one.granted_by.hex if open_one.granted_by else "-")


def decide(actor: Actor, client: Client, request_id: UUID | None, *, file_number: str) -> tuple[Erasure, Job]:
    """Have the file erased, as the carrier's head: after the commit the job erases it, and nothing brings it back.

    `file_number` is typed by hand, because this is the one act that cannot be undone. Raises RuleError for the
    requester, for a request that is gone, and for another number (on `file_number`).
    """
    policy.require(actor, Permission.ERASURE_EXECUTE, client)
    open_one = _decidable(actor, client, request_id)
    if file_number.strip() != client.file_number:
        raise RuleError(_("Das ist nicht das Aktenzeichen dieser Akte."), field="file_number")
    if find_erasure(client.id) is not None:
        raise RuleError(_("Die Löschung ist schon entschieden."))
    erasure = Erasure(
        client_id=client.id,
        organisation_id=client.organisation_id,
        requested_by=open_one.granted_by,
        requested_at=open_one.from_at,
        decided_by=actor.user_id,
        decided_at=clock.now(),
        step=ErasureStep.DECIDED.value,
        plan=ErasurePlan(
            requested_as=_function(open_one.granted_by, client.organisation_id), decided_as=Role.LEAD.value
        ),
        protocol=ErasureProtocol(),
    )
    session().add(erasure)
    session().flush()
    _record("erasure:decide", client, open_one.granted_by.hex if open_one.granted_by else "-")
    return erasure, restart(actor, erasure)


def restart(actor: Actor, erasure: Erasure) -> Job:
    """A new job for an erasure that is not done: the first one, or one after a failure. Every step may be repeated."""
    policy.require_in(actor, Permission.ERASURE_EXECUTE, erasure.organisation_id)
    job = jobs.start(actor, ERASE_JOB, organisation_id=erasure.organisation_id, target_id=erasure.id)
    erasure.job_id = job.id
    session().flush()
    return job


def _decidable(actor: Actor, client: Client, request_id: UUID | None) -> ClientGrant:
    """The open request, if it is the one that the actor has seen, and not the own one. Raises RuleError."""
    open_one = find_request_grant(client.id)
    if open_one is None or open_one.id != request_id:
        raise RuleError(_("Dieser Antrag ist nicht mehr offen: Er wurde zurückgezogen oder entschieden."))
    if open_one.granted_by is None or open_one.granted_by == actor.user_id:
        raise RuleError(_("Über eine Löschung entscheiden immer zwei Personen. Ihren eigenen Antrag nicht Sie selbst."))
    return open_one


def _function(user_id: UUID | None, organisation_id: UUID) -> str:
    """The function in which somebody asked; a caseworker who leads as well asked as a caseworker."""
    roles = accounts.roles_in(user_id, organisation_id) if user_id else frozenset()
    return next((role.value for role in (Role.CASEWORKER, Role.LEAD) if role in roles), "")


def _record(action: str, client: Client, changed: str) -> None:
    """`changed`: the other person of the two, as id."""
    session().flush()
    audit.record(action, client_id=client.id, detail=audit.Detail(changed=(changed,)))
