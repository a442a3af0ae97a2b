"""Contacts and tasks of a household: who was talked with, when, about what, and what is to be done next."""

from __future__ import annotations

import datetime as dt
from random import Random

from msgspec import Struct

from caseapp.demo.rules.days import DAY, between, working
from caseapp.demo.rules.households import Household
from caseapp.demo.rules.people import Person
from caseapp.demo.rules.vocabulary import Vocabulary

CONTACTS_A_FILE = 10
_KINDS = ("BUE", "TEL", "HAU", "UNT", "BEG", "MSG", "MAI", "DRI", "NVE", "VID", "BRF")
_KIND_WEIGHTS = (40, 20, 9, 5, 6, 6, 4, 6, 3, 1, 1)
_MINUTES: dict[str, tuple[int, ...]] = {
    "BUE": (20, 30, 30, 30, 45, 45, 60),
    "TEL": (5, 10, 10, 15, 20),
    "HAU": (45, 60, 60, 75, 90),
    "UNT": (20, 30, 45),
    "BEG": (60, 90, 120, 150),
    "MSG": (5, 5, 10),
    "MAI": (5, 10, 15),
    "DRI": (10, 15, 20),
    "NVE": (5, 10, 15),
    "VID": (20, 30),
    "BRF": (10, 15),
}
_WEIGHTED_TOPICS = (
    "AUF:13 PAS:3 FAM:5 KIN:7 SCH:6 AUS:4 ANE:2 SPR:12 ARB:11 WOH:13 EXI:17 SUL:4 GES:6 PSY:2 TEI:3 EHR:1 MOB:2 FOR:12 "
    "KON:1 EIN:2 KRV:5 REC:2 DIG:2 ALL:2 SON:2"
)
_TOPICS = tuple(part.split(":")[0] for part in _WEIGHTED_TOPICS.split())
_TOPIC_WEIGHTS = tuple(int(part.split(":")[1]) for part in _WEIGHTED_TOPICS.split())
_ONLY_FAMILIES = frozenset({"KIN", "SCH", "FAM"})
_TOGETHER = frozenset({"BUE", "HAU", "UNT", "BEG"})
_MEAN_DAYS = 505.0  # the mean length of a file in this demo
_NO_INTERPRETER = frozenset({"MSG", "MAI", "DRI", "NVE", "BRF"})


class Talk(Struct, frozen=True, kw_only=True):
    """One contact. `member` and `present` are places in the household; `started_at` is HH:MM or ""."""

    member: int
    present: tuple[int, ...]
    on: dt.date
    kind: str
    minutes: int
    topics: tuple[str, ...]
    note: str
    interpreter: str
    started_at: str


class Step(Struct, frozen=True, kw_only=True):
    """One task of the office for a member of the household."""

    member: int
    title: str
    due_on: dt.date
    made_on: dt.date
    done_on: dt.date | None = None
    deadline: bool = False


def draw_talks(rng: Random, words: Vocabulary, household: Household, today: dt.date) -> list[Talk]:
    """All contacts of the household by day: about ten a file in the mean, more the longer it is open."""
    frame = household.frame
    end = frame.closed_on or today
    if frame.waiting:
        return []
    length = max(1, (end - frame.opened_on).days)
    number = max(1, round(CONTACTS_A_FILE * frame.size * (0.12 + 0.89 * length / _MEAN_DAYS) * rng.uniform(0.75, 1.25)))
    last = end - dt.timedelta(days=min(int(rng.expovariate(1 / 17)), 120, length))
    days = [frame.opened_on, *(between(rng, frame.opened_on, last) for _talk in range(number - 2)), last]
    partners = _partners(household, today)
    return [
        _talk(rng, words, household, partners, max(frame.opened_on, working(day)), first=not place)
        for place, day in enumerate(sorted(days[:number]))
    ]


def _partners(household: Household, today: dt.date) -> tuple[list[int], list[int]]:
    """Whom the office talks with, as places with weights: the anchor most, children rarely."""
    weights = []
    for place, person in enumerate(household.members):
        age = person.age(today)
        weights.append(12 if place == 0 else 7 if age >= 18 else 3 if age >= 14 else 1)
    return list(range(len(weights))), weights


