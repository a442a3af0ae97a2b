"""What a reader of cells answers: the value, what to look at again, and whether the value says all of the cell."""

from __future__ import annotations

from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from caseapp.i18n import lazy_gettext as _l

T = TypeVar("T")


class Mark(StrEnum):
    """Why a person should look at an imported record again. The value is stored; `mark_label` is shown."""

    NAME = "name"
    FICTIVE = "fictive"
    DAY_UNKNOWN = "day_unknown"
    IMPOSSIBLE_DATE = "impossible_date"
    UNCLEAR_DATE = "unclear_date"
    FORMULA = "formula"
    TITLE = "title"
    NATIONALITY = "nationality"
    HOUSING = "housing"
    PHONE = "phone"
    PLACE = "place"
    DURATION = "duration"
    OTHER = "other"


_LABELS = {
    Mark.NAME: _l("Name prüfen"),
    Mark.FICTIVE: _l("Geburtsdatum fiktiv"),
    Mark.DAY_UNKNOWN: _l("Nur Jahr oder Monat bekannt"),
    Mark.IMPOSSIBLE_DATE: _l("Datum gibt es nicht"),
    Mark.UNCLEAR_DATE: _l("Datum unklar"),
    Mark.FORMULA: _l("Formel als Text übernommen"),
    Mark.TITLE: _l("Aufenthaltstitel prüfen"),
    Mark.NATIONALITY: _l("Staatsangehörigkeit prüfen"),
    Mark.HOUSING: _l("Wohnform prüfen"),
    Mark.PHONE: _l("Telefonnummer prüfen"),
    Mark.PLACE: _l("Ort prüfen"),
    Mark.DURATION: _l("Dauer prüfen"),
    Mark.OTHER: _l("Angabe nicht zugeordnet"),
}


def mark_label(mark: Mark) -> str:
    """The words shown for the mark, in the current language."""
    return str(_LABELS[mark])


class Reading(msgspec.Struct, Generic[T], frozen=True):
    """The value or None; `whole` is False when the cell says more than the value, so its text must be kept."""

    value: T | None = None
    marks: tuple[Mark, ...] = ()
    whole: bool = False


def unread(*marks: Mark) -> Reading[T]:
    """No value; the text stays in the leftovers."""
    return Reading(None, marks)
