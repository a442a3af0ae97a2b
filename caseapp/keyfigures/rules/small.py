"""Small numbers in what a district collects: no breakdown shows one below the threshold. Pure.

The totals are exact and known (disclosure.md), so hiding one class alone would be undone by subtraction: with the
small ones go so many more that at least two are hidden and together hold at least twice the threshold.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from caseapp.keyfigures.rules.fields import Book
from caseapp.keyfigures.rules.totals import TOTAL, Cell, Totals


def hide(numbers: Mapping[str, int], threshold: int) -> frozenset[str]:
    """The classes that must not be shown; none where no number is small. Zeros are shown, unless everything is hidden.

    Where even all numbers together are too few, the whole breakdown is hidden.
    """
    hidden = {code for code, number in numbers.items() if 0 < number < threshold}
    if not hidden:
        return frozenset()
    rest = sorted((number, code) for code, number in numbers.items() if number >= threshold)
    while len(hidden) < 2 or sum(numbers[code] for code in hidden) < 2 * threshold:
        if not rest:
            return frozenset(numbers)
        _number, code = rest.pop(0)
        hidden.add(code)
    return frozenset(hidden)


def collected(book: Book, totals: Totals) -> Totals:
    """What a district sees of its carriers together: field totals exact, small classes of the sum hidden.

    Breakdowns of single workers are left out altogether.
    """
    gone: list[Cell] = []
    for field in book.fields:
        for name in field.dimensions:
            known = {each.code: 0 for each in book.dimensions[name].classes}
            numbers = known | totals.classes(field.code, name)
            gone += (Cell(TOTAL, field.code, name, code) for code in sorted(hide(numbers, book.threshold)))
    out = set(gone)
    kept = tuple(
        (cell, number)
        for cell, number in totals.values
        if cell not in out and (cell.who == TOTAL or not cell.dimension)
    )
    return msgspec.structs.replace(totals, values=kept, hidden=tuple(gone))
