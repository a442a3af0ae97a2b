"""The report on paper: the figures, pictures and words of the page as tagged PDF, number and digest on every page."""

from __future__ import annotations

from collections.abc import Sequence

from caseapp.documents import render
from caseapp.reporting import queries
from caseapp.reporting.rules import tables
from caseapp.reporting.rules.package import Area, Package, Released
from caseapp.reporting.rules.report import Multiples, Report, multiples, report
from caseapp.reporting.rules.series import comparable, summarise
from caseapp.reporting.rules.tables import Sheet

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
        sheets=_sheets(package),
    )


def _pictures(found: Report) -> list[Multiples]:
    """One picture of all areas for a count, one for a rate: the first that is offered of each."""
    chosen: list[str] = []
    for rated in (False, True):
        chosen += [key for key, _label in found.offered if ("." in key) is rated][:1]
    made = (multiples(found, key, width=_PANEL) for key in chosen[:_MOST_PICTURES])
    return [each for each in made if each is not None and len(each.panels) <= _MOST_AREAS]


def _sheets(package: Package) -> list[Sheet]:
    """For each population the table that says most about the scope, its own line and columns only."""
    found: dict[int, Sheet] = {}
    for choice in tables.choices(package):
        if choice.by_area and choice.place not in found:
            areas = tables.areas_of(package, choice)
            found[choice.place] = tables.sheet(package, choice, areas[0])
    return [sheet for place, sheet in sorted(found.items()) if _fits(sheet.area, sheet.rows)]


def _fits(_area: Area, rows: Sequence[object]) -> bool:
    return len(rows) <= _MOST_AREAS
