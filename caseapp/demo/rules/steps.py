"""Tasks of a household: done, open, overdue, and the deadline before its title ends."""

from __future__ import annotations

import datetime as dt
from random import Random

from msgspec import Struct

from caseapp.demo.rules.days import DAY, between, working
from caseapp.demo.rules.households import Household
from caseapp.demo.rules.talks import TOPIC_WEIGHTS, TOPICS
from caseapp.demo.rules.vocabulary import Vocabulary


class Step(Struct, frozen=True, kw_only=True):
    """One task of the office for a member of the household."""

    member: int
    title: str
    due_on: dt.date
    made_on: dt.date
    done_on: dt.date | None = None
    deadline: bool = False


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
    topic = rng.choices(TOPICS, TOPIC_WEIGHTS)[0]
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
