"""Reads `known_answers.txt`: courses of cases in words that a statistician checks without knowing Python."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import msgspec

from caseapp.indicators.rules import Observation, classes_of, evaluate, prepare
from caseapp.tallies import lines
from caseapp.tallies.courses import Course, Office, sort_in
from caseapp.tallies.periods import Period
from tests.factories.courses import CARRIER, context_for, day, moment

# Words that name the value behind them.
_NAMED = {
    "von", "bis", "bestätigt", "geboren", "Land", "Gemeinde", "AU", "erfasst", "Dauer", "in", "bei", "Erlaubnis",
    "gedruckt", "Prüfung", "dann", "seit", "nach", "Antwort", "am", "vom", "unterschrieben", "abgelehnt", "an",
    "gesendet", "angenommen", "erledigt", "zurückgezogen", "keine-antwort",
}  # fmt: skip
_STEPS = {
    "gesendet": "sent",
    "angenommen": "accepted",
    "erledigt": "done",
    "abgelehnt": "declined",
    "zurückgezogen": "withdrawn",
    "keine-antwort": "no_answer",
}


@dataclass
class Expected:
    """What a report must say: for a code, or one class of it, the values of all units, sorted."""

    period: Period
    code: str
    asked: str
    values: list[str]


@dataclass
class Known:
    """One case with its courses."""

    title: str
    courses: list[Course] = field(default_factory=list)
    office: Office = field(default_factory=lambda: Office(CARRIER))
    snapshots: dict[str, dt.datetime] = field(default_factory=dict)
    partners: dict[UUID, str] = field(default_factory=dict)
    expected: list[Expected] = field(default_factory=list)

    def answers(self, expected: Expected) -> list[str]:
        """What the evaluation says."""
        context = context_for(expected.period, snapshots=self.snapshots, partner_kinds=self.partners)
        found = evaluate(expected.code, self.courses, [self.office], expected.period, context)
        return sorted(_value(self, expected, each) for each in found)


def read_known(path: Path) -> list[Known]:
    """All cases of a file, in their order."""
    found: list[Known] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = raw.partition("#")[0].strip()
        if text.startswith("Fall:"):
            found.append(Known(text.removeprefix("Fall:").strip()))
        elif text:
            try:
                _read_row(found[-1], text)
            except (KeyError, IndexError, ValueError, AssertionError) as error:
                raise ValueError(f"{path.name}, Zeile {number}: {text}") from error
    return found


def _value(known: Known, expected: Expected, found: Observation) -> str:
    if expected.asked in ("ags", "amount"):
        return str(getattr(found, expected.asked))
    if not expected.asked:
        return found.classes.get("outcome", "1")
    if expected.asked in found.classes:
        return found.classes[expected.asked] or '""'
    # A class that no table of the indicator shows, asked of the person directly.
    cases = prepare(known.courses, context_for(expected.period))
    case = next(case for case in cases.cases if case.course.key == found.person)
    return classes_of(case, (expected.asked,), expected.period.last, cases, expected.period)[expected.asked]


def _row(text: str) -> tuple[str, list[str], dict[str, str]]:
    word, *rest = text.split()
    free: list[str] = []
    named: dict[str, str] = {}
    while rest:
        token = rest.pop(0)
        if token in _NAMED and rest:
            named[token] = rest.pop(0)
        else:
            free.append(token)
    return word, free, named


def _read_row(known: Known, text: str) -> None:
    if text.startswith("erwartet"):
        _expect(known, text)
        return
    word, free, named = _row(text)
    match word:
        case "freigegeben":
            known.snapshots[free[0]] = moment(day(named["am"]))
        case "Person":
            _add_person(known, free, named)
        case "Kurzberatung":
            known.office.advice.append(
                lines.AdviceLine(
                    on_day=day(free[0]),
                    kind=free[1],
                    topic=free[2],
                    age_band=free[3],
                    ags="08117001",
                    recorded_at=moment(day(free[0])),
                )
            )
        case _:
            if not known.courses:
                _add_person(known, [], {})
            _add_line(known, known.courses[-1], word, free, named)


def _expect(known: Known, text: str) -> None:
    found = re.fullmatch(r"erwartet (\S+) (\w+)(?:\[(\w+)\])? = (.+)", text)
    assert found
    values = [] if found[4] == "-" else sorted(found[4].split())
    known.expected.append(Expected(Period.parse(found[1]), found[2], found[3] or "", values))


def _add_person(known: Known, free: list[str], named: dict[str, str]) -> None:
    made = Course(_number(f"{known.title} {len(known.courses)}"), CARRIER)
    if free[-2:] != ["ohne", "Akte"]:
        made.person = lines.PersonLine(
            sex=next((token for token in free[1:] if token in "WMDON"), "W"),
            born_on=day(named.get("geboren", "01.01.1990")),
            nationality=named.get("Land", "475"),
            ags=named.get("Gemeinde", "08117001"),
            opened_on=dt.date(2020, 1, 1),
            au_since=_day(named, "AU"),
        )
    known.courses.append(made)


def _add_line(known: Known, course: Course, word: str, free: list[str], named: dict[str, str]) -> None:
    if word == "Akte":
        assert course.person is not None
        closed = _day(named, "bis")
        course.person = _replace(
            course.person, opened_on=day(named["von"]), closed_on=closed, closing_reason=free[0] if closed else ""
        )
    elif word == "Vermittlung":
        _add_referral(known, course, free, named)
    else:
        sort_in(course, _line(word, free, named))


def _line(word: str, free: list[str], named: dict[str, str]) -> lines.AnyLine:
    span: dict[str, Any] = {
        "from_on": _day(named, "von"),
        "until_on": _day(named, "bis"),
        "confirmed_on": _day(named, "bestätigt"),
    }
    return _MAKERS[word](free, named, span)


def _household(free: list[str], named: dict[str, str], span: dict[str, Any]) -> lines.AnyLine:
    del span["confirmed_on"]
    return lines.HouseholdLine(household=_mark(free[0]), anchor="Bezugsperson" in free, **span)


def _talk(free: list[str], named: dict[str, str], span: dict[str, Any]) -> lines.AnyLine:
    on = day(free[0])
    codes = [token for token in free[1:] if token != "importiert"]
    return lines.ContactLine(
        on_day=on,
        kind=codes[0] if codes else "BUE",
        topics=tuple(codes[1:]) or ("WOH",),
        minutes=int(named.get("Dauer", 30)),
        recorded_at=moment(_day(named, "erfasst") or on),
        imported="importiert" in free,
    )


def _presence(free: list[str], named: dict[str, str], span: dict[str, Any]) -> lines.AnyLine:
    on = day(free[0])
    recorded_at = moment(_day(named, "erfasst") or on)
    return lines.PresenceLine(on_day=on, kind=free[1] if free[1:] else "BUE", recorded_at=recorded_at)


def _title(free: list[str], named: dict[str, str], span: dict[str, Any]) -> lines.AnyLine:
    printed = _day(named, "gedruckt") or span["until_on"]
    return lines.TitleLine(code=free[0], work_permission=named.get("Erlaubnis", ""), ends_on=printed, **span)


def _stay(free: list[str], named: dict[str, str], span: dict[str, Any]) -> lines.AnyLine:
    return lines.StayLine(form=free[0], legal_title=free[1] if free[1:] else "", ags=named.get("in", ""), **span)


def _work(free: list[str], named: dict[str, str], span: dict[str, Any]) -> lines.AnyLine:
    return lines.WorkLine(kind=free[0], employer=_mark(named["bei"]) if "bei" in named else b"", **span)


def _benefit(free: list[str], named: dict[str, str], span: dict[str, Any]) -> lines.AnyLine:
    return lines.BenefitLine(kind=free[0], **span)


def _language(free: list[str], named: dict[str, str], span: dict[str, Any]) -> lines.AnyLine:
    return lines.LanguageLine(level=free[0], evidence=free[1], certified_on=_day(named, "Prüfung"), **span)


def _school(free: list[str], named: dict[str, str], span: dict[str, Any]) -> lines.AnyLine:
    return lines.SchoolLine(stage=free[0], **span)


def _goal(free: list[str], named: dict[str, str], span: dict[str, Any]) -> lines.AnyLine:
    return lines.GoalLine(
        goal=_mark(free[0]),
        area=free[1],
        state=free[2] if free[2:] else "LAU",
        opened_on=span["from_on"],
        closed_on=span["until_on"],
        successor=_mark(named["dann"]) if "dann" in named else b"",
    )


def _review(free: list[str], named: dict[str, str], span: dict[str, Any]) -> lines.AnyLine:
    return lines.ReviewLine(goal=_mark(free[0]), on_day=day(free[1]))


def _followup(free: list[str], named: dict[str, str], span: dict[str, Any]) -> lines.AnyLine:
    return lines.FollowupLine(
        goal=_mark(free[0]),
        after_days=int(named["nach"]),
        since_on=day(named["seit"]),
        answer=named["Antwort"],
        answered_on=day(named["am"]),
    )


def _agreement(free: list[str], named: dict[str, str], span: dict[str, Any]) -> lines.AnyLine:
    decided = _day(named, "unterschrieben") or _day(named, "abgelehnt")
    decision = "signed" if "unterschrieben" in named else "declined" if decided else ""
    state = "withdrawn" if "zurückgezogen" in free else decision or "presented"
    return lines.AgreementLine(
        number=int(free[0]), state=state, made_on=day(named["vom"]), decision=decision, decided_on=decided
    )


_MAKERS = {
    "Haushalt": _household,
    "Gespräch": _talk,
    "Dabei": _presence,
    "Titel": _title,
    "Wohnen": _stay,
    "Arbeit": _work,
    "Leistung": _benefit,
    "Deutsch": _language,
    "Schule": _school,
    "Ziel": _goal,
    "Auswertung": _review,
    "Nachfrage": _followup,
    "Vereinbarung": _agreement,
}


def _add_referral(known: Known, course: Course, free: list[str], named: dict[str, str]) -> None:
    partner = uuid5(CARRIER, named["an"])
    known.partners[partner] = named["an"]
    mark = _mark(free[0])
    sort_in(course, lines.ReferralLine(referral=mark, kind="referral", way=free[1], state="", partner_id=partner))
    for word, state in _STEPS.items():
        if word in named:
            sort_in(course, lines.ReferralStepLine(referral=mark, state=state, on_day=day(named[word])))


def _replace(person: lines.PersonLine, **changes: Any) -> lines.PersonLine:
    return msgspec.structs.replace(person, **changes)


def _day(named: dict[str, str], word: str) -> dt.date | None:
    return day(named[word]) if word in named else None


def _mark(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=8).digest()


def _number(name: str) -> int:
    return int.from_bytes(_mark(name), "big")
