"""A birthday as far as it is known."""

from __future__ import annotations

from typing import Any

import msgspec

from caseapp.clients.models import Birth
from caseapp.web.fields import GermanDateField


class BirthField(GermanDateField):
    """`27.03.1991`, or `1991` where only the year is known; `data` is a Birth or None."""

    data: Any

    def __init__(self, label: str | None = None, validators: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, validators, future=False, year_alone=True, **kwargs)

    def read(self, text: str) -> Any:
        self.year_only = False
        return Birth(day=super().read(text), year_only=self.year_only)

    def written(self, value: Any) -> str:
        if value.day is None:
            return ""
        return str(value.day.year) if value.year_only else super().written(value.day)


def birth_of(field: BirthField, *, fictitious: bool = False, before: Birth | None = None) -> Birth:
    """The birthday that was typed. What an imported sheet said instead of a date stays until a date is typed."""
    if field.data is None or field.data.day is None:
        return Birth(text=before.text) if before and before.day is None else Birth()
    typed: Birth = field.data
    return msgspec.structs.replace(typed, fictitious=fictitious, text="")
