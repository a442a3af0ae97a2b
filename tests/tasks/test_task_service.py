"""Tasks on a real database: they keep the caseload's row and know whose they are."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from caseapp import clock
from caseapp.clients.models import Caseload, Client
from caseapp.clients.queries import get_client
from caseapp.db import session
from caseapp.errors import ForbiddenError, NotFoundError, RuleError
from caseapp.tasks import queries, service
from tests.factories.files import stored_file
from tests.factories.world import World


def day(days: int) -> dt.date:
    return clock.today() + dt.timedelta(days=days)


def add(
    world: World, client_id: UUID, title: str, due_on: dt.date | None, login: str = "maier", **options: object
) -> UUID:
    with world.unit(login, write=True):
        return service.add_task(world.actor(login), get_client(client_id), title, due_on, **options).id  # type: ignore[arg-type]


def row(world: World, client_id: UUID) -> tuple[dt.date | None, int]:
    with world.unscoped():
        found = session().scalars(select(Caseload).where(Caseload.client_id == client_id)).one()
        return found.next_step_on, found.open_tasks


def client_of(client_id: UUID) -> Client:
    return get_client(client_id)


def test_the_caseload_follows_every_change(world: World) -> None:
    client_id = stored_file(world)
    first = add(world, client_id, "Anruf", day(5))
    second = add(world, client_id, "Brief", day(2))
    assert row(world, client_id) == (day(2), 2)
    with world.unit("maier", write=True):
        service.finish_task(world.actor("maier"), client_of(client_id), queries.get_task(second))
    assert row(world, client_id) == (day(5), 1)
    with world.unit("maier", write=True):
        service.reopen_task(world.actor("maier"), client_of(client_id), queries.get_task(second))
    assert row(world, client_id) == (day(2), 2)
    with world.unit("maier", write=True):
        service.put_off(world.actor("maier"), client_of(client_id), queries.get_task(second), day(9))
        service.cancel_task(world.actor("maier"), client_of(client_id), queries.get_task(first))
    assert row(world, client_id) == (day(9), 1)
    with world.unscoped():
        assert queries.next_steps() == {client_id: (day(9), 1)}


def test_a_deadline_cannot_be_put_off_but_done(world: World) -> None:
    client_id = stored_file(world)
    task_id = add(world, client_id, "Widerspruch", day(3), deadline=True)
    with world.unit("maier", write=True), pytest.raises(RuleError):
        service.put_off(world.actor("maier"), client_of(client_id), queries.get_task(task_id), day(10))
    with world.unit("maier", write=True):
        service.finish_task(world.actor("maier"), client_of(client_id), queries.get_task(task_id))


def test_a_deadline_needs_a_day(world: World) -> None:
    with pytest.raises(RuleError):
        add(world, stored_file(world), "Widerspruch", None, deadline=True)


def test_the_same_form_sent_twice_adds_one_task(world: World) -> None:
    client_id, form_id = stored_file(world), uuid4()
    assert add(world, client_id, "Anruf", day(1), task_id=form_id) == add(
        world, client_id, "Anruf", day(1), task_id=form_id
    )
    assert row(world, client_id) == (day(1), 1)


def test_a_colleague_of_the_team_can_neither_see_nor_add_tasks(world: World) -> None:
    client_id = stored_file(world)
    task_id = add(world, client_id, "Anruf", day(1))
    with world.unit("oez", write=True):
        with pytest.raises(ForbiddenError):
            service.add_task(world.actor("oez"), client_of(client_id), "Anruf", None)
        with pytest.raises(NotFoundError):
            queries.get_task(task_id)


def test_the_own_list_has_titles_and_names_in_two_statements(world: World, count_statements: object) -> None:
    clients = [stored_file(world) for _ in range(2)]
    for client_id in clients:
        add(world, client_id, "Anruf", day(1))

    def listed() -> int:
        with world.unit("maier"), count_statements() as count:  # type: ignore[operator]
            lines = queries.list_open_for_worker(world.actor("maier"))
        assert all((line.title, line.client_name) == ("Anruf", "Rahimi, Zahra") for line in lines)
        return int(count)

    few = listed()
    for client_id in clients:
        for _ in range(5):
            add(world, client_id, "Anruf", day(1))
    assert listed() == few


def test_done_tasks_are_listed_for_some_days(world: World) -> None:
    client_id = stored_file(world)
    task_id = add(world, client_id, "Anruf", day(1))
    with world.unit("maier", write=True):
        service.finish_task(world.actor("maier"), client_of(client_id), queries.get_task(task_id))
    with world.unit("maier"):
        actor = world.actor("maier")
        assert queries.list_open_for_worker(actor) == []
        assert [line.state for line in queries.list_open_for_worker(actor, done_since=day(-7))] == ["done"]
