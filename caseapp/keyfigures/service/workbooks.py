"""The state's workbook: uploading a version, saying which cell is which number, versions by year."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from caseapp import audit, clock
from caseapp.db import session
from caseapp.errors import AlreadyStoredError, ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.keyfigures import queries
from caseapp.keyfigures.models import FormFile, FormSlots, KeyfigureForm
from caseapp.keyfigures.rules.sheets import Slot, Trouble, open_workbook, propose, troubles, write_slots
from caseapp.keyfigures.rules.sheets.slots import place_of
from caseapp.keyfigures.service.counting import FIRST_YEAR
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_COLUMNS = ("sheet", "cell", "field", "dimension", "class", "rows")
_LAST_YEAR = 2100
_MOST_SLOTS = 3_000
_MOST_CSV = 500_000


def upload(
    actor: Actor,
    organisation_id: UUID,
    *,
    form_id: UUID,
    name: str,
    content: bytes,
    from_year: int,
    until_year: int | None = None,
) -> KeyfigureForm:
    """A new version of the workbook. The cells of the version before are taken along, also those that no longer fit:
    they are shown as such, and nothing is lost. Without one before, the words of the workbook propose.

    Raises WorkbookRefusedError on `file`, RuleError on a year. Sent twice, stored once.
    """
    policy.require_in(actor, Permission.KENNZAHLEN_COLLECT, organisation_id)
    _check_years(from_year, until_year)
    digest = hashlib.sha256(content).hexdigest()
    stored = session().get(KeyfigureForm, form_id)
    if stored is not None:
        if (stored.file.sha256, stored.from_year, stored.until_year) != (digest, from_year, until_year):
            raise AlreadyStoredError(
                _("Mit diesem Formular ist schon eine Vorlage gespeichert. Noch einmal speichern legt eine weitere an.")
            )
        return stored
    book = open_workbook(content)
    former = next(iter(queries.list_forms(organisation_id)), None)
    fields = queries.book_of(from_year)
    kept = queries.slots_of(former) if former else propose(book, fields)
    made = _version(actor, organisation_id, former, from_year, until_year)
    made.id = form_id
    made.file = FormFile(name=name[:120], xlsx=content, sha256=digest)
    made.slots = FormSlots(slots=write_slots(kept))
    session().add(made)
    session().flush()
    _recorded("keyfigure:form_upload", made)
    return made


def troubles_of(form: KeyfigureForm, year: int | None = None) -> list[Trouble]:
    """What keeps cells of the version from being filled."""
    return troubles(open_workbook(form.file.xlsx), queries.slots_of(form), queries.book_of(year or form.from_year))


def proposals_of(form: KeyfigureForm) -> tuple[Slot, ...]:
    """What the words of the workbook propose for cells that have no number yet."""
    return propose(open_workbook(form.file.xlsx), queries.book_of(form.from_year), queries.slots_of(form))


def set_slot(actor: Actor, form: KeyfigureForm, slot: Slot, *, revision: int) -> KeyfigureForm:
    """Give a cell its number, in place of the one that it has. Raises ConflictError, and RuleError on `place`.

    A version that was used never changes: the change makes the next one, which is given back.
    """
    _require_editable(actor, form, revision)
    slot = msgspec.structs.replace(slot, place=place_of(slot.place))
    others = [each for each in queries.slots_of(form) if (each.sheet, each.place) != (slot.sheet, slot.place)]
    book = open_workbook(form.file.xlsx)
    wrong = troubles(book, [slot], queries.book_of(form.from_year))
    if wrong:
        raise RuleError(wrong[0].message, field="place")
    return _kept(actor, form, [*others, slot])


def remove_slot(actor: Actor, form: KeyfigureForm, sheet: str, place: str, *, revision: int) -> KeyfigureForm:
    """Let a cell be empty. Raises ConflictError."""
    _require_editable(actor, form, revision)
    return _kept(actor, form, [each for each in queries.slots_of(form) if (each.sheet, each.place) != (sheet, place)])


def take_proposals(actor: Actor, form: KeyfigureForm, *, revision: int) -> tuple[KeyfigureForm, int]:
    """Take over everything that is proposed; the version and how many cells. Raises ConflictError."""
    _require_editable(actor, form, revision)
    new = proposals_of(form)
    return (_kept(actor, form, [*queries.slots_of(form), *new]) if new else form), len(new)


def import_slots(actor: Actor, form: KeyfigureForm, content: bytes, *, revision: int) -> KeyfigureForm:
    """All cells from a CSV file (sheet, cell, field, dimension, class, rows), in place of the present ones.

    Raises RuleError on `file` naming the line; then nothing changes. Cells that do not fit are kept and shown.
    """
    _require_editable(actor, form, revision)
    return _kept(actor, form, _slots_of_csv(content))


def export_slots(form: KeyfigureForm) -> bytes:
    """The version's cells as such a CSV file."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for slot in queries.slots_of(form):
        writer.writerow((slot.sheet, slot.place, slot.field, slot.dimension, slot.cls, "ja" if slot.down else ""))
    return target.getvalue().encode("utf-8-sig")


