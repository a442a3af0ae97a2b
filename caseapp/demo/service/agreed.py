"""Goals of the people whose pages a small demo shows, entered through the services, as a caseworker would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from random import Random
from uuid import UUID

from sqlalchemy import select

from caseapp.accounts import queries as accounts
from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import (
    BenefitFact,
    Client,
    Fact,
    FactBox,
    FactKind,
    HistoryEntry,
    LanguageFact,
    StayFact,
    WorkFact,
)
from caseapp.clients.queries import list_facts
from caseapp.clients.rules.ages import age_on
from caseapp.clients.service import caseload
from caseapp.clients.service.facts import add_fact, correct_fact
from caseapp.db import session
from caseapp.db.unit import Database
from caseapp.demo.rules import goals as drawing
from caseapp.demo.rules.days import DAY
from caseapp.demo.rules.goals import Drawn
from caseapp.goals import queries
from caseapp.goals.models import Goal
from caseapp.goals.rules import states
from caseapp.goals.service import (
    NewGoal,
    NewStep,
    Review,
    add_goal,
    add_step,
    count_event,
    finish_step,
    review_goal,
)
from caseapp.security.actor import Actor
from caseapp.settings import PROJECT_ROOT

LOGINS = ("maier", "oez")
FILES = 15  # of each of them
_ADULT = 18


def agree_goals(database: Database, actor_of: Callable[[UUID], Actor], seed: int, today: dt.date) -> int:
    """Goals with steps, scores, reviews and results for the named caseworkers. How many."""
    words = drawing.load_words(PROJECT_ROOT / "config" / "demo")
    courses = cycle(drawing.COURSES)
    made = 0
    for login in LOGINS:
        with database.unit(None, write=False):
            user = accounts.find_user_by_login(login)
        if user is None:
            continue  # a very small demo has a team of one
        actor, rng = actor_of(user.id), Random(f"{seed}|goals|{login}")
        with database.unit(actor, write=True):
            for client in own_adults(user.id, today)[:FILES]:
                made += _goals_of(rng, actor, client, words, courses, today)
    return made


def own_adults(user_id: UUID, today: dt.date) -> list[Client]:
    """The open files of adults whose worker this is, in the order of their numbers."""
    own = session().scalars(
        select(Client)
        .where(Client.worker_id == user_id, Client.closed_on.is_(None))
        .order_by(Client.file_number, Client.id)
    )
    return [client for client in own if client.head.birth.day and age_on(client.head.birth.day, today) >= _ADULT]


def _goals_of(
    rng: Random,
    actor: Actor,
    client: Client,
    words: dict[str, tuple[str, ...]],
    courses: Iterator[str],
    today: dt.date,
) -> int:
    # Beside what is agreed already; together they stay few.
    running = {view.area for view in queries.list_goals(client.id, open_only=True)}
    wanted = drawing.choose_areas(rng, **_situation(list_facts(client.id)))
    areas = [area for area in wanted if area not in running][: max(1, rng.randint(1, 3) - len(running))]
    for area in areas:
        drawn = drawing.draw_goal(rng, words, area, next(courses), since=client.opened_on, today=today)
        _enter(rng, actor, client, drawn, today)
    return len(areas)


def _situation(entries: Sequence[HistoryEntry]) -> dict[str, bool]:
    """What holds now, as far as goals depend on it."""
    found = {"own_flat": False, "works": False, "depends": False, "certified": False}
    for entry in entries:
        if entry.until_on is not None or entry.cancelled_at is not None:
            continue
        match entry.box.fact:
            case StayFact(form=form):
                found["own_flat"] |= _says("housing_forms", form, "is_goal")
            case WorkFact(kind=kind):
                found["works"] |= _says("employment_kinds", kind, "counts_as_work")
            case BenefitFact(kind=kind):
                found["depends"] |= _says("benefits", kind, "counts_as_dependent")
            case LanguageFact(level=level):
                found["certified"] |= level in {"B1", "B2", "C1", "C2"}
    return found


def _says(name: str, code: str, column: str) -> bool:
    found = catalogue.catalogue().find(name, code)
    return found is not None and found.says(column)


def _enter(rng: Random, actor: Actor, client: Client, drawn: Drawn, today: dt.date) -> None:
    usual = [code for code in queries.wordings(today) if code.extra["area"] == drawn.area]
    chosen = rng.choice(usual) if usual else None
    steps: tuple[NewStep, ...] = ()
    if chosen is not None:
        due = today + rng.choice((-4, 5, 9, 16)) * DAY
        steps = NewStep("client", chosen.extra["step_client"], due), NewStep("office", chosen.extra["step_office"], due)
    goal = add_goal(
        actor,
        client,
        NewGoal(
            area=drawn.area,
            own_words=drawn.words,
            wording=chosen.de if chosen else "",
            noticed_by=chosen.extra["noticed"] if chosen else "",
            due_on=drawn.due_on,
            steps=steps,
            scores={"client": drawn.start[0], "worker": drawn.start[1]},
            opened_on=drawn.opened_on,
        ),
    )
    _count(actor, client, goal, drawn)
    if drawn.looks:
        _look(rng, actor, client, goal, drawn, today)


def _count(actor: Actor, client: Client, goal: Goal, drawn: Drawn) -> None:
    kinds = queries.event_kinds(queries.measure_of(drawn.area))
    for place, day in enumerate(drawn.events if kinds else ()):
        # Mostly the first kind (applications), every third time the second (interviews).
        count_event(actor, client, goal, kinds[min(len(kinds) - 1, place % 3 // 2)].code, day)


def _look(rng: Random, actor: Actor, client: Client, goal: Goal, drawn: Drawn, today: dt.date) -> None:
    steps = queries.load_view(goal).steps
    if steps and rng.random() < 0.6:
        finish_step(actor, client, goal, queries.get_step(steps[0].id))
        add_step(actor, client, goal, NewStep("client", "Bringt die Unterlagen zum nächsten Termin mit"))
    if drawn.result == states.REACHED:
        _prove(actor, client, drawn, drawn.looks[-1].on, today)
    *earlier, last = drawn.looks
    for look in earlier:
        given = Review(client_score=look.client, worker_score=look.worker, on_day=look.on)
        review_goal(actor, client, goal, given, version=goal.version)
    successor = None
    if drawn.adjusted:
        successor = NewGoal(area=drawn.area, own_words=drawn.words, wording="Zuerst ein kleinerer Schritt dorthin")
    ending = Review(
        result=drawn.result,
        client_score=last.client,
        worker_score=last.worker,
        adjusted=successor,
        on_day=last.on,
    )
    review_goal(actor, client, goal, ending, version=goal.version)


def _prove(actor: Actor, client: Client, drawn: Drawn, on: dt.date, today: dt.date) -> None:
    """What was reached stands in the histories, too; what was reached long ago was confirmed then."""
    facts: dict[str, tuple[FactKind, Fact]] = {
        "housing": (FactKind.STAY, StayFact(form="PRI", legal_title="MIV", ags=client.ags or "")),
        "employment": (FactKind.WORK, WorkFact(kind="TZ", employer="Bäckerei am Markt", hours=25)),
        "language": (FactKind.LANGUAGE, LanguageFact(level="B1", evidence="ZER", certificate="DTZ", certified_on=on)),
    }
    measure = queries.measure_of(drawn.area)
    if measure in facts:
        kind, fact = facts[measure]
        entry = add_fact(actor, client, kind, FactBox(fact=fact), on)
        if drawn.asked:
            entry.confirmed_on = on
            caseload.recount_facts(client)
    elif measure == "benefits":
        for entry in list_facts(client.id):
            if isinstance(entry.box.fact, BenefitFact) and entry.until_on is None and entry.cancelled_at is None:
                until = max(entry.from_on or on, min(on, today) - DAY)
                correct_fact(actor, client, entry, entry.box, entry.from_on, until, revision=entry.box_rev)
