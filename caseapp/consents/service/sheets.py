"""Preparing a sheet: what is to be declared, by whom, until when. Nothing of it holds before it is signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from caseapp import audit, clock
from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import Client
from caseapp.clients.rules.ages import is_minor
from caseapp.consents import queries, rules
from caseapp.consents.models import (
    ConsentLine,
    Declaration,
    DeclarationContent,
    DeclarationKind,
    DeclarationSheet,
    DeclarationState,
    DeclarationTitle,
    Ending,
    Line,
    LineBox,
    MandateLine,
    ReleaseLine,
    SheetText,
    SignedText,
)
from caseapp.consents.service.papers import order_sheet
from caseapp.db import session, stored_before
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.network import queries as network
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

PREPARED, DISCARDED = DeclarationState.PREPARED.value, DeclarationState.DISCARDED.value


@dataclass(frozen=True, slots=True)
class NewLine:
    """A declaration to be put on a sheet, with its last day; None: until it is withdrawn (consents only)."""

    line: Line
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet to be prepared. `kind`: "consent" for releases and consents, "mandate" for a Vollmacht."""

    kind: str
    text: SheetText
    lines: tuple[NewLine, ...]


@dataclass(frozen=True, slots=True)
class _Checked:
    """A line as it is stored."""

    line: Line
    ends_on: dt.date | None
    title: str

    @property
    def kind(self) -> DeclarationKind:
        match self.line:
            case ReleaseLine():
                return DeclarationKind.RELEASE
            case ConsentLine():
                return DeclarationKind.CONSENT
            case _:
                return DeclarationKind.MANDATE


def prepare_sheet(actor: Actor, client: Client, new: NewSheet, *, sheet_id: UUID | None = None) -> DeclarationSheet:
    """A sheet to be read and signed; its print is ordered. `sheet_id` is that of the form: sent twice, stored once.

    Raises RuleError on `recipient`, `fields`, `ends_on`, `signers` or `lines`, AlreadyStoredError where the form has
    stored another sheet before.
    """
    policy.require(actor, Permission.CONSENT_RECORD, client)
    lines = _checked(client, new)
    sheet = DeclarationSheet(
        id=sheet_id,
        client_id=client.id,
        organisation_id=client.organisation_id,
        kind=new.kind,
        state=PREPARED,
        made_by=actor.user_id,
        made_at=clock.now(),
        text=_with_digest(client, new, lines),
        signed=SignedText(),
    )
    stored = stored_before(sheet, "client_id", "kind", "text")
    if stored is not None:
        return stored
    session().add(sheet)
    session().flush()
    _add_lines(client, sheet, lines)
    audit.record("consent:prepare", client_id=client.id)
    order_sheet(actor, client, sheet)
    return sheet


def change_sheet(actor: Actor, client: Client, sheet: DeclarationSheet, new: NewSheet, *, version: int) -> None:
    """Change what nobody has signed yet; another print is ordered. The same content changes nothing.

    Raises ConflictError when somebody else changed or signed the sheet since `version` (its `text_rev`), and the
    errors of `prepare_sheet`.
    """
    policy.require(actor, Permission.CONSENT_RECORD, client)
    if sheet.text_rev != version:
        raise ConflictError(_("Dieses Blatt wurde inzwischen geändert."))
    require_prepared(sheet)
    lines = _checked(client, new)
    text = _with_digest(client, new, lines)
    if text == sheet.text:
        return
    for old in queries.list_on_sheet(sheet.id):
        session().delete(old)  # its content goes with it
    session().flush()
    sheet.text = text
    _add_lines(client, sheet, lines)
    audit.record("consent:prepare", client_id=client.id)
    order_sheet(actor, client, sheet)


def discard_sheet(actor: Actor, client: Client, sheet: DeclarationSheet) -> None:
    """The sheet is not needed. It stays in the file as discarded."""
    policy.require(actor, Permission.CONSENT_RECORD, client)
    require_prepared(sheet)
    _set_state(sheet, DeclarationState.DISCARDED)
    audit.record("consent:discard", client_id=client.id)


def restore_sheet(actor: Actor, client: Client, sheet: DeclarationSheet) -> None:
    """Undo `discard_sheet`."""
    policy.require(actor, Permission.CONSENT_RECORD, client)
    if sheet.state == DISCARDED:
        _set_state(sheet, DeclarationState.PREPARED)
        audit.record("consent:restore", client_id=client.id)


