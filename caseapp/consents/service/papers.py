"""Ordering the papers of declarations: the sheet before it is signed, the notice, the proof of a withdrawal."""

from __future__ import annotations

from caseapp import audit, clock
from caseapp.clients.models import Client
from caseapp.consents.models import Declaration, DeclarationKind, DeclarationSheet, DeclarationState
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.papers.models import Paper
from caseapp.papers.service import order_paper
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

SHEET, NOTICE = "consents:sheet", "consents:notice"
PROOF, STOP = "consents:proof", "consents:stop"


def order_sheet(actor: Actor, client: Client, sheet: DeclarationSheet) -> Paper:
    """The sheet as it stands now, for reading before it is signed."""
    name = "vollmacht.pdf" if sheet.kind == DeclarationKind.MANDATE else "freigaben.pdf"
    paper, _job = order_paper(actor, client, SHEET, sheet.id, file_name=name, permission=Permission.CONSENT_RECORD)
    sheet.paper_id = paper.id
    return paper


def order_copy(actor: Actor, client: Client, sheet: DeclarationSheet) -> Paper:
    """The sheet once more, signed with its signatures; what was read before signing stays as it was."""
    name = "vollmacht.pdf" if sheet.kind == DeclarationKind.MANDATE else "freigaben.pdf"
    paper, _job = order_paper(actor, client, SHEET, sheet.id, file_name=name, permission=Permission.CLIENT_READ)
    return paper


def order_notice(actor: Actor, client: Client) -> Paper:
    """The privacy notice of the carrier in the client's language."""
    name = "datenschutzhinweise.pdf"
    paper, _job = order_paper(actor, client, NOTICE, client.id, file_name=name, permission=Permission.CLIENT_READ)
    return paper


def order_proof(actor: Actor, client: Client, declaration: Declaration) -> Paper:
    """The proof of a withdrawal, with everything that was withdrawn in the same act. Raises RuleError without one."""
    _require_withdrawn(declaration)
    name = "nachweis-widerruf.pdf"
    paper, _job = order_paper(
        actor, client, PROOF, declaration.id, file_name=name, permission=Permission.CONSENT_WITHDRAW
    )
    return paper


def order_stop(actor: Actor, client: Client, declaration: Declaration) -> Paper:
    """The notice to the recipient that the declaration holds no more: without reason and without content.

    Raises RuleError for one that was not withdrawn, and for a consent, which has no recipient.
    """
    policy.require(actor, Permission.CONSENT_WITHDRAW, client)
    _require_withdrawn(declaration)
    if declaration.kind == DeclarationKind.CONSENT:
        raise RuleError(_("Eine Einwilligung richtet sich an uns. Es gibt keine Stelle, die eine Mitteilung braucht."))
    name = "mitteilung.pdf"
    paper, _job = order_paper(
        actor, client, STOP, declaration.id, file_name=name, permission=Permission.CONSENT_WITHDRAW
    )
    if declaration.told_on is None:
        declaration.told_on = clock.today()
        audit.record("consent:tell", client_id=client.id)
    return paper


def _require_withdrawn(declaration: Declaration) -> None:
    if declaration.state != DeclarationState.WITHDRAWN:
        raise RuleError(_("Das ist nicht widerrufen."))
