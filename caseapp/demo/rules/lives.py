"""What happened to one person: school, German, work and benefits as spells with a beginning and an end."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from msgspec import Struct, field

from caseapp.demo.rules.days import DAY, months_after
from caseapp.demo.rules.households import Household
from caseapp.demo.rules.people import Person

_LEVELS = ("KEI", "A1", "A2", "B1", "B2", "C1")
_SCHOOL_AGE, _WORKING_AGE, _PENSION_AGE = 6, 18, 66
_NOT_ASKED = 0.05
_EMPLOYERS = (
    "Bäckerei am Markt",
    "Schreinerei Holzwerk",
    "Pflegeheim Lindenhof",
    "Gasthaus Krone",
    "Logistikzentrum Süd",
    "Gebäudereinigung Blank",
    "Elektro Sommer",
    "Obsthof Maier",
    "Metallbau Kern",
    "Supermarkt am Bahnhof",
    "Kfz-Werkstatt Roth",
    "Klinikum",
)


class Spell(Struct, frozen=True, kw_only=True):
    """One dated fact. `extra` are further fields of the fact by name; `ends_on` is the end as it was entered."""

    kind: str
    code: str
    from_on: dt.date
    ends_on: dt.date | None = None
    confirmed_on: dt.date | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def covers(self, day: dt.date) -> bool:
        """Whether the fact holds on this day, as far as no later one took its place."""
        return self.from_on <= day and (self.ends_on is None or day <= self.ends_on)


class Lives:
    """Draws the spells that differ from person to person, the anchor first: the children live on their benefits."""

    def __init__(self, rng: Random, household: Household, entered: dt.date, end: dt.date) -> None:
        self._rng, self._household, self._entered, self._end = rng, household, entered, end
        self._opened = household.frame.opened_on
        self._children = sum(person.age(end) < 18 for person in household.members)
        self._shared: Spell | None = None

    def of(self, person: Person) -> list[Spell]:
        """All spells of one member."""
        schooling = self._schooling(person) if person.age(self._opened) < 16 else []
        if person.age(self._end) < 16:
            return [*schooling, *self._child_benefits()]
        working_on, work = self._work(person)
        benefits = self._benefits(person, working_on)
        self._shared = self._shared or benefits[0]
        levels = self._levels(person)
        # Of a few nobody has asked everything yet.
        asked = [spells for spells in (levels, benefits) if self._rng.random() > _NOT_ASKED]
        return [*schooling, *work, *(spell for spells in asked for spell in spells)]

    def _schooling(self, person: Person) -> list[Spell]:
        """Kita and school by age. Most find a place within half a year; for a few nobody has asked yet."""
        rng, end = self._rng, self._end
        begins = max(self._opened, months_after(self._entered, 4))
        third, school_on = months_after(person.born, 36), _school_day(person.born)
        spells: list[Spell] = []
        if person.age(end) < 16 and max(begins, school_on) < end:
            spells.append(Spell(kind="work", code="SCH", from_on=max(begins, school_on)))
        if begins >= end or third >= end or rng.random() < _NOT_ASKED:
            return spells
        kita_on = max(begins, third)
        if kita_on < school_on:
            place = kita_on + dt.timedelta(days=rng.choice((1, 30, 60, 120, 240, 900)))
            spells.append(Spell(kind="school", code="KEI", from_on=kita_on))
            if place < min(school_on, end):
                extra = {"school": "Kindergarten Regenbogen"}
                spells.append(Spell(kind="school", code="KIT", from_on=place, extra=extra))
        return [*spells, *self._classes(person, max(begins, school_on), own=kita_on < school_on)]

    def _classes(self, person: Person, on: dt.date, *, own: bool) -> list[Spell]:
        """School from this day on. `own`: the child was in Germany before and goes straight to its class."""
        rng = self._rng
        spells: list[Spell] = []
        if on >= self._end:
            return []
        if not own and rng.random() < 0.2:
            spells.append(Spell(kind="school", code="KEI", from_on=on))
            on += dt.timedelta(days=rng.randint(60, 330))
        stages = ["REG"] if own else ["VKL", "GYM" if person.age(on) >= 11 and rng.random() < 0.15 else "REG"]
        for stage in stages:
            if on < self._end:
                extra = {"support": "SSA"} if stage == "VKL" else {}
                spells.append(Spell(kind="school", code=stage, from_on=on, extra=extra))
            on += dt.timedelta(days=rng.randint(300, 600))
        return spells

    def _levels(self, person: Person) -> list[Spell]:
        """German rises with the courses, for some not further; half of the advanced have a certificate."""
        rng = self._rng
        slow = person.literacy == "NIC" or person.age(self._end) > 55
        on = self._opened
        spells: list[Spell] = []
        start = 0 if (self._opened - self._entered).days < 300 or slow else rng.randint(0, 3)
        for level in _LEVELS[start : 3 if slow else 6]:
            if on >= self._end or (spells and rng.random() < 0.13):
                break
            certified = level != "KEI" and rng.random() < (0.5 if not spells else 0.8 if level != "A1" else 0.4)
            extra: dict[str, Any] = {"evidence": "ZER" if certified else "KUR" if spells else "SEL"}
            if certified:
                passed = on if spells else on - dt.timedelta(days=rng.randint(15, 150))
                extra |= {"certificate": "DTZ" if level in {"A2", "B1"} else "TEL", "certified_on": passed}
            spells.append(Spell(kind="language", code=level, from_on=on, extra=extra))
            on += dt.timedelta(days=rng.randint(150, 420) * (2 if slow else 1))
        return spells

    def _work(self, person: Person) -> tuple[dt.date | None, list[Spell]]:
        """The spells of work, and since when somebody works for a living."""
        rng, age = self._rng, person.age(self._end)
        if age >= _PENSION_AGE:
            return None, [Spell(kind="work", code="REN", from_on=self._opened)]
        if age < _WORKING_AGE:
            return None, [Spell(kind="work", code="SCH", from_on=self._opened)]
        carer = person.sex == "W" and self._children > 1 and rng.random() < 0.5
        first = "ELZ" if carer else rng.choice(("ARS", "KUR", "KUR"))
        begins = self._opened + dt.timedelta(days=rng.randint(90, 1_000) + 200 * carer)
        if begins >= self._end - 5 * DAY:
            return None, self._looking(first, age)
        kind = "AUB" if age < 26 and rng.random() < 0.4 else rng.choice(("VZ", "VZ", "TZ", "TZ", "MJ"))
        before = Spell(kind="work", code=first, from_on=self._opened, ends_on=begins - DAY)
        jobs = self._jobs(kind, begins)
        lives_on_it = kind in {"VZ", "AUB"} and jobs[-1].code == kind
        return (begins if lives_on_it else None), [before, *jobs]

    def _looking(self, code: str, age: int) -> list[Spell]:
        """No work yet; for a few a subsidised beginning."""
        begins = self._opened + dt.timedelta(days=self._rng.randint(60, 400))
        if begins >= self._end or self._rng.random() > 0.09:
            return [Spell(kind="work", code=code, from_on=self._opened)]
        subsidised = "EQ" if age < 26 else "AGH"
        return [
            Spell(kind="work", code=code, from_on=self._opened, ends_on=begins - DAY),
            Spell(kind="work", code=subsidised, from_on=begins, ends_on=begins + 180 * DAY),
            Spell(kind="work", code="ARS", from_on=begins + 181 * DAY),
        ][: 3 if begins + 181 * DAY < self._end else 2]

    def _jobs(self, kind: str, begins: dt.date) -> list[Spell]:
        """The first job, and for some what came after it: another employer, or looking again."""
        rng = self._rng
        hours = {"VZ": 39, "TZ": rng.choice((20, 25, 30)), "MJ": 10}.get(kind)
        extra: dict[str, Any] = {"hours": hours} if hours else {}
        here, there = rng.sample(_EMPLOYERS, 2)
        ends = begins + dt.timedelta(days=rng.randint(40, 420))
        if ends >= self._end or rng.random() > 0.42:
            return [Spell(kind="work", code=kind, from_on=begins, extra=extra | {"employer": here})]
        job = Spell(kind="work", code=kind, from_on=begins, ends_on=ends, extra=extra | {"employer": here})
        again = ends + dt.timedelta(days=rng.randint(1, 60))
        if rng.random() < 0.5 and again < self._end:
            return [job, Spell(kind="work", code=kind, from_on=again, extra=extra | {"employer": there})]
        return [job, Spell(kind="work", code="ARS", from_on=ends + DAY)]

    def _benefits(self, person: Person, working_on: dt.date | None) -> list[Spell]:
        path, since = self._household.origin.path, max(self._entered, self._opened - dt.timedelta(days=300))
        kind = "A2" if path in {"tolerated", "mixed"} and since > months_after(self._entered, 18) else "A3"
        kind = "SGB2" if path not in {"tolerated", "mixed"} else kind
        kind = "SGB12" if person.age(self._end) >= _PENSION_AGE else kind
        ends = working_on if working_on and self._rng.random() < 0.85 else None
        office = "Jobcenter" if kind == "SGB2" else "Sozialamt"
        spells = [Spell(kind="benefit", code=kind, from_on=since, ends_on=ends, extra={"office": office})]
        if self._children and person.relation == "BEZ":
            spells.append(Spell(kind="benefit", code="KIG", from_on=self._opened, extra={"office": "Familienkasse"}))
        return spells

    def _child_benefits(self) -> list[Spell]:
        """Those of the anchor; for a few children nobody has entered them."""
        return [self._shared] if self._shared is not None and self._rng.random() > _NOT_ASKED else []


def _school_day(born: dt.date) -> dt.date:
    """The day on which school begins: in September after the sixth birthday, until June of that year."""
    return dt.date(born.year + _SCHOOL_AGE + (born.month > 6), 9, 15)
