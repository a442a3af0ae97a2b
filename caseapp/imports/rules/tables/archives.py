"""Checks a zipped spreadsheet before any parser sees it, and packs it anew with only the parts that are needed.

The directory of a zip file may lie about sizes, so every part is unpacked here against one common budget; what the
parser gets is a fresh archive of exactly these bytes. The extent of each sheet is computed beforehand because the
parser lays out the whole rectangle: a single cell in the last corner of a sheet would take half a terabyte.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from caseapp.i18n import gettext as _
from caseapp.imports.rules.tables.limits import MEGABYTE, Limits
from caseapp.imports.rules.tables.refusals import (
    BrokenFileError,
    NotATableError,
    ProtectedFileError,
    TooManyCellsError,
    UnpackedTooLargeError,
)

_ENCRYPTED_FLAG = 0x1
_EMPTY_SHEETS = 10  # times as many sheets as may be filled
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_XLSX_PART = re.compile(
    r"(?:\[Content_Types\]\.xml|_rels/.*\.rels|xl/(?:worksheets/|_rels/)?[^/]+\.(?:xml|rels))", re.IGNORECASE
)
_ODS_PART = re.compile(r"mimetype|content\.xml|styles\.xml|settings\.xml|META-INF/manifest\.xml")
# The part in (?=...) passes by a cell without contents at once: a sheet may hold millions of coloured ones.
_FILLED = re.compile(rb"""<(?:\w++:)?+c\s(?=[^<>]*+(?<!/)>)[^<>]*?\br\s*=\s*["']([A-Za-z]{1,4})([0-9]{1,10})["']""")
_ODS_TAG = re.compile(rb"<table:(table-row|table-cell|covered-table-cell)\b([^<>]*?)(/?)>", re.DOTALL)
_ODS_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["']([0-9]{1,10})["']""")


def repacked(content: bytes, limits: Limits) -> tuple[str, bytes]:
    """("xlsx" | "ods", a clean archive of the needed parts).

    Raises BrokenFileError, NotATableError, ProtectedFileError, TooManyCellsError or UnpackedTooLargeError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError, OverflowError, EOFError, OSError):
        raise BrokenFileError from None
    if len(entries) > limits.parts:
        raise TooManyCellsError(limits.rows, limits.columns)
    kind = _kind({entry.filename.replace("\\", "/") for entry in entries})
    wanted = _XLSX_PART if kind == "xlsx" else _ODS_PART
    parts: dict[str, bytes] = {}
    left = limits.unpacked_bytes
    for entry in entries:
        name = entry.filename.replace("\\", "/").lstrip("/")
        if wanted.fullmatch(name) and name not in parts:
            parts[name] = _unpacked(content, entry, left, limits)
            left -= len(parts[name])
    if kind == "ods":
        _check_ods(parts, limits)
    else:
        _check_xlsx(parts, limits)
    return kind, _packed(parts)


def _kind(names: set[str]) -> str:
    lower = {name.lower().lstrip("/") for name in names}
    if "xl/workbook.xml" in lower:
        return "xlsx"
    if "content.xml" in lower and not any(name.startswith("word/") for name in lower):
        return "ods"
    if "xl/workbook.bin" in lower:
        raise NotATableError(_("eine Excel-Binärdatei (.xlsb)"))
    if any(name.startswith("word/") for name in lower):
        raise NotATableError(_("ein Word-Dokument"))
    if any(name.startswith("ppt/") for name in lower):
        raise NotATableError(_("eine Präsentation"))
    if any(name.startswith("index/") and name.endswith(".iwa") for name in lower):
        raise NotATableError(_("eine Datei aus Apple Numbers"))
    raise NotATableError(_("ein ZIP-Archiv"))


def _unpacked(content: bytes, entry: zipfile.ZipInfo, left: int, limits: Limits) -> bytes:
    """The part's bytes, never more than `left` of them, whatever the directory says about its size."""
    if entry.flag_bits & _ENCRYPTED_FLAG:
        raise ProtectedFileError
    start = entry.header_offset
    if not 0 <= start <= len(content) - _LOCAL_HEADER.size:
        raise BrokenFileError
    magic, name_length, extra_length = _LOCAL_HEADER.unpack_from(content, start)
    first = start + _LOCAL_HEADER.size + name_length + extra_length
    packed = content[first : first + entry.compress_size]
    if magic != b"PK\x03\x04" or len(packed) != entry.compress_size:
        raise BrokenFileError
    if entry.compress_type == zipfile.ZIP_STORED:
        part = packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        try:
            part = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, left + 1)
        except zlib.error:
            raise BrokenFileError from None
    else:
        raise BrokenFileError
    if len(part) > left:
        raise UnpackedTooLargeError(limits.unpacked_bytes // MEGABYTE)
    return part


def _check_xlsx(parts: dict[str, bytes], limits: Limits) -> None:
    cells = 0
    for name, part in parts.items():
        if name.lower().startswith("xl/worksheets/") and not name.lower().endswith(".rels"):
            rows, columns = _extent(part, limits)
            cells += rows * columns
            if rows > limits.rows or columns > limits.columns or cells > limits.cells:
                raise TooManyCellsError(limits.rows, limits.columns)


def _extent(part: bytes, limits: Limits) -> tuple[int, int]:
    """The last row and column with a filled cell, by their references; cells that are only coloured do not count."""
    letters: set[bytes] = set()
    digits: set[bytes] = set()
    for number, place in enumerate(_FILLED.finditer(part)):
        if number > limits.cells:  # many cells may claim the same place
            raise TooManyCellsError(limits.rows, limits.columns)
        letters.add(place[1])
        digits.add(place[2])
    return max(map(int, digits), default=0), max(map(_column_number, letters), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _check_ods(parts: dict[str, bytes], limits: Limits) -> None:
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise ProtectedFileError
    content = parts.get("content.xml", b"")
    if b"office:spreadsheet" not in content:
        raise NotATableError(_("ein Textdokument, eine Zeichnung oder eine Präsentation"))
    if content.count(b"<table:table ") > limits.sheets * _EMPTY_SHEETS:
        raise TooManyCellsError(limits.rows, limits.columns)
    cells = 0
    for table in content.split(b"<table:table ")[1:]:
        rows, columns = _ods_extent(table, limits)
        cells += rows * columns
        if rows > limits.rows or columns > limits.columns or cells > limits.cells:
            raise TooManyCellsError(limits.rows, limits.columns)


def _ods_extent(table: bytes, limits: Limits) -> tuple[int, int]:
    """The last filled row and column of one table when its repeated rows and cells are written out."""
    rows = columns = row_number = width = 0
    for number, match in enumerate(_ODS_TAG.finditer(table)):
        if number > limits.cells:
            raise TooManyCellsError(limits.rows, limits.columns)
        tag, attributes, closed = match.groups()
        if tag != b"table-row":
            width += _repeats(attributes)
            if b"value-type" in attributes or not closed:
                rows, columns = row_number, max(columns, width)
        else:
            row_number += _repeats(attributes)
            width = 0
    return rows, columns


def _repeats(attributes: bytes) -> int:
    found = _ODS_REPEATED.search(attributes)
    return max(1, int(found[1])) if found else 1


def _packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()
