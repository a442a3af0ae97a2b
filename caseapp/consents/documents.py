"""Papers of this slice: the sheet, the privacy notice, the proof of a withdrawal, the notice to the recipient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from caseapp import clock
from caseapp.catalogue import phrases
from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import Client
from caseapp.consents import queries, rules
from caseapp.consents.models import (
    ConsentLine,
    DeclarationKind,
    DeclarationSheet,
    DeclarationState,
    MandateLine,
    Mark,
    ReleaseLine,
)
from caseapp.consents.queries import DeclarationView
from caseapp.consents.service import NOTICE, PROOF, SHEET, STOP
from caseapp.documents import render
from caseapp.documents.signing import SignatureWay
from caseapp.errors import NotFoundError
from caseapp.i18n import gettext as _
from caseapp.papers.service import Order, Printer
from caseapp.places.models import CarrierProfile
from caseapp.places.queries import get_organisation
from caseapp.security import policy
from caseapp.security.permissions import Permission

_DIGITS = 16  # of a digest, as printed: enough to compare by eye


@dataclass(frozen=True, slots=True)
class Said:
    """A code as a paper says it: the key of its phrase, "" where the book has none and only the label is printed."""

    key: str
    label: str
    ticked: bool = True


@dataclass(frozen=True, slots=True)
class PrintedRelease:
    """One recipient's part of a sheet."""

    number: int
    recipient: str
    person: str
    direction: Said
    fields: tuple[Said, ...]
    health: Said | None
    purpose: Said
    ways: tuple[Said, ...]
    use_note: str
    until_on: dt.date | None


@dataclass(frozen=True, slots=True)
class PrintedMark:
    """A signature, or the line for one. `stated`: key of the phrase that says how it was given."""

    key: str
    name: str
    picture: bytes
    stated: str


def print_sheet(order: Order) -> bytes:
    """The sheet for reading and signing; once it is signed, with its signatures. Raises NotFoundError."""
    policy.require(order.actor, Permission.CLIENT_READ, order.client)
    sheet = queries.get_sheet(order.subject_id)
    views = sorted(queries.list_views(order.client.id, sheet_id=sheet.id), key=lambda view: view.place)
    lines = [(view, view.line) for view in views if view.line is not None]
    shared = _around(order.client, sheet.text.language) | _about(order.client, sheet)
    if sheet.kind == DeclarationKind.MANDATE:
        mandates = [_printed_mandate(view, line) for view, line in lines if isinstance(line, MandateLine)]
        return render("consents_mandate", **shared, title_key="attorney.title", mandates=mandates)
    releases = [_printed_release(view, line) for view, line in lines if isinstance(line, ReleaseLine)]
    consents = {line.kind: (view, line) for view, line in lines if isinstance(line, ConsentLine)}
    return render(
        "consents_sheet",
        **shared,
        title_key="release.title",
        releases=releases,
        consents=_printed_consents(sheet, consents),
        minor=bool(sheet.text.representative),
    )


def print_notice(order: Order) -> bytes:
    """The privacy notice by the carrier's profile. What the profile does not say is listed at its end, not invented."""
    policy.require(order.actor, Permission.CLIENT_READ, order.client)
    profile = get_organisation(order.client.organisation_id).profile
    given = max(order.client.body.notices, key=lambda notice: notice.given_on, default=None)
    return render(
        "consents_notice",
        **_around(order.client, order.client.head.language),
        title_key="notice.title",
        stamp=_("Datenschutzhinweise, Fassung %(version)s", version=profile.notice_version),
        profile=profile,
        law=LAWS.get(profile.law, profile.law),
        basis=profile.legal_basis,
        years=RETENTION_YEARS,
        missing=missing_of(profile),
        given=given if given is not None and given.version == profile.notice_version else None,
        way=catalogue.label("notice_ways", given.way) if given else "",
    )


