"""Which volunteers fit a wish, and why. Pure.

Reasons are what was asked for: language, skills, place, times. Origin, name and age play no part, and nobody is left
out for a missing reason: who fits in more of them stands higher, and the page says in which.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

_DAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_PARTS = ("vormittag", "nachmittag", "abend", "wochenende")
_SHORT = {"mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5, "so": 6}
_WORD = re.compile(r"[a-zäöüß]+")


class Obstacle(enum.StrEnum):
    """Why somebody cannot be asked for this wish yet."""

    SECRECY = "secrecy"  # the declaration of secrecy is missing
    CERTIFICATE = "certificate"  # nobody has looked at the Führungszeugnis, and children are concerned
    OTHER_PLACE = "place"  # only in other places


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is wanted. Empty: it does not matter."""

    languages: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    ags: str = ""
    times: str = ""
    with_children: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What a volunteer offers. No areas: everywhere in the district."""

    partner_id: UUID
    name: str
    languages: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    times: str = ""
    secrecy_on: dt.date | None = None
    certificate_seen_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How a volunteer fits: the codes that fit, whether the place does, which times both name. Declined once: when."""

    offered: Offered
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    place: bool
    times: tuple[str, ...]
    obstacles: tuple[Obstacle, ...]
    declined_on: dt.date | None

    @property
    def reasons(self) -> int:
        """In how many things the volunteer fits."""
        return len(self.languages) + len(self.skills) + self.place + bool(self.times)

    @property
    def may_be_asked(self) -> bool:
        """Whether nothing stands against asking."""
        return not self.obstacles and self.declined_on is None


def match_all(wanted: Wanted, offers: Iterable[Offered], declined: dict[UUID, dt.date]) -> list[Match]:
    """All volunteers: those who may be asked first, the best reasons first, then by name."""
    found = [match(wanted, offered, declined.get(offered.partner_id)) for offered in offers]
    return sorted(
        found,
        key=lambda each: (
            not each.may_be_asked,
            -each.reasons,
            each.offered.name.casefold(),
            each.offered.partner_id.bytes,
        ),
    )


def match(wanted: Wanted, offered: Offered, declined_on: dt.date | None = None) -> Match:
    """How one volunteer fits."""
    place = bool(wanted.ags) and (not offered.areas or wanted.ags in offered.areas)
    both = times_named(wanted.times) & times_named(offered.times)
    obstacles = []
    if offered.secrecy_on is None:
        obstacles.append(Obstacle.SECRECY)
    if wanted.with_children and offered.certificate_seen_on is None:
        obstacles.append(Obstacle.CERTIFICATE)
    if wanted.ags and not place:
        obstacles.append(Obstacle.OTHER_PLACE)
    return Match(
        offered,
        languages=tuple(sorted(wanted.languages & offered.languages)),
        skills=tuple(sorted(wanted.skills & offered.skills)),
        place=place,
        times=tuple(each for each in (*_DAYS, *_PARTS) if each in both),
        obstacles=tuple(obstacles),
        declined_on=declined_on,
    )


def times_named(text: str) -> frozenset[str]:
    """The weekdays and times of day that a text names: "Mi nachmittags" -> mittwoch, nachmittag."""
    found = set()
    for word in _WORD.findall(text.casefold()):
        if word in _SHORT:
            found.add(_DAYS[_SHORT[word]])
        found.update(each for each in (*_DAYS, *_PARTS) if word.startswith(each) or word.endswith(each))
    return frozenset(found)
