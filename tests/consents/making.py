"""Sheets for tests: prepared, printed and signed through the services."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from caseapp import clock
from caseapp.clients.queries import get_client
from caseapp.consents import queries, service
from caseapp.consents.models import (
    ConsentLine,
    DeclarationSheet,
    Line,
    MandateLine,
    Mark,
    ReleaseLine,
    SheetText,
)
from caseapp.consents.service import NewLine, NewSheet, SheetSignature
from caseapp.documents.signing import SignatureWay
from caseapp.papers.service import print_paper
from tests.factories.world import World

# The paper itself has its own tests; here it only has to be there.
PRINTERS = {service.SHEET: lambda _order: b"%PDF-1.7 erfunden"}


def day(days: int) -> dt.date:
    return clock.today() + dt.timedelta(days=days)


def release(recipient: str = "Wohnbau Musterhausen", **values: object) -> ReleaseLine:
    given = {"fields": ("NAM", "TEL"), "purpose": "WOH", "ways": ("BRF", "TEL"), "recipient": recipient} | values
    return ReleaseLine(**given)  # type: ignore[arg-type]


def consent(kind: str = "FOT", **values: str) -> ConsentLine:
    return ConsentLine(kind=kind, **values)


def mandate(towards: str = "Familienkasse Musterhausen") -> MandateLine:
    return MandateLine(holder="Eva Maier, Musterhausen", towards=towards, scopes=("AUS",))


def new_sheet(*lines: Line, ends_on: dt.date | None = None, kind: str = "consent", **text: object) -> NewSheet:
    return NewSheet(
        kind=kind,
        text=SheetText(**({"language": "prs"} | text)),  # type: ignore[arg-type]
        lines=tuple(
            NewLine(line, None if isinstance(line, ConsentLine) and ends_on is None else ends_on or day(180))
            for line in lines or (release(),)
        ),
    )


def prepared(world: World, client_id: UUID, *lines: Line, login: str = "maier", **values: object) -> UUID:
    """The id of a prepared sheet, its print made."""
    with world.unit(login, write=True):
        new = new_sheet(*lines, **values)  # type: ignore[arg-type]
        sheet_id = service.prepare_sheet(world.actor(login), get_client(client_id), new, sheet_id=uuid4()).id
    print_latest(world, sheet_id, login)
    return sheet_id


def print_latest(world: World, sheet_id: UUID, login: str = "maier") -> None:
    """What the job process does after the commit."""
    with world.unit(login, write=True):
        paper_id = queries.get_sheet(sheet_id).paper_id
        assert paper_id is not None
        print_paper(world.actor(login), paper_id, PRINTERS)


def confirmed(name: str = "Rahimi, Zahra", role: str = "client") -> Mark:
    return Mark(role=role, way=SignatureWay.CONFIRMED.value, name=name)


def sign(world: World, sheet_id: UUID, login: str = "maier", **values: object) -> None:
    """Sign as the page does."""
    with world.unit(login, write=True):
        sheet = queries.get_sheet(sheet_id)
        given = {"marks": (confirmed(),), "signed_on": clock.today()} | values
        version = given.pop("version", sheet.text_rev)
        service.sign_sheet(
            world.actor(login),
            get_client(sheet.client_id),
            sheet,
            SheetSignature(**given),
            version=version,  # type: ignore[arg-type]
        )


def signed(world: World, client_id: UUID, *lines: Line, login: str = "maier", **values: object) -> list[UUID]:
    """The ids of the declarations of a signed sheet, in their order."""
    sheet_id = prepared(world, client_id, *lines, login=login, **values)
    sign(world, sheet_id, login)
    with world.unit(login):
        return [each.id for each in queries.list_on_sheet(sheet_id)]


def sheet_of(world: World, sheet_id: UUID) -> DeclarationSheet:
    with world.unscoped():
        return queries.get_sheet(sheet_id)
