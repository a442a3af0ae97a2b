"""Goals on a real database: added, worked on, reviewed, adjusted, taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from caseapp import clock
from caseapp.clients.models import BenefitFact, Caseload, FactBox, FactKind, WorkFact
from caseapp.clients.queries import get_client, list_facts
from caseapp.clients.service import add_fact
from caseapp.db import new_id, session
from caseapp.errors import AlreadyStoredError, ConflictError, ForbiddenError, NotFoundError, RuleError
from caseapp.goals import queries, service
from caseapp.goals.models import Goal
from caseapp.goals.rules.states import GoalStateError
from caseapp.goals.service import GoalChange, NewStep, Review
from caseapp.tasks import queries as task_queries
from caseapp.tasks import service as tasks
from tests.factories.files import stored_file
from tests.factories.goals import new_goal, stored_goal
from tests.factories.world import World

TODAY = clock.today()


@pytest.fixture
def client_id(world: World) -> UUID:
    return stored_file(world)


def view(world: World, goal_id: UUID) -> queries.GoalView:
    with world.unit("maier"):
        return queries.load_view(queries.get_goal(goal_id))


def open_goals(world: World, client_id: UUID) -> int:
    with world.unscoped() as unit:
        return unit.scalars(select(Caseload.open_goals).where(Caseload.client_id == client_id)).one()


def review(world: World, goal_id: UUID, given: Review, **values: Any) -> UUID:
    with world.unit("maier", write=True):
        goal = queries.get_goal(goal_id)
        values = {"version": goal.version, **values}
        return service.review_goal(world.actor("maier"), get_client(goal.client_id), goal, given, **values).id


def act(world: World, step: Callable[..., object], step_id: UUID) -> None:
    with world.unit("maier", write=True):
        found = queries.get_step(step_id)
        step(world.actor("maier"), get_client(found.client_id), queries.get_goal(found.goal_id), found)


def test_a_goal_keeps_both_wordings_its_steps_and_scores(world: World, client_id: UUID) -> None:
    found = view(world, stored_goal(world, client_id, due_on=TODAY + dt.timedelta(days=90)))
    assert found.text.own_words == "Ich will eine eigene Wohnung mit Tür"
    assert found.title == "Mietet eine eigene Wohnung"
    assert [(step.party, step.state) for step in found.steps] == [("client", "open"), ("office", "open")]
    assert (found.latest("client"), found.latest("worker")) == (1, 2)
    assert open_goals(world, client_id) == 1


def test_own_words_and_area_are_enough(world: World, client_id: UUID) -> None:
    goal_id = stored_goal(world, client_id, wording="", noticed_by="", steps=(), scores={})
    assert view(world, goal_id).title == "Ich will eine eigene Wohnung mit Tür"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"own_words": " ", "wording": ""}, "own_words"),
        ({"area": "ZZZ"}, "area"),
        ({"scores": {"client": 5}}, "scores"),
        ({"due_on": dt.date(2062, 1, 1)}, "due_on"),
        ({"steps": (NewStep("client", "  "),)}, "text"),
        ({"steps": (NewStep("jobcenter", "zahlt"),)}, "party"),
        ({"opened_on": TODAY + dt.timedelta(days=1)}, "on_day"),
        ({"own_words": "x" * 2_001}, "own_words"),
    ],
)
def test_a_goal_that_cannot_be_meant_so_is_refused(
    world: World, client_id: UUID, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleError) as refusal:
        stored_goal(world, client_id, **values)
    assert refusal.value.field == field
    assert open_goals(world, client_id) == 0


def test_a_form_sent_twice_makes_one_goal_and_one_task(world: World, client_id: UUID) -> None:
    goal_id = new_id()
    for _ in range(2):
        with world.unit("maier", write=True):
            service.add_goal(world.actor("maier"), get_client(client_id), new_goal(), goal_id=goal_id)
    with world.unit("maier"):
        assert len(queries.list_goals(client_id)) == 1
        assert len(task_queries.list_for_client(client_id)) == 1
    with world.unit("maier", write=True), pytest.raises(AlreadyStoredError):
        service.add_goal(world.actor("maier"), get_client(client_id), new_goal(own_words="Anders"), goal_id=goal_id)


def test_a_step_of_the_office_and_its_task_are_one(world: World, client_id: UUID) -> None:
    goal_id = stored_goal(world, client_id)
    office = view(world, goal_id).steps[1]
    assert office.task_id is not None
    act(world, service.finish_step, office.id)
    with world.unit("maier", write=True):
        task = task_queries.get_task(office.task_id)
        assert (task.state, task.done_on, task.text.title) == ("done", TODAY, "Wohnungsbau anrufen")
        tasks.reopen_task(world.actor("maier"), get_client(client_id), task)
        tasks.put_off(world.actor("maier"), get_client(client_id), task, TODAY + dt.timedelta(days=3))
    step = view(world, goal_id).steps[1]
    assert (step.state, step.done_on, step.due_on) == ("open", None, TODAY + dt.timedelta(days=3))
    with world.unit("maier", write=True):
        task = task_queries.get_task(office.task_id)
        tasks.finish_task(world.actor("maier"), get_client(client_id), task)
    assert view(world, goal_id).steps[1].state == "done"


def test_a_step_of_the_client_is_no_task(world: World, client_id: UUID) -> None:
    goal_id = stored_goal(world, client_id, steps=(NewStep("client", "Zeugnisse mitbringen"),))
    step = view(world, goal_id).steps[0]
    with world.unit("maier"):
        assert not task_queries.list_for_client(client_id)
    act(world, service.finish_step, step.id)
    done = view(world, goal_id)
    assert (done.state, done.steps[0].state, done.steps[0].done_on) == ("LAU", "done", TODAY)
    act(world, service.reopen_step, step.id)
    act(world, service.cancel_step, step.id)
    assert view(world, goal_id).steps[0].state == "cancelled"


def test_a_changed_step_changes_its_task(world: World, client_id: UUID) -> None:
    goal_id = stored_goal(world, client_id)
    office = view(world, goal_id).steps[1]
    with world.unit("maier", write=True):
        step, goal = queries.get_step(office.id), queries.get_goal(goal_id)
        values: dict[str, Any] = {"text": "Wohnungsbau schreiben", "due_on": TODAY}
        service.change_step(world.actor("maier"), get_client(client_id), goal, step, **values, revision=step.text_rev)
        with pytest.raises(ConflictError):
            service.change_step(world.actor("maier"), get_client(client_id), goal, step, **values, revision=1)
    assert office.task_id is not None
    with world.unit("maier"):
        assert task_queries.get_task(office.task_id).text.title == "Wohnungsbau schreiben"
    assert view(world, goal_id).steps[1].due_on == TODAY


def test_two_people_at_one_goal_do_not_overwrite_each_other(world: World, client_id: UUID) -> None:
    goal_id = stored_goal(world, client_id)
    change = GoalChange(area="WOH", own_words="Neu")
    with world.unit("maier", write=True):
        goal = queries.get_goal(goal_id)
        before = goal.version
        service.edit_goal(world.actor("maier"), get_client(client_id), goal, change, version=before)
    with world.unit("maier", write=True):
        goal, client = queries.get_goal(goal_id), get_client(client_id)
        with pytest.raises(ConflictError):
            service.edit_goal(world.actor("maier"), client, goal, change, version=before)
    with pytest.raises(ConflictError):
        review(world, goal_id, Review(result="ERR"), version=before)


def test_going_on_keeps_the_goal_open_with_scores_and_a_next_step(world: World, client_id: UUID) -> None:
    goal_id = stored_goal(world, client_id)
    first = view(world, goal_id).steps[0]
    given = Review(
        client_score=3, worker_score=2, done=frozenset({first.id}), steps=(NewStep("client", "Schufa mitbringen"),)
    )
    review(world, goal_id, given)
    found = view(world, goal_id)
    assert (found.state, found.open, found.reviewed_on) == ("LAU", True, TODAY)
    assert [step.state for step in found.steps] == ["done", "open", "open"]
    assert [(score.by, score.moment, score.value) for score in found.scores[2:]] == [
        ("client", "review", 3),
        ("worker", "review", 2),
    ]
    assert found.latest("client", "start") == 1


def test_a_result_closes_the_goal_and_strikes_its_open_steps_out(world: World, client_id: UUID) -> None:
    goal_id = stored_goal(world, client_id)
    review(world, goal_id, Review(result="TEI", client_score=3))
    found = view(world, goal_id)
    assert (found.state, found.closed_on, open_goals(world, client_id)) == ("TEI", TODAY, 0)
    assert {step.state for step in found.steps} == {"cancelled"}
    with world.unit("maier"):
        assert not task_queries.list_for_client(client_id)
    for given in (Review(result="ERR"), Review()):
        with pytest.raises(GoalStateError):
            review(world, goal_id, given)
    with pytest.raises(GoalStateError):
        act(world, service.finish_step, found.steps[0].id)


def test_an_adjusted_goal_has_no_result_and_its_steps_go_on_with_the_successor(world: World, client_id: UUID) -> None:
    goal_id = stored_goal(world, client_id)
    steps = view(world, goal_id).steps
    given = Review(client_score=2, adjusted=new_goal(own_words="Erst ein Zimmer", steps=(), scores={}))
    review(world, goal_id, given)
    old = view(world, goal_id)
    assert (old.open, old.adjusted, old.state, old.steps) == (False, True, "OFF", ())
    assert old.successor_id is not None
    new = view(world, old.successor_id)
    assert (new.open, new.text.own_words, new.latest("client")) == (True, "Erst ein Zimmer", 2)
    assert {step.id for step in new.steps} == {step.id for step in steps}
    assert open_goals(world, client_id) == 1
    with pytest.raises(RuleError):
        review(world, new.id, Review(result="ERR", adjusted=new_goal()))


@pytest.mark.parametrize(
    "given",
    [
        Review(client_score=4, steps=(NewStep("office", "Anrufen"),)),
        Review(result="ERR", worker_score=4),
        Review(adjusted=new_goal(own_words="Anders", steps=(NewStep("office", "Neu"),), scores={})),
    ],
    ids=["goes on", "reached", "adjusted"],
)
def test_a_review_taken_back_leaves_nothing_behind(world: World, client_id: UUID, given: Review) -> None:
    goal_id = stored_goal(world, client_id)
    before = view(world, goal_id)
    review_id = review(world, goal_id, given)
    with world.unit("maier", write=True):
        goal, made = queries.get_goal(goal_id), queries.get_review(review_id)
        service.take_back_review(world.actor("maier"), get_client(client_id), goal, made)
    after = view(world, goal_id)
    assert after.open
    assert (after.state, after.scores, after.reviews, after.followups) == (before.state, before.scores, (), ())
    assert [step for step in after.steps if step.state == "open"] == list(before.steps)
    assert open_goals(world, client_id) == 1
    with world.unit("maier"):
        assert len(task_queries.list_for_client(client_id)) == 1
        assert len(queries.list_goals(client_id)) == 1


def test_a_review_is_not_taken_back_after_a_later_change(world: World, client_id: UUID) -> None:
    goal_id = stored_goal(world, client_id)
    review_id = review(world, goal_id, Review(client_score=4))
    review(world, goal_id, Review(client_score=3))
    with world.unit("maier", write=True):
        goal, made, client = queries.get_goal(goal_id), queries.get_review(review_id), get_client(client_id)
        with pytest.raises(RuleError):
            service.take_back_review(world.actor("maier"), client, goal, made)


def test_a_review_sent_twice_is_stored_once(world: World, client_id: UUID) -> None:
    goal_id, review_id = stored_goal(world, client_id), new_id()
    for _ in range(2):
        review(world, goal_id, Review(client_score=4), version="1", review_id=review_id)
    assert len(view(world, goal_id).reviews) == 1
    with pytest.raises(AlreadyStoredError):
        review(world, goal_id, Review(result="ERR"), version="1", review_id=review_id)


@pytest.mark.parametrize("given", [Review(on_day=TODAY + dt.timedelta(days=1)), Review(on_day=dt.date(2016, 1, 1))])
def test_a_review_lies_between_the_beginning_of_the_goal_and_today(
    world: World, client_id: UUID, given: Review
) -> None:
    goal_id = stored_goal(world, client_id)
    with pytest.raises(RuleError) as refusal:
        review(world, goal_id, given)
    assert refusal.value.field == "on_day"
    with pytest.raises(RuleError):
        review(world, goal_id, Review(result="ERR", steps=(NewStep("client", "weiter"),)))
    with pytest.raises(RuleError):
        review(world, goal_id, Review(result="OFF"))


def test_reached_work_is_asked_for_after_half_a_year_and_a_year(world: World, client_id: UUID) -> None:
    begun = TODAY - dt.timedelta(days=200)
    goal_id = stored_goal(world, client_id, area="ARB", opened_on=begun - dt.timedelta(days=30))
    with world.unit("maier", write=True):
        box = FactBox(fact=WorkFact(kind="VZ", employer="Bäckerei Blume"))
        add_fact(world.actor("maier"), get_client(client_id), FactKind.WORK, box, begun)
    review(world, goal_id, Review(result="ERR", on_day=begun))
    (asked,) = view(world, goal_id).followups
    assert (asked.after_days, asked.due_on, asked.answer) == (183, begun + dt.timedelta(days=183), "")
    with world.unit("maier", write=True):
        (task,) = task_queries.list_for_client(client_id)
        assert (task.due_on, task.id) == (asked.due_on, asked.task_id)
        for entry in list_facts(client_id):
            entry.confirmed_on = begun
    for answer in ("yes", "no"):
        with world.unit("maier", write=True):
            goal, followup = queries.get_goal(goal_id), queries.get_followup(asked.id)
            args = world.actor("maier"), get_client(client_id)
            given = service.answer_followup(*args, goal, followup, answer, ended_on=TODAY)
            session().flush()
            (entry,) = list_facts(client_id)
            assert (entry.confirmed_on, entry.until_on) == (TODAY, None if answer == "yes" else TODAY)
            open_tasks = [found.due_on for found in task_queries.list_for_client(client_id)]
            assert open_tasks == ([begun + dt.timedelta(days=365)] if answer == "yes" else [])
            with pytest.raises(RuleError):
                service.answer_followup(*args, goal, followup, answer)
        with world.unit("maier", write=True):
            followup = queries.get_followup(asked.id)
            service.take_back_answer(world.actor("maier"), get_client(client_id), followup, given)
        with world.unit("maier"):
            (entry,) = list_facts(client_id)
            assert entry.until_on is None
            assert [found.id for found in task_queries.list_for_client(client_id)] == [asked.task_id]


def test_no_about_benefits_is_an_answer_without_a_change(world: World, client_id: UUID) -> None:
    goal_id = stored_goal(world, client_id, area="UNA")
    with world.unit("maier", write=True):
        fact = FactBox(fact=BenefitFact(kind="WOG"))
        add_fact(world.actor("maier"), get_client(client_id), FactKind.BENEFIT, fact, TODAY)
    review(world, goal_id, Review(result="ERR"))
    (asked,) = view(world, goal_id).followups
    with world.unit("maier", write=True):
        goal, followup = queries.get_goal(goal_id), queries.get_followup(asked.id)
        with pytest.raises(RuleError):
            service.answer_followup(world.actor("maier"), get_client(client_id), goal, followup, "vielleicht")
        service.answer_followup(world.actor("maier"), get_client(client_id), goal, followup, "no")
    assert view(world, goal_id).followups[0].answer == "no"


def test_a_goal_without_a_history_is_not_asked_for_again(world: World, client_id: UUID) -> None:
    goal_id = stored_goal(world, client_id, area="TEI")
    review(world, goal_id, Review(result="ERR"))
    assert view(world, goal_id).followups == ()


def test_what_is_counted_belongs_to_the_area(world: World, client_id: UUID) -> None:
    goal_id, event_id = stored_goal(world, client_id, area="ARB"), new_id()
    for _ in range(2):
        with world.unit("maier", write=True):
            goal = queries.get_goal(goal_id)
            service.count_event(world.actor("maier"), get_client(client_id), goal, "BEW", TODAY, event_id=event_id)
    assert [event.kind for event in view(world, goal_id).events] == ["BEW"]
    with world.unit("maier", write=True), pytest.raises(RuleError):
        service.count_event(world.actor("maier"), get_client(client_id), queries.get_goal(goal_id), "SUC", TODAY)
    with world.unit("maier", write=True):
        service.take_back_event(world.actor("maier"), get_client(client_id), queries.get_event(event_id))
    assert view(world, goal_id).events == ()


def test_a_goal_entered_by_mistake_leaves_lists_and_figures(world: World, client_id: UUID) -> None:
    goal_id = stored_goal(world, client_id)
    with world.unit("maier", write=True):
        service.cancel_goal(world.actor("maier"), get_client(client_id), queries.get_goal(goal_id))
    assert open_goals(world, client_id) == 0
    with world.unit("maier"):
        assert queries.list_goals(client_id) == []
        assert not task_queries.list_for_client(client_id)
        with pytest.raises(NotFoundError):
            queries.get_goal(goal_id)


@pytest.mark.parametrize(("login", "refusal"), [("oez", ForbiddenError), ("leitung", ForbiddenError)])
def test_only_the_own_worker_assesses_goals(
    world: World, client_id: UUID, login: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal), world.unit(login, write=True):
        service.add_goal(world.actor(login), get_client(client_id), new_goal())


def test_a_foreign_goal_is_as_good_as_missing(world: World, client_id: UUID) -> None:
    goal_id = stored_goal(world, client_id)
    for login in ("fremd", "oez"):
        with world.unit(login), pytest.raises(NotFoundError):
            queries.get_goal(goal_id)


def test_the_chain_of_successors_never_loops(world: World, client_id: UUID) -> None:
    goal_id: UUID | None = stored_goal(world, client_id)
    first = goal_id
    for number in range(5):
        assert goal_id is not None
        review(world, goal_id, Review(adjusted=new_goal(own_words=f"Fassung {number}", scores={})))
        goal_id = view(world, goal_id).successor_id
    with world.unit("maier") as unit:
        chain = {goal.id: goal.successor_id for goal in unit.scalars(select(Goal).order_by(Goal.id))}
    seen: list[UUID] = []
    at = first
    while at is not None:
        assert at not in seen
        seen.append(at)
        at = chain[at]
    assert len(seen) == len(chain) == 6


def test_the_goals_of_a_file_take_the_same_statements_however_many(
    world: World, client_id: UUID, count_statements: Callable[[], Any]
) -> None:
    numbers = []
    for _ in range(2):
        stored_goal(world, client_id)
        review(world, stored_goal(world, client_id), Review(client_score=2))
        with world.unit("maier"), count_statements() as count:
            assert queries.list_goals(client_id)
        numbers.append(int(count))
    assert numbers == [4, 4]
