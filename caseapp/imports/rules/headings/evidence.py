"""What the cells of a column say about its field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from caseapp.imports.rules.cells import Cell, text_of
from caseapp.imports.rules.labels import says_nothing
from caseapp.imports.rules.values import addresses, contacting, durations, names, words
from caseapp.imports.rules.values.days import Era, read_day
from caseapp.imports.rules.values.lookups import Lookups
from caseapp.imports.rules.values.reading import Mark

Test = Callable[[Cell], bool]
SAMPLE = 40

DATES = (
    "birth",
    "entered",
    "title_from",
    "title_until",
    "housed_since",
    "allocated",
    "counselled_since",
    "plan",
    "day",
)
HARD = frozenset((*DATES, "sex", "phone", "email", "postcode", "minutes", "hours", "clock"))
"""Fields whose column is not believed by its heading when hardly a cell can be read."""

TELLING = frozenset(("sex", "nationality", "title", "phone", "email", "contact_kind", "full_name"))
"""Fields that cells alone may name in a column without a heading."""


class Evidence:
    """Shares of readable cells per field, computed for one column on demand."""

    def __init__(self, lookups: Lookups) -> None:
        self._tests: Mapping[str, Test] = _tests(lookups)

    def support(self, field: str, sample: Sequence[Cell]) -> float | None:
        """0 to 1: the share of the sample that reads as `field`; None when the field has no tell-tale cells."""
        test = self._tests.get(field)
        if test is None or not sample:
            return None
        return sum(map(test, sample)) / len(sample)


def sample_of(cells: Iterable[Cell]) -> list[Cell]:
    """Different cells that say something, at most `SAMPLE`."""
    found: dict[tuple[type, Cell], Cell] = {}
    for cell in cells:
        if cell != "" and not says_nothing(cell):
            found[type(cell), cell] = cell
            if len(found) >= SAMPLE:
                break
    return list(found.values())


def _tests(lookups: Lookups) -> dict[str, Test]:
    known = lookups.words
    tests: dict[str, Test] = {
        "sex": lambda cell: known["sexes"].find(text_of(cell)) is not None,
        "nationality": lambda cell: words.read_words(known["nationalities"], cell, Mark.OTHER).value is not None,
        "title": lambda cell: isinstance(cell, str) and lookups.titles.read(cell).value is not None,
        "housing": lambda cell: words.read_housing(known["housing_forms"], cell).value is not None,
        "level": lambda cell: _is_level(lookups, cell),
        "employment": lambda cell: words.read_words(known["employment_kinds"], cell, Mark.OTHER).value is not None,
        "benefits": lambda cell: words.read_words(known["benefits"], cell, Mark.OTHER).value is not None,
        "contact_kind": lambda cell: words.read_contact_kind(known["contact_kinds"], cell).value is not None,
        "topics": lambda cell: words.read_words(known["topics"], cell, Mark.OTHER).value is not None,
        "phone": lambda cell: contacting.read_phones(cell).value is not None and not _is_date(cell, lookups.today),
        "email": lambda cell: contacting.read_email(cell).value is not None,
        "postcode": lambda cell: addresses.read_postcode(cell).value is not None,
        "minutes": lambda cell: durations.read_minutes(cell).value is not None,
        "hours": lambda cell: durations.read_minutes(cell, hours=True).value is not None,
        "clock": lambda cell: durations.read_clock(cell).value is not None,
        "full_name": lambda cell: isinstance(cell, str) and has_comma_name(cell),
    }
    today = lookups.today
    tests.update({field: lambda cell: _is_date(cell, today) for field in DATES})
    tests["birth"] = lambda cell: _is_date(cell, today) and not _is_ahead(cell, today)
    tests["day"] = lambda cell: _is_date(cell, today) and _is_recent(cell, today)
    return tests


def _is_level(lookups: Lookups, cell: Cell) -> bool:
    level = words.read_level(lookups.words["language_levels"], cell).value
    return level is not None or lookups.words["literacy"].find(text_of(cell)) is not None


def has_comma_name(text: str) -> bool:
    """True for "Al-Ahmad, Fatima"."""
    name = names.read_full_name(text).value
    return "," in text and name is not None and bool(name.last and name.first) and not any(map(str.isdigit, text))


def _is_date(cell: Cell, today: date) -> bool:
    if isinstance(cell, date | datetime):
        return True
    reading = read_day(cell, Era.OPEN, today)
    return reading.value is not None or Mark.IMPOSSIBLE_DATE in reading.marks


def _is_ahead(cell: Cell, today: date) -> bool:
    day = read_day(cell, Era.OPEN, today).value
    return day is not None and day.first > today


def _is_recent(cell: Cell, today: date) -> bool:
    day = read_day(cell, Era.OPEN, today).value
    return day is not None and abs(day.first - today) < timedelta(days=3660)
