"""What differs between a file and what it should be: rows by their key, cells by their place, words by their page."""

from __future__ import annotations

import csv
import difflib
import io
import json
from collections import Counter
from collections.abc import Sequence

from caseapp.i18n import gettext as _
from caseapp.reporting.rules import bundle
from caseapp.reporting.rules.flat import TOTAL
from caseapp.reporting.rules.sheets import Sheet
from caseapp.reporting.rules.unpacking import Cells


def changed_file(name: str, expected: bytes, found: bytes) -> list[str]:
    """What differs between a file of the CSV form and what it should be; nothing where only its writing differs."""
    if name == bundle.MANIFEST:
        return _changed_manifest(expected, found)
    try:
        lines = list(csv.reader(io.StringIO(found.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeError, csv.Error):
        return [_("%(name)s lässt sich nicht lesen.", name=name)]
    wanted = list(csv.reader(io.StringIO(expected.decode("ascii"), newline="")))
    if not lines or lines[0] != wanted[0]:
        return [_("%(name)s: Die Überschriften stimmen nicht.", name=name)]
    keys = len(wanted[0]) - (4 if name.startswith(bundle.LIMITS) else 2)
    return _compared(name, wanted[0], wanted[1:], [line for line in lines[1:] if line], keys)


def _changed_manifest(expected: bytes, found: bytes) -> list[str]:
    try:
        wanted, said = json.loads(expected), json.loads(found)
        names = sorted(set(wanted) | set(said))
    except (ValueError, TypeError, RecursionError):
        return [_("%(name)s lässt sich nicht lesen.", name=bundle.MANIFEST)]
    return [
        _("%(name)s: „%(part)s“ wurde verändert.", name=bundle.MANIFEST, part=part[:60])
        for part in names
        if wanted.get(part) != said.get(part)
    ]


def _compared(
    name: str,
    heading: Sequence[object],
    wanted: Sequence[Sequence[object]],
    found: Sequence[Sequence[object]],
    keys: int,
) -> list[str]:
    """Rows by their key: what is missing, too much, twice or changed, each in a sentence."""
    expected = {tuple(row[:keys]): row for row in wanted}
    given = Counter(tuple(row[:keys]) for row in found)
    problems = [
        _("%(name)s: Die Zeile %(row)s fehlt.", name=name, row=_row(key)) for key in expected if key not in given
    ]
    for row in found:
        key = tuple(row[:keys])
        if key not in expected:
            problems.append(_("%(name)s: Die Zeile %(row)s gehört nicht zum Bericht.", name=name, row=_row(key)))
            continue
        if given[key] > 1:
            problems.append(_("%(name)s: Die Zeile %(row)s steht mehrmals da.", name=name, row=_row(key)))
            given[key] = 1
        for column in range(keys, max(len(row), len(heading))):
            said, right = _at(row, column), _at(expected[key], column)
            if said != right:
                problems.append(
                    _(
                        "%(name)s, Zeile %(row)s, Spalte „%(column)s“: dort steht %(said)s statt %(right)s.",
                        name=name,
                        row=_row(key),
                        column=str(_at(heading, column) or column + 1)[:60],
                        said=_shown(said),
                        right=_shown(right),
                    )
                )
    return problems


def _row(key: tuple[object, ...]) -> str:
    said = ", ".join(str(part)[:40] for part in key if part not in ("", TOTAL, None))
    return f"„{said[:160]}“"


def _at(row: Sequence[object], column: int) -> object:
    value = row[column] if column < len(row) else None
    return None if value == "" else value


def _shown(value: object) -> str:
    return _("nichts") if value is None else str(value)[:40]


def changed_sheet(sheet: Sheet, cells: Cells) -> list[str]:
    """The sheet's cells against what it should hold; rows of a table may stand in another order."""
    width = max(len(row) for row in sheet.rows)
    given: dict[int, list[object]] = {}
    for (row, column), value in cells.items():
        if column >= width:
            return [_("Blatt „%(name)s“: Neben der Tabelle stehen fremde Zellen.", name=sheet.name)]
        given.setdefault(row, [None] * width)[column] = value
    wanted = [[_at(row, column) for column in range(width)] for row in sheet.rows]
    title = _("Blatt „%(name)s“", name=sheet.name)
    if sheet.heading is None:
        filled = [row for row in wanted if any(value is not None for value in row)]
        return [] if [given[row] for row in sorted(given)] == filled else [_("%(name)s wurde verändert.", name=title)]
    body = sheet.heading + 1
    if [given.get(row) for row in range(body)] != wanted[:body]:
        return [_("%(name)s: Titel oder Überschriften wurden verändert.", name=title)]
    rows = [given[row] for row in sorted(given) if row >= body]
    return _compared(title, wanted[sheet.heading], wanted[body:], rows, sheet.keys)


def changed_text(found: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """What differs between the words of two PDF, page by page."""
    if len(found) != len(wanted):
        return [_("Das PDF hat %(said)s statt %(right)s Seiten.", said=len(found), right=len(wanted))]
    problems = []
    for number, (said, right) in enumerate(zip(found, wanted, strict=True), start=1):
        words, expected = said.split(), right.split()
        if words == expected:
            continue
        for change, first, last, start, end in difflib.SequenceMatcher(
            None, expected, words, autojunk=False
        ).get_opcodes():
            if change != "equal":
                problems.append(
                    _(
                        "PDF, Seite %(page)s: dort steht „%(said)s“ statt „%(right)s“.",
                        page=number,
                        said=" ".join(words[start:end])[:80],
                        right=" ".join(expected[first:last])[:80],
                    )
                )
    return problems
