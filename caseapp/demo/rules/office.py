"""What a caseworker does without a file: short advice, network, training, team meetings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from caseapp.demo.rules.days import DAY, working
from caseapp.demo.rules.talks import TOPIC_WEIGHTS, TOPICS

_DAYS_BACK = 90
_ACTIVITIES = (
    ("TEA", 90, "Teambesprechung"),
    ("NET", 120, "Runder Tisch Integration"),
    ("EHR", 60, "Treffen mit dem Freundeskreis"),
    ("FOB", 240, "Fortbildung Aufenthaltsrecht"),
    ("SUP", 90, "Kollegiale Beratung"),
    ("INF", 60, "Informationsabend zur Kita-Anmeldung"),
    ("VWA", 45, "Statistik und Ablage"),
)
_BANDS = ("A18", "A27", "A27", "A40", "A40", "A55", "A15")


class Advice(NamedTuple):
    """Short advice to somebody who gave no name."""

    on: dt.date
    kind: str
    minutes: int
    topic: str
    age_band: str


class Deed(NamedTuple):
    """An activity without a case."""

    on: dt.date
    kind: str
    minutes: int
    text: str


def draw_advice(rng: Random, today: dt.date) -> Iterator[Advice]:
    """About two a week of the last three months."""
    for _time in range(rng.randint(20, 30)):
        yield Advice(
            on=working(today - rng.randint(0, _DAYS_BACK) * DAY),
            kind=rng.choice(("BUE", "BUE", "TEL")),
            minutes=rng.choice((5, 10, 10, 15)),
            topic=rng.choices(TOPICS, TOPIC_WEIGHTS)[0],
            age_band=rng.choice(_BANDS),
        )


def draw_deeds(rng: Random, today: dt.date) -> Iterator[Deed]:
    """About one and a half a week of the last three months."""
    for _time in range(rng.randint(14, 22)):
        kind, minutes, text = rng.choice(_ACTIVITIES)
        yield Deed(on=working(today - rng.randint(0, _DAYS_BACK) * DAY), kind=kind, minutes=minutes, text=text)
