"""Text -> rows, for any separator, with the habits of real exports.

Quotes may hide separators and line breaks; a stray quote must not swallow the rest of the list, which is what a
plain CSV reader does: a quoted cell ends at the latest after `_LONGEST_CELL` lines, else its quote is a letter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from caseapp.imports.rules.cells import Row, clean_text
from caseapp.imports.rules.tables.limits import Limits
from caseapp.imports.rules.tables.refusals import TooManyCellsError

SEPARATORS = (";", "\t", ",", "|")
_LONGEST_CELL = 200
_PATIENCE = 500
"""So many records with quotes that do not close are tried; after that a quote is a letter everywhere."""
_SAMPLE_LINES = 80
_EMPTY_FIELDS = 50
"""A line may be cut so many times more often than a table may have columns: exports fill up with separators."""
_QUOTED = re.compile(r'(?:[^"]|"")*+')


def separator_of(text: str) -> str:
    """The separator that cuts most lines into the same number of columns; ";" when none does."""
    lines = [line for line in text[:200_000].split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES] if line.strip()]
    best_score, best = 0.0, ";"
    for separator in SEPARATORS:
        widths = Counter(len(row) for row in _split(lines, separator, whole=True))
        widths.pop(1, None)
        if not widths:
            continue
        width, often = max(widths.items(), key=lambda item: (item[1], item[0]))
        score = (often / len(lines)) * min(width, 12) * _weight(separator, lines)
        if score > best_score:
            best_score, best = score, separator
    return best


def _weight(separator: str, lines: list[str]) -> float:
    """A comma before a blank stands in "Noori, Mina" rather than between two columns."""
    if separator != ",":
        return 1.01
    commas = sum(line.count(",") for line in lines)
    return 0.3 if sum(line.count(", ") for line in lines) > commas / 2 else 1.0


def split_rows(text: str, separator: str, limits: Limits) -> list[Row]:
    """All records of the text, empty ones too, so that a row's place is its number in the file.

    Raises TooManyCellsError.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    too_many = TooManyCellsError(limits.rows, limits.columns)
    widest = limits.columns * _EMPTY_FIELDS
    if len(lines) > limits.rows * 4 or any(_without_tail(line, separator).count(separator) > widest for line in lines):
        raise too_many
    rows: list[Row] = []
    fields_read = cells = 0
    for fields in _split(lines, separator):
        row = trimmed(tuple(map(clean_text, fields)))
        fields_read += len(fields)
        cells += len(row)
        if len(row) > limits.columns or len(rows) >= limits.rows or max(cells, fields_read // 2) > limits.cells:
            raise too_many
        rows.append(row)
    return rows


def trimmed(row: Row) -> Row:
    """The row without the empty cells at its end."""
    end = len(row)
    while end and isinstance(row[end - 1], str) and not row[end - 1]:
        end -= 1
    return row[:end]


def _split(lines: list[str], separator: str, *, whole: bool = False) -> Iterator[list[str]]:
    """The fields of each record; only with `whole` the empty ones at the end of a line as well."""
    at, patience = 0, _PATIENCE
    while at < len(lines):
        found = _record(lines, at, separator) if patience and '"' in lines[at] else None
        if found is None:
            patience -= '"' in lines[at] and patience > 0
            line = lines[at] if whole else _without_tail(lines[at], separator)
            found = line.split(separator), 1
        yield found[0]
        at += found[1]


def _without_tail(line: str, separator: str) -> str:
    """The line without the separators and blanks at its end: a million empty cells need not be cut out one by one."""
    return line.rstrip(separator + " \t")


def _record(lines: list[str], at: int, separator: str) -> tuple[list[str], int] | None:
    """The fields of the record that starts at this line, and how many lines it takes.

    A cell over several lines must end as the format says, with a quote before a separator or the line's end; else
    its first quote was only a letter (None), and the line is cut at every separator.
    """
    fields, open_cell = _fields(lines[at], 0, separator)
    for used in range(1, _LONGEST_CELL):
        if open_cell is None:
            return fields, used
        if at + used >= len(lines):
            break
        line = lines[at + used]
        text, place, closed = _to_closing_quote(line, 0)
        open_cell = f"{open_cell}\n{text}"
        if closed:
            if place < len(line) and not line.startswith(separator, place):
                break
            more, still_open = _fields(line, place + 1, separator) if place < len(line) else ([], None)
            fields, open_cell = [*fields, open_cell, *more], still_open
    return None


def _fields(line: str, at: int, separator: str) -> tuple[list[str], str | None]:
    """The fields of a line from `at` on, and the text of a quoted cell that is still open at its end, else None."""
    fields: list[str] = []
    while at <= len(line):
        if line.startswith('"', at):
            text, at, closed = _to_closing_quote(line, at + 1)
            if not closed:
                return fields, text
            rest, at = _to_separator(line, at, separator)
            fields.append(text + rest)
        else:
            text, at = _to_separator(line, at, separator)
            fields.append(text)
    return fields, None


def _to_separator(line: str, at: int, separator: str) -> tuple[str, int]:
    end = line.find(separator, at)
    end = len(line) if end < 0 else end
    return line[at:end], end + 1


def _to_closing_quote(line: str, at: int) -> tuple[str, int, bool]:
    """(text up to the quote that closes the cell, the place behind it, whether there was one)."""
    found = _QUOTED.match(line, at)
    end = found.end() if found else at
    closed = end < len(line)
    return line[at:end].replace('""', '"'), end + closed, closed
