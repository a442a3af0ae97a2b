"""A released report as its readers see it: the same for the page and for the paper. Made once, then only shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from caseapp.i18n import gettext as _
from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.published import Deviation
from caseapp.reporting.disclosure.rates import Rate, percentage
from caseapp.reporting.rules import charts, wording
from caseapp.reporting.rules.cells import (
    Reader,
    class_labels,
    dimension_label,
    grouped,
    indicator_of,
    parts_of,
    period_text,
    scope_of,
)
from caseapp.reporting.rules.headlines import ABOUT_DATA, Headline, headlines, is_main, ranked
from caseapp.reporting.rules.package import Area, CarrierState, Figures, Package
from caseapp.reporting.rules.series import Outcome, Point, Population, Share, Summary, comparable, course, summarise

MOST_POINTS = 8
MOST_DEVIATIONS = 12


@dataclass(frozen=True, slots=True)
class Card:
    """A headline figure in words."""

    title: str
    number: str
    share: str
    change: str
    moved: bool
    uncertainty: str


@dataclass(frozen=True, slots=True)
class OutcomePicture:
    """The course of a rate by cohort. `rows`: cohort, rate, bounds, share of unknown, size of the cohort."""

    key: str
    title: str
    sentence: str
    chart: Markup = field(repr=False)
    rows: tuple[tuple[str, str, str, str, str], ...]
    shown: bool
    main: bool

    @property
    def table(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The rows as name and values."""
        return tuple((first, rest) for first, *rest in self.rows)  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Panel:
    """One area in a picture of all areas. `members`: how many small ones stand together here."""

    name: str
    value: str
    chart: Markup = field(repr=False)
    members: int


