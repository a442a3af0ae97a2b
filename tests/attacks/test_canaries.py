"""Nobody reads a word of a file that is not theirs, on any page, in any list, hint or refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.canaries import NAMES, Aviary, hatch, word
from tests.attacks.pages import forms_of
from tests.factories.browser import Browser
from tests.factories.world import PEOPLE, World, open_world

# Hand-written from the table of roles: whose name a person may meet, whose facts, whose notes.
# M, O of Maier and Öz in team Nord, S of team Süd, F of another carrier, Q in Nord's queue, m, o protected ones of
# Maier and Öz, X, Y closed ones of Maier and Öz. M, m, o and X live together.
FINDS = {
    "maier": "MOQmX",
    "oez": "MOQoY",
    "sued": "S",
    "leitung": "MOQXY",
    "lead2": "MOQXY",
    "fremd": "F",
    "fremdleitung": "F",
}
READS = {"maier": "MmX", "oez": "OoY", "sued": "S", "leitung": "MOQXY", "fremd": "F", "fremdleitung": "F"}
READS_NOTES = {"maier": "MmX", "oez": "OoY", "sued": "S", "fremd": "F"}
OF_NAMES = ("", "vorname", "anders")
OF_NOTES = ("notiz", "dabei", "dritte", "adresse", "entwurf")
_WORD = re.compile(r"\b(" + "|".join(NAMES.values()) + r")(\w*)", re.IGNORECASE)


@pytest.fixture(scope="module")
def world(world_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    opened = open_world(world_template, tmp_path_factory.mktemp("aviary") / "installation")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def aviary(world: World) -> Aviary:
    return hatch(world)


def leaks(text: str, login: str) -> set[str]:
    """The words in this answer that the person may not read."""
    letters = {name.casefold(): letter for letter, name in NAMES.items()}
    found = set()
    for name, ending in _WORD.findall(text):
        letter, what = letters[name.casefold()], ending.casefold()
        allowed = FINDS if what in OF_NAMES else READS_NOTES if what in OF_NOTES else READS
        if letter not in allowed.get(login, ""):
            found.add(name + what)
    return found


def visits(browser: Browser, world: World, aviary: Aviary) -> Iterator[str]:
    """Every address of the application, with every file's records; then the lists in all their views."""
    people = {name: str(user_id) for name, user_id in world.users.items() if name in {"maier", "oez", "sued"}}
    for rule in sorted(browser.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        for values in [*aviary.records.values(), *({"worker_id": each, "user_id": each} for each in people.values())]:
            given = values | {"kind": "title", "name": "topics"}
            if rule.arguments <= set(given):
                with browser.app.test_request_context():
                    yield browser.app.url_for(rule.endpoint, **{name: given[name] for name in rule.arguments})
            if not rule.arguments:
                break
    for view in ("meine", "team", "ueberfaellig", "woche", "ohne-kontakt", "titel"):
        yield f"/klienten?ansicht={view}"
    for record in aviary.records.values():
        yield f"/klienten/neu?haushalt={record['client_id']}"
        yield f"/klienten/neu?entwurf={record['draft_id']}"
        yield f"/klienten/{record['client_id']}/kontakt?entwurf={record['draft_id']}"
        yield f"/klienten/{record['client_id']}/kontakt?wieder={record['contact_id']}"


@pytest.mark.parametrize("login", PEOPLE)
def test_no_page_shows_a_word_that_the_person_may_not_read(world: World, aviary: Aviary, login: str) -> None:
    browser = Browser(world, login)
    found = {}
    for address in dict.fromkeys(visits(browser, world, aviary)):
        answer = browser.get(address)
        assert answer.status_code < 500, address
        seen = leaks(answer.text + str(answer.headers), login)
        if seen:
            found[address] = seen
    assert found == {}


@pytest.mark.parametrize("login", PEOPLE)
def test_no_search_and_no_intake_tells_of_a_file_out_of_sight(world: World, aviary: Aviary, login: str) -> None:
    browser = Browser(world, login)
    for letter, name in NAMES.items():
        typed = {name, word(letter, "vorname")}
        answers = [browser.post("/suche", {"q": name}), browser.post("/klienten/neu", {"q": name, "suchen": "1"})]
        answers.append(_intake(browser, letter))
        for answer in answers:
            assert answer.status_code < 500
            # What one has typed oneself is no news; the second name of the file and its number would be.
            news = leaks(answer.text, login) - typed
            assert not {each for each in news if not each.casefold().startswith(f"{name}vorname".casefold())}, letter
            if letter not in FINDS.get(login, ""):
                assert word(letter, "anders") not in answer.text
                assert str(aviary.ids[letter]) not in answer.text


def _intake(browser: Browser, letter: str):  # type: ignore[no-untyped-def]  # werkzeug's answer
    """A person of the same name and birth date is taken in: the hint at a double."""
    page = browser.get("/klienten/neu?art=person")
    form = max(forms_of(page.text), key=lambda form: len(form.shape), default=None)
    day = f"{1 + sorted(NAMES).index(letter):02}.01.1980"
    data = {
        "people-0-family_name": NAMES[letter],
        "people-0-given_names": word(letter, "vorname"),
        "people-0-birth": day,
        "notice_on": "gestern abend",  # refused: the intake is not to succeed
    }
    return browser.post("/klienten/neu?art=person", (form.sent() if form else {}) | data)


def test_a_hidden_double_is_taken_in_as_if_it_were_new(world: World, aviary: Aviary) -> None:
    browser = Browser(world, "maier")
    page = browser.get("/klienten/neu?art=person")
    form = max(forms_of(page.text), key=lambda form: len(form.shape))
    for letter in ("o", "Y", "S", "F"):
        day = f"{1 + sorted(NAMES).index(letter):02}.01.1980"
        data = {"people-0-family_name": NAMES[letter], "people-0-given_names": word(letter, "vorname")}
        sent = form.sent() | data | {"people-0-birth": day, "form_id": str(aviary.ids[letter])}
        answer = browser.post("/klienten/neu?art=person", sent)
        assert answer.status_code in {302, 409, 422}, (letter, answer.status_code)
        assert word(letter, "anders") not in answer.text
