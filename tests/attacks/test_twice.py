"""Double clicks, two windows, two people: stored once, nothing overwritten, both versions shown."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from caseapp.clients.models import Caseload, Client
from caseapp.counselling.models import Contact
from caseapp.places.models import Organisation
from tests.attacks.pages import forms_of
from tests.attacks.targets import Range, Store
from tests.attacks.valid import CREATING, address_of, answer_of
from tests.factories.browser import Browser

_THREADS = 8
_PEOPLE = (
    *(("Abdi", "Hodan"), ("Bohnenkamp", "Ilse"), ("Tesfay", "Yonas"), ("Kovalenko", "Dmytro")),
    *(("Nguyen", "Phuong"), ("Rahmani", "Soraya"), ("Özdemir", "Cem"), ("Vukovic", "Marija")),
)


def rows(shooting: Range) -> dict[str, int]:
    """How many rows each table holds."""
    with sqlite3.connect(shooting.world.services.settings.data_dir / "caseapp.db") as live:
        names = [name for (name,) in live.execute("select name from sqlite_master where type = 'table'")]
        return {
            name: live.execute(f'select count(*) from "{name}"').fetchone()[0]  # noqa: S608  # names of our own tables
            for name in names
            if name not in {"audit_event", "web_session", "sign_in_counter"}
        }


def at_once(shots: list[Callable[[], TestResponse]]) -> list[TestResponse]:
    """All shots at the same moment, each in a thread of its own."""
    answers: list[TestResponse] = []
    start = threading.Barrier(len(shots))

    def fire(shot: Callable[[], TestResponse]) -> None:
        start.wait()
        answers.append(shot())

    threads = [threading.Thread(target=fire, args=(shot,)) for shot in shots]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(shots)
    return answers


@pytest.mark.parametrize("page", CREATING)
def test_a_form_that_is_sent_twice_stores_once(shooting: Range, store: Store, page: str) -> None:
    login, address, data = answer_of(shooting, page)
    before = rows(shooting)
    first = shooting.browser(login).post(address, data)
    assert first.status_code in {200, 302}, forms_of(first.text)
    once = rows(shooting)
    assert once != before
    second = shooting.browser(login).post(address, data)
    assert second.status_code in {200, 302, 409, 422}
    assert rows(shooting) == once
    store.restore()

    login, address, data = answer_of(shooting, page)
    browsers = [Browser(shooting.world, login) for _ in range(2)]
    tokens = [browser.token() for browser in browsers]
    assert all(tokens)
    answers = at_once([lambda browser=browser: browser.post(address, data) for browser in browsers])
    assert {answer.status_code for answer in answers} <= {200, 302, 409, 422}
    assert rows(shooting) == once
    store.restore()


STALE: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "clients.edit": ("maier", {"remarks": "Fassung eins"}, {"remarks": "Fassung zwei"}),
    "clients.correct_fact": ("maier", {"issued_by": "Fassung eins"}, {"issued_by": "Fassung zwei"}),
    "clients.agencies": (
        "maier",
        {"agencies-0-office": "Fassung eins"},
        {"agencies-0-office": "Fassung zwei"},
    ),
    "clients.representatives": ("maier", {"people-0-name": "Fassung eins"}, {"people-0-name": "Fassung zwei"}),
    "counselling.edit": ("maier", {"note": "Fassung eins"}, {"note": "Fassung zwei"}),
    "goals.change": ("maier", {"own_words": "Fassung eins"}, {"own_words": "Fassung zwei"}),
    "goals.change_step": ("maier", {"text": "Fassung eins"}, {"text": "Fassung zwei"}),
    "network.change": ("maier", {"note": "Fassung eins"}, {"note": "Fassung zwei"}),
    "network.dwelling": ("maier", {"note": "Fassung eins"}, {"note": "Fassung zwei"}),
    "network.rent_table": ("leitung", {"source": "Fassung eins"}, {"source": "Fassung zwei"}),
    "housing.wishes": ("maier", {"note": "Fassung eins"}, {"note": "Fassung zwei"}),
    "referrals.change": ("maier", {"note": "Fassung eins"}, {"note": "Fassung zwei"}),
    "referrals.change_wish": ("maier", {"times": "Fassung eins"}, {"times": "Fassung zwei"}),
    "accounts.carrier_profile": ("admin", {"controller": "Fassung eins"}, {"controller": "Fassung zwei"}),
}


@pytest.mark.parametrize("page", STALE)
def test_a_stale_form_shows_both_versions_and_overwrites_nothing(shooting: Range, store: Store, page: str) -> None:
    login, first, second = STALE[page]
    address, browser = address_of(shooting, page), shooting.browser(login)
    name = next(iter(first))
    form = next(form for form in forms_of(browser.get(address).text) if name in form.controls)
    target = form.action or address
    assert browser.post(target, form.sent() | first).status_code == 302
    stored = Store(shooting.world).start
    stale = browser.post(target, form.sent() | second)
    assert stale.status_code in {409, 422}, stale.status_code
    assert "Fassung eins" in stale.text
    assert "Fassung zwei" in stale.text
    assert Store(shooting.world).start == stored
    # Revisions that no page can have shown are old ones, too.
    for revision in ("", "0", "-1", "²", "9" * 30, "None"):
        posted = {field: revision for field in form.sent() if field.endswith("_rev") and field != "draft_rev"}
        answer = browser.post(target, form.sent() | second | posted)
        assert answer.status_code in {409, 422}, (revision, answer.status_code)
        assert Store(shooting.world).start == stored
    store.restore()


def test_eight_people_write_for_one_client_while_others_read(shooting: Range, store: Store) -> None:
    address = f"/klienten/{shooting.samples['client_id']}/kontakt"
    writers = [Browser(shooting.world, "maier") for _ in range(_THREADS)]
    readers = [Browser(shooting.world, login) for login in ("maier", "leitung", "oez", "lead2")]
    forms: list[dict[str, Any]] = [
        next(form for form in forms_of(writer.get(address).text) if "form_id" in form.controls).sent()
        | {"note": f"Kontakt {number}", "kind": "TEL", "tasks-0-title": f"Aufgabe {number}"}
        for number, writer in enumerate(writers)
    ]
    for each in (*writers, *readers):
        each.token()
    before, open_before = _contacts(shooting), _open_tasks(shooting)

    def write(writer: Browser, data: dict[str, Any]) -> TestResponse:
        return writer.post(address, data)

    def read(reader: Browser) -> TestResponse:
        last = reader.get("/klienten")
        for _ in range(3):
            last = reader.get("/klienten")
        return last

    answers = at_once(
        [lambda w=writer, d=data: write(w, d) for writer, data in zip(writers, forms, strict=True)]
        + [lambda r=reader: read(r) for reader in readers]
    )
    assert [answer.status_code for answer in answers if answer.status_code not in {200, 302}] == []
    assert all("locked" not in answer.text for answer in answers)
    assert _contacts(shooting) == before + _THREADS
    with shooting.world.unscoped() as unit:
        client = unit.get_one(Client, shooting.world_id("client_id"))
        row = unit.scalars(select(Caseload).where(Caseload.client_id == client.id)).one()
        last = unit.scalars(select(Contact.on_day).where(Contact.client_id == client.id).order_by(Contact.on_day)).all()
        assert row.last_contact_on == last[-1]
        assert row.open_tasks == open_before + _THREADS
    store.restore()


def test_files_opened_at_the_same_moment_get_different_numbers(shooting: Range, store: Store) -> None:
    sent = [answer_of(shooting, "clients.intake?art=person") for _ in range(_THREADS)]
    for number, (_login, _address, data) in enumerate(sent):
        data["people-0-family_name"], data["people-0-given_names"] = _PEOPLE[number]
    browsers = [Browser(shooting.world, "maier") for _ in sent]
    for browser in browsers:
        browser.token()
    answers = at_once(
        [
            lambda b=browser, a=address, d=data: b.post(a, d)
            for browser, (_l, address, data) in zip(browsers, sent, strict=True)
        ]
    )
    assert {answer.status_code for answer in answers} == {302}
    with shooting.world.unscoped() as unit:
        numbers = unit.scalars(select(Client.file_number).order_by(Client.file_number)).all()
        assert len(numbers) == len(set(numbers))
        counter = unit.get_one(Organisation, shooting.world.organisations["Musterhausen"]).last_file_number
        assert counter == int(numbers[-1].partition("-")[2])
    store.restore()


def test_an_intake_goes_on_with_the_key_that_an_interrupted_attempt_has_left(shooting: Range, store: Store) -> None:
    login, address, data = answer_of(shooting, "clients.intake?art=person")
    keystore, own = shooting.world.services.keystore, shooting.world.organisations["Musterhausen"]
    client_id = UUID(str(data["form_id"]))
    keystore.create([(client_id, own)])
    assert shooting.browser(login).post(address, data).status_code == 302
    with shooting.world.unscoped() as unit:
        assert unit.get_one(Client, client_id).head.family_name == "Doppelt"
    with pytest.raises(IntegrityError):
        keystore.create([(client_id, shooting.world.organisations["Fremdstadt"])])
    store.restore()


def _contacts(shooting: Range) -> int:
    return rows(shooting)["contact"]


def _open_tasks(shooting: Range) -> int:
    with shooting.world.unscoped() as unit:
        client_id = shooting.world_id("client_id")
        return unit.scalars(select(Caseload.open_tasks).where(Caseload.client_id == client_id)).one()
