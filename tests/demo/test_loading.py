"""The demo: the same for the same seed, complete in itself, and only where it may be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from caseapp import clock
from caseapp.accounts.models import User
from caseapp.accounts.service.signing_in import sign_in
from caseapp.cli.runtime import actor_for
from caseapp.clients.models import Caseload, Client, HistoryEntry, HouseholdMember
from caseapp.clients.service.rebuild import rebuild
from caseapp.counselling.models import Contact
from caseapp.db import scope
from caseapp.demo import service as demo
from caseapp.demo.rules.plan import Scope
from caseapp.errors import RuleError
from caseapp.factory import CASELOAD_COUNTERS, Services
from caseapp.sealed import keys_of
from caseapp.tallies.service import rebuild as recount_lines
from caseapp.tasks.models import Task
from tests.demo.conftest import PASSWORD, MakeDemo
from tests.factories.world import World


@contextmanager
def looking(services: Services, *, write: bool = False) -> Iterator[Session]:
    with services.database.unit(None, write=write) as unit, scope.everything(unit):
        yield unit


def all_clients(unit: Session) -> list[Client]:
    found = list(
        unit.scalars(select(Client).options(undefer(Client.body_blob)).order_by(Client.file_number, Client.id))
    )
    keys_of(unit, [client.id for client in found])
    return found


def content(services: Services) -> dict[str, Any]:
    """Everything that the demo says about people, without the ids of carriers and staff, which are random."""
    with looking(services) as unit:
        clients = all_clients(unit)
        return {
            "clients": [
                (
                    client.id,
                    client.file_number,
                    client.opened_on,
                    client.closed_on,
                    client.ags,
                    client.head,
                    client.body,
                )
                for client in clients
            ],
            "facts": sorted(
                (entry.id, entry.kind, entry.from_on, entry.until_on, repr(entry.box))
                for entry in unit.scalars(select(HistoryEntry).order_by(HistoryEntry.id))
            ),
            "contacts": sorted(
                (contact.id, contact.on_day, contact.kind, contact.minutes, repr(contact.detail))
                for contact in unit.scalars(select(Contact).order_by(Contact.id))
            ),
            "tasks": sorted(
                (task.id, task.due_on, task.state, task.text.title)
                for task in unit.scalars(select(Task).order_by(Task.id))
            ),
        }


def test_the_same_seed_gives_the_same_people_dates_and_figures(small_demo: Services, make_demo: MakeDemo) -> None:
    assert content(small_demo) == content(make_demo())


def test_another_seed_gives_other_people(small_demo: Services, make_demo: MakeDemo) -> None:
    names = [
        [head.full_name for *_rest, head, _body in content(each)["clients"]] for each in (small_demo, make_demo(seed=2))
    ]
    assert len(names[0]) == len(names[1]) == 200
    assert names[0] != names[1]


def test_the_caseload_rows_are_what_a_recount_says(make_demo: MakeDemo) -> None:
    services = make_demo(seed=3)
    with services.database.unit(None, write=True):
        rebuilt = rebuild(CASELOAD_COUNTERS)
    assert (rebuilt.clients, rebuilt.mended) == (200, 0)


def test_the_demo_holds_what_the_pages_are_about(small_demo: Services) -> None:
    today = clock.today()
    with looking(small_demo) as unit:
        clients = all_clients(unit)
        assert any(client.worker_id is None for client in clients)
        assert any(client.protected for client in clients)
        assert any(client.closed and client.closing_reason for client in clients)
        assert any(client.body.leftovers for client in clients)
        assert any(client.head.own_script for client in clients)
        rows = list(unit.scalars(select(Caseload).where(Caseload.open).order_by(Caseload.id)))
        contacts = unit.scalar(select(func.count(Contact.id))) or 0
        sizes = unit.scalars(select(func.count(HouseholdMember.id)).group_by(HouseholdMember.household_id)).all()
    assert any(row.next_step_on and row.next_step_on < today for row in rows)
    assert any(row.title_ends_on and today <= row.title_ends_on < today + dt.timedelta(days=90) for row in rows)
    assert contacts > 1_200
    assert max(sizes) >= 4


def test_nothing_happens_before_the_file_is_opened_after_it_is_closed_or_in_the_future(small_demo: Services) -> None:
    today = clock.today()
    with looking(small_demo) as unit:
        rows = unit.execute(
            select(Contact.on_day, Client.opened_on, Client.closed_on)
            .join(Client, Client.id == Contact.client_id)
            .order_by(Contact.id)
        ).all()
        births = [(client.head.birth.day, client.opened_on) for client in all_clients(unit)]
    assert all(opened <= on <= (closed or today) for on, opened, closed in rows)
    assert all(born is not None and born < opened for born, opened in births)


@pytest.mark.parametrize("today", [dt.date(2027, 3, 31), dt.date(2028, 2, 29), dt.date(2031, 1, 1)])
def test_the_demo_can_be_made_on_any_later_day(make_demo: MakeDemo, today: dt.date) -> None:
    with looking(make_demo(clients=60, today=today)) as unit:
        rows = list(unit.scalars(select(Caseload).where(Caseload.open).order_by(Caseload.id)))
    last = max(row.last_contact_on for row in rows if row.last_contact_on)
    assert today - dt.timedelta(days=14) <= last <= today


def test_telephones_reach_nobody(small_demo: Services) -> None:
    # Numbers that the Bundesnetzagentur keeps free for films and books.
    free = ("+4917139200", "+4917604069", "+496990009", "+493023125")
    with looking(small_demo) as unit:
        phones = [phone for client in all_clients(unit) for phone in client.head.phones]
    assert phones
    assert all(phone.startswith(free) for phone in phones)


def test_everybody_signs_in_with_the_one_password_and_need_not_change_it(small_demo: Services) -> None:
    for login in ("maier", "leitung"):
        signed_in = sign_in(small_demo.database, login, PASSWORD, "127.0.0.1")
        assert not signed_in.must_change_password
    with looking(small_demo) as unit:
        assert len(set(unit.scalars(select(User.password_hash)))) == 1


def test_the_first_caseworker_sees_a_full_caseload_and_nobody_elses_carrier(small_demo: Services) -> None:
    user_id = actor_id(small_demo, "maier")
    with small_demo.database.unit(small_demo.load_actor(user_id), write=False) as unit:
        own = unit.scalars(select(Client.id).where(Client.worker_id == user_id)).all()
        carriers = set(unit.scalars(select(Client.organisation_id)))
    assert len(own) > 20
    assert len(carriers) == 1


def test_commands_without_a_name_run_for_the_first_caseworker(small_demo: Services) -> None:
    assert actor_for(small_demo, None).name == "Eva Maier"


def actor_id(services: Services, login: str) -> UUID:
    with looking(services) as unit:
        return next(user.id for user in unit.scalars(select(User).order_by(User.id)) if user.profile.login == login)


def test_a_real_installation_is_refused(world: World) -> None:
    with pytest.raises(RuleError, match="keine Demo"):
        demo.load(world.services.database, order(), "unused", lambda _done, _total: None)


def test_a_demo_that_holds_something_is_not_filled_again(make_demo: MakeDemo) -> None:
    services = make_demo(clients=5)
    with pytest.raises(RuleError, match="schon Daten"):
        demo.load(services.database, order(), "unused", lambda _done, _total: None)


def test_an_interrupted_load_leaves_an_empty_demo(empty_demo: Services) -> None:
    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.load(empty_demo.database, order(), "unused", interrupt)
    with empty_demo.database.unit(None, write=False):
        assert demo.is_empty()


def order() -> demo.Order:
    return demo.Order(10, 1, Scope.DISTRICT, clock.today())


def test_the_lines_of_the_figures_are_what_a_recount_says(small_demo: Services) -> None:
    found = recount_lines(small_demo.database, check=True)
    assert found.records > 1_000
    assert (found.differences, found.unreadable, found.lost) == (0, 0, 0)
