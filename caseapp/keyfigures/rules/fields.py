"""Fields of the Kennzahlen and their breakdowns as versioned data. Pure.

The state's form is not public: what is asked stands in `config/keyfigures`, valid by year, and can be changed there
without a line of code. Among the members of a class `-` is "nothing known", `*` every code that no other class names.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from caseapp.errors import ConfigurationError, RuleError
from caseapp.i18n import gettext as _

MISSING = "OA"  # "ohne Angabe", in every dimension that has it
_NOTHING, _REST = "-", "*"
MEASURES = ("persons", "families", "contacts", "plans_new", "plans_forward")
# Dimensions whose value a worker can put right in the file.
IN_THE_FILE = ("sex", "age", "nationality", "title", "municipality")


class CodeWithoutClassError(RuleError):
    """A code of a list that no class of the breakdown takes: nothing is counted before that is decided."""


@dataclass(frozen=True, slots=True)
class Class:
    """A row of a breakdown. `members`: codes of the dimension's list, or `0..26` for ages."""

    code: str
    de: str
    en: str
    members: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """A breakdown. `source`: the list that its members are codes of."""

    code: str
    de: str
    en: str
    source: str
    classes: tuple[Class, ...]
    aliases: tuple[str, ...] = ()

    def class_of(self, code: str) -> str:
        """The class of a code of the list; "" is "nothing known". Raises CodeWithoutClassError.

        Municipalities are their own classes: each key is one.
        """
        wanted = code or _NOTHING
        rest = ""
        for each in self.classes:
            if wanted in each.members:
                return each.code
            if _REST in each.members:
                rest = each.code
        if self.source == "municipalities":
            return code
        if not rest or not code:
            raise CodeWithoutClassError(
                _(
                    "Der Code „%(code)s“ der Liste „%(list)s“ hat bei „%(dimension)s“ keine Klasse. Es wurde nichts "
                    "gezählt. Bitte sagen Sie es der Stelle, die das System betreut.",
                    code=code or "–",
                    list=self.source,
                    dimension=self.de,
                )
            )
        return rest

    def class_of_years(self, years: int | None) -> str:
        """The class of an age in full years; None is "nothing known"."""
        if years is None:
            return self.class_of("")
        for each in self.classes:
            for member in each.members:
                low, dots, high = member.partition("..")
                if dots and int(low) <= years and (not high or years <= int(high)):
                    return each.code
        return self.class_of("")

    def find(self, code: str) -> Class | None:
        """The class with this code, or None."""
        return next((each for each in self.classes if each.code == code), None)


@dataclass(frozen=True, slots=True)
class Field:
    """A number that is asked for. `measure` is one of `MEASURES`; `dimensions` its breakdowns, each on its own."""

    code: str
    de: str
    en: str
    measure: str
    dimensions: tuple[str, ...]
    sentence: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """What is asked for one year."""

    year: int
    fields: tuple[Field, ...]
    dimensions: Mapping[str, Dimension]
    threshold: int
    deviation_percent: int
    due_on: dt.date

    def field(self, code: str) -> Field | None:
        """The field with this code, or None where it is not asked this year."""
        return next((each for each in self.fields if each.code == code), None)

    @property
    def in_the_file(self) -> tuple[Dimension, ...]:
        """Breakdowns of this year's fields whose value stands in the file and can be put right there."""
        asked = {name for field in self.fields for name in field.dimensions}
        return tuple(self.dimensions[name] for name in IN_THE_FILE if name in asked)


@dataclass(frozen=True, slots=True)
class _Row:
    line: dict[str, str]
    first: dt.date | None
    last: dt.date | None

    def holds(self, year: int) -> bool:
        """Whether the row holds on the last day of the year: a year has one set of fields."""
        day = dt.date(year, 12, 31)
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class Shelf:
    """All versions of fields and breakdowns. `book(year)` is what holds for that year."""

    def __init__(self, files: Mapping[str, Iterable[_Row]]) -> None:
        self._files = {name: tuple(rows) for name, rows in files.items()}

    def book(self, year: int) -> Book:
        """The fields of the year. Raises RuleError for a year that no version knows."""
        fields = tuple(_field(row.line) for row in self._valid("fields", year))
        if not fields:
            raise RuleError(_("Für das Jahr %(year)s sind keine Kennzahlen festgelegt.", year=year))
        rules = {row.line["rule"]: int(row.line["value"]) for row in self._valid("rules", year)}
        return Book(
            year=year,
            fields=fields,
            dimensions={row.line["code"]: self._dimension(row.line, year) for row in self._valid("dimensions", year)},
            threshold=rules["threshold"],
            deviation_percent=rules["deviation_percent"],
            due_on=dt.date(year + 1, rules["due_month"], rules["due_day"]),
        )

    def _valid(self, name: str, year: int) -> list[_Row]:
        return [row for row in self._files[name] if row.holds(year)]

    def _dimension(self, line: dict[str, str], year: int) -> Dimension:
        classes = [row.line for row in self._valid("classes", year) if row.line["dimension"] == line["code"]]
        return Dimension(
            code=line["code"],
            de=line["de"],
            en=line["en"],
            source=line["source"],
            classes=tuple(
                Class(each["code"], each["de"], each["en"], _parts(each["members"]), _parts(each["aliases"]))
                for each in classes
            ),
            aliases=_parts(line["aliases"]),
        )


def load(folder: Path) -> Shelf:
    """The shelf from the four files of the folder. Raises ConfigurationError naming file and line."""
    shelf = Shelf({name: _rows(folder / f"{name}.csv") for name in ("fields", "dimensions", "classes", "rules")})
    _check(shelf, folder)
    return shelf


def _rows(path: Path) -> list[_Row]:
    found: list[_Row] = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, line in enumerate(csv.DictReader(file), start=2):
            try:
                found.append(_Row(line, _day(line["valid_from"]), _day(line["valid_to"])))
            except (ValueError, KeyError, TypeError):
                raise ConfigurationError(f"{path.name}, Zeile {number}: Spalte oder Tag ist nicht lesbar.") from None
    return found


def _check(shelf: Shelf, folder: Path) -> None:
    try:
        book = shelf.book(dt.datetime.now(dt.UTC).year)
    except (KeyError, ValueError) as problem:
        raise ConfigurationError(f"{folder.name}: {problem}") from None
    for field in book.fields:
        unknown = [name for name in field.dimensions if name not in book.dimensions]
        if field.measure not in MEASURES or unknown:
            raise ConfigurationError(
                f"fields.csv: {field.code} hat ein unbekanntes Maß oder eine unbekannte Aufteilung."
            )


def _field(line: dict[str, str]) -> Field:
    return Field(
        code=line["code"],
        de=line["de"],
        en=line["en"],
        measure=line["measure"],
        dimensions=_parts(line["dimensions"]),
        sentence=line["sentence_de"],
        aliases=_parts(line["aliases"]),
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