@dataclass(frozen=True, slots=True)
class Multiples:
    """All areas below the scope on one scale. `rows` of the table beside: area, then one text a point of `marks`."""

    key: str
    title: str
    scale: str
    panels: tuple[Panel, ...]
    marks: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class MixRow:
    """A class in the composition of the counselled people, now and before; `place` is that of its dimension."""

    place: int
    dimension: str
    label: str
    now: str
    before: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that depends on released packages only."""

    package: Package
    digest: str
    summary: Summary
    earlier: tuple[Summary, ...] = field(repr=False)
    period: str
    before: str
    cards: tuple[Card, ...]
    outcomes: tuple[OutcomePicture, ...]
    further: tuple[OutcomePicture, ...]
    waiting: tuple[str, ...]
    offered: tuple[tuple[str, str], ...]
    mix: tuple[MixRow, ...]
    method: tuple[str, ...]
    deviations: tuple[str, ...]
    more_deviations: int
    merged: tuple[tuple[str, int], ...]
    carriers: tuple[tuple[str, str], ...]

    @property
    def digests(self) -> tuple[str, ...]:
        """What the report is made of: nothing else can change it."""
        return (self.digest, *(each.digest for each in self.earlier))


def report(
    package: Package, digest: str, others: Sequence[Summary], last: Package | None = None, *, width: int | None = None
) -> Report:
    """The report of a package. `others`: what was released besides; `last`: the package of the release before, for
    the composition. `width`: that of a picture on paper, in pixels."""
    summary, scope = summarise(package, digest), scope_of(package)
    earlier = comparable(others, package.period)
    pictures = _outcomes([*earlier, summary], scope, width)
    deviations = [text for figures in package.figures for text in _deviations(package, figures)]
    return Report(
        package=package,
        digest=digest,
        summary=summary,
        earlier=tuple(earlier),
        period=period_text(package.period),
        before=period_text(earlier[-1].period) if earlier else "",
        cards=tuple(_card(each) for each in headlines(summary, earlier, scope.ags)),
        outcomes=tuple(each for each in pictures if each.main),
        further=tuple(each for each in pictures if not each.main),
        waiting=tuple(each.title for each in ranked(summary) if each.shares and not _began(each, earlier, scope)),
        offered=tuple(_offered(package, summary)),
        mix=tuple(_mix(package, last)),
        method=tuple(wording.rounding_text(package)),
        deviations=tuple(deviations[:MOST_DEVIATIONS]),
        more_deviations=max(0, len(deviations) - MOST_DEVIATIONS),
        merged=tuple(_merged(package)),
        carriers=tuple((each.name, _confirmed(each)) for each in package.carriers),
    )


def _merged(package: Package) -> list[tuple[str, int]]:
    """The areas of several municipalities, each with its Kreis and how many stand together."""
    names = {area.ags: area.name for area in package.areas}
    return [(f"{names.get(each.parent, '')}, {each.name}", len(each.members)) for each in package.areas if each.members]


def _confirmed(carrier: CarrierState) -> str:
    if carrier.confirmed_on is None:
        return _("nicht bestätigt")
    return _("bestätigt am %(day)s", day=f"{carrier.confirmed_on:%d.%m.%Y}")


def _card(found: Headline) -> Card:
    share = ""
    if found.whole is not None:
        among = wording.among(found.unit, found.whole.text)
        named = among if found.rate_title == found.title else f"{found.rate_title}, {among}"
        share = f"{named}: {wording.rate_text(found.rate)}"
    changed = found.change is not None and found.change.direction in ("more", "less")
    return Card(
        found.title,
        found.number.text,
        share,
        wording.change_text(found),
        changed,
        wording.uncertainty(found.number),
    )


def _outcomes(summaries: Sequence[Summary], scope: Area, width: int | None) -> list[OutcomePicture]:
    """A picture for each rate of each outcome of the last summary."""
    found: list[OutcomePicture] = []
    for population in ranked(summaries[-1]):
        if not _began(population, summaries, scope):
            continue
        points = course(summaries, population.name, scope.ags, most=MOST_POINTS)
        found += [
            _outcome(population, share, points, len(found) + place, width)
            for place, share in enumerate(population.shares)
            if any(share.code in point.fact.outcomes for point in points)
        ]
    return found


def _outcome(
    population: Population, share: Share, points: Sequence[Point], place: int, width: int | None
) -> OutcomePicture:
    said = [(point.mark, point.fact.outcomes[share.code]) for point in points if share.code in point.fact.outcomes]
    rows = tuple((period_text(mark), *_row(outcome, points[at])) for at, (mark, outcome) in enumerate(said))
    description = "; ".join(f"{row[0]}: {row[1]}" for row in rows)
    title = _title(population, share)
    chart = charts.outcome_chart(f"verlauf-{place}", title, description, said, _("unbek."), width=width)
    shown = any(outcome.rate is not None for _mark, outcome in said)
    main = is_main(population) and share is population.shares[0]
    key = f"{population.name}.{share.code}"
    return OutcomePicture(key, title, population.sentence, chart, rows, shown, main)


def _began(population: Population, summaries: Sequence[Summary], scope: Area) -> bool:
    """Whether anybody has entered: in the first quarters there are no people who began a year ago."""
    found = [population, *(old for each in summaries if (old := each.find(population.name)) is not None)]
    return any(each.facts[scope.ags].total.value != 0 for each in found if scope.ags in each.facts)


def _title(population: Population, share: Share) -> str:
    """What a rate is called: as its indicator, unless that has several."""
    return population.title if len(population.shares) == 1 else f"{population.title}: {share.title}"


def _row(outcome: Outcome, point: Point) -> tuple[str, str, str, str]:
    rate = outcome.rate
    bounds = _("%(lowest)s bis %(highest)s %%", lowest=rate.lowest, highest=rate.highest) if rate else "–"
    share = wording.percent_text(rate.percent) if rate else _("zu wenige")
    return share, bounds, wording.percent_text(outcome.unknown_share), point.fact.total.text


def _offered(package: Package, summary: Summary) -> list[tuple[str, str]]:
    """What can be shown for all areas below the scope: key and label."""
    below = {part.ags for part in parts_of(package, scope_of(package))}
    found = []
    for population in summary.populations:
        if population.indicator == ABOUT_DATA or not below & set(population.facts):
            continue
        if not population.shares:
            found.append((population.name, population.title))
        rated = {code for ags in below & set(population.facts) for code in population.facts[ags].outcomes}
        found += [
            (f"{population.name}.{share.code}", _title(population, share))
            for share in population.shares
            if share.code in rated
        ]
    return found


def multiples(of: Report, key: str = "", *, width: int | None = None) -> Multiples | None:
    """The picture of all areas below the scope for one of `offered` (else the first); None where there are no areas."""
    if not of.offered:
        return None
    titles = dict(of.offered)
    key = key if key in titles else of.offered[0][0]
    name, _dot, code = key.partition(".")
    summaries = [*of.earlier, of.summary]
    parts = [part for part in parts_of(of.package, scope_of(of.package)) if _has(of.summary, name, part)]
    courses = [course(summaries, name, part.ags, most=MOST_POINTS) for part in parts]
    marks = sorted({point.mark for points in courses for point in points})[-MOST_POINTS:]
    by_mark = [{point.mark: point for point in points} for points in courses]
    make = _rate_panels if code else _amount_panels
    panels, rows, scale = make(parts, by_mark, marks, code, width)
    return Multiples(key, titles[key], scale, panels, tuple(map(period_text, marks)), rows)


def _has(summary: Summary, name: str, area: Area) -> bool:
    return any(each.name == name and area.ags in each.facts for each in summary.populations)


_Panels = tuple[tuple[Panel, ...], tuple[tuple[str, tuple[str, ...]], ...], str]


def _amount_panels(
    parts: Sequence[Area], by_mark: Sequence[dict[str, Point]], marks: Sequence[str], _code: str, width: int | None
) -> _Panels:
    numbers = [[found[mark].fact.total if mark in found else None for mark in marks] for found in by_mark]
    values = [[cell.value if cell else None for cell in cells] for cells in numbers]
    top = max((value for row in values for value in row if value is not None), default=0)
    panels, rows = [], []
    for place, (part, cells) in enumerate(zip(parts, numbers, strict=True)):
        texts = tuple(cell.text if cell else "–" for cell in cells)
        told = ", ".join(f"{period_text(mark)}: {text}" for mark, text in zip(marks, texts, strict=True))
        chart = charts.amount_panel(f"gebiet-{place}", part.name, told, values[place], top, width=width)
        panels.append(Panel(part.name, texts[-1] if texts else "–", chart, len(part.members)))
        rows.append((part.name, texts))
    return tuple(panels), tuple(rows), _("alle auf derselben Skala von 0 bis %(top)s", top=grouped(top))


def _rate_panels(
    parts: Sequence[Area], by_mark: Sequence[dict[str, Point]], marks: Sequence[str], code: str, width: int | None
) -> _Panels:
    panels, rows = [], []
    for place, (part, found) in enumerate(zip(parts, by_mark, strict=True)):
        rates = [_rate_at(found, mark, code) for mark in marks]
        texts = tuple(wording.short_rate(rate) for rate in rates)
        told = ", ".join(f"{period_text(mark)}: {text}" for mark, text in zip(marks, texts, strict=True))
        chart = charts.rate_panel(f"gebiet-{place}", part.name, told, rates, width=width)
        last = wording.percent_text(rates[-1].percent) if rates and rates[-1] else _("zu wenige")
        panels.append(Panel(part.name, last, chart, len(part.members)))
        rows.append((part.name, texts))
    return tuple(panels), tuple(rows), _("alle auf derselben Skala von 0 bis 100 %, mit Grenzen")


def _rate_at(found: dict[str, Point], mark: str, code: str) -> Rate | None:
    point = found.get(mark)
    return point.fact.outcomes[code].rate if point and code in point.fact.outcomes else None


def _mix(package: Package, last: Package | None) -> list[MixRow]:
    """Who the counselled people are: the classes of the first count of persons, one dimension at a time."""
    figures = _persons(package)
    if figures is None:
        return []
    old = _persons(last) if last else None
    found = []
    area = scope_of(package)
    names = [each.name for each in figures.published.lattice.catalogue.dimensions if not each.outcome]
    for place, name in enumerate(names):
        labels, now = class_labels(package, figures, name), _composition(package, figures, area, name)
        before = _composition(last, old, scope_of(last), name) if last and old else {}
        head = dimension_label(package, name)
        found += [
            MixRow(
                place, head, labels.get(code, code), wording.percent_text(share), wording.percent_text(before.get(code))
            )
            for code, share in now.items()
            if share or before.get(code)
        ]
    return found


def _persons(package: Package) -> Figures | None:
    counts = [each for each in package.figures if indicator_of(package, each).kind == "count"]
    return next((each for each in counts if indicator_of(package, each).unit == "person"), None)


def _composition(package: Package, figures: Figures, area: Area, name: str) -> dict[str, int | None]:
    reader = Reader(figures)
    known = {each.name for each in figures.published.lattice.catalogue.dimensions}
    if area.ags != package.scope or name not in known or not reader.has(area.level, (name,)):
        return {}
    whole = reader.cell(area).value
    parts = {code: reader.cell(area, {name: code}).value for code in reader.shown_classes(area.level, name)}
    return {code: None if part is None or whole is None else percentage(part, whole) for code, part in parts.items()}


def _deviations(package: Package, figures: Figures) -> list[str]:
    """The cells further away than the base allows, in words; each place once."""
    names = {area.ags: area.name for area in package.areas}
    title = indicator_of(package, figures).title_de
    return [
        f"{title} · {names[each.area]}{_classes(package, figures, each.grid, each)}: "
        + _("± höchstens %(number)s", number=each.at_most)
        for each in figures.published.deviations
        if each.area in names
    ]


def _classes(package: Package, figures: Figures, grid: Grid, found: Deviation) -> str:
    words = (
        class_labels(package, figures, name).get(code, code)
        for name, code in zip(grid.dimensions, found.classes, strict=True)
    )
    return "".join(f" · {word}" for word in words)
