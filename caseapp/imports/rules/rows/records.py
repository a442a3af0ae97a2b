"""What one data row says, typed; every field may be missing, and no cell of the row is lost."""

from __future__ import annotations

from datetime import time

import msgspec

from caseapp.imports.rules.values.contacting import Phone
from caseapp.imports.rules.values.days import Day
from caseapp.imports.rules.values.reading import Mark


class CellText(msgspec.Struct, frozen=True):
    """A filled cell: its column from 0, its heading, its text word for word, and the field it became ("" for none)."""

    column: int
    heading: str
    text: str
    field: str = ""


class DataRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What both kinds of row have.

    `number` is the row in the file, from 1. `taken` are the cells that became a field completely, `leftovers` all
    others: together every filled cell, each once. `problems` says in German why the row cannot be imported.
    """

    number: int
    last_name: str = ""
    first_name: str = ""
    birth: Day | None = None
    birth_text: str = ""
    languages: tuple[str, ...] = ()
    family: str = ""
    file_number: str = ""
    worker: str = ""
    note: str = ""
    taken: tuple[CellText, ...] = ()
    leftovers: tuple[CellText, ...] = ()
    marks: tuple[Mark, ...] = ()
    problems: tuple[str, ...] = ()


class ClientRow(DataRow, frozen=True, kw_only=True, omit_defaults=True):
    """A person. Words such as `sex` or `title` are codes of the list of that name, `ags` has eight digits."""

    sex: str = ""
    nationalities: tuple[str, ...] = ()
    entered: Day | None = None
    title: str = ""
    title_from: Day | None = None
    title_until: Day | None = None
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    place: str = ""
    ags: str = ""
    housing: str = ""
    housing_title: str = ""
    housed_since: Day | None = None
    allocated: Day | None = None
    level: str = ""
    literacy: str = ""
    employment: tuple[str, ...] = ()
    benefits: tuple[str, ...] = ()
    phones: tuple[Phone, ...] = ()
    email: str = ""
    plan: Day | None = None
    counselled_since: Day | None = None


class ContactRow(DataRow, frozen=True, kw_only=True, omit_defaults=True):
    """A contact with the person named; `day` is exact in every row without problems."""

    day: Day | None = None
    clock: time | None = None
    contact_kind: str = ""
    topics: tuple[str, ...] = ()
    minutes: int | None = None
    interpreter: str = ""
