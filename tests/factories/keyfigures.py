"""Kennzahlen for walking over all routes: frozen numbers, a workbook, papers."""

from __future__ import annotations

import io
from uuid import UUID

from openpyxl import Workbook

from caseapp import clock
from caseapp.db import session
from caseapp.keyfigures.models import (
    FormFile,
    FormSlots,
    FrozenBox,
    KeyfigureForm,
    KeyfigureFreeze,
    KeyfigureSubmission,
    SubmissionFiles,
    SubmissionNote,
    SubmissionState,
)
from caseapp.keyfigures.rules.sheets import Slot, write_slots
from caseapp.keyfigures.rules.totals import TOTAL, Cell, Totals, pack


def keyfigure_records(organisation_id: UUID, user_id: UUID, number: int) -> dict[str, UUID]:
    """Records of this carrier; `number` keeps those of several people apart."""
    now, year = clock.now(), clock.today().year - 1
    totals = Totals.of(year, {Cell(TOTAL, "PER"): 12})
    common = {"organisation_id": organisation_id, "number": number}
    frozen = KeyfigureFreeze(
        **common,
        year=year,
        frozen_by=user_id,
        frozen_at=now,
        digest=totals.digest,
        box=FrozenBox(totals=pack(totals), carrier="Amt"),
    )
    form = KeyfigureForm(
        **common,
        from_year=year,
        until_year=None,
        created_by=user_id,
        created_at=now,
        file=FormFile(name="Auswertung.xlsx", xlsx=_workbook()),
        slots=FormSlots(slots=write_slots([Slot(sheet="Sheet", place="B1", field="PER")])),
    )
    session().add_all((frozen, form))
    session().flush()
    papers = KeyfigureSubmission(
        **common,
        year=year,
        form_id=form.id,
        state=SubmissionState.MADE.value,
        made_by=user_id,
        made_at=now,
        digest=totals.digest,
        note=SubmissionNote(totals=pack(totals), applicant="Amt"),
        files=SubmissionFiles(xlsx=b"PK", pdf=b"%PDF-"),
    )
    session().add(papers)
    session().flush()
    return {"freeze_id": frozen.id, "workbook_id": form.id, "submission_id": papers.id}


def _workbook() -> bytes:
    book, target = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active["A1"] = "Beratene Personen"
    book.save(target)
    return target.getvalue()
