"""Talking, presenting, signing: what is stored, what is refused, and that nothing is half done."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from sqlalchemy import select, text

from caseapp import clock, logs
from caseapp.agreements import queries, service
from caseapp.agreements.models import Agreement, AgreementText, PlanText, Signature
from caseapp.agreements.rules import StateTransitionError
from caseapp.agreements.service import GoalConflictError, GoalReviewed, NewPlan, Said, TalkError
from caseapp.clients.models import Birth, Caseload
from caseapp.counselling.models import Contact, ContactDetail
from caseapp.counselling.service import NewContact
from caseapp.errors import AlreadyStoredError, ConflictError, ForbiddenError, NotFoundError, RuleError
from caseapp.goals import queries as goals
from caseapp.goals import service as goal_service
from caseapp.goals.models import Goal, GoalReview, Score
from caseapp.goals.service import GoalChange, NewGoal, NewStep, Review
from caseapp.papers.models import Paper
from caseapp.tasks.models import Task
from tests.factories import agreements as making
from tests.factories.files import head, stored_file
from tests.factories.world import World

TODAY = clock.today()
CANARY = "Zaunkoenigqxv"


def contact(note: str = "") -> NewContact:
    return NewContact(on_day=TODAY, kind="BUE", minutes=45, detail=ContactDetail(note=note))


def review_on(unit: Any, client_id: UUID) -> dt.date | None:
    found: dt.date | None = unit.scalars(select(Caseload.review_on).where(Caseload.client_id == client_id)).one()
    return found


def reviewed(client_id: UUID, **said: Any) -> GoalReviewed:
    """The client's first open goal, looked at."""
    view = goals.list_goals(client_id, open_only=True)[0]
    return GoalReviewed(view.id, view.version, Review(**said))


def test_a_talk_leaves_contact_goals_tasks_scores_and_a_version_behind_at_once(world: World) -> None:
    client_id = stored_file(world)
    actor = world.actor("maier")
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        first = making.signed(actor, client, contact=contact())
        talk = making.talk(
            client,
            new_goals=(NewGoal(area="ARB", own_words="Arbeit im Lager"),),
            contact=contact("Besprochen"),
            reviews=(
                reviewed(
                    client_id, client_score=3, worker_score=2, steps=(NewStep("office", "Makler anrufen", TODAY),)
                ),
            ),
        )
        second = service.conclude(actor, client, talk, agreement_id=uuid4())
        made = unit.scalars(select(Contact).where(Contact.id == second.contact_id)).one()
        assert made.detail.note == "Besprochen"
        assert unit.scalars(select(GoalReview.contact_id)).all() == [made.id]
        assert {score.value for score in unit.scalars(select(Score))} == {1, 2, 3}
        titles = {task.text.title for task in unit.scalars(select(Task).where(Task.client_id == client_id))}
        assert titles == {"Vermieter anrufen", "Makler anrufen", "Gespräch zur Vereinbarung"}
        terms = queries.terms_of(second)
        assert [goal.area for goal in terms.goals] == ["WOH", "ARB"]
        assert terms.replaces
        assert (terms.replaces.number, terms.replaces.digest) == (1, first.digest)
        assert [(line.client_score, line.worker_score, line.steps) for line in terms.looking_back] == [(3, 2, 3)]
        assert (second.number, second.state, first.state) == (2, "drafted", "signed")


def test_a_refused_talk_leaves_nothing_behind(world: World) -> None:
    client_id = stored_file(world)
    actor = world.actor("maier")
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        cases: list[tuple[dict[str, Any], type[Exception], str | None]] = [
            ({"new_goals": (), "contact": contact()}, RuleError, "kein offenes Ziel"),
            ({"new_goals": (NewGoal(area="WOH"),), "contact": contact()}, TalkError, "Worten der Person"),
            ({"reviews": (GoalReviewed(uuid4(), "1", Review()),), "contact": contact()}, NotFoundError, None),
        ]
        for more, error, said in cases:
            with pytest.raises(error, match=said):
                service.conclude(actor, client, making.talk(client, **more), agreement_id=uuid4())
        for day in (None, TODAY, TODAY + dt.timedelta(days=200)):
            talk = making.talk(client)
            talk = service.Talk(base=talk.base, said=talk.said, review_on=day, new_goals=talk.new_goals)
            with pytest.raises(RuleError) as refusal:
                service.conclude(actor, client, talk, agreement_id=uuid4())
            assert refusal.value.field == "review_on"
        for table in (Agreement, Contact, Goal, Task, Paper):
            assert unit.scalars(select(table.id)).all() == []


