"""Every published table of a package as rows and columns, with its margins, sorted as the reader asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from caseapp.clients.rules.collation import sort_key
from caseapp.reporting.disclosure.rates import Rate
from caseapp.reporting.rules import wording
from caseapp.reporting.rules.cells import (
    Cell,
    Reader,
    class_labels,
    dimension_label,
    indicator_of,
    parts_of,
    period_text,
    scope_of,
)
from caseapp.reporting.rules.package import Area, Figures, Package, shown_levels
from caseapp.reporting.rules.series import Share, shares

TOTAL = "summe"
NAME = "name"
RATE = "anteil"


@dataclass(frozen=True, slots=True)
class Choice:
    """A table that can be chosen. `key` names it in addresses, `place` is that of its figures in the package."""

    key: str
    group: str
    short: str
    place: int
    dimensions: tuple[str, ...]

    @property
    def label(self) -> str:
        """The whole name."""
        return f"{self.group}: {self.short}"

    @property
    def by_area(self) -> bool:
        """Whether its rows are areas; else they are classes, of one area."""
        return len(self.dimensions) < 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column by code. The code `summe` is the total, `anteil` the rate."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells by column; no cell where a class is not shown for such an area. `fixed`: stays on top.

    `shown` are its texts in the order of the columns.
    """

    label: str
    cells: Mapping[str, Cell]
    rate: Rate | None = None
    fixed: bool = False
    members: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it is shown. `head` is what the rows are; `folded`: sensitive classes are counted into the rest,
    `deviates`: a number is further away than the base allows, and says so; `withholds`: a number is not shown."""

    choice: Choice
    area: Area
    head: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    rate_title: str
    sort: str
    descending: bool
    folded: bool
    deviates: bool
    withholds: bool


def choices(package: Package) -> list[Choice]:
    """All tables of a package, in its order; a population of a cohort says which."""
    found, levels = [], [level for level in shown_levels(package) if level >= scope_of(package).level]
    for place, figures in enumerate(package.figures):
        reader = Reader(figures)
        title = indicator_of(package, figures).title_de
        if figures.cohort != package.period:
            title = f"{title} (Zugang {period_text(figures.cohort)})"
        for dimensions in _combinations(figures):
            names = " × ".join(dimension_label(package, name) for name in dimensions) or "Insgesamt"
            if any(reader.has(level, dimensions) for level in levels):
                found.append(
                    Choice(".".join((figures.name, figures.cohort, *dimensions)), title, names, place, dimensions)
                )
    return found


def _combinations(figures: Figures) -> list[tuple[str, ...]]:
    """Each dimension by itself, then the tables of the catalogue, each once, the outcome last; the bare total where
    there is neither."""
    catalogue = figures.published.lattice.catalogue
    found: dict[tuple[str, ...], None] = {(name,): None for table in catalogue.tables for name in table.dimensions}
    for table in (each for each in catalogue.tables if each.dimensions):
        ordered = catalogue.ordered(table.dimensions)
        found.setdefault(tuple(sorted(ordered, key=lambda name: catalogue.dimension(name).outcome)))
    return list(found) or [()]


def areas_of(package: Package, choice: Choice) -> list[Area]:
    """The areas that a table can be shown for: with areas as rows those that have parts, else those with the cells."""
    reader, levels = Reader(package.figures[choice.place]), shown_levels(package)
    shown = [
        area
        for area in _tree(package, scope_of(package))
        if area.level in levels and reader.shows(area) and reader.has(area.level, choice.dimensions)
    ]
    if not choice.by_area:
        return shown
    codes = {area.ags for area in shown}
    inner = [area for area in shown if any(part.ags in codes for part in parts_of(package, area))]
    return inner or shown[:1]


def _tree(package: Package, area: Area) -> Iterator[Area]:
    yield area
    for part in parts_of(package, area):
        yield from _tree(package, part)


def sheet(package: Package, choice: Choice, area: Area, *, sort: str = "", descending: bool = False) -> Sheet:
    """The table of a choice for an area (one of `areas_of`); an unknown `sort` keeps the natural order."""
    reader = Reader(package.figures[choice.place])
    dimension = choice.dimensions[-1] if choice.dimensions else ""
    labels = class_labels(package, reader.figures, dimension) if dimension else {}
    codes = reader.shown_classes(area.level, dimension) if dimension else ()
    columns = (*(Column(code, labels.get(code, code)) for code in codes), Column(TOTAL, "Insgesamt"))
    make = _area_rows if choice.by_area else _class_rows
    rates = shares(indicator_of(package, reader.figures)) if dimension and dimension == reader.outcome else ()
    rows = [_rated(row, rates[0]) if rates else row for row in make(package, reader, choice, area)]
    rows = [replace(row, shown=_texts(row, columns, rated=bool(rates))) for row in rows]
    known = {NAME, RATE, *(column.code for column in columns)}
    return Sheet(
        choice,
        area,
        _row_head(package, choice),
        columns,
        tuple(_sorted(rows, sort, descending=descending) if sort in known else rows),
        rates[0].title if rates else "",
        sort if sort in known else "",
        descending,
        any(set(row.cells) != {column.code for column in columns} for row in rows),
        any(cell.deviating for row in rows for cell in row.cells.values()),
        any(cell.value is None for row in rows for cell in row.cells.values()),
    )


def _texts(row: Row, columns: Sequence[Column], *, rated: bool) -> tuple[str, ...]:
    """The numbers as they are printed: a dash where there is no such cell, the limit where it is a wider one."""
    cells = (row.cells.get(column.code) for column in columns)
    texts = [
        "–" if cell is None else f"{cell.text} (±{cell.at_most})" if cell.deviating else cell.text for cell in cells
    ]
    if rated:
        texts.append(wording.short_rate(row.rate))
    return tuple(texts)


def _row_head(package: Package, choice: Choice) -> str:
    if choice.by_area:
        return "Gebiet"
    return " und ".join(dimension_label(package, name) for name in choice.dimensions[:-1])


def _area_rows(package: Package, reader: Reader, choice: Choice, area: Area) -> Iterator[Row]:
    """The area itself, which stays on top, then its parts."""
    for each in (area, *parts_of(package, area)):
        if not reader.shows(each) or not reader.has(each.level, choice.dimensions):
            continue
        cells = {TOTAL: reader.cell(each)}
        for name in choice.dimensions:
            cells |= {code: reader.cell(each, {name: code}) for code in reader.shown_classes(each.level, name)}
        yield Row(each.name, cells, fixed=each is area, members=each.members)


def _class_rows(package: Package, reader: Reader, choice: Choice, area: Area) -> Iterator[Row]:
    """All classes of all but the last dimension, each also together; everything together stays on top."""
    *names, last = choice.dimensions
    labels = [{**class_labels(package, reader.figures, name), "": "zusammen"} for name in names]
    codes = [("", *reader.shown_classes(area.level, name)) for name in names]
    for combination in product(*codes):
        fixed = {name: code for name, code in zip(names, combination, strict=True) if code}
        cells = {code: reader.cell(area, {**fixed, last: code}) for code in reader.shown_classes(area.level, last)} | {
            TOTAL: reader.cell(area, fixed)
        }
        words = [found.get(code, code) for found, code in zip(labels, combination, strict=True)]
        label = " · ".join(words) if fixed else area.name
        yield Row(label, cells, fixed=not fixed)


def _rated(row: Row, share: Share) -> Row:
    """The row with its rate, if it has all classes that this needs."""
    complete = share.yes | share.no | share.unknown <= set(row.cells)
    return replace(row, rate=share.outcome(row.cells).rate) if complete else row


def _sorted(rows: Sequence[Row], sort: str, *, descending: bool) -> list[Row]:
    """Fixed rows on top, then by the column; what has no number there comes last, in either direction."""
    top, rest = [row for row in rows if row.fixed], [row for row in rows if not row.fixed]
    if sort == NAME:
        return [*top, *sorted(rest, key=lambda row: sort_key(row.label), reverse=descending)]
    with_number = [row for row in rest if _number(row, sort) is not None]
    without = [row for row in rest if _number(row, sort) is None]
    return [*top, *sorted(with_number, key=lambda row: _number(row, sort) or 0, reverse=descending), *without]


def _number(row: Row, sort: str) -> int | None:
    if sort == RATE:
        return row.rate.percent if row.rate else None
    cell = row.cells.get(sort)
    return cell.value if cell else None
