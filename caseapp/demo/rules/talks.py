"""Contacts of a household: who was talked with, when and about what."""

from __future__ import annotations

import datetime as dt
from random import Random

from msgspec import Struct

from caseapp.demo.rules.days import between, working
from caseapp.demo.rules.households import Household
from caseapp.demo.rules.vocabulary import Vocabulary

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
TOPICS = tuple(part.split(":")[0] for part in _WEIGHTED_TOPICS.split())
TOPIC_WEIGHTS = tuple(int(part.split(":")[1]) for part in _WEIGHTED_TOPICS.split())
_ONLY_FAMILIES = frozenset({"KIN", "SCH", "FAM"})
_OF_CHILDREN = ("SCH", "SCH", "KIN", "SPR", "TEI", "GES", "AUS", "FOR")
# How often members of a family are there as well, in percent each.
_TOGETHER = {"BUE": 25, "HAU": 70, "UNT": 60, "BEG": 30}
_MEAN_DAYS = 505.0  # the mean length of a file in this demo
_FIRST_NOTE = "Erstgespräch. Angebot des Integrationsmanagements und Datenschutzhinweise erklärt."
_INTERPRETERS = ("KEI", "ANG", "EHR", "POO", "TVD")
_NO_INTERPRETER = frozenset({"MSG", "MAI", "DRI", "NVE", "BRF"})


class Talk(Struct, frozen=True, kw_only=True):
    """One contact. `member` and `present` are places in the household; `started_at` is HH:MM or "".

    `written_at`: when it was entered on that day, in minutes after midnight.
    """

    member: int
    present: tuple[int, ...]
    on: dt.date
    kind: str
    minutes: int
    topics: tuple[str, ...]
    note: str
    interpreter: str
    started_at: str
    written_at: int


def draw_talks(rng: Random, words: Vocabulary, household: Household, today: dt.date, *, a_file: int) -> list[Talk]:
    """All contacts of the household by day: about so many a file in the mean, more the longer it is open."""
    frame = household.frame
    end = frame.closed_on or today
    if frame.waiting:
        return []
    length = max(1, (end - frame.opened_on).days)
    number = max(1, round(a_file * frame.size * (0.12 + 0.89 * length / _MEAN_DAYS) * rng.uniform(0.75, 1.25)))
    last = end - dt.timedelta(days=min(int(rng.expovariate(1 / 17)), 120, length))
    days = _days(rng, frame.opened_on, last, number)
    talker = _Talker(rng, words, household, today)
    return [talker.talk(day, first=place == 0, latest=place == number - 1) for place, day in enumerate(days)]


def _days(rng: Random, first: dt.date, last: dt.date, number: int) -> list[dt.date]:
    """So many days from the first to the last, in order; rarely two contacts on one of them."""
    drawn = [first, working(last)]
    taken = set(drawn)
    while len(drawn) < number:
        day = working(between(rng, first, last))
        if day in taken:
            day = working(between(rng, first, last))
        taken.add(day)
        drawn.append(day)
    return sorted(max(first, day) for day in drawn[:number])


class _Talker:
    """Draws the contacts of one household; the same sentence rarely comes twice."""

    def __init__(self, rng: Random, words: Vocabulary, household: Household, today: dt.date) -> None:
        self._rng, self._words, self._people = rng, words, household.members
        self._places = list(range(len(self._people)))
        self._ages = [person.age(today) for person in self._people]
        # The office talks with the anchor most, with children rarely.
        self._weights = [
            12 if place == 0 else 7 if age >= 18 else 3 if age >= 14 else 1 for place, age in enumerate(self._ages)
        ]
        self._said: set[str] = set()

    def talk(self, on: dt.date, *, first: bool, latest: bool) -> Talk:
        """One contact on this day."""
        rng = self._rng
        kind = "BUE" if first else "HAU" if latest and len(self._places) > 3 else rng.choices(_KINDS, _KIND_WEIGHTS)[0]
        member = 0 if first or latest else rng.choices(self._places, self._weights)[0]
        topics = self._topics(member)
        spoken = kind not in _NO_INTERPRETER
        minutes = 45 if first else rng.choice(_MINUTES[kind])
        begun = 15 * rng.randint(33, 63)  # 8:15 to 15:45
        return Talk(
            member=member,
            present=self._present(kind, member, everybody=first or latest),
            on=on,
            kind=kind,
            minutes=minutes,
            topics=() if kind == "NVE" else topics,
            note=_FIRST_NOTE if first else self._note(member, kind, topics),
            interpreter=rng.choices(_INTERPRETERS, (70, 10, 6, 7, 7))[0] if spoken else "",
            started_at=f"{begun // 60:02d}:{begun % 60:02d}" if spoken else "",
            written_at=begun + minutes + rng.randint(1, 25),
        )

    def _present(self, kind: str, member: int, *, everybody: bool) -> tuple[int, ...]:
        percent = _TOGETHER.get(kind, 0)
        if not percent:
            return ()
        percent = max(percent, 80) if everybody else percent
        return tuple(place for place in self._places if place != member and self._rng.randrange(100) < percent)

    def _topics(self, member: int) -> tuple[str, ...]:
        rng = self._rng
        number = rng.choices((1, 2, 3), (60, 32, 8))[0]
        if self._ages[member] < 16:
            return tuple(dict.fromkeys(rng.choices(_OF_CHILDREN, k=number)))
        drawn = dict.fromkeys(rng.choices(TOPICS, TOPIC_WEIGHTS, k=number))
        family = len(self._places) > 1
        return tuple(topic for topic in drawn if family or topic not in _ONLY_FAMILIES) or ("FOR",)

    def _note(self, member: int, kind: str, topics: tuple[str, ...]) -> str:
        spoken = kind not in {"NVE", "DRI"}
        if spoken and self._rng.random() < 0.1:
            return ""
        subjects = topics[: self._rng.randint(1, 2)] if spoken else (kind,)
        sentences = [self._sentence(subject) for subject in subjects]
        who = "Die Klientin" if self._people[member].sex == "W" else "Der Klient"
        return " ".join(filter(None, sentences)).replace("{Wer}", who)

    def _sentence(self, topic: str) -> str:
        sentences = self._words.notes.get(topic, ("",))
        sentence = self._rng.choice(sentences)
        if sentence in self._said:
            sentence = self._rng.choice(sentences)
        self._said.add(sentence)
        return sentence
