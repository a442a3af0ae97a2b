"""The state's spreadsheet: refuse what is dangerous, show it as a grid, say which cell is which number, fill it."""

from caseapp.keyfigures.rules.sheets.archive import MOST_BYTES, check_archive
from caseapp.keyfigures.rules.sheets.filling import Filled, fill
from caseapp.keyfigures.rules.sheets.grid import Grid, GridCell, grids_of, open_workbook
from caseapp.keyfigures.rules.sheets.proposals import propose
from caseapp.keyfigures.rules.sheets.slots import (
    CARRIER,
    WORKER,
    YEAR,
    Slot,
    Trouble,
    read_slots,
    troubles,
    write_slots,
)

__all__ = [
    "CARRIER",
    "MOST_BYTES",
    "WORKER",
    "YEAR",
    "Filled",
    "Grid",
    "GridCell",
    "Slot",
    "Trouble",
    "check_archive",
    "fill",
    "grids_of",
    "open_workbook",
    "propose",
    "read_slots",
    "troubles",
    "write_slots",
]
