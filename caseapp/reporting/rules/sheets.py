"""The workbook form of a report as cells, before any spreadsheet program: what is written, and what a check compares.

A table is laid out as in printed statistics: areas and classes downwards, the classes of the last dimension across.
Signs as the German statistical offices use them: "·" is withheld, "x" is not shown on this level.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from caseapp.i18n import gettext as _
from caseapp.reporting.disclosure.geography import Level
from caseapp.reporting.rules import signed
from caseapp.reporting.rules.bundle import typical_error
from caseapp.reporting.rules.cells import WITHHELD, class_labels, dimension_label, grouped, indicator_of, period_text
from caseapp.reporting.rules.flat import TOTAL, Cube, FlatTable, flat_tables
from caseapp.reporting.rules.package import Package, Released

NOT_SHOWN = "x"
LONGEST_CELL = 30_000  # characters; a cell of the format holds 32,767
_LONGEST_NAME = 31
_FORBIDDEN = str.maketrans("", "", "[]:*?/\\'")
_NO_BREAK = "\N{NO-BREAK SPACE}"

Cell = str | int | None


@dataclass(frozen=True)
class Sheet:
    """One sheet. `heading` is the row of column titles (None: a sheet of text); `keys`: columns that name a row.

    `marked` holds row and column of the numbers that deviate further than the base of rounding allows.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...] = field(repr=False)
    heading: int | None = None
    keys: int = 0
    marked: frozenset[tuple[int, int]] = field(default=frozenset(), repr=False)


def sheets(released: Released) -> list[Sheet]:
    """ "Lesen", "Methode", then a sheet for each table, and last the signed package that proves them."""
    tables = flat_tables(released.package)
    names = _Names()
    first = [
        Sheet(names.take(_("Lesen")), tuple(_reading(released))),
        Sheet(names.take(_("Methode")), tuple(_method(released))),
    ]
    return [*first, *(_table(released, each, names) for each in tables), _proof(released, names)]


def package_text(cells: dict[tuple[int, int], object]) -> str:
    """The signed package file out of the cells (row, column) of the sheet that holds it; "" if it holds none."""
    parts: list[str] = []
    for row in sorted(row for row, column in cells if column == 0):
        text = cells[row, 0]
        if isinstance(text, str) and (parts or text.startswith("{")):
            parts.append(text)
    return "".join(parts)


class _Names:
    """Names of sheets: at most 31 characters, without some signs, each once whatever the case."""

    def __init__(self) -> None:
        self._taken: set[str] = {"history"}  # reserved by the format

    def take(self, wanted: str) -> str:
        plain = " ".join(wanted.translate(_FORBIDDEN).split()) or "-"
        name, number = plain[:_LONGEST_NAME].strip(), 1
        while name.casefold() in self._taken:
            number += 1
            end = f" ({number})"
            name = plain[: _LONGEST_NAME - len(end)].strip() + end
        self._taken.add(name.casefold())
        return name


def level_label(level: int) -> str:
    """Land, Kreis or Gemeinde."""
    return (_("Land"), _("Kreis"), _("Gemeinde"))[level]


def _identity(released: Released) -> tuple[tuple[Cell, ...], ...]:
    package = released.package
    return (
        (_("Bericht"), package.number),
        (_("Gebiet"), package.scope_name),
        (_("Zeitraum"), period_text(package.period)),
        (_("Prüfsumme (SHA-256)"), released.digest),
    )


def _reading(released: Released) -> Iterator[tuple[Cell, ...]]:
    package = released.package
    yield (_("Wie dieser Bericht zu lesen ist"),)
    yield ()
    yield from _identity(released)
    yield _("Förderzeitraum"), package.funding_period
    yield _("Freigegeben am"), released.released_on.strftime("%d.%m.%Y")
    yield _("Unterschrift (Ed25519)"), released.signature or _("keine: eine Summe ist nicht unterschrieben")
    yield _("Öffentlicher Schlüssel"), released.public_key or "–"
    yield _("Wurzel des Protokolls"), released.audit_root or "–"
    yield ()
    for sentence in package.sentences:
        yield "", sentence
    yield ()
    yield _("Rundung"), _rounding(package)
    yield WITHHELD, _("nicht gezeigt: niemand oder wenige Personen, oder zwei davon haben fast alle Kontakte")
    yield NOT_SHOWN, _("auf dieser Ebene nicht einzeln gezeigt; zählt unter der Restklasse mit")
    yield _("farbig, kursiv"), _("Abweichung größer als sonst; wie groß, steht in der letzten Spalte der Zeile")
    yield _("Herkunft"), _("Das letzte Blatt enthält den unterschriebenen Bericht. „caseapp report verify“ prüft damit")
    yield "", _("jede Zelle dieser Datei. Umsortieren und Filtern der Zeilen stört dabei nicht.")
    if package.remarks:
        yield ()
        yield from ((_("Hinweis"), remark) for remark in package.remarks)
    if released.notes:
        yield ()
        yield from ((_("Nachtrag vom %(day)s", day=f"{note.on_day:%d.%m.%Y}"), note.text) for note in released.notes)