def _talk(
    rng: Random,
    words: Vocabulary,
    household: Household,
    partners: tuple[list[int], list[int]],
    on: dt.date,
    *,
    first: bool,
) -> Talk:
    kind = "BUE" if first else rng.choices(_KINDS, _KIND_WEIGHTS)[0]
    places, weights = partners
    member = rng.choices(places, weights)[0]
    person = household.members[member]
    topics = _topics(rng, len(places) > 1)
    present: tuple[int, ...] = ()
    if kind in _TOGETHER and len(places) > 1 and rng.random() < 0.4:
        present = tuple(place for place in places if place != member and rng.random() < 0.5)
    spoken = kind not in _NO_INTERPRETER
    return Talk(
        member=member,
        present=present,
        on=on,
        kind=kind,
        minutes=45 if first else rng.choice(_MINUTES[kind]),
        topics=() if kind == "NVE" else topics,
        note=_note(rng, words, person, kind, topics, first=first),
        interpreter=rng.choices(("KEI", "ANG", "EHR", "POO", "TVD"), (70, 10, 6, 7, 7))[0] if spoken else "",
        started_at=f"{rng.randint(8, 16):02d}:{rng.choice((0, 15, 30, 45)):02d}" if spoken and on.weekday() < 5 else "",
    )


def _topics(rng: Random, family: bool) -> tuple[str, ...]:  # noqa: FBT001  a fact of the household
    number = rng.choices((1, 2, 3), (60, 32, 8))[0]
    drawn = dict.fromkeys(rng.choices(_TOPICS, _TOPIC_WEIGHTS, k=number))
    kept = tuple(topic for topic in drawn if family or topic not in _ONLY_FAMILIES)
    return kept or ("FOR",)


def _note(rng: Random, words: Vocabulary, person: Person, kind: str, topics: tuple[str, ...], *, first: bool) -> str:
    if first:
        return "Erstgespräch. Angebot des Integrationsmanagements und Datenschutzhinweise erklärt."
    if kind in {"NVE", "DRI"}:
        return rng.choice(words.notes[kind])
    if rng.random() < 0.12:
        return ""
    sentences = [rng.choice(words.notes.get(topic, ("",))) for topic in topics[: rng.randint(1, 2)]]
    who = "Die Klientin" if person.sex == "W" else "Der Klient"
    return " ".join(filter(None, sentences)).replace("{Wer}", who)


def draw_steps(
    rng: Random, words: Vocabulary, household: Household, title_ends: dt.date | None, today: dt.date
) -> list[Step]:
    """Tasks done, open and overdue, and the deadline before the title ends."""
    frame = household.frame
    adults = [place for place, person in enumerate(household.members) if person.age(today) >= 18] or [0]
    end = frame.closed_on or today
    steps = [_done(rng, words, adults, frame.opened_on, end) for _step in range(rng.randint(0, 2 + frame.size // 2))]
    if frame.closed_on or frame.waiting:
        return steps
    number = rng.choices((0, 1, 2, 3), (38, 40, 17, 5))[0]
    steps += [_open(rng, words, adults, frame.opened_on, today) for _step in range(number)]
    if title_ends and today <= title_ends <= today + 75 * DAY:
        made = max(frame.opened_on, today - 30 * DAY)
        title = "Verlängerung des Aufenthaltstitels beantragen"
        due = max(today - 2 * DAY, title_ends - 21 * DAY)
        steps.append(Step(member=adults[0], title=title, due_on=working(due), made_on=made, deadline=True))
    return steps


def _title(rng: Random, words: Vocabulary) -> str:
    topic = rng.choices(_TOPICS, _TOPIC_WEIGHTS)[0]
    return rng.choice(words.tasks.get(topic, words.tasks["FOR"]))


def _done(rng: Random, words: Vocabulary, adults: list[int], opened: dt.date, end: dt.date) -> Step:
    made = working(between(rng, opened, end))
    due = working(made + dt.timedelta(days=rng.choice((7, 14, 14, 28))))
    done = working(min(end, made + dt.timedelta(days=rng.randint(1, 25))))
    return Step(member=rng.choice(adults), title=_title(rng, words), due_on=due, made_on=made, done_on=max(made, done))


def _open(rng: Random, words: Vocabulary, adults: list[int], opened: dt.date, today: dt.date) -> Step:
    ahead = rng.choices((rng.randint(-18, -1), 0, rng.randint(1, 10), rng.randint(11, 60)), (18, 7, 40, 35))[0]
    due = working(today + ahead * DAY) if ahead else today
    made = max(opened, min(due, today) - dt.timedelta(days=rng.choice((5, 7, 14, 21))))
    return Step(member=rng.choice(adults), title=_title(rng, words), due_on=max(due, opened), made_on=made)
