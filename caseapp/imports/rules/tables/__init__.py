"""Any file -> `Workbook`, or a refusal with a name. The content decides what a file is, never its ending."""

from __future__ import annotations

import msgspec

from caseapp.i18n import gettext as _
from caseapp.imports.rules.cells import Row
from caseapp.imports.rules.tables.archives import repacked
from caseapp.imports.rules.tables.binary import raw_sheets, rows_of
from caseapp.imports.rules.tables.delimited import separator_of, split_rows
from caseapp.imports.rules.tables.encodings import decoded
from caseapp.imports.rules.tables.limits import LIMITS, MEGABYTE, Limits
from caseapp.imports.rules.tables.refusals import (
    BrokenFileError,
    EmptyFileError,
    FileRefusedError,
    FileTooLargeError,
    NotATableError,
    ProtectedFileError,
    TooManyCellsError,
)

__all__ = [
    "LIMITS",
    "BrokenFileError",
    "EmptyFileError",
    "FileRefusedError",
    "FileTooLargeError",
    "Limits",
    "NotATableError",
    "ProtectedFileError",
    "Sheet",
    "TooManyCellsError",
    "Workbook",
    "read_workbook",
]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_XLS_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))


class Sheet(msgspec.Struct, frozen=True):
    """One sheet: `rows[0]` is row 1 of the file; empty rows are kept, empty cells at a row's end are not."""

    name: str
    rows: tuple[Row, ...]
    visible: bool = True


class Workbook(msgspec.Struct, frozen=True, kw_only=True):
    """All sheets with contents. `kind` is xlsx, ods, xls or csv; the last two fields are filled for csv only."""

    sheets: tuple[Sheet, ...]
    kind: str
    encoding: str = ""
    separator: str = ""


def read_workbook(content: bytes, name: str = "", limits: Limits = LIMITS) -> Workbook:
    """The tables in the file; `name` only names the sheet of a text file.

    Raises a FileRefusedError, never anything else, whatever the bytes are.
    """
    if not content.strip(b"\x00 \t\r\n"):
        raise EmptyFileError
    if len(content) > limits.file_bytes:
        raise FileTooLargeError(limits.file_bytes // MEGABYTE)
    if content.startswith(b"PK"):
        return _zipped(content, limits)
    if content.startswith(_OLE):
        return _ole(content, limits)
    _refuse_known_others(content)
    return _text(content, name, limits)


def _zipped(content: bytes, limits: Limits) -> Workbook:
    kind, clean = repacked(content, limits)
    return _binary(clean, kind, limits)


def _ole(content: bytes, limits: Limits) -> Workbook:
    if _ENCRYPTED_STREAM in content:
        raise ProtectedFileError
    if not any(stream in content for stream in _XLS_STREAMS):
        raise NotATableError(_("ein altes Office-Dokument ohne Tabelle"))
    return _binary(content, "xls", limits)


def _binary(content: bytes, kind: str, limits: Limits) -> Workbook:
    sheets = []
    for raw in raw_sheets(content, limits):
        rows = rows_of(raw, limits)
        if rows:
            sheets.append(Sheet(raw[0], tuple(rows), raw[1]))
    if len(sheets) > limits.sheets:
        raise TooManyCellsError(limits.rows, limits.columns)
    if not sheets:
        raise EmptyFileError
    return Workbook(sheets=tuple(sheets), kind=kind)


def _text(content: bytes, name: str, limits: Limits) -> Workbook:
    text, encoding = decoded(content)
    separator = separator_of(text)
    rows = split_rows(text, separator, limits)
    if not any(rows):
        raise EmptyFileError
    sheet = Sheet(name.rsplit("/", 1)[-1].rsplit(".", 1)[0] or _("Tabelle"), tuple(rows))
    return Workbook(sheets=(sheet,), kind="csv", encoding=encoding, separator=separator)


def _refuse_known_others(content: bytes) -> None:
    """Files that are often renamed to a spreadsheet's ending, by their first bytes."""
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    others = (
        ((b"%pdf",), _("eine PDF-Datei")),
        ((b"\x89png", b"\xff\xd8\xff", b"gif8", b"bm\x36", b"ii*\x00", b"mm\x00*"), _("ein Bild")),
        ((b"{\\rtf",), _("ein Textdokument (RTF)")),
        ((b"<!doctype html", b"<html", b"<table", b"<head", b"<body"), _("eine Webseite (HTML)")),
        ((b"<?xml", b"<workbook"), _("eine XML-Datei")),
        ((b"rar!", b"7z\xbc\xaf", b"\x1f\x8b"), _("ein gepacktes Archiv")),
        ((b"mz", b"\x7felf"), _("ein Programm")),
    )
    for starts, what in others:
        if head.startswith(starts) and not (starts[0] == b"mz" and b"\x00" not in content[:1024]):
            raise NotATableError(what)
    if head.startswith(b"riff") and head[8:12] == b"webp":
        raise NotATableError(_("ein Bild"))