def print_proof(order: Order) -> bytes:
    """The proof for the client: everything that was withdrawn in the same act. Raises NotFoundError."""
    policy.require(order.actor, Permission.CLIENT_READ, order.client)
    one, together = _withdrawn(order)
    language = queries.get_sheet(one.sheet_id).text.language
    return render(
        "consents_proof",
        **_around(order.client, language),
        title_key="withdrawal.title",
        stamp="",
        name=order.client.head.full_name,
        file_number=order.client.file_number,
        withdrawn_at=one.ended_at,
        withdrawn_on=one.ended_on,
        way=catalogue.label("withdrawal_ways", one.ending.way) if one.ending else "",
        lines=[_in_words(each) for each in together],
        to_others=any(isinstance(each.line, ReleaseLine | MandateLine) for each in together),
    )


def print_stop(order: Order) -> bytes:
    """What the recipient learns: that something holds no more. No name, no reason, no content."""
    policy.require(order.actor, Permission.CLIENT_READ, order.client)
    one, _together = _withdrawn(order)
    if not isinstance(one.line, ReleaseLine | MandateLine):
        raise NotFoundError
    return render(
        "consents_stop",
        **_around(order.client, "de"),
        title_key="withdrawal.recipient_title",
        stamp="",
        recipient=one.line.recipient if isinstance(one.line, ReleaseLine) else one.line.towards,
        person=one.line.person if isinstance(one.line, ReleaseLine) else "",
        mandate=isinstance(one.line, MandateLine),
        file_number=order.client.file_number,
        given_on=one.from_on,
        withdrawn_on=one.ended_on,
        made_on=clock.today(),
    )


PRINTERS: Mapping[str, Printer] = {SHEET: print_sheet, NOTICE: print_notice, PROOF: print_proof, STOP: print_stop}

# domain.md, retention: notes of counselling three years after its end; to be confirmed by the carrier's legal office.
RETENTION_YEARS = 3
LAWS = {
    "DSGVO": "DSGVO, LDSG",
    "SGB-X": "DSGVO, SGB X",
    "KDG": "KDG",
    "DSG-EKD": "DSG-EKD",
}


def missing_of(profile: CarrierProfile) -> list[str]:
    """What the notice should say and the carrier's profile does not, in German."""
    wanted = (
        (profile.controller, _("Verantwortliche Stelle")),
        (profile.data_protection_officer, _("Datenschutzbeauftragte Person")),
        (profile.supervisory_authority, _("Aufsichtsbehörde")),
        (profile.legal_basis, _("Rechtsgrundlage")),
    )
    return [label for value, label in wanted if not value.strip()]


def _around(client: Client, language: str) -> dict[str, Any]:
    profile = get_organisation(client.organisation_id).profile
    return {
        "book": phrases.book(),
        "language": phrases.print_language(language),
        "carrier": profile.name,
        "contact": profile.data_protection_officer or profile.controller or profile.name,
        "reach": profile.controller or profile.name,
    }


def _about(client: Client, sheet: DeclarationSheet) -> dict[str, Any]:
    text, signed = sheet.text, sheet.signed
    return {
        "name": client.head.full_name,
        "own_script": client.head.own_script,
        "born": client.head.birth.day,
        "file_number": client.file_number,
        "stamp": _(
            "Aktenzeichen %(number)s · Prüfwert %(digest)s", number=client.file_number, digest=text.digest[:_DIGITS]
        ),
        "text": text,
        "interpreter": ", ".join(
            part for part in (text.interpreter_name, catalogue.label("interpreter_kinds", text.interpreter)) if part
        )
        if text.interpreter not in {"", "KEI"}
        else "",
        "read_by": signed.read_aloud_by,
        "read_in": catalogue.label("languages", signed.read_aloud_in),
        "decided_on": sheet.decided_on if sheet.state == DeclarationState.VALID else None,
        "marks": _printed_marks(client, sheet),
    }


def _printed_marks(client: Client, sheet: DeclarationSheet) -> list[PrintedMark]:
    given = {mark.role: mark for mark in sheet.signed.marks}
    wanted = [("client", client.head.full_name)] if sheet.text.client_signs else []
    wanted += [("representative", sheet.text.representative)] if sheet.text.representative else []
    return [_printed_mark(role, name, given.get(role)) for role, name in wanted]


