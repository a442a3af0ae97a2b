"""What happened to a household: titles, stays, language, work, benefits as spells with a beginning and an end."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from msgspec import Struct, field

from caseapp.demo.rules.days import DAY, between, months_after
from caseapp.demo.rules.households import Household
from caseapp.demo.rules.people import Person
from caseapp.demo.rules.titles import draw_titles

_UKRAINE = dt.date(2022, 3, 1)


class Spell(Struct, frozen=True, kw_only=True):
    """One dated fact. `extra` are further fields of the fact by name; `ends_on` is the end as it was entered."""

    kind: str
    code: str
    from_on: dt.date
    ends_on: dt.date | None = None
    confirmed_on: dt.date | None = None
    extra: dict[str, Any] = field(default_factory=dict)


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
    au_since = max(au_since, frame.opened_on - dt.timedelta(days=rng.randint(0, 120)))
    confirmed = between(rng, max(frame.opened_on, end - dt.timedelta(days=230)), end - 5 * DAY)
    confirmed = confirmed if rng.random() < 0.7 else frame.opened_on
    stays = _stays(rng, household, streets, entered, au_since, end)
    titles = [
        Spell(kind="title", code=title.code, from_on=title.from_on, ends_on=title.ends_on, extra=title.extra)
        for title in draw_titles(rng, origin.path, entered, frame.opened_on, end, closed=frame.closed_on is not None)
    ]
    drawn = _Drawn(rng, household, entered, end)
    spells = tuple(
        tuple(_confirmed(spell, confirmed) for spell in (*titles, *stays, *drawn.of(person)))
        for person in household.members
    )
    return Course(entered_on=entered, au_since=au_since, spells=spells)


def _confirmed(spell: Spell, on: dt.date) -> Spell:
    return Spell(
        kind=spell.kind,
        code=spell.code,
        from_on=spell.from_on,
        ends_on=spell.ends_on,
        confirmed_on=max(on, spell.from_on),
        extra=spell.extra,
    )


def _stays(
    rng: Random,
    household: Household,
    streets: tuple[str, ...],
    entered: dt.date,
    au_since: dt.date,
    end: dt.date,
) -> list[Spell]:
    """From shared accommodation into municipal housing, for some into a flat of their own: the goal."""
    town = household.frame.town

    def stay(form: str, title: str, on: dt.date) -> Spell:
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
    moved = au_since + dt.timedelta(days=rng.randint(150, 1_000))
    if moved < end - 10 * DAY and rng.random() < 0.6:
        stays.append(stay("PRI", "MIV", moved))
    return stays


class _Drawn:
    """The spells that differ from person to person."""

    def __init__(self, rng: Random, household: Household, entered: dt.date, end: dt.date) -> None:
        self._rng, self._household, self._entered, self._end = rng, household, entered, end
        self._opened = household.frame.opened_on
        self._children = sum(person.age(end) < 18 for person in household.members)

    def of(self, person: Person) -> list[Spell]:
        if person.age(self._end) < 16:
            return self._schooling(person)
        working_on, work = self._work(person)
        return [*self._levels(person), *work, *self._benefits(person, working_on)]

    def _schooling(self, person: Person) -> list[Spell]:
        """Most children find their place within half a year; for some nobody has asked yet."""
        rng, age = self._rng, person.age(self._end)
        begins = max(self._opened, months_after(self._entered, 4))
        school = [Spell(kind="work", code="SCH", from_on=begins)] if age >= 6 else []
        if age < 3 or begins >= self._end or rng.random() < 0.08:
            return school
        if age < 6:
            waits = Spell(kind="school", code="KEI", from_on=begins)
            place = begins + dt.timedelta(days=rng.randint(60, 300))
            found = Spell(kind="school", code="KIT", from_on=place, extra={"school": "Kindergarten Regenbogen"})
            return [waits, found] if place < self._end else [waits]
        first = Spell(kind="school", code="VKL", from_on=begins, extra={"support": "SSA"})
        moved = begins + dt.timedelta(days=rng.randint(300, 600))
        later = Spell(kind="school", code="GYM" if age >= 11 and rng.random() < 0.15 else "REG", from_on=moved)
        return [*school, first, later] if moved < self._end else [*school, first]

    def _levels(self, person: Person) -> list[Spell]:
        """German rises with the courses; the highest levels come with a certificate."""
        rng = self._rng
        slow = person.literacy == "NIC" or person.age(self._end) > 55
        on, spells = self._opened, []
        levels = ("KEI", "A1", "A2", "B1", "B2", "C1")
        start = 0 if (self._opened - self._entered).days < 300 or slow else rng.randint(0, 2)
        for level in levels[start : 3 if slow else 6]:
            if on >= self._end:
                break
            evidence = "SEL" if on == self._opened else ("ZER" if level in {"B1", "B2", "C1"} else "KUR")
            extra: dict[str, Any] = {"evidence": evidence}
            if evidence == "ZER":
                extra |= {"certificate": "DTZ" if level == "B1" else "TEL", "certified_on": on}
            spells.append(Spell(kind="language", code=level, from_on=on, extra=extra))
            on += dt.timedelta(days=rng.randint(170, 420) * (2 if slow else 1))
        return spells

    def _work(self, person: Person) -> tuple[dt.date | None, list[Spell]]:
        """The spells of work, and since when somebody works for a living."""
        rng, age = self._rng, person.age(self._end)
        if age >= 66:
            return None, [Spell(kind="work", code="REN", from_on=self._opened)]
        if age < 18:
            return None, [Spell(kind="work", code="SCH", from_on=self._opened)]
        carer = person.sex == "W" and self._children > 1 and rng.random() < 0.5
        first = "ELZ" if carer else rng.choice(("ARS", "KUR", "KUR"))
        begins = self._opened + dt.timedelta(days=rng.randint(200, 1_100) + 200 * carer)
        if begins >= self._end - 5 * DAY:
            return None, [Spell(kind="work", code=first, from_on=self._opened)]
        kind = "AUB" if age < 26 and rng.random() < 0.4 else rng.choice(("VZ", "VZ", "TZ", "TZ", "MJ"))
        hours = {"VZ": 39, "TZ": rng.choice((20, 25, 30)), "MJ": 10}.get(kind)
        before = Spell(kind="work", code=first, from_on=self._opened, ends_on=begins - DAY)
        job = Spell(kind="work", code=kind, from_on=begins, extra={"hours": hours} if hours else {})
        return (begins if kind in {"VZ", "AUB"} else None), [before, job]

    def _benefits(self, person: Person, working_on: dt.date | None) -> list[Spell]:
        path, since = self._household.origin.path, max(self._entered, self._opened - dt.timedelta(days=300))
        kind = "A2" if path in {"tolerated", "mixed"} and since > months_after(self._entered, 18) else "A3"
        kind = "SGB2" if path not in {"tolerated", "mixed"} else kind
        kind = "SGB12" if person.age(self._end) >= 66 else kind
        ends = working_on if working_on and self._rng.random() < 0.75 else None
        office = "Jobcenter" if kind == "SGB2" else "Sozialamt"
        spells = [Spell(kind="benefit", code=kind, from_on=since, ends_on=ends, extra={"office": office})]
        if self._children and person.relation == "BEZ":
            spells.append(Spell(kind="benefit", code="KIG", from_on=self._opened, extra={"office": "Familienkasse"}))
        return spells
