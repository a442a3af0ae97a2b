"""Signing a sheet: from that moment its declarations hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from caseapp import audit, clock
from caseapp.attachments import queries as attachments
from caseapp.clients.models import Client
from caseapp.clients.service import caseload
from caseapp.consents import queries, rules
from caseapp.consents.models import (
    DeclarationSheet,
    DeclarationState,
    Line,
    MandateLine,
    Mark,
    ReleaseLine,
    SheetText,
    SignedText,
)
from caseapp.consents.service.sheets import require_prepared
from caseapp.db import session
from caseapp.documents.signing import SignatureWay
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.papers import queries as papers
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

CLIENT, REPRESENTATIVE = "client", "representative"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSignature:
    """How a sheet was signed. `attachment_id` is the scan of a sheet signed on paper."""

    marks: tuple[Mark, ...]
    signed_on: dt.date
    attachment_id: UUID | None = None
    read_aloud_in: str = ""
    read_aloud_by: str = ""


def sign_sheet(
    actor: Actor, client: Client, sheet: DeclarationSheet, given: SheetSignature, *, version: int
) -> DeclarationSheet:
    """The declarations of the sheet hold from the day of the signature on. Sent twice it is signed once.

    What has run out and is signed anew for the same recipient is laid aside. Raises ConflictError when somebody else
    changed or signed the sheet since `version` (its `text_rev`); RuleError on `signed_on`, `client`, `representative`
    or `attachment`, and for a sheet that has run out before it was signed.
    """
    policy.require(actor, Permission.CONSENT_RECORD, client)
    signed = _signed(sheet, given)
    if sheet.state == DeclarationState.VALID:
        if sheet.signed == signed and sheet.decided_on == given.signed_on:
            return sheet
        raise ConflictError(_("Dieses Blatt ist inzwischen unterschrieben, vielleicht in einem anderen Fenster."))
    if sheet.text_rev != version:
        raise ConflictError(
            _("Dieses Blatt wurde inzwischen geändert. Lesen Sie es noch einmal, bevor jemand unterschreibt.")
        )
    require_prepared(sheet)
    rules.check_signed_on(given.signed_on, clock.local(sheet.made_at).date(), clock.today())
    check_marks(sheet.text, given.marks)
    _check_scan(client, given)
    declarations = queries.list_on_sheet(sheet.id)
    if any(each.ends_on is not None and each.ends_on < clock.today() for each in declarations):
        raise RuleError(_("Eine Zeile auf dem Blatt ist schon abgelaufen. Ändern Sie das Ende und drucken Sie neu."))
    for each in declarations:
        each.state, each.from_on = DeclarationState.VALID.value, given.signed_on
    sheet.state, sheet.decided_on, sheet.signed = DeclarationState.VALID.value, given.signed_on, signed
    session().flush()
    _lay_aside_renewed(client, sheet)
    audit.record("consent:sign", client_id=client.id, detail=audit.Detail(count=len(declarations)))
    caseload.set_release_end(client.id, queries.earliest_end(client.id))
    return sheet


def decline_sheet(actor: Actor, client: Client, sheet: DeclarationSheet, *, note: str, version: int) -> None:
    """The person does not want to sign: no error and no disadvantage; the case goes on.

    Raises ConflictError when the sheet was changed since `version`.
    """
    policy.require(actor, Permission.CONSENT_RECORD, client)
    if sheet.state == DeclarationState.DECLINED:
        return
    if sheet.text_rev != version:
        raise ConflictError(_("Dieses Blatt wurde inzwischen geändert."))
    require_prepared(sheet)
    sheet.state, sheet.decided_on = DeclarationState.DECLINED.value, clock.today()
    sheet.signed = SignedText(declined_note=note)
    for each in queries.list_on_sheet(sheet.id):
        each.state = DeclarationState.DECLINED.value
    audit.record("consent:decline", client_id=client.id)


def check_marks(text: SheetText, marks: tuple[Mark, ...]) -> None:
    """Everybody who is to sign has signed. Raises RuleError on `client` or `representative`."""
    given = {mark.role: mark for mark in marks}
    for role, wanted in ((CLIENT, text.client_signs), (REPRESENTATIVE, bool(text.representative))):
        mark = given.get(role)
        if wanted and (mark is None or not _is_complete(mark)):
            raise RuleError(_("Diese Unterschrift fehlt noch. Ohne sie gilt nichts auf dem Blatt."), field=role)


def _is_complete(mark: Mark) -> bool:
    match SignatureWay(mark.way):
        case SignatureWay.DRAWN:
            return bool(mark.picture)
        case SignatureWay.CONFIRMED:
            return bool(mark.name.strip())
        case _:
            return True  # the scan shows it


def _check_scan(client: Client, given: SheetSignature) -> None:
    if all(mark.way != SignatureWay.PAPER for mark in given.marks):
        return
    if given.attachment_id is None:
        raise RuleError(
            _("Laden Sie das unterschriebene Blatt als Foto oder PDF hoch und wählen Sie es hier aus."),
            field="attachment",
        )
    attachment = attachments.get_attachment(given.attachment_id)
    if attachment.client_id != client.id or attachment.cancelled_at is not None:
        raise NotFoundError


def _signed(sheet: DeclarationSheet, given: SheetSignature) -> SignedText:
    paper = papers.get_paper(sheet.paper_id) if sheet.paper_id else None
    if paper is None or not paper.printed:
        raise RuleError(_("Das Blatt wird noch gedruckt. Warten Sie einen Augenblick und lesen Sie es zuerst vor."))
    return SignedText(
        marks=given.marks,
        attachment_id=given.attachment_id,
        read_aloud_in=given.read_aloud_in,
        read_aloud_by=given.read_aloud_by,
        sha256=paper.content.sha256,
    )


def _lay_aside_renewed(client: Client, sheet: DeclarationSheet) -> None:
    """What has run out and is declared anew on this sheet needs no more reminding."""
    views, today = queries.list_views(client.id), clock.today()
    renewed = {_subject(view.line) for view in views if view.sheet_id == sheet.id and view.line}
    over = [view.id for view in views if view.is_over(today) and view.line and _subject(view.line) in renewed]
    for each in queries.list_declarations(client.id, over) if over else ():
        each.state, each.ended_on, each.ended_at = DeclarationState.DONE.value, today, clock.now()
    session().flush()


def _subject(line: Line) -> tuple[str, ...]:
    """What a declaration is about: the same recipient and purpose, the same consent."""
    match line:
        case ReleaseLine():
            return "release", line.partner_id.hex if line.partner_id else line.recipient.casefold(), line.purpose
        case MandateLine():
            return "mandate", line.partner_id.hex if line.partner_id else line.towards.casefold()
        case _:
            return "consent", line.kind
