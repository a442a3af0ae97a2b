"""The report on paper: the figures, pictures and words of the page as tagged PDF, number and digest on every page."""

from __future__ import annotations

from caseapp.documents import render
from caseapp.reporting import queries
from caseapp.reporting.rules import tables
from caseapp.reporting.rules.cells import parts_of, scope_of
from caseapp.reporting.rules.headlines import Headline, headlines
from caseapp.reporting.rules.package import Package, Released
from caseapp.reporting.rules.report import Multiples, Report, multiples, report
from caseapp.reporting.rules.series import comparable, summarise

_COURSE, _PANEL = 268, 112  # widths of the pictures in CSS pixels, on a line of 165 mm
_MOST_PICTURES = 2
_MOST_AREAS = 60  # more municipalities than this stand in the files only


def make(released: Released) -> bytes:
    """The PDF of a release, compared with those before it. Needs a running unit."""
    earlier = {
        each.digest: queries.package_of(each)
        for each in queries.list_releases()
        if each.scope == released.package.scope and each.digest != released.digest
    }
    return paper(released, earlier)


def paper(released: Released, earlier: dict[str, Package]) -> bytes:
    """The PDF of a release; `earlier` are other released packages of its scope, by digest."""
    package = released.package
    summaries = [summarise(each, digest) for digest, each in earlier.items()]
    before = comparable(summaries, package.period)
    last = earlier[before[-1].digest] if before else None
    found = report(package, released.digest, summaries, last, width=_COURSE)
    return render(
        "report",
        carrier=package.scope_name,
        released=released,
        package=package,
        report=found,
        pictures=_pictures(found),
        overview=_overview(found),
        splits=_splits(package),
    )


def _pictures(found: Report) -> list[Multiples]:
    """One picture of all areas for a count, one for a rate: the first that is offered of each."""
    chosen: list[str] = []
    for rated in (False, True):
        chosen += [key for key, _label in found.offered if ("." in key) is rated][:1]
    made = (multiples(found, key, width=_PANEL) for key in chosen[:_MOST_PICTURES])
    return [each for each in made if each is not None and len(each.panels) <= _MOST_AREAS]


def _overview(found: Report) -> list[tuple[str, list[str]]]:
    """Each area with the headline figures: the number, and the share where there is one."""
    scope = scope_of(found.package)
    columns = [headlines(found.summary, (), area.ags) for area in (scope, *parts_of(found.package, scope))]
    names = [each.name for each in columns[0]]
    rows = []
    for area, figures in zip((scope, *parts_of(found.package, scope)), columns, strict=True):
        by_name = {each.name: each for each in figures}
        rows.append((area.name, [_said(by_name.get(name)) for name in names]))
    return rows[: _MOST_AREAS + 1]


def _said(figure: Headline | None) -> str:
    if figure is None:
        return "–"
    return figure.number.text if figure.rate is None else f"{figure.number.text} · {figure.rate.percent} %"


def _splits(package: Package) -> list[tuple[str, list[tuple[str, str]]]]:
    """For the scope, each population by one dimension: the table's name, then class and number. Nobody, no table."""
    scope, found = scope_of(package), []
    for choice in tables.choices(package):
        if len(choice.dimensions) == 1:
            sheet = tables.sheet(package, choice, scope)
            if sheet.rows[0].cells[tables.TOTAL].value == 0:
                continue
            labels = [column.label for column in sheet.columns]
            found.append((choice.label, list(zip(labels, sheet.rows[0].shown, strict=False))))
    return found
