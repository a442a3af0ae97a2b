"""The closing lines of an import: no row of the file is left uncounted."""

from __future__ import annotations

import msgspec

from caseapp.imports.rules.rows import SheetRows


class Counters(msgspec.Struct, frozen=True, kw_only=True):
    """`imported` + `reported` = `total`, the data rows; with `skipped` they are all rows of the file."""

    imported: int = 0
    reported: int = 0
    titles: int = 0
    empty: int = 0
    sums: int = 0

    @property
    def total(self) -> int:
        """All data rows."""
        return self.imported + self.reported

    @property
    def skipped(self) -> int:
        """Titles and headings, empty rows, sums."""
        return self.titles + self.empty + self.sums

    def __add__(self, other: Counters) -> Counters:
        """Both sheets together."""
        return Counters(**{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__})

    def closing_lines(self) -> tuple[str, str]:
        """The two lines that scripts read; not translated."""
        return (
            f"rows {self.total}: imported {self.imported}, reported {self.reported}",
            f"skipped {self.skipped} (title, empty, sum)",
        )


def counted(sheet: SheetRows, *, also_reported: int = 0) -> Counters:
    """The counters of a sheet; `also_reported`: rows without problems that the caller does not import either."""
    reported = sum(1 for row in sheet.rows if row.problems) + also_reported
    return Counters(
        imported=len(sheet.rows) - reported,
        reported=reported,
        titles=sheet.titles,
        empty=sheet.empty,
        sums=sheet.sums,
    )
