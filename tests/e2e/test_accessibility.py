"""Every page of every role: axe finds nothing, light and dark, and nothing is wider than the screen.

Each page is opened once and looked at in both widths: what the server sends is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Error, Page, Response

from tests.e2e.conftest import DESKTOP, PHONE, Site, serving, violations
from tests.e2e.showcase import crowded_file, late_file
from tests.factories.files import stored_file
from tests.factories.samples import samples_of
from tests.factories.world import app_of, open_world
from tests.keyfigures.conftest import led

pytestmark = pytest.mark.browser

ROLES = ("maier", "leitung", "admin", "dsb", "koord", "haupt")
# The forms of each role: the endpoint, and what makes the form wrong, field to value.
WRONG: list[tuple[str, str, dict[str, str]]] = [
    ("maier", "counselling.contact", {"on_day": "31.02.2026"}),
    ("maier", "clients.edit", {"birth": "gestern", "email": "nur ein Wort"}),
    ("maier", "clients.add_fact", {"from_on": "5.5.2026", "until_on": "4.4.2026"}),
    ("maier", "clients.household", {"other": "gibt es nicht"}),
    ("maier", "clients.notice", {"given_on": "31.12.2031"}),
    ("maier", "tasks.add", {"title": ""}),
    ("maier", "teamwork.close", {"on": ""}),
    ("maier", "counselling.edit", {"on_day": "31.02.2026"}),
    ("maier", "counselling.cancel", {"reason": ""}),
    ("maier", "tasks.change", {"title": ""}),
    ("maier", "counselling.advice", {}),
    ("maier", "counselling.activity", {"on_day": "heute früh"}),
    ("maier", "accounts.password", {"old": "falsch", "new": "kurz"}),
    ("maier", "imports.index", {}),
    ("leitung", "teamwork.notes", {}),
    ("leitung", "teamwork.assign", {}),
    ("leitung", "teamwork.queue", {}),
    ("leitung", "accounts.ask_for_duty", {"valid_from": "Mai"}),
    ("admin", "accounts.new_person", {"email": "kein Postfach"}),
    ("admin", "accounts.new_duty", {"valid_to": "31.02.2026"}),
    ("admin", "accounts.carrier_profile", {"name": "", "ags": "8"}),
    ("dsb", "privacy.complaints", {"number": ""}),
    ("dsb", "privacy.breach", {"to_on": "31.02.2026"}),
    ("koord", "reporting.note", {"text": ""}),
    ("koord", "reporting.verify", {}),
    ("koord", "reporting.collect", {}),
    ("koord", "keyfigures.workbooks", {"from_year": "12"}),
    ("haupt", "keyfigures.last_year", {"before_PER": "-3"}),
    ("haupt", "figures.works", {"title": "", "valid_from": "Mai"}),
]
EMPTY = {
    "sued": (
        "/heute",
        "/klienten",
        "/klienten?ansicht=ueberfaellig",
        "/klienten?ansicht=team",
        "/aufgaben",
        "/kontakt",
        "/kurzberatung",
        "/taetigkeit",
        "/suche",
        "/klienten/neu",
    ),
    "fremdleitung": ("/team", "/team/zuteilung", "/team/bestaetigen", "/klienten"),
}


class Walk:
    """A window that goes from page to page and notes what is wrong there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        self.seen: list[str] = []

    def go(self, address: str) -> Response | None:
        """The page at `address`, examined if it is a page that this person may open."""
        try:
            answer = self.page.goto(address, wait_until="load")
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            return None  # a file, not a page
        if answer is not None and answer.ok and answer.headers.get("content-type", "").startswith("text/html"):
            self.examine(address)
        return answer

    def examine(self, name: str) -> None:
        """The page as it stands: on the desktop in light and in dark colours, and on the phone."""
        self.seen.append(name)
        self._note(name, "", violations(self.page))
        self.page.emulate_media(color_scheme="dark")
        self._note(name, " (dark)", violations(self.page, "color-contrast"))
        self.page.emulate_media(color_scheme="light")
        self._measure(name, DESKTOP["width"])
        self.page.set_viewport_size(PHONE)
        self._note(name, " (phone)", violations(self.page))
        self._measure(name, PHONE["width"])
        self.page.set_viewport_size(DESKTOP)

    def _measure(self, name: str, width: int) -> None:
        if self.page.evaluate("document.documentElement.scrollWidth") > width:
            self.faults.append(f"{name}: wider than the screen of {width}")

    def _note(self, name: str, scheme: str, found: list[Any]) -> None:
        self.faults += [f"{name}{scheme}: {rule} {nodes[:3]}" for rule, nodes in found]


