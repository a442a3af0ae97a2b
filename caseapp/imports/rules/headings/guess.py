"""Finds the header row of a sheet and guesses what it lists and what each column is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from operator import itemgetter

import msgspec

from caseapp.imports.rules.cells import Cell, Row, text_of
from caseapp.imports.rules.fields import CLIENTS, CONTACTS, KEEP, KINDS, fields_of
from caseapp.imports.rules.headings.evidence import HARD, TELLING, Evidence, has_comma_name, sample_of
from caseapp.imports.rules.headings.mapping import NUMBERING, Column, Mapping
from caseapp.imports.rules.headings.matching import HINTED, NEARLY, SHORTENED, SIMILAR, heading_scores
from caseapp.imports.rules.headings.words import NAME
from caseapp.imports.rules.labels import is_sum_label
from caseapp.imports.rules.tables import Sheet, Workbook
from caseapp.imports.rules.values.lookups import Lookups

_SEARCHED = 30
_CLEAR, _FEW_ROWS = 3.0, 4
_SAMPLED_ROWS = 150
_LEAST = 50.0
_SUPPORT_SPAN = 20.0
_NO_SUPPORT = 0.3
_DISBELIEF = 60.0
_BY_CELLS_FROM = 0.8
_LONGEST_HEADING = 80
_NOT_A_HEADING = 0.7
_WIDE = 0.5
"""A row above the headings with at least this share of their filled cells is their upper line, else a title."""
_LEAST_NAMED = 1.5
_SECOND_LINE_GAIN = 0.9
_HINT = re.compile(
    r"\(.*\)|[TMJ. ]{6,10}|in min(?:uten|\.)?|min\.?|std\.?|h|ja ?/ ?nein|m ?/ ?w(?: ?/ ?d)?|j ?/ ?n|x",
    re.IGNORECASE | re.DOTALL,
)


class Guess(msgspec.Struct, frozen=True):
    """A sheet (its place in the workbook), how it would be read, and how convincing that is (higher is better)."""

    sheet: int
    mapping: Mapping
    score: float

    @property
    def is_list(self) -> bool:
        """Whether the columns that make a list were found; else a person has to choose them."""
        return _is_whole(set(self.mapping.fields), self.mapping.kind)


def guesses(workbook: Workbook, lookups: Lookups, kind: str = "") -> list[Guess]:
    """A guess for every sheet, the best first; `kind` is set when the caller knows what the file lists."""
    evidence = Evidence(lookups)
    found = [_guess(place, sheet, evidence, kind) for place, sheet in enumerate(workbook.sheets)]
    return sorted(found, key=lambda guess: (-guess.score, guess.sheet))


def _guess(place: int, sheet: Sheet, evidence: Evidence, kind: str) -> Guess:
    header, header_rows = find_header(sheet.rows)
    kinds = (kind,) if kind else KINDS
    read = [_read_with(sheet, evidence, one, header, header_rows) for one in kinds]
    score, mapping = max(read, key=itemgetter(0))
    filled = sum(map(bool, sheet.rows))
    return Guess(place, mapping, score * (1 if sheet.visible else 0.5) * min(1.0, 0.5 + filled / 20))


def mapping_with_header(sheet: Sheet, lookups: Lookups, kind: str, header: int, header_rows: int) -> Mapping:
    """The guess for a header row that a person chose: its place from 0, and 0 to 2 lines of headings."""
    return _read_with(sheet, Evidence(lookups), kind, header, header_rows)[1]


def _read_with(sheet: Sheet, evidence: Evidence, kind: str, header: int, header_rows: int) -> tuple[float, Mapping]:
    headings = headings_of(sheet.rows, header, header_rows)
    below = sheet.rows[header + header_rows : header + header_rows + _SAMPLED_ROWS]
    data = [row for row in below if not any(isinstance(cell, str) and is_sum_label(cell) for cell in row)]
    score, columns = _columns(headings, data, evidence, kind)
    return score, Mapping(kind=kind, header=header, header_rows=header_rows, columns=columns)


def find_header(rows: Sequence[Row]) -> tuple[int, int]:
    """(place of the first heading line, how many lines); (0, 0) when no row looks like headings."""
    best, place, lines = _LEAST_NAMED, 0, 0
    scores = [_header_score([text_of(cell) for cell in row], row) for row in rows[:_SEARCHED]]
    for at, row in enumerate(rows[: _SEARCHED - 1]):
        if best >= _CLEAR and at > place + _FEW_ROWS:
            break
        if scores[at] > best:
            best, place, lines = scores[at], at, 1
        second = rows[at + 1] if at + 1 < len(rows) else ()
        joined = _header_score(_joined(row, second), second) if row and second else 0.0
        gain = 0.0 if _filled(row) >= _WIDE * _filled(second) else _SECOND_LINE_GAIN
        if second and joined > max(best, scores[at] + _SECOND_LINE_GAIN) and joined >= scores[at + 1] + gain:
            best, place, lines = joined, at, 2
    if lines == 1 and place + 1 < len(rows) and _is_hint_line(rows[place + 1]):
        lines = 2
    if not lines:
        place = next((at for at, row in enumerate(rows[:_SEARCHED]) if _is_lone_heading(row)), -1)
        return (place, 1) if place >= 0 else (0, 0)
    return place, lines


def _filled(row: Row) -> int:
    return sum(cell != "" for cell in row)


def _header_score(headings: Sequence[str], row: Row) -> float:
    """How many different fields the row names, less what no heading holds: dates, numbers, long texts."""
    wrong = sum(1 for cell in row if not isinstance(cell, str) or _looks_like_data(cell))
    if wrong > len(row) / 2:
        return -_NOT_A_HEADING * wrong
    named = set()
    for heading in headings:
        scores = heading_scores(heading) if heading and len(heading) <= _LONGEST_HEADING else {}
        if scores and max(scores.values()) >= SIMILAR:
            named.add(max(scores, key=scores.__getitem__))
    return len(named) - _NOT_A_HEADING * wrong


def _looks_like_data(text: str) -> bool:
    return len(text) > _LONGEST_HEADING or sum(map(str.isdigit, text)) > 3


def _is_lone_heading(row: Row) -> bool:
    texts = [text_of(cell) for cell in row if cell != ""]
    scores = heading_scores(texts[0]) if 0 < len(texts) <= 2 else {}
    return any(scores.get(field, 0) >= NEARLY for field in (NAME, "full_name", "given_first_name", "last_name"))


def _is_hint_line(row: Row) -> bool:
    texts = [text_of(cell) for cell in row if cell != ""]
    return bool(texts) and all(len(text) < 40 and _HINT.fullmatch(text) for text in texts)


def headings_of(rows: Sequence[Row], header: int, header_rows: int) -> list[str]:
    """One heading per column, as wide as the widest of the sampled rows; "" where there is none."""
    width = max(map(len, rows[header : header + _SAMPLED_ROWS]), default=0)
    if header_rows == 0:
        found: list[str] = []
    elif header_rows == 1 or header + 1 >= len(rows):
        found = [text_of(cell) for cell in rows[header]]
    else:
        found = _joined(rows[header], rows[header + 1])
    return found + [""] * (width - len(found))


def _joined(upper: Row, lower: Row) -> list[str]:
    """Two heading lines as one; an upper heading spans the empty cells to its right above filled ones."""
    headings, group = [], ""
    for above, below in zip_longest(upper, lower, fillvalue=""):
        top, bottom = text_of(above), text_of(below)
        group = top or (group if bottom else "")
        headings.append(_better(_glued(group, bottom), bottom or group))
    return headings


def _glued(above: str, below: str) -> str:
    if above.endswith("-") and below[:1].islower():
        return above[:-1] + below
    return f"{above} {below}".strip()


def _better(joined: str, alone: str) -> str:
    def best(heading: str) -> float:
        return max(heading_scores(heading).values(), default=0.0)

    return alone if best(alone) > best(joined) else joined


def _columns(
    headings: list[str], data: Sequence[Row], evidence: Evidence, kind: str
) -> tuple[float, tuple[Column, ...]]:
    several = {field.name for field in fields_of(kind) if field.several}
    allowed = {field.name for field in fields_of(kind)} | {NAME, NUMBERING}
    samples = [sample_of(row[at] for row in data if at < len(row)) for at in range(len(headings))]
    ranked = sorted(
        (-score, at, field)
        for at, heading in enumerate(headings)
        for field, score in _field_scores(heading, samples[at], evidence, allowed, by_cells=not any(headings)).items()
    )
    chosen: dict[int, str] = {}
    total = 0.0
    for negative, at, field in ranked:
        again = field in chosen.values()
        if at in chosen or (again and (field not in several or -negative < SHORTENED)):
            continue
        chosen[at] = field
        total += -negative if field != NUMBERING else 0
    _settle_names(chosen, samples)
    total -= 80 * (not _is_whole(set(chosen.values()), kind))
    return total, tuple(Column(at, heading, chosen.get(at, KEEP)) for at, heading in enumerate(headings))


def _field_scores(
    heading: str, sample: list[Cell], evidence: Evidence, allowed: set[str], *, by_cells: bool
) -> dict[str, float]:
    scores: dict[str, float] = {}
    for field, score in heading_scores(heading).items() if len(heading) <= _LONGEST_HEADING else ():
        if field not in allowed or (score <= HINTED and not sample):
            continue
        believed, support = score, evidence.support(field, sample)
        if support is not None:
            doubtful = support < _NO_SUPPORT and (field in HARD or score <= HINTED)
            believed = score + _SUPPORT_SPAN * support - (_DISBELIEF if doubtful else 0)
        if believed >= _LEAST:
            scores[field] = believed
    if not heading and len(sample) >= 2:
        for field in TELLING | ({"birth", "day", "minutes", "level"} if by_cells else set()):
            support = evidence.support(field, sample) if field in allowed else None
            if support is not None and support >= _BY_CELLS_FROM:
                scores[field] = _LEAST * support + len(field) / 100
    return scores


def _settle_names(chosen: dict[int, str], samples: list[list[Cell]]) -> None:
    """A column "Name" is the family name beside a "Vorname", else its cells tell in which order both stand."""
    place = next((at for at, field in chosen.items() if field == NAME), -1)
    if place < 0:
        return
    fields = set(chosen.values())
    texts = [text_of(cell) for cell in samples[place]] or [""]
    commas = sum(map(has_comma_name, texts)) / len(texts)
    pairs = sum(" " in text for text in texts) / len(texts)
    if fields & {"full_name", "given_first_name"} or {"last_name", "first_name"} <= fields:
        chosen[place] = KEEP
    elif commas >= 0.5:
        chosen[place] = "full_name"
    elif "first_name" in fields:
        chosen[place] = "last_name"
    elif "last_name" in fields:
        chosen[place] = "first_name"
    else:
        chosen[place] = "given_first_name" if pairs >= 0.5 else "last_name"


def _is_whole(fields: set[str], kind: str) -> bool:
    """Whether the columns that make a list of this kind are there."""
    named = bool(fields & {"full_name", "given_first_name", "last_name"})
    if kind == CONTACTS:
        return named and "day" in fields and bool(fields & {"contact_kind", "topics", "minutes", "hours", "note"})
    return named and kind == CLIENTS
