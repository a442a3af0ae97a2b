"""The phrase book as a table for translators, and back. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from caseapp.catalogue.rules.phrases import GERMAN, Change, PhraseBook, Text, check_mark, check_text
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.web import parsing

LARGEST = 2_000_000
MOST_LINES = 5_000
CHECKED_BY, CHECKED_ON = "geprueft_von", "geprueft_am"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of a file that cannot be taken over."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: `changes` are only those that would change the book."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


def write_table(book: PhraseBook, language: str, keys: Iterable[str]) -> bytes:
    """UTF-8 with a mark for Excel, semicolons: key, German, translation, who checked it and when.

    A cell that a spreadsheet would calculate gets an apostrophe, which `read_table` takes away again.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(["key", GERMAN, language, CHECKED_BY, CHECKED_ON])
    for key in keys:
        said = book.said(key, language)
        on = said.checked_on.strftime("%d.%m.%Y") if said.checked_on else ""
        writer.writerow([_safe(cell) for cell in (key, book.said(key, GERMAN).text, said.text, said.checked_by, on)])
    return target.getvalue().encode("utf-8-sig")


def read_table(file: bytes, book: PhraseBook, language: str, today: dt.date) -> Read:
    """What a translator's file changes, and what is wrong in which line.

    An empty translation changes nothing: a file may hold a part. Raises RuleError on `file` when it is no such table.
    """
    changes: dict[str, Change] = {}
    problems: list[Problem] = []
    for line, row in _lines(_rows(file, language)):
        try:
            change = _change(row, book, language, today)
        except RuleError as refusal:
            problems.append(Problem(line, str(refusal)))
            continue
        if change is None:
            continue
        if change.key in changes:
            problems.append(Problem(line, _("Dieser Schlüssel kommt zweimal vor.")))
        elif change.said != book.said(change.key, language):
            changes[change.key] = change
    return Read(tuple(changes.values()), tuple(problems))


def _lines(rows: csv.DictReader[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with the number of their line in the file."""
    try:
        for row in rows:
            if rows.line_num > MOST_LINES:
                raise RuleError(_("Die Datei ist zu lang."), field="file")
            yield rows.line_num, row
    except csv.Error:
        raise RuleError(_("Diese Datei lässt sich nicht lesen. Speichern Sie sie als CSV."), field="file") from None


def _rows(file: bytes, language: str) -> csv.DictReader[str]:
    if len(file) > LARGEST:
        raise RuleError(_("Die Datei ist zu groß."), field="file")
    try:
        text = file.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RuleError(_("Speichern Sie die Datei als „CSV UTF-8“."), field="file") from None
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, restval="")
    try:
        names = rows.fieldnames or ()
    except csv.Error:
        names = ()
    if "key" not in names or language not in names:
        raise RuleError(
            _("In der ersten Zeile müssen „key“ und „%(language)s“ stehen.", language=language), field="file"
        )
    return rows


def _change(row: dict[str, str], book: PhraseBook, language: str, today: dt.date) -> Change | None:
    key, text = _plain(row["key"]), _plain(row[language])
    if not text:
        return None
    if not book.has(key):
        raise RuleError(_("Diesen Schlüssel gibt es nicht."))
    checked_by = _plain(row.get(CHECKED_BY) or "")
    day = _plain(row.get(CHECKED_ON) or "")
    try:
        checked_on = parsing.read_date(day, today=today) if day else None
    except parsing.UnreadableError:
        raise RuleError(_("Der Tag der Prüfung lässt sich nicht lesen.")) from None
    check_mark(checked_by, checked_on, today)
    return Change(key, language, Text(check_text(text, book.said(key, GERMAN).text), checked_by, checked_on))


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(text: str) -> str:
    """The cell without the apostrophe of `_safe`."""
    bare = text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
    return " ".join(bare.split())