def _rounding(package: Package) -> str:
    if package.sources:
        return _(
            "Summe aus %(count)s gerundeten Kreisberichten. Kreiswerte wie dort; unter jedem Landeswert steht, wie "
            "weit der wahre Wert höchstens und typischerweise (eine Standardabweichung) davon entfernt ist.",
            count=len(package.sources),
        )
    found = {each.published.lattice.catalogue.base for each in package.figures}
    sensitive = {each.published.lattice.catalogue.sensitive_base for each in package.figures}
    return _(
        "Jede Zahl ist auf ein Vielfaches gerundet (%(bases)s; schutzbedürftige Klassen %(sensitive)s). Sie weicht "
        "höchstens um eins weniger vom wahren Wert ab. Alle Summen stimmen. Eine 0 heißt nicht, dass niemand da ist.",
        bases=", ".join(map(str, sorted(found))) or "–",
        sensitive=", ".join(map(str, sorted(sensitive))) or "–",
    )


def _method(released: Released) -> Iterator[tuple[Cell, ...]]:
    package = released.package
    yield (_("Methode und Datenlage"),)
    yield ()
    yield from _identity(released)
    yield ()
    yield _("Kennzahl"), _("Bezeichnung"), _("Was gezählt wird"), _("Bezogen auf"), _("Was die Zahl nicht sagt")
    for each in package.indicators:
        yield each.code, each.title_de, each.sentence_de, each.denominator_de, each.limits_de
    yield from _data(package)
    if package.sources:
        yield ()
        yield _("Summiert"), _("Kreisbericht"), _("Prüfsumme (SHA-256)")
        yield from (("", number, digest) for number, digest in package.sources.items())
    merged = [area for area in package.areas if area.members]
    if merged:
        yield ()
        yield _("Zusammengefasst"), _("Gebiet"), _("Gemeinden (AGS)")
        yield from ((area.ags, area.name, ", ".join(area.members)[:LONGEST_CELL]) for area in merged)
    yield ()
    for figures in package.figures[:1]:
        for name, value in figures.published.document()["parameters"].items():  # type: ignore[attr-defined]  # plain data
            yield _("Parameter"), name, str(value)


def _data(package: Package) -> Iterator[tuple[Cell, ...]]:
    if package.quality:
        yield ()
        yield _("Datenlage"), "", _("ohne Angabe, in %"), _("älter als 180 Tage, in %")
        for field_ in package.quality:
            yield field_.field, field_.de, _percent(field_.missing), _percent(field_.outdated)
    if package.carriers:
        yield ()
        yield _("Vollständigkeit"), _("Träger"), _("bestätigt am")
        for carrier in package.carriers:
            day = f"{carrier.confirmed_on:%d.%m.%Y}" if carrier.confirmed_on else _("nicht bestätigt")
            yield "", carrier.name, day


def _percent(value: int | None) -> Cell:
    return _("zu wenige") if value is None else value


def _proof(released: Released, names: _Names) -> Sheet:
    text = signed.write(released).decode("ascii")
    rows: list[tuple[Cell, ...]] = [
        (_("Der unterschriebene Bericht als Text (JSON), auf Zellen verteilt. Bitte nicht ändern."),),
        *((text[start : start + LONGEST_CELL],) for start in range(0, len(text), LONGEST_CELL)),
    ]
    return Sheet(names.take(_("Nachweis")), tuple(rows))


