"""The state's workbook: uploading, looking at it as a grid, saying which cell is which number."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from caseapp.clients.forms.numbers import whole_number
from caseapp.db import new_id
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.i18n import ngettext
from caseapp.keyfigures import queries, service
from caseapp.keyfigures.forms import CellForm, MappingForm, UploadForm
from caseapp.keyfigures.models import KeyfigureForm
from caseapp.keyfigures.rules.fields import Book
from caseapp.keyfigures.rules.sheets import CARRIER, MOST_BYTES, WORKER, YEAR, Slot, grids_of, open_workbook
from caseapp.keyfigures.views.area import area, frame, page
from caseapp.places import queries as places
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

_MOST_CSV = 500_001
_TOWN = "town"  # stands for the class in a choice: the municipality is typed beside


@area.page("/kennzahlen/vorlage", permission=Permission.KENNZAHLEN_COLLECT, methods=("GET", "POST"))
def workbooks() -> ResponseReturnValue:
    """All versions of the workbook; to upload the next one."""
    shown, form = frame(Permission.KENNZAHLEN_COLLECT), UploadForm()
    if not form.is_submitted():
        form.from_year.data = shown.year
    if form.validate_on_submit():
        file = form.file.data
        try:
            made = service.upload(
                context.actor(),
                shown.carrier,
                form_id=form.form_id.data or new_id(),
                name=str(getattr(file, "filename", "") or ""),
                content=file.read(MOST_BYTES + 1) if file else b"",
                from_year=form.from_year.data or 0,
                until_year=form.until_year.data,
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Die Vorlage ist gespeichert. Sehen Sie nach, welche Zelle welche Zahl bekommt."))
            return redirect(shown.href("workbook", workbook_id=made.id))
    return page("workbooks", shown, "workbooks", form=form, forms=queries.list_forms(shown.carrier)), form.status


@area.page("/kennzahlen/vorlage/<uuid:workbook_id>", permission=Permission.KENNZAHLEN_COLLECT)
def workbook(workbook_id: UUID) -> ResponseReturnValue:
    """The workbook as a grid, with what each cell takes. `zelle` in the address opens the form for that cell."""
    return _page(_get(workbook_id))


@area.page(
    "/kennzahlen/vorlage/<uuid:workbook_id>/zelle", permission=Permission.KENNZAHLEN_COLLECT, methods=("GET", "POST")
)
def cell(workbook_id: UUID) -> ResponseReturnValue:
    """Give a cell its number."""
    kept = _get(workbook_id)
    form = _cell_form(kept)
    if not form.validate_on_submit():
        return _page(kept, cell_form=form)
    try:
        slot = _slot_of(form)
        changed = service.set_slot(context.actor(), kept, slot, revision=whole_number(form.slots_rev.data))
    except ConflictError:
        form.slots_rev.data = str(kept.slots_rev)
        return _page(kept, cell_form=form, conflict=True)
    except RuleError as refusal:
        form.refuse(refusal)
        return _page(kept, cell_form=form)
    tell(_("Zelle gespeichert."))
    return redirect(_href(changed, slot.sheet))


def _slot_of(form: CellForm) -> Slot:
    """What the form says. Raises RuleError on `municipality`."""
    field, dimension, code = (*(form.number.data or "").split("|"), "", "")[:3]
    if code == _TOWN:
        code = form.municipality.ags
        if not code:
            raise RuleError(_("Geben Sie die Gemeinde ein, deren Zahl in der Zelle steht."), field="municipality")
    return Slot(
        sheet=form.sheet.data,
        place=form.place.data or "",
        field=field,
        dimension=dimension,
        cls=code,
        down=bool(form.down.data),
    )


@area.page(
    "/kennzahlen/vorlage/<uuid:workbook_id>/zelle/leeren", permission=Permission.KENNZAHLEN_COLLECT, methods=("POST",)
)
def empty_cell(workbook_id: UUID) -> ResponseReturnValue:
    """Let a cell be empty."""
    sheet, place = request.form.get("sheet", ""), request.form.get("place", "")

    def remove(kept: KeyfigureForm, revision: int) -> KeyfigureForm:
        changed = service.remove_slot(context.actor(), kept, sheet, place, revision=revision)
        tell(_("Die Zelle bleibt jetzt leer."))
        return changed

    return _changed(workbook_id, remove, sheet)


@area.page(
    "/kennzahlen/vorlage/<uuid:workbook_id>/vorschlaege", permission=Permission.KENNZAHLEN_COLLECT, methods=("POST",)
)
def proposals(workbook_id: UUID) -> ResponseReturnValue:
    """Take over what the words of the workbook propose."""

    def take(kept: KeyfigureForm, revision: int) -> KeyfigureForm:
        changed, number = service.take_proposals(context.actor(), kept, revision=revision)
        tell(ngettext("%(num)s Zelle übernommen.", "%(num)s Zellen übernommen.", number))
        return changed

    return _changed(workbook_id, take)


@area.page(
    "/kennzahlen/vorlage/<uuid:workbook_id>/zuordnung", permission=Permission.KENNZAHLEN_COLLECT, methods=("POST",)
)
def import_mapping(workbook_id: UUID) -> ResponseReturnValue:
    """All cells from a file."""
    kept, form = _get(workbook_id), MappingForm()
    if form.validate_on_submit():
        content = form.file.data.read(_MOST_CSV) if form.file.data else b""
        try:
            changed = service.import_slots(context.actor(), kept, content, revision=whole_number(form.slots_rev.data))
        except ConflictError as refusal:
            form.refuse(str(refusal))
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Die Zuordnung ist übernommen."))
            return redirect(_href(changed))
    return _page(kept, mapping=form)


@area.page("/kennzahlen/vorlage/<uuid:workbook_id>/zuordnung.csv", permission=Permission.KENNZAHLEN_COLLECT)
def export_mapping(workbook_id: UUID) -> ResponseReturnValue:
    """All cells as a file, for changing many at once."""
    kept = _get(workbook_id)
    name = _("Zuordnung") + f"-{kept.number}.csv"
    content = BytesIO(service.export_slots(kept))
    return send_file(content, mimetype="text/csv", as_attachment=True, download_name=name)


def _get(workbook_id: UUID) -> KeyfigureForm:
    return queries.get_form(workbook_id, policy.organisations(context.actor(), Permission.KENNZAHLEN_COLLECT))


def _changed(
    workbook_id: UUID, change: Callable[[KeyfigureForm, int], KeyfigureForm], sheet: str = ""
) -> ResponseReturnValue:
    kept = _get(workbook_id)
    try:
        changed = change(kept, whole_number(request.form.get("slots_rev")))
    except (ConflictError, RuleError) as refusal:
        tell(str(refusal), "warning")
        changed = kept
    return redirect(_href(changed, sheet))


def _href(kept: KeyfigureForm, sheet: str = "") -> str:
    values: dict[str, Any] = {"blatt": sheet} if sheet else {}
    return url_for("keyfigures.workbook", workbook_id=kept.id, **values)


def _cell_form(kept: KeyfigureForm, **data: Any) -> CellForm:
    sheets = {grid.sheet: grid.sheet for grid in grids_of(open_workbook(kept.file.xlsx))}
    form = CellForm(choices={"sheet": sheets, "number": _numbers(queries.book_of(kept.from_year))}, data=data)
    form.municipality.district = (places.get_organisation(kept.organisation_id).profile.ags or "")[:5] or None
    return form


def _numbers(book: Book) -> dict[str, Any]:
    """What a cell can take, in groups: the fields, each breakdown of each, and texts."""
    offered: dict[str, Any] = {_("Kennzahlen"): {field.code: field.de for field in book.fields}}
    for field in book.fields:
        for name in field.dimensions:
            dimension = book.dimensions[name]
            classes = {f"{field.code}|{name}|{each.code}": each.de for each in dimension.classes}
            if dimension.source == "municipalities":
                classes = {f"{field.code}|{name}|{_TOWN}": _("eine Gemeinde (unten eingeben)"), **classes}
            offered[f"{field.de}: {dimension.de}"] = classes
    offered[_("Texte")] = {
        WORKER: _("Name der Integrationsmanagerin oder des Integrationsmanagers"),
        CARRIER: _("Name des Antragstellers"),
        YEAR: _("Jahr"),
    }
    return offered


def _page(
    kept: KeyfigureForm,
    *,
    cell_form: CellForm | None = None,
    mapping: MappingForm | None = None,
    conflict: bool = False,
) -> ResponseReturnValue:
    book = queries.book_of(kept.from_year)
    slots = queries.slots_of(kept)
    grids = grids_of(open_workbook(kept.file.xlsx))
    sheet = next((grid for grid in grids if grid.sheet == _wanted_sheet(cell_form)), grids[0] if grids else None)
    form = cell_form or _filled(kept, slots, sheet.sheet if sheet else "")
    mapping_form = mapping or MappingForm(formdata=None)
    form.slots_rev.data = mapping_form.slots_rev.data = str(kept.slots_rev)
    taken = mapping_form if mapping and mapping.problems else form
    body = page(
        "workbook",
        frame(Permission.KENNZAHLEN_COLLECT),
        "workbooks",
        kept=kept,
        grids=grids,
        sheet=sheet,
        held={(slot.sheet, slot.place): slot for slot in slots},
        label=lambda slot: slot_label(book, slot),
        troubles=service.troubles_of(kept),
        proposed={(slot.sheet, slot.place): slot for slot in service.proposals_of(kept)},
        form=taken,
        cell_form=form,
        mapping_form=mapping_form,
        opened=form.place.data or "",
        conflict=conflict,
        slots=slots,
    )
    return body, 409 if conflict else max(form.status, mapping_form.status)


def _wanted_sheet(form: CellForm | None) -> str:
    return str(form.sheet.data) if form is not None and form.sheet.data else request.args.get("blatt", "")


def _filled(kept: KeyfigureForm, slots: tuple[Slot, ...], sheet: str) -> CellForm:
    """The form for the cell of the address, with what the cell takes now or what is proposed for it."""
    place = request.args.get("zelle", "")[:8]
    proposed = service.proposals_of(kept) if place else ()
    slot = next((each for each in (*slots, *proposed) if (each.sheet, each.place) == (sheet, place)), None)
    data: dict[str, Any] = {"sheet": sheet, "place": place}
    if slot is not None:
        number = "|".join(part for part in (slot.field, slot.dimension, slot.cls) if part)
        if slot.dimension == "municipality" and slot.cls.isdecimal():
            number = f"{slot.field}|{slot.dimension}|{_TOWN}"
            data["municipality"] = places.municipality_name(slot.cls)
        data |= {"number": number, "down": slot.down}
    return _cell_form(kept, **data)


def slot_label(book: Book, slot: Slot) -> str:
    """What a cell takes, in German."""
    texts = {WORKER: _("Name"), CARRIER: _("Antragsteller"), YEAR: _("Jahr")}
    field = book.field(slot.field)
    label = texts.get(slot.field) or (field.de if field else slot.field)
    if slot.dimension:
        dimension = book.dimensions.get(slot.dimension)
        found = dimension.find(slot.cls) if dimension else None
        label = f"{label}: {found.de if found else places.municipality_name(slot.cls)}"
    return f"{label} ↓" if slot.down else label