def set_years(actor: Actor, form: KeyfigureForm, from_year: int, until_year: int | None) -> None:
    """From when until when the version is valid. Raises RuleError; the first year of a used version stays."""
    policy.require_in(actor, Permission.KENNZAHLEN_COLLECT, form.organisation_id)
    _check_years(from_year, until_year)
    if form.used and from_year != form.from_year:
        raise RuleError(_("Diese Fassung wurde schon benutzt. Ihr erstes Jahr bleibt."), field="from_year")
    form.from_year, form.until_year = from_year, until_year
    session().flush()
    _recorded("keyfigure:form_years", form)


def _kept(actor: Actor, form: KeyfigureForm, slots: Iterable[Slot]) -> KeyfigureForm:
    """The cells in this version, or in the next one if this one was used."""
    packed = write_slots(slots)
    target = form
    if form.used:
        target = _version(
            actor, form.organisation_id, next(iter(queries.list_forms(form.organisation_id))), *_years(form)
        )
        target.file = form.file
        session().add(target)
    target.slots = FormSlots(slots=packed)
    session().flush()
    _recorded("keyfigure:form_cells", target)
    return target


def _years(form: KeyfigureForm) -> tuple[int, int | None]:
    return form.from_year, form.until_year


def _version(
    actor: Actor, organisation_id: UUID, former: KeyfigureForm | None, from_year: int, until_year: int | None
) -> KeyfigureForm:
    return KeyfigureForm(
        organisation_id=organisation_id,
        number=former.number + 1 if former else 1,
        from_year=from_year,
        until_year=until_year,
        used=False,
        created_by=actor.user_id,
        created_at=clock.now(),
    )


def _require_editable(actor: Actor, form: KeyfigureForm, revision: int) -> None:
    policy.require_in(actor, Permission.KENNZAHLEN_COLLECT, form.organisation_id)
    if form.slots_rev != revision:
        raise ConflictError(_("Jemand anderes hat die Zellen dieser Vorlage inzwischen geändert."))


def _check_years(from_year: int, until_year: int | None) -> None:
    if not FIRST_YEAR <= from_year <= _LAST_YEAR:
        raise RuleError(_("Geben Sie ein Jahr ab %(first)s ein.", first=FIRST_YEAR), field="from_year")
    if until_year is not None and not from_year <= until_year <= _LAST_YEAR:
        raise RuleError(_("Das letzte Jahr liegt vor dem ersten."), field="until_year")


def _slots_of_csv(content: bytes) -> Sequence[Slot]:
    if len(content) > _MOST_CSV:
        raise RuleError(_("Die Datei ist zu groß für eine Zuordnung."), field="file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RuleError(_("Speichern Sie die Zuordnung als CSV in UTF-8."), field="file") from None
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if text[:200].count(";") >= 5 else ","))
    if not rows or tuple(cell.strip() for cell in rows[0]) != _COLUMNS:
        raise RuleError(
            _("Die erste Zeile der Zuordnung heißt: %(columns)s.", columns="; ".join(_COLUMNS)), field="file"
        )
    if len(rows) > _MOST_SLOTS:
        raise RuleError(_("Die Zuordnung hat zu viele Zeilen."), field="file")
    return [_slot_of_row(number, row) for number, row in enumerate(rows[1:], start=2) if any(row)]


def _slot_of_row(number: int, row: Sequence[str]) -> Slot:
    if len(row) != len(_COLUMNS):
        raise RuleError(_("Zeile %(number)s hat nicht sechs Spalten.", number=number), field="file")
    sheet, place, field, dimension, code, down = (cell.strip() for cell in row)
    if not sheet or not field:
        raise RuleError(_("In Zeile %(number)s fehlt das Blatt oder das Feld.", number=number), field="file")
    try:
        place = place_of(place)
    except RuleError as refusal:
        raise RuleError(f"{_('Zeile %(number)s', number=number)}: {refusal}", field="file") from None
    many = down.casefold() in {"ja", "yes", "x", "1"}
    return Slot(sheet=sheet, place=place, field=field, dimension=dimension, cls=code, down=many)


def _recorded(action: str, form: KeyfigureForm) -> None:
    audit.record(action, organisation_id=form.organisation_id, detail=audit.Detail(count=form.number))