def _table(released: Released, table: FlatTable, names: _Names) -> Sheet:
    package = released.package
    indicator = indicator_of(package, table.figures)
    labels = [dimension_label(package, name) for name in table.dimensions]
    crossed = " × ".join(labels) or _("Insgesamt")
    cohort = table.figures.cohort if table.figures.cohort != package.period else ""
    title = f"{indicator.code} {indicator.title_de}: {crossed}"
    across = table.dimensions[-1] if table.dimensions else ""
    codes = table.figures.published.lattice.catalogue.dimension(across).classes if across else ()
    words = class_labels(package, table.figures, across) if across else {}
    heading = (
        _("Ebene"),
        _("AGS"),
        _("Gebiet"),
        *labels[:-1],
        _("Insgesamt"),
        *(words.get(code, code) for code in codes),
        _("Größere Abweichung"),
    )
    said = [f"{title} ({_('Zugangskohorte')} {period_text(cohort)})" if cohort else title]
    rows: list[tuple[Cell, ...]] = [
        tuple(said),
        (
            _("Bericht %(number)s", number=package.number),
            period_text(package.period),
            package.scope_name,
            _("Prüfsumme %(digest)s", digest=released.digest),
        ),
        (_rounding(package),),
        heading,
    ]
    marked = set[tuple[int, int]]()
    for cells, places in _lines(package, table, heading):
        marked |= {(len(rows), place) for place in places}
        rows.append(cells)
    return Sheet(
        names.take(f"{indicator.code} {f'{cohort} ' if cohort else ''}{' × '.join(labels) or _('Insgesamt')}"),
        tuple(rows),
        heading=3,
        keys=3 + max(0, len(labels) - 1),
        marked=frozenset(marked),
    )


def _lines(
    package: Package, table: FlatTable, heading: tuple[str, ...]
) -> Iterator[tuple[tuple[Cell, ...], list[int]]]:
    """The rows of a table with the columns that deviate further."""
    names = {area.ags: area.name for area in package.areas}
    downwards = [
        {TOTAL: _("Insgesamt"), **class_labels(package, table.figures, name)} for name in table.dimensions[:-1]
    ]
    keys = 3 + len(downwards)
    for level in table.levels:
        cube, places = table.cube(level), _columns(table, level)
        for area, ags in enumerate(table.areas(level)):
            for at in np.ndindex(*(len(axis) for axis in cube.axes[:-1])):
                classes = [axis[place] for axis, place in zip(cube.axes, at, strict=False)]
                words = [labels.get(code, code) for labels, code in zip(downwards, classes, strict=True)]
                head = (ags, names.get(ags, ags), *words)
                line = _Line(cube, (area, *at), places)
                far = [keys + column for column in line.deviating()]
                said = "; ".join(f"{heading[place]} bis {grouped(most)}" for place, most in line.further(keys))
                if package.sources and level is Level.STATE:
                    yield (level_label(level), *head, *line.numbers(), ""), []
                    yield (_("Land: höchstens ±"), *head, *line.limits(), ""), []
                    yield (_("Land: typisch ±"), *head, *line.typical(len(package.sources)), ""), []
                else:
                    yield (level_label(level), *head, *line.numbers(), said), far


def _columns(table: FlatTable, level: Level) -> list[int | None]:
    """For the total and each class of the last dimension its place in the cube; None: not shown on this level."""
    if not table.dimensions:
        return [0]
    dimension = table.figures.published.lattice.catalogue.dimension(table.dimensions[-1])
    shown = dimension.shown(level)
    return [0, *(1 + shown.index(code) if code in shown else None for code in dimension.classes)]


@dataclass(frozen=True)
class _Line:
    """The numbers of one row of the sheet: those of the cube at `at` and, across, at `places`."""

    cube: Cube
    at: tuple[int, ...]
    places: list[int | None]

    def numbers(self) -> list[Cell]:
        return [
            NOT_SHOWN if at is None else WITHHELD if self.cube.withheld[at] else int(self.cube.values[at])
            for at in self._each()
        ]

    def limits(self) -> list[Cell]:
        return [NOT_SHOWN if at is None else int(self.cube.at_most[at]) for at in self._each()]

    def typical(self, parts: int) -> list[Cell]:
        """Upwards to whole numbers."""
        return [
            NOT_SHOWN if at is None else math.ceil(typical_error(int(self.cube.bases[at]), parts))
            for at in self._each()
        ]

    def deviating(self) -> list[int]:
        return [column for column, at in enumerate(self._each()) if at is not None and self.cube.deviating[at]]

    def further(self, keys: int) -> list[tuple[int, int]]:
        found = []
        for column, at in enumerate(self._each()):
            if at is not None and self.cube.deviating[at]:
                found.append((keys + column, int(self.cube.at_most[at])))
        return found

    def _each(self) -> list[tuple[int, ...] | None]:
        alone = len(self.at) == self.cube.values.ndim  # a table of totals only
        return [None if place is None else self.at if alone else (*self.at, place) for place in self.places]
