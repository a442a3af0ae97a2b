"""The page on which a person looks at the columns, and at which sheet is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.imports import queries, service
from caseapp.imports.forms import ColumnsForm, SheetForm
from caseapp.imports.models import Import, ImportState
from caseapp.imports.rules.cells import text_of
from caseapp.imports.rules.fields import field_label, fields_of, unwanted_headings
from caseapp.imports.rules.headings import NUMBERING, Guess, Mapping
from caseapp.imports.rules.rows.interpret import column_name
from caseapp.imports.rules.tables import Sheet
from caseapp.imports.views import work
from caseapp.imports.views.area import area
from caseapp.imports.views.lists import kind_labels
from caseapp.security.permissions import Permission
from caseapp.web import context

_SAMPLES = 3
_LONGEST_SAMPLE = 80


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column with some of its cells."""

    place: int
    name: str
    heading: str
    samples: tuple[str, ...]


@area.page(
    "/importe/<uuid:import_id>/spalten", permission=Permission.IMPORT_RUN, methods=("GET", "POST"), own_units=True
)
def columns(import_id: UUID) -> ResponseReturnValue:
    """What each column is; posting keeps that for the office and has the list checked."""
    actor, database = context.actor(), context.database()
    with database.unit(actor, write=False):
        owner = queries.get_import(actor, import_id)
        if owner.state not in (ImportState.UPLOADED, ImportState.PREVIEWED):
            return redirect(url_for("imports.show", import_id=import_id))
        sheets, mapping = service.open_sheets(owner), service.mapping_of(owner)
    sheet = sheets[owner.note.sheet]
    form = _columns_form(mapping)
    if form.validate_on_submit():
        try:
            with database.unit(actor, write=True):
                owner = queries.get_import(actor, import_id, lock=True)
                service.choose_columns(actor, owner, form.fields_chosen)
                job = service.start_check(actor, owner)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            work.do(job, len(sheet.rows))
            return redirect(url_for("imports.show", import_id=import_id))
    return _page(owner, sheets, mapping, form, _sheet_form(owner, sheets, mapping))


@area.page("/importe/<uuid:import_id>/blatt", permission=Permission.IMPORT_RUN, methods=("GET", "POST"))
def sheet(import_id: UUID) -> ResponseReturnValue:
    """Another sheet, kind or row of headings; the columns are guessed anew."""
    actor = context.actor()
    owner = queries.get_import(actor, import_id, lock=request.method == "POST")
    if owner.state not in (ImportState.UPLOADED, ImportState.PREVIEWED):
        return redirect(url_for("imports.show", import_id=import_id))
    sheets, mapping = service.open_sheets(owner), service.mapping_of(owner)
    form = _sheet_form(owner, sheets, mapping)
    if form.validate_on_submit():
        target = service.get_target(actor, owner.team_id)
        try:
            service.choose_sheet(
                actor,
                owner,
                target,
                sheets,
                sheet=int(form.sheet.data),
                kind=form.kind.data,
                header=form.header.data or 0,
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("imports.columns", import_id=import_id))
    return _page(owner, sheets, mapping, _columns_form(mapping), form)


def _page(
    owner: Import, sheets: Sequence[Sheet], mapping: Mapping, form: ColumnsForm, sheet_form: SheetForm
) -> ResponseReturnValue:
    shown = _shown(sheets[owner.note.sheet], mapping)
    page = render_template(
        "imports/columns.html",
        owner=owner,
        form=form,
        sheet_form=sheet_form,
        shown=shown,
        sheet_name=sheets[owner.note.sheet].name,
        rows=max(0, len(sheets[owner.note.sheet].rows) - mapping.first_data_row),
        kind=kind_labels()[mapping.kind],
        recognised=Guess(0, mapping, 0).is_list,
        unwanted=unwanted_headings(column.heading for column in mapping.columns),
    )
    return page, max(form.status, sheet_form.status)


def _columns_form(mapping: Mapping) -> ColumnsForm:
    choices = {"": _("behalten, ohne Feld"), NUMBERING: _("laufende Nummer, behalten")}
    choices |= {field.name: field_label(field.name) for field in fields_of(mapping.kind)}
    labels = [(column.index, column.heading or column_name(column.index)) for column in mapping.columns]
    return ColumnsForm.of(labels, choices)(data={f"c{column.index}": column.field for column in mapping.columns})


def _sheet_form(owner: Import, sheets: Sequence[Sheet], mapping: Mapping) -> SheetForm:
    names = [(str(place), sheet.name or str(place + 1)) for place, sheet in enumerate(sheets)]
    return SheetForm(
        data={
            "sheet": str(owner.note.sheet),
            "kind": mapping.kind,
            "header": mapping.header + 1 if mapping.header_rows else 0,
        },
        choices={"sheet": names, "kind": kind_labels()},
    )


def _shown(sheet: Sheet, mapping: Mapping) -> list[ShownColumn]:
    found = []
    for column in mapping.columns:
        samples: dict[str, None] = {}
        for row in sheet.rows[mapping.first_data_row :]:
            if column.index < len(row) and row[column.index] != "":
                samples[text_of(row[column.index])[:_LONGEST_SAMPLE]] = None
            if len(samples) == _SAMPLES:
                break
        if column.heading or samples:
            found.append(ShownColumn(column.index, column_name(column.index), column.heading, tuple(samples)))
    return found
