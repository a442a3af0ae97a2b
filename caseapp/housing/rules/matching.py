"""Which dwelling suits a household, with the reason for every yes and every no. Pure.

The residence obligation comes first (§ 12a AufenthG): a lease at the wrong place costs the benefits. A rent above the
limit is never passed over: it is a no that says by how much.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from caseapp.i18n import gettext as _
from caseapp.i18n import ngettext
from caseapp.web.parsing import money_text


class Weight(enum.StrEnum):
    """What a finding means: it speaks for the dwelling, it is open or to be looked at, it speaks against it."""

    YES = "yes"
    OPEN = "open"
    NO = "no"


class Point(enum.StrEnum):
    """What was looked at, in the order in which it counts."""

    OBLIGATION = "obligation"
    PERSONS = "persons"
    RENT = "rent"
    TOWN = "town"
    ROOMS = "rooms"
    ACCESS = "access"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `text` is a sentence for the page; `help` says what can be done about a no."""

    point: Point
    weight: Weight
    text: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A dwelling as the match sees it. `gross_cold` in cents with operating costs, without heating."""

    dwelling_id: UUID
    ags: str
    town: str
    gross_cold: int
    persons_min: int
    persons_max: int | None
    half_rooms: int | None
    barrier_free: bool
    available_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Limit:
    """What the rent may be, in cents, and who says so."""

    cents: int
    source: str


@dataclass(frozen=True, slots=True)
class Home:
    """Somebody of the household: whether a residence obligation holds, and where the person lives (AGS, "" unknown).

    `obliged` None: no title is entered, or the file cannot be read.
    """

    obliged: bool | None
    ags: str
    town: str


@dataclass(frozen=True, slots=True)
class Household:
    """Who looks for a flat. `limits` are those of the day for so many persons, by AGS."""

    homes: tuple[Home, ...]
    towns: frozenset[str] = frozenset()
    rooms: int | None = None
    barrier_free: bool = False
    move_in_on: dt.date | None = None

    @property
    def persons(self) -> int:
        """How many live together."""
        return len(self.homes)


@dataclass(frozen=True, slots=True)
class Match:
    """A dwelling with everything that was looked at."""

    offer: Offer
    findings: tuple[Finding, ...]

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against it."""
        return all(finding.weight is not Weight.NO for finding in self.findings)

    @property
    def blocked(self) -> bool:
        """Whether the residence obligation forbids it: nobody applies for it before that is settled."""
        return any(each.point is Point.OBLIGATION and each.weight is Weight.NO for each in self.findings)


def match(household: Household, offer: Offer, limit: Limit | None) -> Match:
    """What speaks for and against one dwelling."""
    return Match(
        offer,
        (
            _obligation(household, offer),
            _persons(household, offer),
            _rent(offer, limit, household.persons),
            *_wishes(household, offer),
        ),
    )


def in_order(matches: Iterable[Match]) -> list[Match]:
    """Those that fit first, the blocked ones last, the cheaper ones before the dearer ones."""
    return sorted(
        matches,
        key=lambda each: (each.blocked, not each.fits, _noes(each), each.offer.gross_cold, each.offer.dwelling_id),
    )


def _noes(found: Match) -> int:
    return sum(finding.weight is Weight.NO for finding in found.findings)


def _obligation(household: Household, offer: Offer) -> Finding:
    bound = [home for home in household.homes if home.obliged]
    if not bound:
        if any(home.obliged is None for home in household.homes):
            text = _("Wohnsitzauflage nicht bekannt: Nicht für alle ist ein Titel eingetragen oder einsehbar.")
            return Finding(Point.OBLIGATION, Weight.OPEN, text)
        return Finding(Point.OBLIGATION, Weight.YES, _("Keine Wohnsitzauflage eingetragen."))
    elsewhere = sorted({home.town or home.ags for home in bound if home.ags and home.ags != offer.ags})
    if elsewhere and offer.ags:
        return Finding(
            Point.OBLIGATION,
            Weight.NO,
            _(
                "Wohnsitzauflage (§ 12a AufenthG) für %(obliged)s: Diese Wohnung liegt in %(town)s.",
                obliged=", ".join(elsewhere),
                town=offer.town or offer.ags,
            ),
            _(
                "Unterschreiben Sie nichts. Beantragen Sie zuerst bei der Ausländerbehörde, die Auflage zu ändern oder "
                "aufzuheben (§ 12a Abs. 5 AufenthG, zum Beispiel wegen Arbeit, Ausbildung oder Familie). Prüfen Sie im "
                "Titel, ob die Auflage für die Gemeinde oder den ganzen Kreis gilt."
            ),
        )
    if not offer.ags or any(not home.ags for home in bound):
        text = _("Wohnsitzauflage eingetragen, aber der Ort ist nicht bekannt. Prüfen Sie den Titel.")
        return Finding(Point.OBLIGATION, Weight.OPEN, text)
    return Finding(Point.OBLIGATION, Weight.YES, _("Liegt im Ort der Wohnsitzauflage."))


