"""Jobs: handed over after the commit of what they work on, done once, and ended with a sentence."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from caseapp import jobs
from caseapp.errors import NotFoundError, RuleError
from caseapp.jobs import Job, JobContext, JobState
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.area import Area
from tests.factories.browser import Browser
from tests.factories.world import World

KIND = "test:work"
area = Area("jobs_test", __name__)


@area.page("/auftrag", permission=Permission.CLIENT_READ, methods=("GET", "POST"))
def order() -> ResponseReturnValue:
    """Starts as many jobs as it is told, then answers as it is told."""
    for number in range(request.form.get("jobs", 0, type=int)):
        started_by(context.actor(), UUID(int=number))
    if "fails" in request.form:
        raise RuleError("Das geht nicht.")
    return "", request.form.get("status", 200, type=int)


def started_by(actor: Actor, target_id: UUID) -> Job:
    """A job in the running unit."""
    return jobs.start(actor, KIND, organisation_id=min(actor.organisation_ids), target_id=target_id)


class Work:
    """A handler that notes the jobs it did and what was committed when it began."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.done: list[UUID] = []
        self.committed: list[set[UUID]] = []
        self.refusal: Exception | None = None

    def __call__(self, context: JobContext) -> None:
        with self.world.unscoped() as unit:
            self.committed.append(set(unit.scalars(select(Job.target_id))))
        self.done.append(context.target_id)
        context.progress(1, 2)
        if self.refusal:
            raise self.refusal


@pytest.fixture
def work(world: World) -> Work:
    """What does the jobs of the page `/auftrag`; the queue of a test does them as soon as they are handed over."""
    doing = Work(world)
    world.services.queue.register(KIND, doing)
    world.app.register_blueprint(area)
    return doing


def states(world: World) -> dict[UUID, tuple[str, str]]:
    """State and message of all jobs by target."""
    with world.unscoped() as unit:
        return {job.target_id: (job.state, job.message) for job in unit.scalars(select(Job).order_by(Job.id))}


def test_a_page_hands_its_jobs_over_in_their_order_after_its_commit(world: World, work: Work) -> None:
    answer = Browser(world, "maier").post("/auftrag", {"jobs": "3"})
    assert answer.status_code == 200
    assert work.done == [UUID(int=number) for number in range(3)]
    assert work.committed == [set(work.done)] * 3, "all were committed before the first began"
    assert set(states(world).values()) == {(JobState.DONE, "")}


@pytest.mark.parametrize("refused", [{"status": "422"}, {"status": "409"}, {"status": "500"}, {"fails": "1"}])
def test_a_refused_form_leaves_no_job_behind_and_hands_none_over(
    world: World, work: Work, refused: dict[str, str]
) -> None:
    answer = Browser(world, "maier").post("/auftrag", {"jobs": "2", **refused})
    assert answer.status_code >= 400
    assert work.done == []
    assert states(world) == {}


def test_the_next_request_does_not_hand_over_what_a_refused_one_had_started(world: World, work: Work) -> None:
    browser = Browser(world, "maier")
    browser.post("/auftrag", {"jobs": "2", "status": "422"})
    assert browser.get("/auftrag").status_code == 200
    browser.post("/auftrag", {"jobs": "1"})
    assert work.done == [UUID(int=0)]


def test_a_unit_gives_its_jobs_away_once(world: World, work: Work) -> None:
    with world.unit("maier", write=True) as unit:
        job = started_by(world.actor("maier"), UUID(int=7))
        assert jobs.started(unit) == [job.id]
        assert jobs.started(unit) == []
    assert work.done == [], "whoever opens a unit of his own hands over himself"


@pytest.mark.parametrize(
    ("refusal", "message"),
    [
        (RuleError("Die Liste ist leer."), "Die Liste ist leer."),
        (NotFoundError(), "Die Verarbeitung ist abgebrochen. Es wurde nichts gespeichert."),
        (OSError("/srv/geheim: no space"), "Die Verarbeitung ist abgebrochen. Es wurde nichts gespeichert."),
    ],
    ids=["a rule", "something that is gone", "a fault"],
)
def test_a_job_that_fails_ends_with_a_sentence_of_ours(
    world: World, work: Work, refusal: Exception, message: str
) -> None:
    work.refusal = refusal
    Browser(world, "maier").post("/auftrag", {"jobs": "1"})
    assert states(world) == {UUID(int=0): (JobState.FAILED, message)}
    with world.unscoped() as unit:
        job = unit.scalars(select(Job).order_by(Job.id)).one()
        assert (job.done, job.total) == (1, 2)
        assert job.ended_at is not None


def test_a_job_that_comes_twice_is_done_once(world: World, work: Work) -> None:
    Browser(world, "maier").post("/auftrag", {"jobs": "1"})
    with world.unscoped() as unit:
        job = unit.scalars(select(Job).order_by(Job.id)).one()
    world.services.queue.put(job.id, job.user_id)
    assert work.done == [UUID(int=0)]


def test_a_job_of_another_carrier_is_not_found(world: World, work: Work) -> None:
    Browser(world, "maier").post("/auftrag", {"jobs": "1"})
    with world.unscoped() as unit:
        job_id = unit.scalars(select(Job.id).order_by(Job.id)).one()
    with world.unit("fremd"), pytest.raises(NotFoundError):
        jobs.get_job(job_id)
    with world.unit("maier"):
        assert jobs.get_job(job_id).id == job_id


def test_what_a_killed_process_left_is_mended_before_the_next_begins(world: World, work: Work) -> None:
    with world.unit("maier", write=True):
        killed, forgotten = (started_by(world.actor("maier"), UUID(int=number)) for number in (1, 2))
        killed.state = JobState.RUNNING.value
        ids = killed.id, forgotten.id
    world.services.queue.recover()
    assert work.done == [UUID(int=2)]
    with world.unscoped() as unit:
        states = [unit.get_one(Job, job_id) for job_id in ids]
        assert [job.state for job in states] == [JobState.FAILED, JobState.DONE]
        assert "unterbrochen" in states[0].message
        assert states[0].ended_at is not None
