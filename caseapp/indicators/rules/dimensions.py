"""By what figures are broken down: dimensions with their classes, and to which class each stored code belongs.

Data: `config/indicators/dimensions.csv`, `classes.csv`, `mapping.csv`. Every code of a mapped list stands in the
mapping by name: nothing falls into a rest unseen.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from caseapp.errors import ConfigurationError, RuleError
from caseapp.i18n import gettext as _


class DimensionError(ConfigurationError):
    """A shipped dimension cannot be used; the message names file, line and reason."""


class MappingError(RuleError):
    """A stored code has no class: no figure is made until the mapping names it. Tells list and code, never a person."""

    def __init__(self, list_name: str, code: str) -> None:
        super().__init__(
            _(
                "Der Code „%(code)s“ der Liste „%(list)s“ ist keiner Klasse zugeordnet. Ergänzen Sie ihn in "
                "config/indicators/mapping.csv; bis dahin entsteht kein Bericht.",
                code=code,
                list=list_name,
            )
        )
        self.list_name, self.code = list_name, code


class ClassData(Struct, frozen=True, kw_only=True):
    """A class. `sensitive`: shown for Land and Kreis only, with base 10."""

    code: str
    de: str
    en: str
    sensitive: bool = False


class DimensionData(Struct, frozen=True, kw_only=True):
    """A dimension. `rest`: the class into which sensitive ones are counted below the Kreis, "" for none.

    A person may have the class "" where `allotted`: the report allots such persons to the classes at random.
    """

    name: str
    de: str
    en: str
    classes: tuple[ClassData, ...]
    rest: str = ""
    outcome: bool = False
    allotted: bool = False

    @property
    def sensitive(self) -> bool:
        """Whether one of its classes is."""
        return any(each.sensitive for each in self.classes)

    def label(self, code: str, language: str = "de") -> str:
        """What a class is called; the code itself for an unknown one."""
        found = next((each for each in self.classes if each.code == code), None)
        return code if found is None else found.de if language == "de" else found.en


class CodeClasses(Struct, frozen=True):
    """The class of each code: by dimension, then by list and code. Raises MappingError for what it does not know."""

    by_dimension: Mapping[str, Mapping[tuple[str, str], str]]

    def lists(self, dimension: str) -> tuple[str, ...]:
        """The code lists that a dimension is made from."""
        return tuple(dict.fromkeys(name for name, _code in self.by_dimension.get(dimension, {})))

    def of(self, dimension: str, list_name: str) -> dict[str, str]:
        """Code to class for one list, a copy that the caller may keep."""
        return {
            code: found for (name, code), found in self.by_dimension.get(dimension, {}).items() if name == list_name
        }


class ClassOf(dict[str, str]):
    """Code to class; the empty code has the class `missing`. Raises MappingError for a code without a class."""

    def __init__(self, list_name: str, classes: Mapping[str, str], *, missing: str) -> None:
        super().__init__(classes)
        self._list_name = list_name
        self[""] = missing

    def __missing__(self, code: str) -> str:
        raise MappingError(self._list_name, code)


def load_dimensions(folder: Path) -> tuple[DimensionData, ...]:
    """The dimensions in the order of the file, with their classes. Raises DimensionError."""
    classes: dict[str, list[ClassData]] = {}
    for line, row in _rows(folder / "classes.csv"):
        if not row["code"] or not row["de"] or not row["en"]:
            raise DimensionError(f"classes.csv, Zeile {line}: Code oder Bezeichnung fehlt.")
        sensitive = row["sensitive"] == "yes"
        classes.setdefault(row["dimension"], []).append(
            ClassData(code=row["code"], de=row["de"], en=row["en"], sensitive=sensitive)
        )
    found = []
    for line, row in _rows(folder / "dimensions.csv"):
        own = tuple(classes.pop(row["name"], ()))
        dimension = DimensionData(
            name=row["name"],
            de=row["de"],
            en=row["en"],
            classes=own,
            rest=row["rest"],
            allotted=row["allotted"] == "yes",
        )
        _check(dimension, line)
        found.append(dimension)
    if classes:
        raise DimensionError(f"classes.csv: Die Gliederung {min(classes)} gibt es nicht.")
    return tuple(found)


def load_mapping(folder: Path, dimensions: tuple[DimensionData, ...]) -> CodeClasses:
    """Which code belongs to which class. Raises DimensionError for an unknown class or a code named twice."""
    known = {dimension.name: {each.code for each in dimension.classes} for dimension in dimensions}
    allotted = {dimension.name for dimension in dimensions if dimension.allotted}
    found: dict[str, dict[tuple[str, str], str]] = {}
    for line, row in _rows(folder / "mapping.csv"):
        name, key, wanted = row["dimension"], (row["list"], row["code"]), row["class"]
        if wanted not in known.get(name, ()) and not (wanted == "" and name in allotted):
            raise DimensionError(f"mapping.csv, Zeile {line}: Die Gliederung {name} hat keine Klasse „{wanted}“.")
        if found.setdefault(name, {}).setdefault(key, wanted) != wanted:
            raise DimensionError(f"mapping.csv, Zeile {line}: {key[1]} hat schon eine andere Klasse.")
    return CodeClasses({name: MappingProxyType(rows) for name, rows in found.items()})


def _check(dimension: DimensionData, line: int) -> None:
    codes = [each.code for each in dimension.classes]
    where = f"dimensions.csv, Zeile {line}: {dimension.name}"
    if not dimension.de or not dimension.en or not codes:
        raise DimensionError(f"{where} braucht Bezeichnungen und Klassen.")
    if len(set(codes)) != len(codes):
        raise DimensionError(f"{where} hat eine Klasse zweimal.")
    if dimension.rest and dimension.rest not in {each.code for each in dimension.classes if not each.sensitive}:
        raise DimensionError(f"{where}: Der Rest muss eine Klasse sein, die nicht empfindlich ist.")


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        for row in reader:
            cells = {column: cell for column, cell in row.items() if isinstance(cell, str)}
            if len(cells) != len(row):
                raise DimensionError(f"{path.name}, Zeile {reader.line_num}: Anzahl der Spalten stimmt nicht.")
            yield reader.line_num, cells