def test_a_talk_sent_twice_is_stored_once_and_changed_it_is_refused(world: World) -> None:
    client_id = stored_file(world)
    actor = world.actor("maier")
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        talk, form_id = making.talk(client, contact=contact()), uuid4()
        first = service.conclude(actor, client, talk, agreement_id=form_id)
        assert service.conclude(actor, client, talk, agreement_id=form_id) is first
        assert len(unit.scalars(select(Contact.id)).all()) == 1
        later = service.Talk(base=talk.base, said=talk.said, review_on=TODAY + dt.timedelta(days=9))
        with pytest.raises(AlreadyStoredError):
            service.conclude(actor, client, later, agreement_id=form_id)


def test_two_people_at_one_agreement_get_one_version_after_the_other(world: World) -> None:
    client_id = stored_file(world)
    actor = world.actor("maier")
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        mine, theirs = making.talk(client), making.talk(client)
        service.conclude(actor, client, theirs, agreement_id=uuid4())
        with pytest.raises(ConflictError, match="neue Fassung"):
            service.conclude(actor, client, mine, agreement_id=uuid4())
        goal = unit.scalars(select(Goal)).one()
        stale = GoalReviewed(goal.id, goal.version, Review(client_score=2))
        goal_service.edit_goal(actor, client, goal, GoalChange(area="WOH", own_words="Anders"), version=goal.version)
        talk = making.talk(client, new_goals=(), reviews=(stale,), contact=contact())
        with pytest.raises(GoalConflictError) as conflict:
            service.conclude(actor, client, talk, agreement_id=uuid4())
        assert conflict.value.place == 0
        assert unit.scalars(select(Contact.id)).all() == []


def test_only_what_was_presented_can_be_signed(world: World) -> None:
    client_id = stored_file(world)
    actor = world.actor("maier")
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        first = making.drafted(actor, client)
        with pytest.raises(StateTransitionError, match="noch nicht gedruckt"):
            service.sign(actor, client, first, making.signing(), digest=first.digest)
        making.print_of(actor, first)
        assert first.paper_digest
        assert first.presented_at
        with pytest.raises(ConflictError, match="nicht die Fassung"):
            service.sign(actor, client, first, making.signing(), digest="0" * 64)
        second = making.presented(actor, client, new_goals=())
        with pytest.raises(StateTransitionError, match="neuere Fassung"):
            service.sign(actor, client, first, making.signing(), digest=first.digest)
        service.sign(actor, client, second, making.signing(), digest=second.digest)
        with pytest.raises(StateTransitionError, match="schon unterschrieben"):
            service.sign(actor, client, second, making.signing(), digest=second.digest)
        making.print_of(actor, first)  # the queue runs late: a superseded version stays what it is
        assert (first.state, second.state) == ("superseded", "signed")


def test_a_goal_changed_after_presenting_refuses_the_signature_and_a_ticked_step_does_not(world: World) -> None:
    client_id = stored_file(world)
    actor = world.actor("maier")
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        first = making.presented(actor, client)
        goal = unit.scalars(select(Goal)).one()
        for step in goals.list_steps(goal.id):
            goal_service.finish_step(actor, client, goal, step)
        service.sign(actor, client, first, making.signing(), digest=first.digest)
        second = making.presented(actor, client, new_goals=())
        goal_service.edit_goal(actor, client, goal, GoalChange(area="WOH", own_words="Größer"), version=goal.version)
        with pytest.raises(RuleError, match="Ziel geändert"):
            service.sign(actor, client, second, making.signing(), digest=second.digest)
        assert (first.state, second.state) == ("signed", "presented")


def test_signing_keeps_the_next_talk_and_supersedes_the_version_before(world: World) -> None:
    client_id = stored_file(world)
    actor = world.actor("maier")
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        first = making.signed(actor, client)
        assert review_on(unit, client_id) == first.review_on
        second = making.presented(actor, client, new_goals=())
        assert queries.in_force(client_id) is first
        service.sign(actor, client, second, making.signing(), digest=second.digest)
        assert (first.state, second.state, second.replaces_id) == ("superseded", "signed", first.id)
        states = {task.id: task.state for task in unit.scalars(select(Task))}
        assert first.task_id
        assert second.task_id
        assert (states[first.task_id], states[second.task_id]) == ("done", "open")
        service.withdraw(actor, client, second, "Möchte keine Vereinbarung mehr")
        assert review_on(unit, client_id) is None
        assert queries.in_force(client_id) is None
        unit.expire_all()
        assert unit.get(Task, second.task_id).state == "done"  # type: ignore[union-attr]
        assert queries.review_days() == {}


