"""Child process: spreadsheet bytes on standard input, its sheets as MessagePack on standard output.

A crafted file can make the parser ask for half a terabyte and abort; here that ends a child, not the server.
Runs as a plain script (`python -I opened.py`), so it imports nothing of the application.
Exit status: 0 read, 3 protected by a password, 4 not readable, 5 too large; anything else is a crash.
"""

from __future__ import annotations

import io
import resource
import sys
from datetime import date, datetime, time, timedelta

import msgspec
from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

PROTECTED, UNREADABLE, TOO_LARGE = 3, 4, 5
MEMORY_BYTES = 768 << 20


def portable(cell: object) -> object:
    """Dates and times as one-element maps that name their type: MessagePack has no naive dates."""
    if isinstance(cell, datetime):
        return {"dt": cell.isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    if isinstance(cell, time):
        return {"t": cell.isoformat()}
    if isinstance(cell, timedelta):
        return {"s": cell.total_seconds()}
    return cell


def opened(content: bytes, most_rows: int, most_columns: int, most_cells: int) -> list[object]:
    """Name, visibility, rows and merged ranges of every worksheet."""
    sheets: list[object] = []
    cells = 0
    with load_workbook(io.BytesIO(content)) as workbook:
        for index, about in enumerate(workbook.sheets_metadata):
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_index(index)
            end = sheet.end or (-1, -1)
            cells += (end[0] + 1) * (end[1] + 1)
            if end[0] >= most_rows or end[1] >= most_columns or cells > most_cells:
                sys.exit(TOO_LARGE)
            rows = [[portable(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            sheets.append([about.name, about.visible == SheetVisibleEnum.Visible, rows, sheet.merged_cell_ranges or []])
    return sheets


def main() -> None:
    """Reads, writes, ends; see the module's docstring for the exit status."""
    seconds, *bounds = (int(word) for word in sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheets = opened(sys.stdin.buffer.read(), *bounds)
    except PasswordError:
        sys.exit(PROTECTED)
    except (CalamineError, OSError, ValueError, OverflowError, MemoryError):
        sys.exit(UNREADABLE)
    sys.stdout.buffer.write(msgspec.msgpack.encode(sheets))


if __name__ == "__main__":
    main()
