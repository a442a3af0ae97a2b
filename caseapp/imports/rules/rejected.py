"""The file of rows that were not imported: their cells as they were, and why. As .xlsx or .csv."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

import xlsxwriter

from caseapp.i18n import gettext as _
from caseapp.imports.rules.findings import Finding

_COMPUTED = re.compile(r"[=@\t\r]|[+-](?![\d\s()/.–-]*$)")
_LONGEST = 32_767  # what a cell of the format can hold
_WIDEST = 40


def rejected_table(headings: Sequence[str], findings: Iterable[Finding]) -> list[list[str]]:
    """Headings and rows: number of the row and reasons, then the original columns."""
    found = list(findings)
    width = max([len(headings), *(finding.cells[-1][0] + 1 for finding in found if finding.cells)])
    table = [[_("Zeile"), _("Grund"), *headings, *[""] * (width - len(headings))]]
    for finding in found:
        cells = dict(finding.cells)
        table.append(
            [str(finding.number), " ".join(finding.reasons), *(cells.get(column, "") for column in range(width))]
        )
    return table


def as_xlsx(table: Sequence[Sequence[str]]) -> bytes:
    """A workbook in which every cell is a text: a formula of the list is shown, never computed."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        bold = workbook.add_format({"bold": True})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        sheet = workbook.add_worksheet(_("Nicht importiert"))
        for at, row in enumerate(table):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(at, column, text[:_LONGEST], bold if at == 0 else wrapped)
        for column in range(len(table[0])):
            longest = max(len(row[column]) for row in table if column < len(row))
            sheet.set_column(column, column, min(max(longest + 2, 8), _WIDEST))
        sheet.freeze_panes(1, 2)
    return target.getvalue()


def as_csv(table: Sequence[Sequence[str]]) -> bytes:
    """UTF-8 with its mark and semicolons, as German spreadsheets expect; what they would compute gets an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerows([f"'{text}" if _COMPUTED.match(text) else text for text in row] for row in table)
    return target.getvalue().encode("utf-8-sig")