def test_declined_is_a_state_and_what_was_in_force_stays_so(world: World) -> None:
    client_id = stored_file(world)
    actor = world.actor("maier")
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        first = making.signed(actor, client)
        second = making.presented(actor, client, new_goals=())
        service.decline(actor, client, second, " Zu viele Schritte ", digest=second.digest)
        assert (second.state, second.decision.words, first.state) == ("declined", "Zu viele Schritte", "signed")
        assert review_on(unit, client_id) == first.review_on
        third = making.presented(actor, client, new_goals=())
        assert queries.terms_of(third).replaces == queries.terms_of(second).replaces
        with pytest.raises(StateTransitionError, match="abgelehnt"):
            service.sign(actor, client, second, making.signing(), digest=second.digest)


def test_who_must_sign_is_told_at_the_field(world: World) -> None:
    grown, minor = stored_file(world), stored_file(world, head=head(birth=Birth(day=TODAY - dt.timedelta(days=5000))))
    actor = world.actor("maier")
    with world.unit("maier", write=True) as unit:
        for client_id, missing in ((grown, "client"), (minor, "representative")):
            client = making.client_of(unit, client_id)
            made = making.presented(actor, client)
            for changed, field in (
                ({missing: None}, missing),
                ({"worker": None, "representative": making.CONFIRMED}, "worker"),
                ({"signed_on": TODAY + dt.timedelta(days=1)}, "signed_on"),
                ({"signed_on": TODAY - dt.timedelta(days=1)}, "signed_on"),
            ):
                with pytest.raises(RuleError) as refusal:
                    service.sign(actor, client, made, making.signing(**changed), digest=made.digest)
                assert refusal.value.field == field
            drawn = making.signing(representative=Signature(way="paper"))
            service.sign(actor, client, made, drawn, digest=made.digest)
            assert made.state == "signed"


