"""Grids: several rows of the same small form, such as the members of a family."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

from markupsafe import Markup
from wtforms import BooleanField, FieldList, Form, FormField
from wtforms.fields import HiddenField
from wtforms.fields.choices import SelectFieldBase
from wtforms.fields.core import UnboundField

from caseapp.i18n import gettext as _
from caseapp.web.kern import KernMeta

if TYPE_CHECKING:
    _Rows = FieldList[FormField["RowForm"]]
else:  # generic in the stubs only
    _Rows = FieldList

_NOT_TYPED = (SelectFieldBase, BooleanField, HiddenField)
_LONGEST_NUMBER = 5


class RowForm(Form):
    """One row of a grid. A row in which nothing was typed counts as absent and is never refused."""

    class Meta(KernMeta):
        pass

    @property
    def is_blank(self) -> bool:
        """Whether all typed fields are empty; selects and ticks alone do not make a row."""
        typed = [field for field in self if not isinstance(field, _NOT_TYPED)]
        return not any(str(value).strip() for field in typed for value in field.raw_data or [field.data or ""])

    def validate(self, extra_validators: Any = None) -> bool:
        return self.is_blank or super().validate(extra_validators)


class RowsField(_Rows):
    """A grid of `row` forms with a button for one more row that also works without JavaScript.

    `filled` are the rows with content. `added` says that the last row was just added and takes the focus.
    """

    def __init__(
        self,
        row: type[RowForm],
        label: str | None = None,
        *,
        min_rows: int = 1,
        max_rows: int = 30,
        add_label: str | None = None,
        row_label: str | None = None,
        **kwargs: Any,
    ) -> None:
        unbound = cast("UnboundField[FormField[RowForm]]", FormField(row))
        super().__init__(unbound, label, min_entries=min_rows, max_entries=max_rows, **kwargs)
        self.add_label = add_label or _("Weitere Zeile")
        self.row_label = row_label or _("Zeile")
        self.added = False

    @property
    def filled(self) -> list[RowForm]:
        return [entry.form for entry in self.entries if not entry.form.is_blank]

    @property
    def has_room(self) -> bool:
        return self.max_entries is None or len(self.entries) < self.max_entries

    def add_row(self) -> None:
        if self.has_room:
            self.append_entry()
            self.added = True

    def remove_row(self, number: int) -> None:
        """Drop row `number`, counted from 0; the grid never falls below its least number of rows."""
        if 0 <= number < len(self.entries):
            del self.entries[number]
            self._compact_indices()  # type: ignore[attr-defined]  # missing in the stubs
        while len(self.entries) < self.min_entries:
            self.append_entry()

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        """The row numbers in posted names. The library's own reading breaks at names such as `people-²-name`."""
        start = f"{prefix}-"
        for name in formdata:
            number = name.removeprefix(start).partition("-")[0] if name.startswith(start) else ""
            if number.isdecimal() and len(number) < _LONGEST_NUMBER:
                yield int(number)

    def __call__(self, **_attributes: object) -> Markup:
        raise TypeError("render a grid with the macro form.rows(field)")
