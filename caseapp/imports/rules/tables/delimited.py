"""Text -> rows, for any separator, with the habits of real exports.

Quotes may hide separators and line breaks; a stray quote must not swallow the rest of the list, which is what a
plain CSV reader does: a quoted cell ends at the latest after `_LONGEST_CELL` lines, else its quote is a letter.
"""

from __future__ import annotations

from collections import Counter

from caseapp.imports.rules.cells import Row, clean_text
from caseapp.imports.rules.tables.limits import Limits
from caseapp.imports.rules.tables.refusals import TooManyCellsError

SEPARATORS = (";", "\t", ",", "|")
_LONGEST_CELL = 200
_SAMPLE_LINES = 80


def separator_of(text: str) -> str:
    """The separator that cuts most lines into the same number of columns; ";" when none does."""
    lines = [line for line in text[:200_000].split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES] if line.strip()]
    best_score, best = 0.0, ";"
    for separator in SEPARATORS:
        widths = Counter(len(row) for row in _split(lines, separator))
        widths.pop(1, None)
        if not widths:
            continue
        width, often = max(widths.items(), key=lambda item: (item[1], item[0]))
        score = (often / len(lines)) * min(width, 12) + (1 if separator in ";\t" else 0) * 0.01
        if score > best_score:
            best_score, best = score, separator
    return best


def split_rows(text: str, separator: str, limits: Limits) -> list[Row]:
    """All records of the text, empty ones too, so that a row's place is its number in the file.

    Raises TooManyCellsError.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    if len(lines) > limits.rows * 4:
        raise TooManyCellsError(limits.rows, limits.columns)
    rows: list[Row] = []
    cells = 0
    for fields in _split(lines, separator):
        row = trimmed(tuple(map(clean_text, fields)))
        cells += len(row)
        if len(row) > limits.columns or len(rows) >= limits.rows or cells > limits.cells:
            raise TooManyCellsError(limits.rows, limits.columns)
        rows.append(row)
    return rows


def trimmed(row: Row) -> Row:
    """The row without the empty cells at its end."""
    end = len(row)
    while end and isinstance(row[end - 1], str) and not row[end - 1]:
        end -= 1
    return row[:end]


def _split(lines: list[str], separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if '"' not in line:
            rows.append(line.split(separator))
            continue
        fields, open_cell = _quoted(line, separator)
        ahead = at
        while open_cell is not None and ahead < min(len(lines), at + _LONGEST_CELL):
            more, open_cell = _quoted(lines[ahead], separator, inside=open_cell)
            fields += more
            ahead += 1
        if open_cell is None:
            at = ahead
            rows.append(fields)
        else:
            rows.append(line.split(separator))
    return rows


def _quoted(line: str, separator: str, *, inside: str | None = None) -> tuple[list[str], str | None]:
    """The fields of a line with quotes, and the text of a cell that is still open at its end (else None).

    `inside` is the text of a cell that was opened on an earlier line.
    """
    fields: list[str] = []
    at = 0
    if inside is not None:
        text, at, closed = _to_closing_quote(line, 0)
        if not closed:
            return [], f"{inside}\n{text}"
        rest, at = _to_separator(line, at, separator)
        fields.append(f"{inside}\n{text}{rest}")
        if at > len(line):
            return fields, None
    while True:
        if line.startswith('"', at):
            text, at, closed = _to_closing_quote(line, at + 1)
            if not closed:
                return fields, text
            rest, at = _to_separator(line, at, separator)
            fields.append(text + rest)
        else:
            text, at = _to_separator(line, at, separator)
            fields.append(text)
        if at > len(line):
            return fields, None


def _to_separator(line: str, at: int, separator: str) -> tuple[str, int]:
    end = line.find(separator, at)
    end = len(line) if end < 0 else end
    return line[at:end], end + 1


def _to_closing_quote(line: str, at: int) -> tuple[str, int, bool]:
    """(text up to the quote that closes the cell, the place behind it, whether there was one)."""
    pieces: list[str] = []
    while True:
        end = line.find('"', at)
        if end < 0:
            return "".join(pieces) + line[at:], len(line), False
        pieces.append(line[at:end])
        if not line.startswith('"', end + 1):
            return "".join(pieces), end + 1, True
        pieces.append('"')
        at = end + 2
