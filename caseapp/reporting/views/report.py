"""The report of a release: what a ministry understands in a minute, and below it every published number."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.reporting import queries
from caseapp.reporting.models import Report as ReportRow
from caseapp.reporting.rules import tables
from caseapp.reporting.rules.package import Area
from caseapp.reporting.rules.report import Report, multiples
from caseapp.reporting.rules.tables import Choice, Sheet
from caseapp.reporting.views import shelf
from caseapp.reporting.views.area import area
from caseapp.security.permissions import Permission

_DOWN, _UP = "ab", "auf"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader chose, from the address; unknown values count as not chosen."""

    picture: str
    table: str
    place: str
    sort: str
    descending: bool

    @classmethod
    def asked(cls) -> Wish:
        """The choice of this request."""
        given = request.args
        return cls(
            given.get("bild", ""),
            given.get("tabelle", ""),
            given.get("gebiet", ""),
            given.get("sortierung", ""),
            given.get("richtung") == _DOWN,
        )


@area.page("/berichte/<uuid:release_id>", permission=Permission.REPORT_READ)
def show(release_id: UUID) -> ResponseReturnValue:
    """Headlines, outcomes over time, the areas, one table, and beside them method, data quality and proof."""
    release, wish = queries.get_release(release_id), Wish.asked()
    found = shelf.opened(release, queries.list_releases())
    return render_template(
        "reporting/report.html",
        release=release,
        report=found,
        package=found.package,
        proof=release.proof,
        notes=queries.list_notes(release.id),
        files={each.kind: each for each in queries.list_files(release.id)},
        picture=multiples(found, wish.picture),
        wish=wish,
        **_table(release, found, wish),
    )


def _table(release: ReportRow, found: Report, wish: Wish) -> dict[str, object]:
    """The chosen table with the choices around it."""
    offered = tables.choices(found.package)
    choice = next((each for each in offered if each.key == wish.table), offered[0])
    places = tables.areas_of(found.package, choice)
    place = next((each for each in places if each.ags == wish.place), places[0])
    sheet = tables.sheet(found.package, choice, place, sort=wish.sort, descending=wish.descending)
    areas = [(each.ags, each.name) for each in places]
    return {
        "choices": [each.pair for each in offered],
        "places": areas,
        "sheet": sheet,
        "heads": _heads(release, wish, choice, place, sheet),
    }


def _heads(release: ReportRow, wish: Wish, choice: Choice, place: Area, sheet: Sheet) -> list[dict[str, object]]:
    """The heads of the columns as links that sort by them; a second click turns the order round."""
    columns = [(tables.NAME, sheet.head, False), *((each.code, each.label, True) for each in sheet.columns)]
    if sheet.rate_title:
        columns.append((tables.RATE, sheet.rate_title, True))
    return [
        {
            "label": label,
            "number": number,
            "sort": ("descending" if sheet.descending else "ascending") if sheet.sort == code else "",
            "href": url_for(
                "reporting.show",
                release_id=release.id,
                bild=wish.picture or None,
                tabelle=choice.key,
                gebiet=place.ags,
                sortierung=code,
                richtung=_next(code, sheet, number=number),
                _anchor="tabelle",
            ),
        }
        for code, label, number in columns
    ]


def _next(code: str, sheet: Sheet, *, number: bool) -> str:
    """The largest numbers first, names from A; then the other way round."""
    if sheet.sort != code:
        return _DOWN if number else _UP
    return _UP if sheet.descending else _DOWN