def _printed_mark(role: str, name: str, mark: Mark | None) -> PrintedMark:
    stated = {SignatureWay.CONFIRMED.value: "common.confirmed_on", SignatureWay.PAPER.value: "common.signed_on_paper"}
    return PrintedMark(
        key=f"common.signature_{role}",
        name=(mark.name if mark else "") or name,
        picture=mark.picture if mark else b"",
        stated=stated.get(mark.way, "") if mark else "",
    )


def _printed_release(view: DeclarationView, line: ReleaseLine) -> PrintedRelease:
    fields = _said("release.field", "release_fields", line.fields)
    health = next((each for code, each in zip(line.fields, fields, strict=True) if code == rules.HEALTH), None)
    (purpose,) = _said("release.purpose", "release_purposes", [line.purpose])
    return PrintedRelease(
        number=view.place,
        recipient=line.recipient,
        person=line.person,
        direction=Said(f"release.direction.{line.direction}", ""),
        fields=tuple(each for each in fields if each is not health),
        health=health,
        purpose=purpose,
        ways=_said("release.way", "release_ways", line.ways),
        use_note=line.use_note,
        until_on=view.ends_on,
    )


def _printed_consents(
    sheet: DeclarationSheet, given: Mapping[str, tuple[DeclarationView, ConsentLine]]
) -> list[tuple[Said, str, dt.date | None]]:
    """All consents that could be ticked, in their order, with what was added and their end; none without a tick."""
    if not given:
        return []
    made_on = clock.local(sheet.made_at).date()
    codes = [code.code for code in catalogue.catalogue().choices("consent_kinds", made_on)]
    shown = [*codes, *(code for code in given if code not in codes)]
    printed = []
    for code, said in zip(shown, _said("release.consent", "consent_kinds", shown, given), strict=True):
        view, line = given.get(code, (None, None))
        printed.append((said, line.detail if line else "", view.ends_on if view else None))
    return printed


def _printed_mandate(view: DeclarationView, line: MandateLine) -> dict[str, Any]:
    scopes = [(code, catalogue.catalogue().find("mandate_scopes", code)) for code in line.scopes]
    keys = {code: f"attorney.what_for.{found.extra['phrase']}" for code, found in scopes if found}
    return {
        "holder": line.holder,
        "towards": line.towards,
        "scopes": [
            Said(_known(keys.get(code, "")), catalogue.label("mandate_scopes", code)) for code, _found in scopes
        ],
        "detail": line.detail,
        "until_on": view.ends_on,
    }


def _said(prefix: str, list_name: str, codes: Iterable[str], ticked: Iterable[str] | None = None) -> tuple[Said, ...]:
    given = None if ticked is None else frozenset(ticked)
    return tuple(
        Said(_known(f"{prefix}.{code}"), catalogue.label(list_name, code), given is None or code in given)
        for code in codes
    )


def _known(key: str) -> str:
    return key if key in phrases.book().keys else ""


def _withdrawn(order: Order) -> tuple[DeclarationView, list[DeclarationView]]:
    """The declaration that the paper is about, and everything that was withdrawn with it."""
    views = queries.list_views(order.client.id)
    one = next((each for each in views if each.id == order.subject_id), None)
    if one is None or one.state != DeclarationState.WITHDRAWN:
        raise NotFoundError
    return one, [each for each in views if each.state == one.state and each.ended_at == one.ended_at]


def _in_words(view: DeclarationView) -> tuple[str, str, dt.date | None]:
    """What was withdrawn: its kind, whom or what it names, since when it held."""
    match view.line:
        case ReleaseLine() as line:
            return _("Entbindung von der Schweigepflicht"), line.recipient, view.from_on
        case MandateLine() as line:
            return _("Vollmacht"), line.towards, view.from_on
        case ConsentLine() as line:
            return _("Einwilligung"), catalogue.label("consent_kinds", line.kind), view.from_on
        case _:
            return _("nicht lesbar"), "", view.from_on
