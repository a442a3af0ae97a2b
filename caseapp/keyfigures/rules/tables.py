"""The rows of one breakdown, for pages and papers alike. Pure."""

from __future__ import annotations

from collections.abc import Callable

from caseapp.keyfigures.rules.fields import Dimension
from caseapp.keyfigures.rules.totals import TOTAL, Cell, Totals

Rows = tuple[tuple[str, int | None], ...]


def class_rows(dimension: Dimension, field: str, totals: Totals, town: Callable[[str], str]) -> Rows:
    """Label and number of every class, None where it is hidden; of municipalities those that occur, by name.

    `town` names a municipality by its key.
    """
    numbers, hidden = totals.classes(field, dimension.code), set(totals.hidden)
    codes = [each.code for each in dimension.classes]
    if dimension.source == "municipalities":
        occurring = {cell.cls for cell in hidden if (cell.field, cell.dimension) == (field, dimension.code)}
        towns = (occurring | numbers.keys()) - set(codes)
        codes = [*sorted(towns, key=lambda ags: (town(ags), ags)), *codes]
    rows: list[tuple[str, int | None]] = []
    for code in codes:
        found = dimension.find(code)
        is_hidden = Cell(TOTAL, field, dimension.code, code) in hidden
        rows.append((found.de if found else town(code), None if is_hidden else numbers.get(code, 0)))
    return tuple(rows)
