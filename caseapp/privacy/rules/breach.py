"""The list of affected files as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a mark for Excel, semicolons; a cell that would be read as a formula gets an apostrophe."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(map(safe, heading))
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
    return target.getvalue().encode("utf-8-sig")


def safe(cell: object) -> str:
    """The cell as text that no spreadsheet calculates."""
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
