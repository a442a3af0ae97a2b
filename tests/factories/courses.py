"""Courses of cases for tests and benches: by hand, one line at a time, or many invented ones."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from uuid import UUID

from caseapp.catalogue import queries as catalogue
from caseapp.indicators import queries
from caseapp.indicators.rules import Context, make_context
from caseapp.tallies.courses import Course, Office, sort_in
from caseapp.tallies.lines import (
    AdviceLine,
    AgreementLine,
    AnyLine,
    BenefitLine,
    ContactLine,
    GoalLine,
    HouseholdLine,
    LanguageLine,
    PersonLine,
    PresenceLine,
    ReferralLine,
    ReferralStepLine,
    ReviewLine,
    SchoolLine,
    StayLine,
    TitleLine,
    WorkLine,
)
from caseapp.tallies.periods import Period

CARRIER = UUID(int=1)
_DAY = dt.timedelta(days=1)
_KINDS = ("BUE", "BUE", "BUE", "HAU", "TEL", "TEL", "MAI", "NVE", "DRI")
_TOPICS = ("WOH", "ARB", "SPR", "GES", "EXI", "AUF", "KIN", "FOR", "SUL")
_NATIONS = ("475", "475", "166", "166", "423", "423", "438", "163", "237", "232", "224", "273", "122", "999")


def day(text: str) -> dt.date:
    """A day written as people write it here: 31.12.2025."""
    return dt.datetime.strptime(text, "%d.%m.%Y").date()  # noqa: DTZ007 - a day, no moment


def moment(on: dt.date) -> dt.datetime:
    """Noon of a day, UTC: when something of that day was typed in."""
    return dt.datetime.combine(on, dt.time(12), dt.UTC)


def context_for(
    period: Period,
    *,
    as_of: dt.datetime | None = None,
    snapshots: Mapping[str, dt.datetime] | None = None,
    partner_kinds: Mapping[UUID, str] | None = None,
) -> Context:
    """The shipped definitions and rules for a period, without a database; counted 20 days after its end by default."""
    return make_context(
        period=period,
        as_of=as_of or moment(period.last + 20 * _DAY),
        definitions=queries.definitions(),
        mapping=queries.mapping(),
        catalogue=catalogue.catalogue(),
        counting=queries.counting(),
        title_rules=catalogue.title_rules(),
        snapshots=snapshots or {},
        partner_kinds=partner_kinds or {},
    )


def course(key: int, *lines: AnyLine, organisation_id: UUID = CARRIER) -> Course:
    """A course from its lines."""
    made = Course(key, organisation_id)
    for line in lines:
        sort_in(made, line)
    return made


def talk(
    on: dt.date, kind: str = "BUE", *topics: str, recorded: dt.datetime | None = None, minutes: int = 30
) -> ContactLine:
    """A contact, typed in on its day unless told otherwise."""
    return ContactLine(
        on_day=on, kind=kind, topics=topics or ("WOH",), minutes=minutes, recorded_at=recorded or moment(on)
    )


def invent(
    count: int, *, last: dt.date, seed: int = 1, municipalities: Sequence[str] = ("08117001", "08117012", "08435057")
) -> tuple[list[Course], list[Office]]:
    """So many invented courses (about ten contacts each) over three years up to `last`, and what one office did without
    files. The same arguments give the same courses."""
    dice = random.Random(seed)  # noqa: S311 - invented people must be reproducible
    return [_invented(dice, number, last, municipalities) for number in range(count)], [_office(dice, count, last)]


def _invented(dice: random.Random, number: int, last: dt.date, municipalities: Sequence[str]) -> Course:
    opened = last - dice.randrange(1_200) * _DAY
    closed = opened + dice.randrange(90, 900) * _DAY if dice.random() < 0.4 else None
    closed = closed if closed and closed <= last else None
    born = last - dice.randrange(365, 70 * 365) * _DAY
    grown = (last - born).days > 16 * 365
    ags = dice.choice(municipalities)
    made = course(
        dice.getrandbits(64),
        PersonLine(
            sex=dice.choice("WWWWMMMMDN"),
            born_on=born,
            nationality=dice.choice(_NATIONS),
            ags=ags,
            opened_on=opened,
            closed_on=closed,
            closing_reason=dice.choice(("ZIE", "REG", "SEL", "WGK", "KON", "AUS")) if closed else "",
            au_since=opened - dice.randrange(40) * _DAY,
        ),
        HouseholdLine(household=(number // 3).to_bytes(8, "big"), anchor=number % 3 == 0),
    )
    for line in [*_talks(dice, opened, closed or last), *_facts(dice, opened, last, ags, grown)]:
        sort_in(made, line)
    for line in _work_with(dice, number, opened, last):
        sort_in(made, line)
    return made


def _talks(dice: random.Random, opened: dt.date, last: dt.date) -> list[AnyLine]:
    span = max(1, (last - opened).days)
    found: list[AnyLine] = [
        talk(opened + dice.randrange(span) * _DAY, dice.choice(_KINDS), dice.choice(_TOPICS))
        for _each in range(dice.randrange(4, 16))
    ]
    on = opened + dice.randrange(span) * _DAY
    return [*found, PresenceLine(on_day=on, kind="BUE", recorded_at=moment(on))]


def _facts(dice: random.Random, opened: dt.date, last: dt.date, ags: str, grown: bool) -> list[AnyLine]:
    confirmed = last - dice.randrange(250) * _DAY
    moved = opened + dice.randrange(60, 700) * _DAY
    first = StayLine(form="AUS", legal_title="EIW", ags=ags, from_on=opened - 50 * _DAY, confirmed_on=confirmed)
    stays = [first]
    if moved < last and dice.random() < 0.5:
        stays = [
            StayLine(form="AUS", legal_title="EIW", ags=ags, from_on=opened - 50 * _DAY, until_on=moved - _DAY),
            StayLine(form="PRI", legal_title="MIV", ags=ags, from_on=moved, confirmed_on=confirmed),
        ]
    end = opened + dice.randrange(100, 1_300) * _DAY
    title = TitleLine(
        code=dice.choice(("P24", "P25_2F", "P25_2S", "AGE", "D60A", "P25B")),
        work_permission="FRE",
        from_on=opened - 100 * _DAY,
        until_on=end,
        ends_on=end,
        confirmed_on=confirmed,
    )
    found: list[AnyLine] = [*stays, title, BenefitLine(kind="SGB2", from_on=opened - 50 * _DAY, confirmed_on=confirmed)]
    if not grown:
        return [*found, SchoolLine(stage="REG", from_on=opened, confirmed_on=confirmed)]
    begun = opened + dice.randrange(30, 900) * _DAY
    found.append(WorkLine(kind="ARS", from_on=opened - 50 * _DAY, until_on=begun - _DAY, confirmed_on=confirmed))
    if begun < last and dice.random() < 0.5:
        found.append(WorkLine(kind="VZ", employer=dice.randbytes(8), from_on=begun, confirmed_on=confirmed))
    evidence = dice.choice(("ZER", "SEL", "KUR"))
    found.append(LanguageLine(level="A2", evidence=evidence, from_on=opened - 30 * _DAY, confirmed_on=confirmed))
    if begun < last and dice.random() < 0.4:
        found.append(LanguageLine(level="B1", evidence=evidence, from_on=begun, confirmed_on=confirmed))
    return found


def _work_with(dice: random.Random, number: int, opened: dt.date, last: dt.date) -> list[AnyLine]:
    goal, sent = dice.randbytes(8), dice.randbytes(8)
    began = min(last, opened + dice.randrange(60) * _DAY)
    reached = began + dice.randrange(60, 500) * _DAY
    done = reached <= last
    found: list[AnyLine] = [
        GoalLine(
            goal=goal,
            area="WOH",
            state=dice.choice(("ERR", "TEI", "NER")) if done else "LAU",
            opened_on=began,
            closed_on=reached if done else None,
        ),
        AgreementLine(number=1, state="signed", made_on=began, decision="signed", decided_on=began),
        ReviewLine(goal=goal, on_day=min(last, began + 200 * _DAY)),
    ]
    if number % 2:
        return found
    return [
        *found,
        ReferralLine(referral=sent, kind="referral", way="sent", state="done"),
        ReferralStepLine(referral=sent, state="sent", on_day=began),
        ReferralStepLine(referral=sent, state="accepted", on_day=began + dice.randrange(60) * _DAY),
    ]


def _office(dice: random.Random, count: int, last: dt.date) -> Office:
    made = Office(CARRIER)
    for _each in range(count // 10):
        on = last - dice.randrange(365) * _DAY
        at = moment(on) + dt.timedelta(microseconds=dice.randrange(1_000_000))
        made.advice.append(AdviceLine(on_day=on, kind="TEL", topic="FOR", age_band="A27", recorded_at=at))
    return made