@pytest.fixture(scope="module")
def office(
    world_template: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[tuple[Site, dict[str, str]]]:
    """An office with one record of every kind, served for the whole module; nothing here changes it."""
    world = open_world(world_template, tmp_path_factory.mktemp("office") / "installation")
    samples = samples_of(world, "maier")
    samples["crowded_id"] = str(crowded_file(world))
    late_file(world)
    stored_file(world, "leitung", worker_id=None)
    led(world)
    with serving(world, browser) as site:
        yield site, samples
    world.close()


def addresses(site: Site, samples: dict[str, str]) -> dict[str, str]:
    """Endpoint to address, with the sample records in it, for all that can be opened.

    That there are samples for all arguments is demanded by the walk over all routes in `architecture/test_roles.py`.
    """
    app = app_of(site.world)
    with app.test_request_context():
        return {
            rule.endpoint: app.url_for(rule.endpoint, **{name: samples[name] for name in rule.arguments})
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and rule.arguments <= samples.keys()
        }


@pytest.mark.parametrize("login", ROLES)
def test_every_page_of_a_role_is_accessible_and_fits_the_screen(
    office: tuple[Site, dict[str, str]], login: str
) -> None:
    site, samples = office
    walk = Walk(site.window(login))
    for address in addresses(site, samples).values():
        walk.go(address)
    walk.page.context.close()
    assert not walk.faults, "\n".join(walk.faults)
    assert len(walk.seen) > 2, "the walk saw hardly a page"


def test_a_file_full_of_long_and_foreign_names_is_accessible_and_fits_the_screen(
    office: tuple[Site, dict[str, str]],
) -> None:
    site, samples = office
    file = f"/klienten/{UUID(samples['crowded_id'])}"
    walk = Walk(site.window("maier"))
    for part in ("", "/angaben", "/haushalt", "/stand", "/kontakt", "/bearbeiten", "/nicht-angetroffen"):
        walk.go(file + part)
    for page in ("/klienten?ansicht=ueberfaellig", "/klienten?dichte=kompakt", "/heute", "/aufgaben"):
        walk.go(page)
    walk.page.fill("[data-search]", "Rajeswaran")
    walk.page.press("[data-search]", "Enter")
    walk.page.wait_for_url("**/suche")
    walk.examine("search hits")
    walk.page.context.close()
    assert not walk.faults, "\n".join(walk.faults)


@pytest.mark.parametrize("login", ["maier", "leitung", "admin", "koord", "haupt"])
def test_a_form_with_mistakes_is_accessible_and_fits_the_screen(
    office: tuple[Site, dict[str, str]], login: str
) -> None:
    site, samples = office
    walk = Walk(site.window(login))
    known = addresses(site, samples)
    for _login, endpoint, wrong in (entry for entry in WRONG if entry[0] == login):
        send_wrong(walk.page, known[endpoint], wrong)
        walk.examine(f"mistakes in {endpoint}")
    walk.page.context.close()
    assert not walk.faults, "\n".join(walk.faults)


def send_wrong(page: Page, address: str, wrong: dict[str, str]) -> None:
    """Open a form, fill in what is wrong, and send it."""
    page.goto(address)
    for name, value in wrong.items():
        field = page.locator(f"main [name='{name}']")
        field.first.evaluate("(field, value) => { field.value = value }", value, timeout=2_000)
    with page.expect_navigation(wait_until="load") as sent:
        page.evaluate(
            "() => { const form = [...document.querySelectorAll('main form.app-form')].pop();"
            " form.requestSubmit(form.querySelector('.kern-btn--primary')) }"
        )
    assert sent.value.status == 422, f"{address}: {sent.value.status}"


def test_the_intake_with_mistakes_is_accessible(office: tuple[Site, dict[str, str]]) -> None:
    site, _samples = office
    walk = Walk(site.window("maier"))
    walk.page.goto("/klienten/neu")
    walk.page.get_by_role("button", name="Familie").click()
    walk.page.get_by_role("button", name="Aufnehmen").click()
    walk.examine("the empty intake")
    walk.page.locator("#people-0-family_name").fill("Rahimi")
    walk.page.locator("#people-0-given_names").fill("Zahra")
    walk.page.locator("#people-0-birth").fill("27.03.1991")
    walk.page.get_by_role("button", name="Aufnehmen").click()
    walk.page.get_by_role("heading", name="Gibt es die Akte schon?").wait_for()
    walk.examine("possible duplicates")
    walk.page.context.close()
    assert not walk.faults, "\n".join(walk.faults)


@pytest.mark.parametrize("login", EMPTY)
def test_pages_without_content_are_accessible(office: tuple[Site, dict[str, str]], login: str) -> None:
    site, _samples = office
    walk = Walk(site.window(login))
    for address in EMPTY[login]:
        answer = walk.go(address)
        assert answer is not None
        assert answer.ok, address
    walk.page.context.close()
    assert not walk.faults, "\n".join(walk.faults)


@pytest.mark.parametrize("address", ["/gibt-es-nicht", "/verwaltung/personen"])
def test_refusals_are_accessible(office: tuple[Site, dict[str, str]], address: str) -> None:
    site, _samples = office
    walk = Walk(site.window("maier"))
    walk.page.goto(address)
    walk.examine(address)
    walk.page.context.close()
    assert not walk.faults, "\n".join(walk.faults)
