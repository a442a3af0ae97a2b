"""Field -> reader of one cell, all with one shape: what the cell says under the names of the row's fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from caseapp.imports.rules.cells import Cell, text_of
from caseapp.imports.rules.fields import CONTACTS
from caseapp.imports.rules.values import addresses, contacting, durations, names, words
from caseapp.imports.rules.values.days import Day, Era, read_day
from caseapp.imports.rules.values.lookups import Lookups
from caseapp.imports.rules.values.reading import Mark, Reading, unread

T = TypeVar("T")
Said = Mapping[str, Any]
Reader = Callable[[Cell], Reading[Said]]

_SHORT = 60


def readers(lookups: Lookups, kind: str) -> dict[str, Reader]:
    """A reader for every field of the kind of row."""
    known = lookups.words
    common: dict[str, Reader] = {
        "full_name": lambda cell: _name(names.read_full_name(cell)),
        "given_first_name": lambda cell: _name(names.read_full_name(cell, last_first=False)),
        "last_name": _lifted("last_name", names.read_name_part),
        "first_name": _lifted("first_name", names.read_name_part),
        "birth": lambda cell: _birth(cell, read_day(cell, Era.BIRTH, lookups.today)),
        "language": _lifted("languages", lambda cell: words.read_words(known["languages"], cell, Mark.OTHER)),
        "family": _lifted("family", _short_text),
        "file_number": _lifted("file_number", _short_text),
        "worker": _lifted("worker", names.read_worker),
        "note": _lifted("note", lambda cell: Reading(text_of(cell), (), whole=True)),
    }
    return common | (_contact_readers(lookups) if kind == CONTACTS else _client_readers(lookups))


def _client_readers(lookups: Lookups) -> dict[str, Reader]:
    known, today = lookups.words, lookups.today

    def day(name: str, era: Era) -> Reader:
        return _lifted(name, lambda cell: read_day(cell, era, today))

    def several(name: str, code_list: str, doubt: Mark) -> Reader:
        return _lifted(name, lambda cell: words.read_words(known[code_list], cell, doubt))

    return {
        "sex": _lifted("sex", lambda cell: words.read_word(known["sexes"], cell, Mark.OTHER)),
        "nationality": several("nationalities", "nationalities", Mark.NATIONALITY),
        "entered": day("entered", Era.PAST),
        "title": _lifted("title", lookups.titles.read),
        "title_from": day("title_from", Era.PAST),
        "title_until": day("title_until", Era.OPEN),
        "address": lambda cell: _address(addresses.read_address(cell)),
        "street": lambda cell: _address(addresses.read_street(cell)),
        "house_number": _lifted("house_number", _short_text),
        "postcode": _lifted("postcode", addresses.read_postcode),
        "place": lambda cell: _address(addresses.read_place(cell)),
        "housing": lambda cell: _housing(lookups, cell),
        "housed_since": day("housed_since", Era.OPEN),
        "allocated": day("allocated", Era.OPEN),
        "level": lambda cell: _level(lookups, cell),
        "employment": several("employment", "employment_kinds", Mark.OTHER),
        "benefits": several("benefits", "benefits", Mark.OTHER),
        "phone": _lifted("phones", contacting.read_phones),
        "email": _lifted("email", contacting.read_email),
        "plan": day("plan", Era.PAST),
        "counselled_since": day("counselled_since", Era.PAST),
    }


def _contact_readers(lookups: Lookups) -> dict[str, Reader]:
    known = lookups.words
    return {
        "day": lambda cell: _contact_day(cell, read_day(cell, Era.OPEN, lookups.today)),
        "clock": _lifted("clock", durations.read_clock),
        "contact_kind": _lifted("contact_kind", lambda cell: words.read_contact_kind(known["contact_kinds"], cell)),
        "topics": _lifted("topics", lambda cell: words.read_words(known["topics"], cell, Mark.OTHER)),
        "minutes": _lifted("minutes", durations.read_minutes),
        "hours": _lifted("minutes", lambda cell: durations.read_minutes(cell, hours=True)),
        "interpreter": _lifted(
            "interpreter", lambda cell: words.read_word(known["interpreter_kinds"], cell, Mark.OTHER)
        ),
    }


def _lifted(name: str, read: Callable[[Cell], Reading[T]]) -> Reader:
    """The reader with its value under the row field's name."""

    def reader(cell: Cell) -> Reading[Said]:
        reading = read(cell)
        said = None if reading.value is None else {name: reading.value}
        return Reading(said, reading.marks, reading.whole)

    return reader


def _short_text(cell: Cell) -> Reading[str]:
    text = text_of(cell)
    return Reading(text, (), whole=True) if len(text) <= _SHORT else unread()


def _name(reading: Reading[names.PersonName]) -> Reading[Said]:
    name = reading.value
    said = {"last_name": name.last, "first_name": name.first} if name else None
    return Reading(said, reading.marks, reading.whole)


def _birth(cell: Cell, reading: Reading[Day]) -> Reading[Said]:
    """An unreadable birth date stays beside the leftovers as the text that the client file shows."""
    text = text_of(cell)
    if reading.value is None:
        return Reading({"birth_text": text} if len(text) <= _SHORT else None, reading.marks)
    return Reading({"birth": reading.value}, reading.marks, reading.whole)


def _contact_day(cell: Cell, reading: Reading[Day]) -> Reading[Said]:
    """The day, and the time of day when it stands in the same cell."""
    if reading.value is None:
        return Reading(None, reading.marks)
    said: dict[str, Any] = {"day": reading.value}
    clock = None if reading.whole else durations.clock_behind(cell)
    if clock:
        said["clock"] = clock
    return Reading(said, reading.marks, whole=reading.whole or clock is not None)


def _address(reading: Reading[addresses.Address]) -> Reading[Said]:
    if reading.value is None:
        return Reading(None, reading.marks)
    parts = {name: text for name in addresses.Address.__struct_fields__ if (text := getattr(reading.value, name))}
    return Reading(parts, reading.marks, reading.whole)


def _housing(lookups: Lookups, cell: Cell) -> Reading[Said]:
    reading = words.read_housing(lookups.words["housing_forms"], cell)
    legal = lookups.words["housing_titles"].within(text_of(cell))
    said = ({"housing": reading.value} if reading.value else {}) | ({"housing_title": legal} if legal else {})
    return Reading(said or None, reading.marks, reading.whole)


def _level(lookups: Lookups, cell: Cell) -> Reading[Said]:
    """The level, or what a column of levels says about literacy ("Alpha")."""
    reading = words.read_level(lookups.words["language_levels"], cell)
    if reading.value is not None:
        return Reading({"level": reading.value}, reading.marks, reading.whole)
    literacy = lookups.words["literacy"].find(text_of(cell))
    if literacy and literacy.sure:
        return Reading({"literacy": literacy.code}, (), whole=True)
    return Reading(None, reading.marks)
