"""Courses of cases written by hand, small enough to count on one's fingers; and a workbook of the state's kind."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from uuid import UUID

from openpyxl import Workbook

from caseapp.tallies.courses import Course
from caseapp.tallies.lines import (
    AgreementLine,
    ContactLine,
    HouseholdLine,
    PersonLine,
    PresenceLine,
    StayLine,
    TitleLine,
)

YEAR = 2025
CARRIER = UUID(int=1)
ANNA, BELA = UUID(int=11), UUID(int=12)


def day(month: int, number: int, year: int = YEAR) -> dt.date:
    return dt.date(year, month, number)


def contact(on: dt.date, worker: UUID | None = ANNA, kind: str = "BUE", **values: Any) -> ContactLine:
    recorded = dt.datetime.combine(on, dt.time(12), dt.UTC)
    return ContactLine(
        on_day=on, kind=kind, worker_id=worker, **{"topics": ("WOH",), "recorded_at": recorded, **values}
    )


def signed(number: int, on: dt.date) -> AgreementLine:
    return AgreementLine(number=number, state="signed", made_on=on, decision="signed", decided_on=on)


def course(key: int, *lines: Any, **person: Any) -> Course:
    """A woman of 34 from Syria with protection in Tettnang; `person` says what is different."""
    given: dict[str, Any] = {
        "sex": "W",
        "born_on": dt.date(1991, 3, 27),
        "nationality": "475",
        "ags": "08435057",
        "worker_id": ANNA,
        "opened_on": day(1, 1, 2024),
        **person,
    }
    made = Course(key, CARRIER, person=PersonLine(**given))
    places = {
        ContactLine: made.contacts,
        AgreementLine: made.agreements,
        HouseholdLine: made.households,
        TitleLine: made.titles,
        StayLine: made.stays,
        PresenceLine: made.presences,
    }
    for line in lines:
        places[type(line)].append(line)  # type: ignore[index]
    return made


def workbook(change: Any = None) -> bytes:
    """A form as a ministry draws one: a heading over two columns, a breakdown, a sum that the sheet computes."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Auswertung"
    sheet["A1"] = "Auswertung Zeitraum"
    sheet.merge_cells("A1:C1")
    for row, label in enumerate(
        ("Beratene Personen", "davon weiblich", "davon männlich", "divers", "ohne Angabe"), start=3
    ):
        sheet.cell(row, 1, label)
    sheet["A8"], sheet["B8"] = "Summe", "=SUM(B4:B7)"
    sheet["A10"], sheet["A11"], sheet["A12"] = "Anzahl Kontakte", "Telefon", "Hausbesuch"
    people = book.create_sheet("Personal")
    people["A1"], people["B1"], people["C1"] = "Integrationsmanager", "Personen", "Kontakte"
    if change is not None:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
