"""Looks into an uploaded workbook before any parser does, and refuses what a form of the state never needs."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _

MOST_BYTES = 5 << 20
_MOST_UNPACKED = 40 << 20
_MOST_PARTS = 500
_PIECE = 1 << 16
_REFERENCE = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br\s*=\s*["']([A-Za-z]{1,4})([0-9]{1,10})["']""")
_MOST_ROWS, _MOST_COLUMNS, _MOST_CELLS = 2_000, 200, 60_000
_DANGEROUS = re.compile(
    r"vbaproject|externallinks/|activex/|embeddings/|oleobject|connections\.xml|querytables/|macrosheets/|dialogsheets/|"
    r"ctrlprops/|customui/|webextensions/",
    re.IGNORECASE,
)


class WorkbookRefusedError(RuleError):
    """The file is no workbook that can be filled; the message says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


def check_archive(content: bytes) -> None:
    """Raises WorkbookRefusedError unless this is a plain .xlsx of bearable size.

    Every part is unpacked here against one budget, because the directory of a zip file may lie about sizes.
    """
    if not content:
        raise WorkbookRefusedError(_("Die Datei ist leer. Wählen Sie die Vorlage „Auswertung Zeitraum“ aus."))
    if len(content) > MOST_BYTES:
        raise WorkbookRefusedError(
            _("Die Datei ist größer als %(limit)s MB. Entfernen Sie Bilder aus der Vorlage.", limit=MOST_BYTES >> 20)
        )
    parts = _parts(content)
    names = {name.lower() for name in parts}
    if "xl/workbook.bin" in names or "xl/workbook.xml" not in names:
        raise WorkbookRefusedError(_no_workbook())
    for name, part in parts.items():
        _check_part(name, part)


def _parts(content: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = _MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_PARTS:
                raise WorkbookRefusedError(_too_much())
            for entry in entries:
                name = entry.filename.replace("\\", "/").lstrip("/")
                if name in found or entry.flag_bits & 0x1:
                    raise WorkbookRefusedError(_damaged())
                found[name] = _unpacked(archive, entry, left)
                left -= len(found[name])
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, ValueError, EOFError, OSError, RuntimeError):
        raise WorkbookRefusedError(_no_workbook()) from None
    return found


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    data = bytearray()
    with archive.open(entry) as part:
        while piece := part.read(_PIECE):
            data += piece
            if len(data) > left:
                raise WorkbookRefusedError(_too_much())
    return bytes(data)


def _check_part(name: str, part: bytes) -> None:
    if _DANGEROUS.search(name) or (name == "[Content_Types].xml" and b"macroEnabled" in part):
        raise WorkbookRefusedError(
            _(
                "Die Datei enthält Makros, eingebettete Objekte oder Verknüpfungen zu anderen Dateien. Speichern Sie "
                "sie als einfache Arbeitsmappe (.xlsx) ohne Makros und Verknüpfungen."
            )
        )
    if name.lower().endswith((".xml", ".rels")) and (b"<!DOCTYPE" in part[:4096] or b"<!ENTITY" in part):
        raise WorkbookRefusedError(_damaged())
    if name.lower().startswith("xl/worksheets/") and name.lower().endswith(".xml"):
        _check_extent(part)


def _check_extent(part: bytes) -> None:
    """A single cell in the last corner of a sheet makes it millions of cells wide."""
    for number, place in enumerate(_REFERENCE.finditer(part)):
        if number > _MOST_CELLS or int(place[2]) > _MOST_ROWS or len(place[1]) > 2:
            raise WorkbookRefusedError(_too_much())
        if _column(place[1]) > _MOST_COLUMNS:
            raise WorkbookRefusedError(_too_much())


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _no_workbook() -> str:
    return _("Das ist keine Excel-Arbeitsmappe. Speichern Sie die Vorlage in Ihrem Tabellenprogramm als .xlsx.")


def _damaged() -> str:
    return _("Die Datei ist beschädigt oder geschützt. Speichern Sie die Vorlage ohne Kennwort neu als .xlsx.")


def _too_much() -> str:
    return _("Die Vorlage ist zu groß. Löschen Sie leere Bereiche und Blätter, die nicht ausgefüllt werden.")
