"""The report of a release: what a ministry understands in a minute, and below it every published number."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from flask import get_template_attribute, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from caseapp.reporting import queries
from caseapp.reporting.models import Report as ReportRow
from caseapp.reporting.rules import tables
from caseapp.reporting.rules.report import Report, multiples
from caseapp.reporting.rules.tables import Sheet
from caseapp.reporting.views import shelf
from caseapp.reporting.views.area import area
from caseapp.reporting.views.shelf import Part
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

    @property
    def choice(self) -> tuple[str, ...]:
        """All of it as texts."""
        return (self.picture, self.table, self.place, self.sort, str(self.descending))

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
    releases, wish = queries.list_releases(), Wish.asked()
    release = queries.get_release(release_id)  # one of them: no further statement
    found = shelf.opened(release, releases)
    parts = {
        "top": shelf.parts.get(("top", *found.digests), lambda: Part(_said("cards", found.cards))),
        "outcomes": shelf.parts.get(("outcomes", *found.digests), lambda: Part(_said("outcomes", found))),
        "mix": shelf.parts.get(("mix", *found.digests), lambda: Part(_said("mix", found))),
        "beside": shelf.parts.get(("beside", *found.digests), lambda: Part(_said("beside", found))),
        "areas": shelf.parts.get(("areas", *found.digests, wish.picture), lambda: _areas(found, wish)),
        "sheet": shelf.parts.get(
            ("sheet", str(release.id), *found.digests, *wish.choice), lambda: _sheet(release, found, wish)
        ),
    }
    return render_template(
        "reporting/report.html",
        release=release,
        report=found,
        package=found.package,
        proof=release.proof,
        notes=queries.list_notes(release.id),
        parts=parts,
        wish=wish,
    )


def _said(macro: str, *values: object) -> Markup:
    """A part of the page, written once: the macro of `reporting/parts.html` with these values."""
    return Markup(get_template_attribute("reporting/parts.html", macro)(*values))  # noqa: S704 - from an escaping template


def _areas(found: Report, wish: Wish) -> Part:
    """All areas below the scope in one picture; nothing where there are none."""
    picture = multiples(found, wish.picture)
    if picture is None:
        return Part(Markup())
    return Part(_said("multiples", picture), {"picture": picture.key})


def _sheet(release: ReportRow, found: Report, wish: Wish) -> Part:
    """The chosen table; the first one, of the whole scope, for a choice that does not exist."""
    offered = tables.choices(found.package)
    choice = next((each for each in offered if each.key == wish.table), offered[0])
    places = tables.areas_of(found.package, choice)
    place = next((each for each in places if each.ags == wish.place), places[0])
    sheet = tables.sheet(found.package, choice, place, sort=wish.sort, descending=wish.descending)
    return Part(
        _said("sheet", sheet, _heads(release, wish, sheet)),
        {"table": choice.key, "place": place.ags},
        [
            (name, [(each.key, each.short) for each in group])
            for name, group in groupby(offered, lambda each: each.group)
        ],
        [(each.ags, each.name) for each in places],
    )


def _heads(release: ReportRow, wish: Wish, sheet: Sheet) -> list[dict[str, object]]:
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
                tabelle=sheet.choice.key,
                gebiet=sheet.area.ags,
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