def _persons(household: Household, offer: Offer) -> Finding:
    people = ngettext("%(num)s Person", "%(num)s Personen", household.persons)
    if offer.persons_max is not None and household.persons > offer.persons_max:
        text = _("Für höchstens %(most)s gedacht, gesucht wird für %(people)s.", most=offer.persons_max, people=people)
        return Finding(Point.PERSONS, Weight.NO, text)
    if household.persons < offer.persons_min:
        text = _("Erst ab %(least)s Personen, gesucht wird für %(people)s.", least=offer.persons_min, people=people)
        return Finding(Point.PERSONS, Weight.NO, text)
    return Finding(Point.PERSONS, Weight.YES, _("Für %(people)s geeignet.", people=people))


def _rent(offer: Offer, limit: Limit | None, persons: int) -> Finding:
    if limit is None:
        return Finding(Point.RENT, Weight.OPEN, _("Für diesen Ort ist keine Mietobergrenze hinterlegt."))
    values = {
        "rent": money_text(offer.gross_cold),
        "limit": money_text(limit.cents),
        "people": ngettext("%(num)s Person", "%(num)s Personen", persons),
        "source": limit.source,
    }
    if offer.gross_cold <= limit.cents:
        text = _("%(rent)s liegt in der Mietobergrenze von %(limit)s für %(people)s (%(source)s).", **values)
        return Finding(Point.RENT, Weight.YES, text)
    over = money_text(offer.gross_cold - limit.cents)
    return Finding(
        Point.RENT,
        Weight.NO,
        _(
            "%(rent)s liegt um %(over)s über der Mietobergrenze von %(limit)s für %(people)s (%(source)s).",
            over=over,
            **values,
        ),
        _("Im Einzelfall kann das Amt trotzdem zustimmen. Fragen Sie vor der Unterschrift nach der Zusicherung."),
    )


def _wishes(household: Household, offer: Offer) -> list[Finding]:
    found = []
    if household.towns:
        there = offer.ags in household.towns
        text = _("Liegt im gewünschten Ort.") if there else _("Liegt nicht in einem gewünschten Ort.")
        found.append(Finding(Point.TOWN, Weight.YES if there else Weight.NO, text))
    if household.rooms:
        found.append(_rooms(household.rooms, offer.half_rooms))
    if household.barrier_free:
        text = _("Barrierefrei.") if offer.barrier_free else _("Nicht als barrierefrei angeboten.")
        found.append(Finding(Point.ACCESS, Weight.YES if offer.barrier_free else Weight.NO, text))
    if household.move_in_on and offer.available_on:
        late = offer.available_on > household.move_in_on
        day = f"{offer.available_on:%d.%m.%Y}"
        text = _("Erst ab %(day)s frei.", day=day) if late else _("Frei ab %(day)s.", day=day)
        found.append(Finding(Point.DAY, Weight.OPEN if late else Weight.YES, text))
    return found


def _rooms(wanted: int, half_rooms: int | None) -> Finding:
    if half_rooms is None:
        return Finding(Point.ROOMS, Weight.OPEN, _("Zahl der Zimmer nicht bekannt."))
    enough = half_rooms >= 2 * wanted
    text = _("Genug Zimmer.") if enough else _("Weniger Zimmer als gewünscht.")
    return Finding(Point.ROOMS, Weight.YES if enough else Weight.NO, text)
