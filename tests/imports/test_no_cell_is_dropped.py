"""Whatever a list holds: every row is imported or reported, and every cell is found again."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caseapp.clients.models import Fact, StayFact
from caseapp.clients.service import NewFile
from caseapp.imports.rules.fields import CLIENTS, CONTACTS
from caseapp.imports.rules.headings import Mapping
from caseapp.imports.rules.rows import ClientRow, read_rows
from caseapp.imports.rules.tables import Sheet, read_workbook
from caseapp.imports.service import Plan, guess_columns, list_targets, make_plan
from tests.factories.world import World
from tests.imports.making import lookups, xlsx
from tests.imports.office import PEOPLE, imported

_NAMES = ("Rahimi", "Müller", "al-Ahmad", "Шевченко", "?????", "=1+1", "Öztürk", "N.N.", "")
_TEXT = st.text(string.ascii_letters + "äöüß ?!,;-()§/.0123456789", max_size=25).map(str.strip)
_DAY = st.dates(dt.date(1930, 1, 1), dt.date(2040, 1, 1)).map(lambda day: f"{day:%d.%m.%Y}")
_CELLS: dict[str, st.SearchStrategy[str]] = {
    "Nachname": st.sampled_from(_NAMES),
    "Vorname": st.sampled_from(("Zahra", "Omid", "", "Hans Peter", "Al")),
    "geb.": st.one_of(_DAY, st.sampled_from(("", "31.02.1990", "1988", "05/1988", "01.01.1990", "unbekannt"))),
    "Staatsangehörigkeit": st.one_of(st.sampled_from(("Syrien", "afghanisch", "Atlantis", "")), _TEXT),
    "Aufenthaltstitel": st.one_of(st.sampled_from(("Duldung", "§ 24 AufenthG", "irgendwas", "")), _TEXT),
    "gültig ab": st.one_of(_DAY, st.just("")),
    "gültig bis": st.one_of(_DAY, st.just("12/2027"), st.just("")),
    "Adresse": st.one_of(st.sampled_from(("Seestr. 4, 88069 Tettnang", "Neuhausen", "")), _TEXT),
    "Wohnform": st.one_of(st.sampled_from(("GU", "privat", "Mietvertrag", "")), _TEXT),
    "Einreise": st.one_of(_DAY, st.just("03/2019"), st.just("")),
    "Tel.": st.one_of(st.sampled_from(("0751 123456", "0176 62337243 / 0751 99", "keins", "")), _TEXT),
    "Familie Nr.": st.sampled_from(("", "1", "2", "12a")),
    "Sprache": st.sampled_from(("", "Arabisch", "Dari, Deutsch", "Klingonisch")),
    "Beratung seit": st.one_of(_DAY, st.just("")),
    "Zuständig": st.sampled_from(("", "Maier", "Frau Niemand", "Öz")),
    "Bemerkung": _TEXT,
    "Schuhgröße": _TEXT,
}
_ROWS = st.lists(st.tuples(*_CELLS.values()), max_size=12)


def _plan(world: World, rows: list[tuple[Any, ...]], kind: str) -> tuple[Plan, Sheet, Mapping]:
    actor = world.actor("maier")
    with world.unit("maier"):
        target = list_targets(actor)[0]
        workbook = read_workbook(xlsx(("Liste", rows)), "liste.xlsx")
        guess = guess_columns(target, workbook, kind)
        sheet = workbook.sheets[guess.sheet]
        return make_plan(actor, target, sheet, guess.mapping), sheet, guess.mapping


_SETTINGS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@given(rows=_ROWS)
@_SETTINGS
def test_imported_and_reported_are_all_rows_and_no_cell_is_lost(world: World, rows: list[tuple[str, ...]]) -> None:
    made, sheet, mapping = _plan(world, [tuple(_CELLS), *rows], CLIENTS)
    counters = made.counters
    assert counters.imported + counters.reported == counters.total
    assert counters.total + counters.skipped == len(sheet.rows)
    assert len(made.files) == counters.imported
    assert len(made.reported) == counters.reported
    read = {row.number: row for row in read_rows(sheet, mapping, lookups()).rows}
    for planned in made.files:
        row = read[planned.number]
        assert isinstance(row, ClientRow)
        _check_kept(row, planned.new)
    for finding in made.reported:
        row = read[finding.number]
        assert {text for _column, text in finding.cells} == {cell.text for cell in (*row.taken, *row.leftovers)}


def _check_kept(row: ClientRow, new: NewFile) -> None:
    """Each cell stands word for word in the leftovers, or its field of the file says something."""
    kept = [one.text for one in new.body.leftovers]
    said = set(_said(new))
    for cell in (*row.taken, *row.leftovers):
        assert cell.text in kept or cell.field in said, (cell, kept, said)


def _said(new: NewFile) -> Iterator[str]:
    """The fields of a list about which the file says something."""
    head, body = new.head, new.body
    if head.family_name or head.given_names:
        yield from ("last_name", "first_name", "full_name", "given_first_name")
    values = {
        "birth": head.birth.day or head.birth.text,
        "sex": head.sex,
        "language": head.language,
        "phone": head.phones,
        "nationality": body.nationalities,
        "email": body.email,
        "entered": body.entered_on,
        "allocated": body.au_since,
        "note": body.remarks,
        "counselled_since": new.opened_on,
        "worker": new.worker_id,
        "level": body.literacy,
    }
    yield from (name for name, value in values.items() if value)
    for fact in new.facts:
        yield from _told_by(fact.fact)
        yield from ("title_from" if fact.from_on else "", "title_until" if fact.until_on else "", "housed_since")


def _told_by(fact: Fact) -> tuple[str, ...]:
    if isinstance(fact, StayFact):
        return "address", "street", "house_number", "postcode", "place", "housing"
    return {"TitleFact": ("title",), "LanguageFact": ("level",), "WorkFact": ("employment",)}.get(
        type(fact).__name__, ("benefits",)
    )


_TALK: dict[str, st.SearchStrategy[str]] = {
    "Datum": st.one_of(_DAY, st.sampled_from(("", "irgendwann", "03.02.2026"))),
    "Klient": st.sampled_from(("Rahimi, Zahra", "Rahimi Zahra", "Rahimi, Zahre", "Niemand, Nina", "", "?????, Zahra")),
    "Art": st.sampled_from(("Büro", "WhatsApp", "irgendwie", "", "Tel.")),
    "Thema": st.one_of(st.sampled_from(("Wohnen", "Arbeit, Wohnen", "")), _TEXT),
    "Dauer": st.sampled_from(("30", "1 Std.", "ca. 30", "lang", "")),
    "Notiz": _TEXT,
    "Extra": _TEXT,
}


@given(rows=st.lists(st.tuples(*_TALK.values()), max_size=12))
@_SETTINGS
def test_every_contact_is_taken_waiting_or_reported(world: World, rows: list[tuple[str, ...]]) -> None:
    if "done" not in world.teams:
        imported(world, PEOPLE)
        world.teams["done"] = world.teams["Nord"]
    made, sheet, _mapping = _plan(world, [tuple(_TALK), *rows], CONTACTS)
    counters = made.counters
    assert counters.imported == len(made.contacts) + len(made.waiting)
    assert counters.imported + counters.reported == counters.total
    assert counters.total + counters.skipped == len(sheet.rows)
    assert len(made.reported) == counters.reported
    details = [each.detail for each in (*made.contacts, *made.waiting)]
    for detail in details:
        assert all(text for _heading, text in detail.leftovers)
