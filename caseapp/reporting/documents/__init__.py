"""The forms of a released report: what the job process makes of it after the release."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from caseapp.reporting.documents import package_file, pdf, tables, workbook
from caseapp.reporting.rules.package import Released

Maker = Callable[[Released], bytes]

FORMS: Mapping[str, Maker] = {
    "pdf": pdf.make,
    "xlsx": workbook.make,
    "csv": tables.make,
    "json": package_file.make,
}
