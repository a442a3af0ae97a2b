"""The workbook of a release: a sheet for each table. Every text is written as text: nothing is ever computed."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import xlsxwriter

from caseapp.i18n import gettext as _
from caseapp.reporting.rules.package import Released
from caseapp.reporting.rules.sheets import Sheet, sheets

_WIDEST, _NARROWEST, _NUMBER = 42, 9, "#,##0"
_PROOF_WIDTH = 100


def make(released: Released) -> bytes:
    """The same release gives the same bytes: all dates of the file are that of the release."""
    target = io.BytesIO()
    package = released.package
    with xlsxwriter.Workbook(target, {"in_memory": True, **_NOTHING_COMPUTED}) as workbook:
        workbook.set_properties(
            {
                "title": _("Bericht %(number)s", number=package.number),
                "subject": package.scope_name[:200],
                "keywords": released.digest,
                "comments": _("Prüfsumme %(digest)s", digest=released.digest),
                "created": dt.datetime.combine(released.released_on, dt.time(), dt.UTC),
            }
        )
        workbook.set_custom_property("release", package.number)
        workbook.set_custom_property("sha256", released.digest)
        formats = _formats(workbook)
        for sheet in sheets(released):
            _write(workbook.add_worksheet(sheet.name), sheet, formats, f"{package.number} {released.digest}")
    return target.getvalue()


_NOTHING_COMPUTED = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


def _formats(workbook: xlsxwriter.Workbook) -> dict[str, Any]:
    top = {"valign": "top"}
    return {
        "title": workbook.add_format({"bold": True, "font_size": 14, **top}),
        "small": workbook.add_format({"font_color": "#555555", **top}),
        "head": workbook.add_format({"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E6ECF2", **top}),
        "label": workbook.add_format({"bold": True, "text_wrap": True, **top}),
        "text": workbook.add_format({"text_wrap": True, **top}),
        "plain": workbook.add_format(top),
        "number": workbook.add_format({"num_format": _NUMBER, **top}),
        "sign": workbook.add_format({"align": "right", **top}),
        "marked": workbook.add_format({"num_format": _NUMBER, "italic": True, "bg_color": "#FFE8A3", **top}),
    }


def _write(page: Any, sheet: Sheet, formats: dict[str, Any], identity: str) -> None:
    page.set_footer(f"&L&8{identity}&R&8&P / &N")
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    if sheet.heading is None:
        _write_text(page, sheet, formats)
        return
    for at, row in enumerate(sheet.rows):
        for column, value in enumerate(row):
            name = _style(sheet, at, column, value)
            if isinstance(value, int):
                page.write_number(at, column, value, formats[name])
            elif value:
                page.write_string(at, column, value, formats[name])
    last, width = len(sheet.rows) - 1, len(sheet.rows[sheet.heading])
    page.freeze_panes(sheet.heading + 1, min(sheet.keys, 3))
    page.autofilter(sheet.heading, 0, last, width - 1)
    page.repeat_rows(sheet.heading)
    for column in range(width):
        longest = max(len(str(row[column])) for row in sheet.rows[sheet.heading :])
        page.set_column(column, column, min(max(longest + 2, _NARROWEST), _WIDEST))


def _style(sheet: Sheet, at: int, column: int, value: object) -> str:
    if sheet.heading is None or at < sheet.heading:
        return "title" if at == 0 else "small"
    if at == sheet.heading:
        return "head"
    if isinstance(value, int):
        return "marked" if (at, column) in sheet.marked else "number"
    return "plain" if column < sheet.keys or column == len(sheet.rows[at]) - 1 else "sign"


def _write_text(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    alone = max(len(row) for row in sheet.rows) == 1
    page.set_column(0, 0, _PROOF_WIDTH if alone else 24)
    page.set_column(1, 4, 52)
    for at, row in enumerate(sheet.rows):
        for column, value in enumerate(row):
            style = "title" if at == 0 and not alone else "label" if column == 0 and not alone else "text"
            if isinstance(value, int):
                page.write_number(at, column, value, formats["number"])
            elif value:
                page.write_string(at, column, value, formats["plain" if alone else style])
