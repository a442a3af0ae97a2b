"""The areas of a report: the one scope of an installation, its Kreise, their municipalities, and a place for everybody.

There is one report for an installation and never one of a carrier: two views of one truth could be subtracted
(docs/adr/0013). Which Kreise it has follows from the carriers' seats alone: no area appears because of a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.places.rules import Gazetteer
from caseapp.reporting.disclosure.geography import REST, Geography, Merged
from caseapp.reporting.rules.labels import LAND, LAND_NAME, scope_name
from caseapp.reporting.rules.package import Area

# The place of those whose municipality is unknown or lies outside; never shown by itself.
ELSEWHERE = "-elsewhere"
_DISTRICT_DIGITS = 5


class UnknownPlaceError(RuleError):
    """A municipality key that the shipped register does not have: merged, renamed, or never there."""

    def __init__(self, ags: str) -> None:
        super().__init__(
            _(
                "Die Gemeinde mit dem Schlüssel %(ags)s steht nicht im Gemeindeverzeichnis. Wurde sie umbenannt oder "
                "eingemeindet, aktualisieren Sie config/places/municipalities.csv; sonst berichtigen Sie den Wohnort "
                "in den Akten. Bis dahin entsteht kein Bericht.",
                ags=ags,
            )
        )
        self.ags = ags


class SeatMissingError(RuleError):
    """A carrier without a seat, or with one that the register does not have: nobody knows to which Kreis it belongs."""

    def __init__(self, carrier: str) -> None:
        super().__init__(
            _(
                "Beim Träger „%(carrier)s“ fehlt der Sitz oder er steht nicht im Gemeindeverzeichnis. Die "
                "Administration trägt ihn unter „Träger“ ein.",
                carrier=carrier,
            )
        )


@dataclass(frozen=True)
class Seat:
    """A carrier's name and the AGS of its seat (5 or 8 digits)."""

    carrier: str
    ags: str


def districts_of(seats: Iterable[Seat], gazetteer: Gazetteer) -> tuple[str, ...]:
    """The Kreise of these carriers, ordered. Raises SeatMissingError."""
    found = set()
    for seat in seats:
        district = seat.ags[:_DISTRICT_DIGITS]
        known = seat.ags in gazetteer.districts or seat.ags in gazetteer.municipalities
        if not known or district not in gazetteer.districts:
            raise SeatMissingError(seat.carrier)
        found.add(district)
    return tuple(sorted(found))


def scope_of_districts(districts: tuple[str, ...]) -> str:
    """The Kreis of an installation with one, else the Land."""
    return districts[0] if len(districts) == 1 else LAND


@dataclass(frozen=True)
class Ground:
    """The geography of one report before small municipalities are merged. `towns`: with municipalities (yearly)."""

    scope: str
    geography: Geography
    towns: bool
    _gazetteer: Gazetteer = field(repr=False)
    _place: Mapping[str, int] = field(repr=False)

    @classmethod
    def of(cls, districts: tuple[str, ...], gazetteer: Gazetteer, *, towns: bool) -> Ground:
        """The ground of a report over these Kreise. Without towns each Kreis is one place."""
        scope = scope_of_districts(districts)
        codes: list[str] = []
        parents: list[int] = []
        for index, district in enumerate(districts):
            own = sorted(ags for ags in gazetteer.municipalities if ags.startswith(district)) if towns else []
            codes += [*own, district + ELSEWHERE]
            parents += [index] * (len(own) + 1)
        geography = Geography(scope, districts, tuple(codes), tuple(parents))
        return cls(scope, geography, towns, gazetteer, {code: index for index, code in enumerate(codes)})

    def place(self, ags: str, home: str) -> int:
        """Where a person counts who lives in the municipality `ags` ("": unknown), counselled in the Kreis `home`.

        Who lives outside the report's Kreise, or nobody knows where, counts for the Kreis of the carrier. Raises
        UnknownPlaceError.
        """
        if ags and ags not in self._gazetteer.municipalities and ags not in self._gazetteer.districts:
            raise UnknownPlaceError(ags)
        found = self._place.get(ags)
        if found is not None:
            return found
        district = ags[:_DISTRICT_DIGITS]
        known = district + ELSEWHERE in self._place
        return self._place[(district if known else home) + ELSEWHERE]

    def is_elsewhere(self, ags: str) -> bool:
        """Whether somebody who lives there has no municipality of this report."""
        return ags not in self._gazetteer.municipalities or ags[:_DISTRICT_DIGITS] not in self.geography.districts

    def areas(self, merged: Merged | None) -> tuple[Area, ...]:
        """What the report shows: the Land, or the Kreis that is its own root; Kreise; municipalities where they are
        shown, the small ones of a Kreis together."""
        found = [Area(LAND, LAND_NAME, 0)] if self.scope == LAND else []
        above = LAND if self.scope == LAND else ""
        found += [Area(code, scope_name(code, self._gazetteer), 1, above) for code in self.geography.districts]
        if merged is not None:
            towns = merged.geography
            for code, parent in zip(towns.municipalities, towns.district_of, strict=True):
                found.append(self._town(code, towns.districts[parent], merged.members.get(code, ())))
        return tuple(found)

    def _town(self, code: str, district: str, members: tuple[str, ...]) -> Area:
        if code.endswith(REST):
            shown = tuple(each for each in members if not each.endswith(ELSEWHERE))
            return Area(code, _("Übrige Gemeinden"), 2, district, shown)
        return Area(code, self._gazetteer.municipalities[code].name, 2, district)
