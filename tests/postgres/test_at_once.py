"""Writers at the same time: on PostgreSQL nobody waits for the whole database, and nothing is lost all the same."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select

from caseapp.accounts.models import SignInCounter
from caseapp.accounts.service.signing_in import _count_failure
from caseapp.clients.models import Client
from caseapp.clients.service.numbers import take_file_numbers
from caseapp.counselling.models import Contact
from caseapp.db import hold
from caseapp.jobs import JobContext, start
from caseapp.tasks.models import Task
from tests.attacks.pages import forms_of
from tests.factories.browser import Browser
from tests.factories.files import head, stored_file
from tests.factories.world import World

WRITERS = 6


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """What each of the writers got, all let loose at the same moment."""
    gate = threading.Barrier(WRITERS)

    def one(number: int) -> Any:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(one, range(WRITERS)))


def test_no_file_number_is_given_twice(world: World) -> None:
    organisation_id = world.organisations["Musterhausen"]

    def take(number: int) -> list[str]:
        taken = []
        for _round in range(5):
            # The operator's commands have no actor and hold no carrier: the counter's row is locked by itself.
            with world.unit(None if number % 2 else "maier", write=True):
                taken += take_file_numbers(organisation_id, 2)
        return taken

    given = [number for taken in at_once(take) for number in taken]
    assert len(given) == len(set(given)) == WRITERS * 10


def test_of_people_who_change_a_file_at_once_one_is_stored_and_the_others_are_told(world: World) -> None:
    address = f"/klienten/{stored_file(world)}/bearbeiten"
    browsers = _signed_in(world)
    form = next(form for form in forms_of(browsers[0].get(address).text) if "remarks" in form.controls)
    typed = [form.sent() | {"remarks": f"Fassung {number}"} for number in range(WRITERS)]
    answers = at_once(lambda number: browsers[number].post(address, typed[number]).status_code)
    assert Counter(answers) == {302: 1, 409: WRITERS - 1}


def test_a_form_that_is_sent_many_times_at_once_is_stored_once(world: World) -> None:
    address = f"/klienten/{stored_file(world)}/kontakt"
    browsers = _signed_in(world)
    form = next(form for form in forms_of(browsers[0].get(address).text) if "note" in form.controls)
    typed = form.sent() | {"kind": "TEL", "minutes": "15", "note": "Einmal gesprochen", "tasks-0-title": "Anruf"}
    answers = at_once(lambda number: browsers[number].post(address, typed).status_code)
    assert set(answers) == {302}
    with world.unscoped() as unit:
        assert unit.scalar(select(func.count(Contact.id))) == 1
        assert unit.scalar(select(func.count(Task.id))) == 1


def _signed_in(world: World) -> list[Browser]:
    browsers = [Browser(world, "maier") for _number in range(WRITERS)]
    assert all(browser.token() for browser in browsers)
    return browsers


def test_no_failed_attempt_to_sign_in_goes_uncounted(world: World) -> None:
    def guess(_number: int) -> None:
        for _attempt in range(5):
            with world.unit(None, write=True):
                _count_failure(b"somebody")

    at_once(guess)
    with world.unit(None) as unit:
        assert unit.scalars(select(SignInCounter.failures)).all() == [WRITERS * 5]


def test_a_job_that_is_called_many_times_runs_once(world: World) -> None:
    runs: list[object] = []

    def handler(context: JobContext) -> None:
        runs.append(context.job_id)

    world.services.queue.register("test", handler)
    actor = world.actor("maier")
    with world.unit("maier", write=True):
        job = start(actor, "test", organisation_id=world.organisations["Musterhausen"], target_id=uuid4())
    at_once(lambda _number: world.services.queue.run_now(job.id, actor.user_id))
    assert runs == [job.id]


def test_carriers_do_not_wait_for_each_other(world: World) -> None:
    with world.unit("maier", write=True), ThreadPoolExecutor(1) as pool:
        take_file_numbers(world.organisations["Musterhausen"])
        assert pool.submit(stored_file, world, "fremd").result(timeout=10)


def test_a_name_is_held_to_the_end_of_the_transaction(world: World) -> None:
    inside: list[int] = []
    most: list[int] = []

    def look(number: int) -> None:
        with world.unit(None, write=True) as unit:
            hold(unit, "counter")
            inside.append(number)
            time.sleep(0.02)
            most.append(len(inside))
            inside.remove(number)

    at_once(look)
    assert most == [1] * WRITERS


def test_a_page_sees_one_moment_of_the_database(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier") as page:
        before = page.scalars(select(Client).where(Client.id == client_id)).one().head
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_rename, world, client_id).result()
        page.expire_all()
        assert page.scalars(select(Client).where(Client.id == client_id)).one().head == before


def _rename(world: World, client_id: object) -> None:
    with world.unit("maier", write=True) as unit:
        client = unit.get(Client, client_id)
        assert client is not None
        client.head = head(family_name="Neumann")
