"""Reading archives and workbooks that anybody may have written: bounded, without entities, no sheet laid out.

A directory of a zip file may lie, a sheet may name a cell in its last corner, and XML may grow while it is read. So
each part is unpacked against one common budget, cells are kept by place, and a document type is refused.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from caseapp.i18n import gettext as _
from caseapp.reporting.rules.signed import FileError

Cells = dict[tuple[int, int], str | int | float]  # row and column, from 0

MOST_BYTES, MOST_MEMBERS, MOST_CELLS = 200_000_000, 2_000, 3_000_000
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, OSError, ValueError)
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how the format writes signs that XML cannot hold
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def unpack(content: bytes, *, most: int = MOST_BYTES) -> dict[str, bytes]:
    """Every file of a zip archive by name; together at most `most` bytes, whatever its directory says. FileError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _members(archive, most)
    except FileError:
        raise
    except _BROKEN as error:
        raise FileError(_("Das Archiv ist beschädigt.")) from error


def _members(archive: zipfile.ZipFile, left: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_MEMBERS:
        raise FileError(_("Das Archiv enthält zu viele Dateien."))
    for entry in entries:
        if entry.compress_type not in _METHODS or entry.flag_bits & _ENCRYPTED:
            raise FileError(_("Das Archiv ist verschlüsselt oder auf fremde Art gepackt."))
        if entry.filename in found:
            raise FileError(_("Im Archiv steht eine Datei zweimal."))
        with archive.open(entry) as member:
            found[entry.filename] = member.read(left + 1)
        left -= len(found[entry.filename])
        if left < 0:
            raise FileError(_("Das Archiv ist ausgepackt zu groß für einen Bericht."))
    return found


def read_workbook(content: bytes) -> dict[str, Cells]:
    """The filled cells of each sheet by its name. A formula counts as what it says, with "=" before. FileError."""
    parts = unpack(content)
    try:
        names = _sheet_parts(parts)
        texts = _shared(parts)
        left, found = MOST_CELLS, {}
        for name, part in names.items():
            found[name] = _cells(_parsed(parts[part]), texts, left)
            left -= len(found[name])
    except FileError:
        raise
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise FileError(_("Die Arbeitsmappe ist beschädigt.")) from error
    return found


def _parsed(content: bytes) -> Element:
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise FileError(_("Die Arbeitsmappe ist beschädigt oder enthält, was keine Arbeitsmappe braucht.")) from error
    return root


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    if "xl/workbook.xml" not in parts:
        raise FileError(_("Das ist keine Arbeitsmappe (.xlsx)."))
    targets = {
        link.attrib["Id"]: link.attrib["Target"] for link in _parsed(parts["xl/_rels/workbook.xml.rels"]) if link.attrib
    }
    found = {}
    for sheet in _parsed(parts["xl/workbook.xml"]).iter(f"{_MAIN}sheet"):
        target = targets[sheet.attrib[_LINK]]
        found[sheet.attrib["name"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _shared(parts: dict[str, bytes]) -> list[str]:
    if "xl/sharedStrings.xml" not in parts:
        return []
    return [_said(each) for each in _parsed(parts["xl/sharedStrings.xml"]).iter(f"{_MAIN}si")]


def _said(element: Element) -> str:
    """The text of a string, also of one in several formats; how it is pronounced does not count."""
    runs = element.findall(f"{_MAIN}t") + element.findall(f"{_MAIN}r/{_MAIN}t")
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), "".join(run.text or "" for run in runs))


def _cells(sheet: Element, texts: list[str], most: int) -> Cells:
    found: Cells = {}
    for cell in sheet.iter(f"{_MAIN}c"):
        value = _value(cell, texts)
        if value is None:
            continue
        place = _PLACE.fullmatch(cell.attrib.get("r", ""))
        if place is None or len(found) >= most:
            raise FileError(_("Die Arbeitsmappe enthält mehr Zellen, als ein Bericht hat."))
        column = 0
        for letter in place[1]:
            column = 26 * column + ord(letter) - 64
        at = int(place[2]) - 1, column - 1
        if at in found:
            raise FileError(_("In der Arbeitsmappe steht eine Zelle zweimal."))
        found[at] = value
    return found


def _value(cell: Element, texts: list[str]) -> str | int | float | None:
    formula, kind = cell.find(f"{_MAIN}f"), cell.attrib.get("t", "n")
    if formula is not None:
        return f"={formula.text or ''}"
    if kind == "inlineStr":
        inline = cell.find(f"{_MAIN}is")
        return _said(inline) or None if inline is not None else None
    said = cell.findtext(f"{_MAIN}v")
    if said is None or said == "":
        return None
    if kind == "s":
        return texts[int(said)] or None
    if kind != "n":
        return said
    number = float(said)
    return int(number) if number.is_integer() else number
