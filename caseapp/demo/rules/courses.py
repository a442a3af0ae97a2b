"""What happened to a household: titles, stays, and the lives of its members, up to the last look at the file."""

from __future__ import annotations

import datetime as dt
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from caseapp.demo.rules.days import DAY, between
from caseapp.demo.rules.households import Household
from caseapp.demo.rules.lives import Lives, Spell
from caseapp.demo.rules.titles import draw_titles
from caseapp.places.rules import Municipality

_UKRAINE = dt.date(2022, 3, 1)
_NEGLECTED = 0.08  # files at which nobody has looked for long


class Course(Struct, frozen=True, kw_only=True):
    """The household's way: arrival in Germany, in municipal housing (AU) since, the spells of each member."""

    entered_on: dt.date
    au_since: dt.date | None
    spells: tuple[tuple[Spell, ...], ...]


def draw_course(rng: Random, household: Household, streets: tuple[str, ...], today: dt.date) -> Course:
    """Everything dated of a household, up to today or the day of closing."""
    frame, origin = household.frame, household.origin
    end = frame.closed_on or today
    displaced = origin.path == "displaced"
    entered = frame.opened_on - dt.timedelta(days=rng.randint(20, 400) if displaced else rng.randint(200, 1_300))
    entered = max(entered, _UKRAINE) if displaced else entered
    au_since = min(frame.opened_on, entered + dt.timedelta(days=rng.randint(15, 700)))
    au_since = max(au_since, frame.opened_on - dt.timedelta(days=min(int(rng.expovariate(1 / 38)), 180)))
    looked = between(rng, max(frame.opened_on, end - dt.timedelta(days=160)), end - 5 * DAY)
    looked = looked if rng.random() > _NEGLECTED else between(rng, frame.opened_on, looked)
    stays = _stays(rng, household, streets, entered, au_since, end)
    titles = [
        Spell(kind="title", code=title.code, from_on=title.from_on, ends_on=title.ends_on, extra=title.extra)
        for title in draw_titles(rng, origin.path, entered, frame.opened_on, end, closed=frame.closed_on is not None)
    ]
    lives = Lives(rng, household, entered, end)
    spells = tuple(
        tuple(replace(spell, confirmed_on=max(looked, spell.from_on)) for spell in (*titles, *stays, *lives.of(person)))
        for person in household.members
    )
    return Course(entered_on=entered, au_since=au_since, spells=spells)


def _stays(
    rng: Random,
    household: Household,
    streets: tuple[str, ...],
    entered: dt.date,
    au_since: dt.date,
    end: dt.date,
) -> list[Spell]:
    """From shared accommodation into municipal housing, for some into a flat of their own: the goal."""
    moved = au_since + dt.timedelta(days=rng.randint(120, 1_000))
    moves = moved < end - 10 * DAY and rng.random() < 0.65
    before = household.frame.came_from if moves else household.frame.town

    def stay(form: str, title: str, on: dt.date, town: Municipality = before) -> Spell:
        address = {
            "legal_title": title,
            "street": f"{rng.choice(streets)} {rng.randint(1, 68)}",
            "postcode": rng.choice(town.postcodes or ("",)),
            "place": town.name,
            "ags": town.ags,
        }
        return Spell(kind="stay", code=form, from_on=on, extra=address)

    private_first = household.origin.path == "displaced" and rng.random() < 0.4
    first = stay("PRB", "UMV", entered) if private_first else stay(rng.choice(("GU", "GU", "VUW")), "ZUW", entered)
    stays = [first] if entered < au_since else []
    stays.append(stay(rng.choice(("AUW", "AUW", "AUS")), "EIW", au_since))
    if moves:
        stays.append(stay("PRI", "MIV", moved, household.frame.town))
    return stays
