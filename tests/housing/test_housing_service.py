"""The search for a flat on a real database: a lease is written as a whole, or not at all."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from caseapp import clock
from caseapp.clients import queries as clients
from caseapp.clients.models import FactBox, FactKind, HistoryEntry, StayFact, TitleFact
from caseapp.clients.service import add_fact
from caseapp.counselling.models import Contact
from caseapp.errors import ConflictError, ForbiddenError, NotFoundError, RuleError
from caseapp.goals import queries as goals
from caseapp.goals import service as goal_service
from caseapp.goals.service import NewGoal
from caseapp.housing import documents, queries, service
from caseapp.housing.models import WishText
from caseapp.housing.rules.states import State
from caseapp.housing.service import NewLease, Way
from caseapp.network import queries as network
from caseapp.network import service as directory
from caseapp.papers.service import Order
from caseapp.referrals import queries as referrals
from caseapp.tasks import queries as tasks
from tests.factories.files import stored_family
from tests.factories.network import RAVENSBURG, TETTNANG, carrier_of, stored_dwelling, stored_limits, stored_partner
from tests.factories.world import World

FROM = clock.today() + dt.timedelta(days=20)


def family(world: World, *, obliged: bool = False) -> list[UUID]:
    """Four people in Tettnang, one of whom may be bound to the place."""
    ids = stored_family(world, members=4)
    with world.unit("maier", write=True):
        client = clients.get_client(ids[0])
        since, actor = clock.today() - dt.timedelta(days=90), world.actor("maier")
        title = TitleFact(code="P25_2F", residence_obligation=obliged)
        add_fact(actor, client, FactKind.TITLE, FactBox(fact=title), since)
        add_fact(actor, client, FactKind.STAY, FactBox(fact=StayFact(form="GU", ags=TETTNANG)), since)
    return ids


def goal_of(world: World, client_id: UUID) -> UUID:
    with world.unit("maier", write=True):
        new = NewGoal(area="WOH", own_words="Eine eigene Wohnung")
        return goal_service.add_goal(world.actor("maier"), clients.get_client(client_id), new).id


def applied(world: World, client_id: UUID, dwelling_id: UUID, *, offered: bool = True, login: str = "maier") -> UUID:
    with world.unit(login, write=True):
        client, dwelling = clients.get_client(client_id), network.get_dwelling(dwelling_id)
        actor = world.actor(login)
        made = service.add_application(actor, client, dwelling, Way.CARRIED)
        if offered:
            service.record_result(actor, client, made, State.OFFERED, version=made.version)
        return made.id


def lease(world: World, application_id: UUID, *, login: str = "maier", **values: Any) -> None:
    with world.unit(login, write=True):
        application = queries.get_application(application_id)
        client = clients.get_client(application.client_id)
        new = NewLease(**{"from_on": FROM, "without_assurance": True, **values})
        service.enter_lease(world.actor(login), client, application, new, version=application.version)


def stays(world: World, client_id: UUID) -> list[tuple[str, dt.date | None]]:
    with world.unit("maier"):
        entries = [each for each in clients.list_facts(client_id) if each.kind == "stay" and not each.cancelled_at]
        return [(each.box.fact.form, each.from_on) for each in entries if isinstance(each.box.fact, StayFact)]


def test_the_match_counts_the_household_and_knows_limit_obligation_and_wishes(world: World) -> None:
    ids = family(world, obliged=True)
    stored_limits(world)
    near, far = stored_dwelling(world), stored_dwelling(world, ags=RAVENSBURG)
    dear = stored_dwelling(world, rent_cold_cents=90_000)
    with world.unit("maier", write=True):
        client = clients.get_client(ids[0])
        household, hits = queries.list_hits(client, clock.today())
        assert household.persons == 4
        assert [hit.dwelling.id for hit in hits] == [near, dear, far]
        assert [(hit.match.fits, hit.match.blocked) for hit in hits] == [(True, False), (False, False), (False, True)]
        assert "um 200 € über der Mietobergrenze von 800 € für 4 Personen" in hits[1].match.findings[2].text
        service.save_wishes(world.actor("maier"), client, WishText(rooms=4), version="0")
        assert not any(hit.match.fits for hit in queries.list_hits(client, clock.today())[1])
        with pytest.raises(ConflictError):
            service.save_wishes(world.actor("maier"), client, WishText(), version="0")
        with pytest.raises(RuleError, match="Wohnsitzauflage"):
            service.add_application(world.actor("maier"), client, network.get_dwelling(far), Way.CARRIED)


def test_one_click_writes_history_goal_contact_tasks_and_lets_the_dwelling(world: World) -> None:
    ids = family(world)
    goal_id, dwelling_id = goal_of(world, ids[0]), stored_dwelling(world)
    application_id = applied(world, ids[0], dwelling_id)
    with world.unit("maier", write=True):
        application = queries.get_application(application_id)
        assert application.goal_id == goal_id
        client, actor = clients.get_client(ids[0]), world.actor("maier")
        for code in ("ZUS", "KAU"):
            service.tick_check(actor, client, application, code, done_on=clock.today())
    lease(world, application_id, moving=frozenset(ids[1:3]), without_assurance=False)
    for client_id in ids[:3]:
        assert stays(world, client_id)[-1] == ("PRI", FROM)
    assert stays(world, ids[3]) == []
    with world.unit("maier") as unit:
        goal = goals.get_goal(goal_id)
        assert (goal.state, goal.open) == ("ERR", False)
        assert network.get_dwelling(dwelling_id).state == "let"
        contact = unit.scalars(select(Contact).where(Contact.client_id == ids[0])).one()
        assert contact.detail.topics == ("WOH",)
        titles = {task.text.title for task in tasks.list_made_with(contact.id)}
        assert titles == {check.task for check in queries.list_checks(application_id) if not check.done_on}
        assert queries.get_application(application_id).lease_from_on == FROM


def test_the_lease_is_taken_back_as_a_whole(world: World) -> None:
    ids = family(world)
    goal_id, dwelling_id = goal_of(world, ids[0]), stored_dwelling(world)
    application_id = applied(world, ids[0], dwelling_id)
    lease(world, application_id, moving=frozenset(ids[1:2]))
    with world.unit("maier", write=True):
        application = queries.get_application(application_id)
        client, actor = clients.get_client(ids[0]), world.actor("maier")
        with pytest.raises(ConflictError):
            service.take_back_lease(actor, client, application, version="0")
        service.take_back_lease(actor, client, application, version=application.version)
    assert stays(world, ids[0]) == [("GU", clock.today() - dt.timedelta(days=90))]
    assert stays(world, ids[1]) == []
    with world.unit("maier") as unit:
        assert goals.get_goal(goal_id).open
        assert network.get_dwelling(dwelling_id).state == "offered"
        assert State(queries.get_application(application_id).state) is State.OFFERED
        assert unit.scalars(select(Contact.state).where(Contact.client_id == ids[0])).all() == ["cancelled"]
        assert tasks.list_for_client(ids[0]) == []


def test_a_dwelling_that_somebody_else_let_meanwhile_writes_nothing(world: World) -> None:
    ids = family(world)
    dwelling_id = stored_dwelling(world)
    application_id = applied(world, ids[0], dwelling_id)
    with world.unit("fremd", write=True):
        dwelling = network.get_dwelling(dwelling_id)
        directory.let_dwelling(world.actor("fremd"), dwelling, carrier_id=carrier_of(world, "fremd"))

    def counted() -> list[int]:
        with world.unscoped() as unit:
            return [unit.scalar(select(func.count(table.id))) or 0 for table in (HistoryEntry, Contact)]

    before = counted()
    with pytest.raises(RuleError, match="inzwischen vermietet"):
        lease(world, application_id)
    assert counted() == before
    with world.unit("maier"):
        assert State(queries.get_application(application_id).state) is State.OFFERED
        assert network.get_dwelling(dwelling_id).held_by_id == carrier_of(world, "fremd")


def test_the_assurance_belongs_before_the_signature(world: World) -> None:
    ids = family(world)
    application_id = applied(world, ids[0], stored_dwelling(world))
    with pytest.raises(RuleError, match="Zusicherung") as refusal:
        lease(world, application_id, without_assurance=False)
    assert refusal.value.field == "without_assurance"
    lease(world, application_id)
    with pytest.raises(RuleError, match="schon abgeschlossen"):
        lease(world, application_id)


def test_nobody_is_moved_without_the_right_to_that_file(world: World) -> None:
    ids, others = family(world), stored_family(world, "oez", members=1)
    application_id = applied(world, ids[0], stored_dwelling(world))
    with pytest.raises(RuleError) as refusal:
        lease(world, application_id, moving=frozenset(others))
    assert refusal.value.field == "moving"
    with pytest.raises(NotFoundError):
        lease(world, application_id, login="oez")
    with world.unit("leitung", write=True):
        client = clients.get_client(ids[0])
        with pytest.raises(ForbiddenError):
            service.save_wishes(world.actor("leitung"), client, WishText(), version="0")


def test_our_own_inquiry_tells_name_phone_persons_and_move_in_only(world: World) -> None:
    ids = family(world)
    landlord = stored_partner(world, "Wohnbau", "VER", street="Weg 1", place="Tettnang")
    dwelling_id, nobody = stored_dwelling(world, landlord_id=landlord), stored_dwelling(world)
    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), clients.get_client(ids[0])
        made = service.add_application(actor, client, network.get_dwelling(dwelling_id), Way.SENT)
        assert made.referral_id is not None
        text = referrals.get_referral(made.referral_id).text
        assert set(text.fields) == {"NAM", "TEL", "ANL"}
        assert "Personen im Haushalt: 4" in dict(text.typed)["ANL"]
        assert queries.state_now(made) is State.PROPOSED  # nothing has left yet
        assert referrals.preview(client, referrals.get_referral(made.referral_id), clock.today()).gaps
        with pytest.raises(RuleError) as refusal:
            service.add_application(actor, client, network.get_dwelling(nobody), Way.SENT)
        assert refusal.value.field == "way"
        with pytest.raises(RuleError, match="läuft schon"):
            service.add_application(actor, client, network.get_dwelling(dwelling_id), Way.CARRIED)


def test_a_task_reminds_of_the_viewing_until_its_result(world: World) -> None:
    ids = family(world)
    application_id = applied(world, ids[0], stored_dwelling(world), offered=False)
    soon = clock.today() + dt.timedelta(days=3)

    def open_titles() -> list[str]:
        return [task.text.title for task in tasks.list_for_client(ids[0])]

    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), clients.get_client(ids[0])
        application = queries.get_application(application_id)
        before = open_titles()
        service.set_viewing(actor, client, application, soon, "9.30", version=application.version)
        [first] = [title for title in open_titles() if title not in before]
        assert first.startswith("Besichtigung um 09:30 Uhr: ")
        service.set_viewing(actor, client, application, soon, "", version=application.version)
        [second] = [title for title in open_titles() if title not in before]
        assert second.startswith("Besichtigung: ")
        service.record_result(actor, client, application, State.OFFERED, version=application.version)
        assert open_titles() == before
        service.take_back_result(actor, client, application, State.VIEWING, version=application.version)
        assert second in open_titles()
        service.take_back_result(actor, client, application, State.PROPOSED, version=application.version)
        assert open_titles() == before


def test_viewing_and_result_keep_time_and_reason_and_can_be_taken_back(world: World) -> None:
    ids = family(world)
    application_id = applied(world, ids[0], stored_dwelling(world), offered=False)
    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), clients.get_client(ids[0])
        application = queries.get_application(application_id)
        old = application.version
        service.set_viewing(actor, client, application, FROM, "9.30", version=old)
        assert application.text.viewing_time == "09:30"
        with pytest.raises(ConflictError):
            service.set_viewing(actor, client, application, FROM, "", version=old)
        with pytest.raises(RuleError):
            service.record_result(actor, client, application, State.DECLINED, version=application.version)
        service.record_result(actor, client, application, State.DECLINED, reason="VER", version=application.version)
        assert application.reason == "VER"
        service.take_back_result(actor, client, application, State.VIEWING, version=application.version)
        assert (application.state, application.reason) == ("viewing", None)
        service.tick_check(actor, client, application, "STR", done_on=clock.today())
        service.tick_check(actor, client, application, "STR", done_on=None)
        assert all(check.done_on is None for check in queries.list_checks(application.id))
        with pytest.raises(RuleError):
            service.tick_check(actor, client, application, "???", done_on=clock.today())


def test_the_sheet_in_the_clients_hand_says_nothing_of_origin_title_or_counselling(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = family(world)
    application_id = applied(world, ids[0], stored_dwelling(world))
    said: dict[str, Any] = {}
    monkeypatch.setattr(documents, "render", lambda template, **values: said.update(values) or template.encode())
    with world.unit("maier"):
        order = Order(world.actor("maier"), clients.get_client(ids[0]), application_id)
        assert documents.profile(order) == b"housing_profile"
    assert set(said) == {"carrier", "title", "name", "phones", "address", "persons", "move_in_on", "made_on"}
    assert (said["carrier"], said["name"], said["persons"]) == ("", "Zahra Rahimi", 4)


def test_lists_take_the_same_number_of_statements_whatever_the_rows(
    world: World, count_statements: Callable[..., Any]
) -> None:
    ids = family(world)
    stored_limits(world)

    def counted() -> tuple[int, int]:
        numbers = []
        reads: tuple[Callable[[], object], ...] = (
            lambda: queries.list_hits(clients.get_client(ids[0]), clock.today()),
            lambda: queries.list_applications(ids),
        )
        for read in reads:
            with world.unit("maier"), count_statements() as count:
                read()
            numbers.append(int(count))
        return numbers[0], numbers[1]

    for number in range(2):
        landlord = stored_partner(world, f"Wohnbau {number}", "VER")
        applied(world, ids[0], stored_dwelling(world, landlord_id=landlord), offered=False)
    before = counted()
    for number in range(4):
        landlord = stored_partner(world, f"Immo {number}", "VER")
        applied(world, ids[0], stored_dwelling(world, landlord_id=landlord), offered=False)
    assert counted() == before
