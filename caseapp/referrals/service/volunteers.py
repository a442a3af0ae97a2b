"""Wishes for volunteers, and asking one of those who fit."""

from __future__ import annotations

from uuid import UUID

from caseapp import audit, clock
from caseapp.clients.models import Client
from caseapp.db import new_id, session, stored_before
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.network import queries as network
from caseapp.referrals import queries
from caseapp.referrals.models import Referral, VolunteerWish, WishText
from caseapp.referrals.queries import VOLUNTEER
from caseapp.referrals.rules import telling
from caseapp.referrals.rules.matching import Obstacle
from caseapp.referrals.rules.states import Way
from caseapp.referrals.service.referring import NewReferral, propose
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

OPEN, FOUND, CLOSED = "open", "found", "closed"
PURPOSE = "EHR"


def add_wish(actor: Actor, client: Client, text: WishText, *, wish_id: UUID | None = None) -> VolunteerWish:
    """Note what a volunteer is wanted for. Sent twice, it is stored once. Raises RuleError on `task`."""
    policy.require(actor, Permission.REFERRAL_SEND, client)
    if not text.task.strip():
        raise RuleError(_("Schreiben Sie, wobei jemand helfen soll."), field="task")
    wish = VolunteerWish(
        id=wish_id or new_id(),
        client_id=client.id,
        organisation_id=client.organisation_id,
        state=OPEN,
        created_by=actor.user_id,
        created_at=clock.now(),
        wish=text,
    )
    stored = stored_before(wish, "client_id", "wish")
    if stored is not None:
        return stored
    session().add(wish)
    audit.record("wish:add", client_id=client.id)
    session().flush()
    return wish


def change_wish(actor: Actor, client: Client, wish: VolunteerWish, text: WishText, *, version: str) -> None:
    """Change the wish. Raises ConflictError when somebody changed it since `version`, RuleError on `task`."""
    policy.require(actor, Permission.REFERRAL_SEND, client)
    if wish.version != version:
        raise ConflictError(_("Dieser Wunsch wurde inzwischen geändert."))
    if not text.task.strip():
        raise RuleError(_("Schreiben Sie, wobei jemand helfen soll."), field="task")
    wish.wish = text
    audit.record("wish:change", client_id=client.id)
    session().flush()


def close_wish(actor: Actor, client: Client, wish: VolunteerWish) -> None:
    """The wish is no longer open. Closing it twice changes nothing."""
    _set(actor, client, wish, CLOSED, "wish:close")


def reopen_wish(actor: Actor, client: Client, wish: VolunteerWish) -> None:
    """Undo `close_wish`."""
    _set(actor, client, wish, OPEN, "wish:reopen")


def ask_volunteer(
    actor: Actor,
    client: Client,
    wish: VolunteerWish,
    partner_id: UUID,
    *,
    channel: str,
    referral_id: UUID | None = None,
) -> Referral:
    """Prepare the question to a volunteer: task, first name, language, meeting point, and nothing else.

    Raises RuleError for somebody without a declaration of secrecy, without the Führungszeugnis where children are
    concerned, from another place, or who has refused this wish.
    """
    policy.require(actor, Permission.REFERRAL_SEND, client)
    asked = network.get_partner(partner_id).id
    match = next((each for each in queries.list_matches(wish) if each.offered.partner_id == asked), None)
    if match is None:
        raise RuleError(_("Diese Person steht nicht im Verzeichnis der Ehrenamtlichen."), field="partner")
    if not match.may_be_asked:
        raise RuleError(obstacle_text(match.obstacles[0] if match.obstacles else None), field="partner")
    said = wish.wish
    new = NewReferral(
        way=Way.SENT,
        partner_id=asked,
        purpose=PURPOSE,
        fields=telling.FOR_VOLUNTEERS,
        text=said.task,
        meeting_point=said.meeting_point,
        channel=channel,
        kind=VOLUNTEER,
        wish_id=wish.id,
    )
    return propose(actor, client, new, referral_id=referral_id)


def obstacle_text(obstacle: Obstacle | None) -> str:
    """Why somebody cannot be asked; None: because of a refusal."""
    if obstacle is None:
        return _("Hat für diesen Wunsch schon abgesagt.")
    return {
        Obstacle.SECRECY: _("Die Verschwiegenheitserklärung fehlt."),
        Obstacle.CERTIFICATE: _("Es geht um Kinder: Das Führungszeugnis wurde noch nicht eingesehen."),
        Obstacle.OTHER_PLACE: _("Ist nur an anderen Orten tätig."),
    }[obstacle]


def _set(actor: Actor, client: Client, wish: VolunteerWish, state: str, action: str) -> None:
    policy.require(actor, Permission.REFERRAL_SEND, client)
    if wish.state != state:
        wish.state = state
        audit.record(action, client_id=client.id)
        session().flush()