def test_a_helper_is_named_only_with_a_release_of_today(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        said = Said(helper_partners=(uuid4(),), helpers=("Nachbarschaftshilfe", " "))
        made = making.drafted(world.actor("maier"), client, said=said)
        assert queries.terms_of(made).helpers == ("Nachbarschaftshilfe",)


def test_verifying_finds_every_kind_of_tampering(world: World) -> None:
    client_id = stored_file(world)
    actor = world.actor("maier")
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        for new in ((making.HOUSING,), (), ()):
            making.signed(actor, client, new_goals=new)
        versions = unit.scalars(select(Agreement).order_by(Agreement.number)).all()
        assert [each.unchanged for each in service.verify(actor, client)] == [True] * 3
        # Somebody with the keys rewrites history: another content under the old check value.
        kept = versions[0].text
        versions[0].text = AgreementText(canonical=kept.canonical.replace("Schlüssel", "Vertrag"))
        unit.flush()
        assert [each.content for each in service.verify(actor, client)] == [False, True, True]
        versions[0].text = kept
        unit.flush()
        # A check value of its own, with a content that fits: the next version still knows the old one.
        digest = versions[1].digest
        versions[1].digest = "0" * 64
        unit.flush()
        assert [(each.content, each.chain) for each in service.verify(actor, client)] == [
            (True, True),
            (False, False),
            (True, False),
        ]
        versions[1].digest = digest
        # A paper under another one's name.
        versions[2].paper_id = versions[0].paper_id
        unit.flush()
        assert [each.paper for each in service.verify(actor, client)] == [True, True, False]
        versions[2].paper_id = None
        unit.flush()
        assert service.verify(actor, client)[2].paper is False


def test_sealed_content_of_one_version_cannot_stand_in_for_another(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        for new in ((making.HOUSING,), ()):
            making.signed(world.actor("maier"), client, new_goals=new)
    with world.unscoped(write=True) as unit:
        blobs = unit.execute(text("select id, text from agreement order by number")).all()
        unit.execute(text("update agreement set text = :blob where id = :id"), {"blob": blobs[1][1], "id": blobs[0][0]})
    with world.unit("maier") as unit:
        client = making.client_of(unit, client_id)
        assert [each.content for each in service.verify(world.actor("maier"), client)] == [False, True]


def test_statements_of_index_check_and_save_do_not_grow_with_the_versions(
    world: World, count_statements: Callable[[], Any], browse: Callable[[str], Any]
) -> None:
    client_id = stored_file(world)
    actor = world.actor("maier")
    browser = browse("maier")
    pages: dict[str, list[int]] = {"vereinbarung": [], "vereinbarung/pruefung": [], "vereinbarung/gespraech": []}
    saves = []
    for number in (1, 2):
        with world.unit("maier", write=True) as unit:
            client = making.client_of(unit, client_id)
            making.signed(actor, client, new_goals=(making.HOUSING,) if number == 1 else ())
            if number == 2:
                for _each in range(3):
                    making.signed(actor, client, new_goals=(making.HOUSING,))
                service.add_plan(
                    actor,
                    client,
                    NewPlan(kind="KOP", agreed_on=TODAY, text=PlanText(office="Jobcenter")),
                    plan_id=uuid4(),
                )
        for page, counts in pages.items():
            browser.get(f"/klienten/{client_id}/{page}")
            with count_statements() as count:
                assert browser.get(f"/klienten/{client_id}/{page}").status_code == 200
            counts.append(int(count))
        with world.unit("maier", write=True) as unit:
            client = making.client_of(unit, client_id)
            talk = making.talk(client, new_goals=(), contact=contact())
            unit.flush()
            with count_statements() as count:
                service.conclude(actor, client, talk, agreement_id=uuid4())
                unit.flush()
            saves.append(int(count))
    for counts in pages.values():
        assert counts[1] <= counts[0] + 1
    assert saves[1] <= saves[0] + 2
    assert max(saves) <= 40


def test_what_was_agreed_stands_in_no_log_job_file_name_or_event(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    logs.install()
    monkeypatch.setattr(structlog.get_config()["logger_factory"], "_file", written, raising=False)
    client_id = stored_file(world)
    actor = world.actor("maier")
    said = Said(situation=CANARY, strengths=CANARY, interpreter=CANARY, read_aloud_in="prs", read_aloud_by=CANARY)
    goal = NewGoal(area="WOH", own_words=CANARY, wording=CANARY, noticed_by=CANARY, steps=(NewStep("client", CANARY),))
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        made = making.presented(actor, client, new_goals=(goal,), said=said, contact=contact(CANARY))
        service.decline(actor, client, made, CANARY, digest=made.digest)
        plan = NewPlan(kind="KOP", text=PlanText(office=CANARY, main_goal=CANARY, leads=CANARY, note=CANARY))
        service.add_plan(actor, client, plan)
    with world.unscoped() as unit:
        tables = (
            unit.execute(text("select name from sqlite_master where type = 'table'")).scalars().all()
            if (not world.on_postgres)
            else ["agreement", "job", "audit_event", "paper", "other_plan"]
        )
        for table in tables:
            for row in unit.execute(text(f'select * from "{table}"')):  # noqa: S608 - names from the catalogue
                assert CANARY not in "".join(map(repr, row)), table
    assert CANARY not in written.getvalue()


def test_others_may_not_lead_talks_and_a_lead_may_not_sign(world: World) -> None:
    client_id = stored_file(world)
    actor = world.actor("maier")
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        made = making.presented(actor, client)
        agreement_id = made.id
    with world.unit("leitung", write=True) as unit:
        lead, client = world.actor("leitung"), making.client_of(unit, client_id)
        found = queries.get_agreement(agreement_id)
        for act in (
            lambda: service.sign(lead, client, found, making.signing(), digest=found.digest),
            lambda: service.decline(lead, client, found, "", digest=found.digest),
            lambda: service.withdraw(lead, client, found, "x"),
            lambda: service.conclude(lead, client, making.talk(client), agreement_id=uuid4()),
        ):
            with pytest.raises(ForbiddenError):
                act()
        assert [each.unchanged for each in service.verify(lead, client)] == [True]
    with world.unit("oez"), pytest.raises(NotFoundError):
        queries.get_agreement(agreement_id)


def test_plans_of_others_are_dated_by_law_and_changed_with_a_lock(world: World) -> None:
    client_id = stored_file(world)
    actor = world.actor("maier")
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        old, new = dt.date(2023, 6, 30), dt.date(2023, 7, 1)
        for kind, wrong, right in (("EGV", new, old), ("KOP", old, new)):
            with pytest.raises(RuleError, match="an diesem Tag") as refusal:
                service.add_plan(actor, client, NewPlan(kind=kind, agreed_on=wrong, text=PlanText(office="Jobcenter")))
            assert refusal.value.field == "kind"
            service.add_plan(actor, client, NewPlan(kind=kind, agreed_on=right, text=PlanText(office="Jobcenter")))
        plan = queries.get_plan(queries.list_plans(client_id)[0].id)
        version = plan.version
        ended = NewPlan(
            kind="KOP", agreed_on=new, ended_on=TODAY, text=PlanText(office="Jobcenter", main_goal="Arbeit")
        )
        service.change_plan(actor, client, plan, ended, version=version)
        with pytest.raises(ConflictError):
            service.change_plan(actor, client, plan, ended, version=version)
        backwards = NewPlan(kind="KOP", agreed_on=new, ended_on=old, text=PlanText(office="Jobcenter"))
        with pytest.raises(RuleError, match="vor dem Beginn"):
            service.change_plan(actor, client, plan, backwards, version=plan.version)
        made = making.drafted(actor, client)
        assert [each.kind for each in queries.terms_of(made).plans] == ["Eingliederungsvereinbarung (Jobcenter)"]
        service.cancel_plan(actor, client, plan)
        assert len(queries.list_plans(client_id)) == 1
