"""What a file is: told by its content, never by its name, and without unpacking anything. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l

MEGABYTE = 1024 * 1024
LARGEST = 50 * MEGABYTE
MOST_TOGETHER = 250 * MEGABYTE
MOST_FILES = 20

_HEAD = 64 * 1024
_TAIL = 256 * 1024  # the directory of an office file stands at its end


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that may be attached. `endings`: the first one is given to a name that has none of them."""

    name: str
    label: str
    media_type: str
    endings: tuple[str, ...]
    picture: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
KINDS = {
    kind.name: kind
    for kind in (
        Kind("pdf", _l("PDF"), "application/pdf", (".pdf",), picture=True),
        Kind("jpeg", _l("Foto"), "image/jpeg", (".jpg", ".jpeg"), picture=True),
        Kind("png", _l("Bild"), "image/png", (".png",), picture=True),
        Kind("webp", _l("Bild"), "image/webp", (".webp",), picture=True),
        Kind("tiff", _l("Bild (TIFF)"), "image/tiff", (".tif", ".tiff"), picture=True),
        Kind("heic", _l("Foto (HEIC)"), "image/heic", (".heic", ".heif")),  # nothing in the house reads it
        Kind("text", _l("Text"), "text/plain", (".txt", ".csv", ".md")),
        Kind("docx", _l("Word-Dokument"), _OFFICE + "wordprocessingml.document", (".docx",)),
        Kind("xlsx", _l("Excel-Tabelle"), _OFFICE + "spreadsheetml.sheet", (".xlsx",)),
        Kind("odt", _l("LibreOffice-Text"), _OPEN + "text", (".odt",)),
        Kind("ods", _l("LibreOffice-Tabelle"), _OPEN + "spreadsheet", (".ods",)),
    )
}

_SIGNATURES = (
    ("pdf", re.compile(rb"%PDF-\d")),
    ("jpeg", re.compile(rb"\xff\xd8\xff")),
    ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("webp", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
    ("tiff", re.compile(rb"II\*\x00|MM\x00\*")),
    ("heic", re.compile(rb".{4}ftyp(?:heic|heix|heim|hevc|mif1|msf1)", re.DOTALL)),
)
_MIMETYPE = re.compile(rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.(text|spreadsheet)PK", re.DOTALL)
_IN_DIRECTORY = rb"PK\x01\x02.{42}"  # an entry of a packed file's directory; its name follows
_WORD = re.compile(_IN_DIRECTORY + rb"word/document\.xml", re.DOTALL)
_EXCEL = re.compile(_IN_DIRECTORY + rb"xl/workbook\.xml", re.DOTALL)
_TYPES = re.compile(_IN_DIRECTORY + rb"\[Content_Types\]\.xml", re.DOTALL)
_MACROS = re.compile(_IN_DIRECTORY + rb"(?:[^P]{0,40}vbaProject|Basic/)", re.DOTALL | re.IGNORECASE)
# Bytes that stand in no text of an office: control characters but tab, line ends, form feed.
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13})
_NO_TEXT = re.compile(rb"\s*(?:#!|<\s*(?:!doctype|html|head|body|svg|script|\?xml|iframe|img|a\s))", re.IGNORECASE)
_MARK = b"\xef\xbb\xbf"


class Sniffer:
    """Looks at a file piece by piece, as it passes by; keeps its beginning and its end only."""

    def __init__(self) -> None:
        self._head, self._tail, self._text, self.size = b"", b"", True, 0

    def look(self, piece: bytes) -> None:
        """The next piece of the content."""
        self.size += len(piece)
        if len(self._head) < _HEAD:
            self._head += piece[: _HEAD - len(self._head)]
        self._tail = (self._tail + piece)[-_TAIL:]
        self._text = self._text and len(piece.translate(None, _CONTROLS)) == len(piece)

    def kind(self) -> Kind:
        """What it is. Raises RuleError for an empty file and for everything that may not be attached."""
        if not self.size:
            raise RuleError(_("Die Datei ist leer."))
        for name, signature in _SIGNATURES:
            if signature.match(self._head):
                return KINDS[name]
        if self._head.startswith(b"PK\x03\x04"):
            return self._packed()
        if self._text and not _NO_TEXT.match(self._head.removeprefix(_MARK)):
            return KINDS["text"]
        raise RuleError(
            _("Diese Art von Datei wird nicht angenommen. Möglich sind PDF, Fotos und Bilder, Text, Word und Excel.")
        )

    def _packed(self) -> Kind:
        if _MACROS.search(self._tail):
            raise RuleError(_("Die Datei enthält Makros. Speichern Sie sie ohne Makros oder als PDF."))
        if found := _MIMETYPE.match(self._head):
            return KINDS["odt" if found[1] == b"text" else "ods"]
        if _TYPES.search(self._tail):
            for name, part in (("docx", _WORD), ("xlsx", _EXCEL)):
                if part.search(self._tail):
                    return KINDS[name]
        raise RuleError(_("Gepackte Dateien werden nicht angenommen. Laden Sie die Dateien darin einzeln hoch."))