def require_prepared(sheet: DeclarationSheet) -> None:
    """Raises RuleError for a sheet that is signed, declined or discarded."""
    match DeclarationState(sheet.state):
        case DeclarationState.PREPARED:
            return
        case DeclarationState.DECLINED:
            raise RuleError(_("Dieses Blatt wurde nicht unterschrieben. Bereiten Sie ein neues vor."))
        case DeclarationState.DISCARDED:
            raise RuleError(_("Dieses Blatt ist verworfen. Bereiten Sie ein neues vor."))
        case _:
            raise RuleError(_("Dieses Blatt ist schon unterschrieben. Was darauf steht, ändert sich nicht mehr."))


def _set_state(sheet: DeclarationSheet, state: DeclarationState) -> None:
    sheet.state = state.value
    for declaration in queries.list_on_sheet(sheet.id):
        declaration.state = state.value


def _checked(client: Client, new: NewSheet) -> tuple[_Checked, ...]:
    if not new.lines:
        raise RuleError(_("Auf dem Blatt steht noch nichts."), field="lines")
    if len(new.lines) > rules.MOST_LINES:
        raise RuleError(_("Höchstens %(most)s Zeilen auf einem Blatt.", most=rules.MOST_LINES), field="lines")
    rules.check_signers(
        minor=is_minor(client.head.birth.day, clock.today()),
        client_signs=new.text.client_signs,
        representative=new.text.representative,
    )
    return tuple(_checked_line(each) for each in new.lines)


def _checked_line(new: NewLine) -> _Checked:
    if new.ends_on is not None:
        rules.check_end(new.ends_on, clock.today())
    match new.line:
        case ReleaseLine():
            return _checked_release(new.line, new.ends_on)
        case MandateLine():
            return _checked_mandate(new.line, new.ends_on)
        case _:
            special = catalogue.catalogue().find("consent_kinds", new.line.kind)
            hidden = special is not None and special.says("special")
            title = "" if hidden else catalogue.label("consent_kinds", new.line.kind)
            return _Checked(new.line, new.ends_on, title)


def _checked_release(line: ReleaseLine, ends_on: dt.date | None) -> _Checked:
    if ends_on is None:
        raise RuleError(_("Wählen Sie, bis wann die Freigabe gilt."), field="ends_on")
    if not line.purpose:
        raise RuleError(_("Wählen Sie, wozu die Freigabe dient."), field="purpose")
    if not line.ways:
        raise RuleError(_("Wählen Sie mindestens einen Weg, zum Beispiel Brief oder Telefon."), field="ways")
    rules.check_fields(line.fields, line.direction)
    recipient, kind = _recipient(line.partner_id, line.recipient)
    stored = msgspec.structs.replace(line, recipient=recipient)
    return _Checked(stored, ends_on, "" if rules.hides_name(kind, line.fields) else recipient)


def _checked_mandate(line: MandateLine, ends_on: dt.date | None) -> _Checked:
    if ends_on is None:
        raise RuleError(_("Wählen Sie, bis wann die Vollmacht gilt."), field="ends_on")
    if not line.scopes:
        raise RuleError(_("Kreuzen Sie an, was die Vollmacht umfasst."), field="scopes")
    if not line.holder.strip():
        raise RuleError(_("Schreiben Sie, wer bevollmächtigt wird."), field="holder")
    towards, kind = _recipient(line.partner_id, line.towards)
    stored = msgspec.structs.replace(line, towards=towards, holder=" ".join(line.holder.split()))
    return _Checked(stored, ends_on, "" if rules.hides_name(kind, ()) else towards)


def _recipient(partner_id: UUID | None, typed: str) -> tuple[str, str]:
    """The name as it is printed, and the kind of the partner ("" for one who stands in no directory)."""
    if partner_id is None:
        return rules.check_recipient(typed), ""
    partner = network.get_partner(partner_id)
    profile = partner.profile
    return ", ".join(part for part in (profile.name, profile.department, profile.place) if part), partner.kind


def _with_digest(client: Client, new: NewSheet, lines: Sequence[_Checked]) -> SheetText:
    plain = msgspec.structs.replace(new.text, digest="")
    content = (client.id.hex, new.kind, plain, [(each.line, each.ends_on) for each in lines])
    return msgspec.structs.replace(plain, digest=rules.digest(content))


def _add_lines(client: Client, sheet: DeclarationSheet, lines: Sequence[_Checked]) -> None:
    owner = {"client_id": client.id, "organisation_id": client.organisation_id}
    declarations = [
        Declaration(
            **owner,
            sheet_id=sheet.id,
            place=place,
            kind=each.kind.value,
            state=PREPARED,
            ends_on=each.ends_on,
            title=DeclarationTitle(text=each.title),
            ending=Ending(),
        )
        for place, each in enumerate(lines, start=1)
    ]
    session().add_all(declarations)
    session().flush()
    session().add_all(
        DeclarationContent(**owner, declaration_id=declaration.id, box=LineBox(line=each.line))
        for declaration, each in zip(declarations, lines, strict=True)
    )
    session().flush()
