"""An administrator's day: accounts and duties that need a second person, and never a client page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.factories.files import stored_file

pytestmark = pytest.mark.browser

in_both_manners = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
OWN_PASSWORD = "vier ganz eigene Wörter 9"


def sign_in(page: Page, login: str, password: str) -> None:
    """Sign in through the form."""
    page.goto("/anmelden")
    page.get_by_label("Anmeldename").fill(login)
    page.get_by_label("Kennwort").fill(password)
    page.get_by_role("button", name="Anmelden").click()


def open_account(page: Page) -> str:
    """A new caseworker of team Nord; the first password, which is shown once."""
    page.goto("/verwaltung/personen/neu")
    page.get_by_label("Vor- und Nachname").fill("Nadine Neu")
    page.get_by_label("Anmeldename").fill("neu")
    page.get_by_role("radio", name="Integrationsmanagement").check()
    scope = page.get_by_label("Gilt für")
    nord = next(label for label in scope.locator("option").all_inner_texts() if "Nord" in label)
    scope.select_option(label=nord)
    page.get_by_role("button", name="Konto anlegen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Konto angelegt")
    return page.locator(".app-secret").inner_text()


@in_both_manners
def test_a_new_account_may_nothing_before_a_second_person_confirms(site: Site, script: bool) -> None:
    first_password = open_account(site.window("admin", script=script))

    new = site.window("", script=script)
    sign_in(new, "neu", first_password)
    expect(new.get_by_role("heading", level=1)).to_have_text("Kennwort ändern")
    new.get_by_label("Bisheriges Kennwort").fill(first_password)
    new.get_by_label("Neues Kennwort", exact=True).fill(OWN_PASSWORD)
    new.get_by_label("Neues Kennwort wiederholen").fill(OWN_PASSWORD)
    new.get_by_role("button", name="Kennwort ändern").click()
    expect(new.locator("main")).to_contain_text("Sie haben noch keine bestätigte")

    lead = site.window("leitung", script=script)
    lead.goto("/team/bestaetigen")
    waiting = lead.locator("li").filter(has_text="Nadine Neu")
    expect(waiting).to_contain_text("Armin Verwalter")
    waiting.get_by_role("button", name="Bestätigen").click()
    expect(lead.get_by_role("button", name="Bestätigen")).to_have_count(0)

    new.goto("/heute")
    expect(new.get_by_role("heading", level=1)).to_have_text("Heute")


@in_both_manners
def test_a_disabled_account_is_out_at_its_next_request(site: Site, script: bool) -> None:
    worker = site.window("oez", script=script)
    worker.goto("/klienten")
    expect(worker.get_by_role("heading", level=1)).to_have_text("Klientinnen und Klienten")

    admin = site.window("admin", script=script)
    admin.goto("/verwaltung/personen")
    admin.get_by_role("link", name="Deniz Öz").click()
    admin.get_by_role("button", name="Sperren", exact=True).click()
    expect(admin.get_by_role("button", name="Entsperren")).to_be_visible()

    worker.goto("/klienten")
    expect(worker.get_by_role("heading", level=1)).to_have_text("Anmelden")


@pytest.mark.parametrize("login", ["admin", "dsb"])
def test_no_client_page_can_be_reached(site: Site, login: str) -> None:
    file = f"/klienten/{stored_file(site.world)}"
    page = site.window(login)
    for address in ("/heute", "/klienten", file, f"{file}/kontakt", "/aufgaben", "/kontakt", "/team", "/importe"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status in {403, 404}, address
        assert "Rahimi" not in page.content()
    assert page.locator("[data-search]").count() == 0


@in_both_manners
def test_a_code_is_hidden_from_the_forms_of_the_carrier_and_shown_again(site: Site, script: bool) -> None:
    form = f"/klienten/{stored_file(site.world)}/kontakt"
    worker = site.window("maier", script=script)
    admin = site.window("admin", script=script)
    admin.goto("/verwaltung/codelisten/topics")
    row = admin.locator("tr").filter(has_text="Schulden")
    row.get_by_role("button", name="Verbergen").click()
    expect(admin.locator("tr").filter(has_text="Schulden")).to_contain_text("verborgen")
    worker.goto(form)
    expect(worker.get_by_label("Schulden/Verträge")).to_have_count(0)
    admin.locator("tr").filter(has_text="Schulden").get_by_role("button", name="Zeigen").click()
    worker.goto(form)
    expect(worker.get_by_label("Schulden/Verträge")).to_have_count(1)
