"""What is being typed survives: closing the window, a time-out, the way back, a second tab, with and without script."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from caseapp import clock
from caseapp.accounts.models import WebSession
from caseapp.counselling.models import Contact
from tests.e2e.conftest import Site
from tests.factories.files import stored_file
from tests.factories.world import PASSWORD, World

pytestmark = pytest.mark.browser


@pytest.fixture
def form_address(world: World) -> str:
    """The contact form of a file of Maier."""
    return f"/klienten/{stored_file(world)}/kontakt"


def begin(page: Page, address: str, text: str, *, script: bool = True) -> None:
    """Open the form, write, and let the draft be kept: by the script, or by the button where there is none."""
    page.goto(address)
    page.locator("#note").fill(text)
    if script:
        expect(page.locator("[data-draft-state]")).to_contain_text("Entwurf gespeichert um")
    else:
        page.get_by_role("button", name="Entwurf speichern").click()
        expect(page.get_by_role("status").first).to_contain_text("Entwurf gespeichert.")


def stored_contacts(world: World) -> int:
    """How many contacts there are."""
    with world.unscoped() as unit:
        return len(list(unit.scalars(select(Contact.id))))


def let_sessions_run_out(world: World) -> None:
    """All people have been away for longer than the idle time allows."""
    with world.unscoped(write=True) as unit:
        for each in unit.scalars(select(WebSession)):
            each.seen_at = clock.now() - dt.timedelta(hours=20)
            each.created_at = clock.now() - dt.timedelta(hours=20)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_closed_window_loses_nothing_and_the_next_form_starts_empty(
    site: Site, form_address: str, script: bool
) -> None:
    first = site.window("maier", phone=True, script=script)
    begin(first, form_address, "Bescheid vom Jobcenter kam.", script=script)
    context = first.context
    first.close()

    page = context.new_page()
    page.goto(form_address)
    expect(page.locator("#note")).to_have_value("")
    page.get_by_role("region", name="Offene Entwürfe").get_by_role("link", name="Weiterschreiben").click()
    expect(page.locator("#note")).to_have_value("Bescheid vom Jobcenter kam.")
    page.get_by_role("button", name="Kontakt speichern").click()
    expect(page.locator(".app-timeline")).to_contain_text("Bescheid vom Jobcenter kam.")

    page.goto(form_address)
    expect(page.get_by_role("region", name="Offene Entwürfe")).to_have_count(0)
    expect(page.locator("#note")).to_have_value("")


def test_leaving_in_the_middle_of_a_word_keeps_the_last_word(site: Site, form_address: str) -> None:
    page = site.window("maier")
    page.goto(form_address)
    page.locator("#note").fill("noch nicht gespeichert")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/aufgaben")
    go_on = page.get_by_role("link", name="Weiterschreiben")
    for _attempt in range(20):  # what a page sends while it is left may arrive after the next page was asked for
        page.goto(form_address)
        if go_on.count():
            break
        page.wait_for_timeout(250)
    go_on.click()
    expect(page.locator("#note")).to_have_value("noch nicht gespeichert")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_time_out_loses_nothing_and_stores_once(site: Site, form_address: str, script: bool) -> None:
    page = site.window("maier", script=script)
    page.goto(form_address)
    page.locator("#note").fill("Wohnung besichtigt, Zusage bis Montag.")
    let_sessions_run_out(site.world)
    page.get_by_role("button", name="Kontakt speichern").click()
    expect(page.get_by_role("status").filter(has_text="Sie sind abgemeldet.")).to_be_visible()

    page.get_by_label("Anmeldename").fill("maier")
    page.get_by_label("Kennwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    if not script:
        page.get_by_role("button", name="Weiter zum Formular").click()
    expect(page.get_by_role("status").filter(has_text="Ihre Eingaben sind wieder da.")).to_be_visible()
    expect(page.locator("#note")).to_have_value("Wohnung besichtigt, Zusage bis Montag.")
    assert stored_contacts(site.world) == 0
    page.get_by_role("button", name="Kontakt speichern").click()
    expect(page.locator(".app-timeline")).to_contain_text("Wohnung besichtigt, Zusage bis Montag.")
    assert stored_contacts(site.world) == 1


def test_somebody_else_at_the_same_screen_does_not_see_what_was_typed(site: Site, form_address: str) -> None:
    page = site.window("maier")
    page.goto(form_address)
    page.locator("#note").fill("nur für Maier bestimmt")
    let_sessions_run_out(site.world)
    page.get_by_role("button", name="Kontakt speichern").click()
    page.get_by_label("Anmeldename").fill("oez")
    page.get_by_label("Kennwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(lambda url: "/anmelden" not in url)
    assert "nur für Maier bestimmt" not in page.content()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_way_back_finds_the_text_again(site: Site, form_address: str, script: bool) -> None:
    page = site.window("maier", script=script)
    begin(page, form_address, "erst die Hälfte", script=script)
    page.get_by_role("link", name="Aufgaben", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aufgaben")
    page.go_back()
    offer = page.get_by_role("link", name="Weiterschreiben")
    if page.locator("#note").input_value() == "":
        offer.click()
    expect(page.locator("#note")).to_have_value("erst die Hälfte")


def test_the_way_back_after_saving_never_shows_the_old_text(site: Site, form_address: str) -> None:
    page = site.window("maier")
    page.goto(form_address)
    page.locator("#note").fill("schon gespeichert")
    page.get_by_role("button", name="Kontakt speichern").click()
    expect(page.locator(".app-timeline")).to_contain_text("schon gespeichert")
    page.go_back()
    page.wait_for_load_state()
    if page.locator("#note").count():  # a browser that keeps pages in memory leads to the stored contact instead
        expect(page.locator("#note")).to_have_value("")
        expect(page.get_by_role("link", name="Weiterschreiben")).to_have_count(0)
    assert stored_contacts(site.world) == 1


def test_two_tabs_keep_both_texts(site: Site, form_address: str) -> None:
    left = site.window("maier")
    right = left.context.new_page()
    begin(left, form_address, "Text im linken Fenster")
    begin(right, form_address, "Text im rechten Fenster")
    left.close()
    right.goto(form_address)
    offers = right.get_by_role("link", name="Weiterschreiben")
    expect(offers).to_have_count(2)
    texts = set()
    for address in [offer.get_attribute("href") or "" for offer in offers.all()]:
        right.goto(address)
        texts.add(right.locator("#note").input_value())
    assert texts == {"Text im linken Fenster", "Text im rechten Fenster"}


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_family_that_is_half_typed_survives_too(site: Site, script: bool) -> None:
    page = site.window("maier", script=script)
    page.goto("/klienten/neu")
    page.get_by_role("button", name="Familie").click()
    page.locator("#people-0-family_name").fill("Tesfay")
    page.locator("#people-1-given_names").fill("Selam")
    if script:
        expect(page.locator("[data-draft-state]")).to_contain_text("Entwurf gespeichert um")
    else:
        page.get_by_role("button", name="Entwurf speichern").click()
    page.goto("/klienten/neu")
    page.get_by_role("link", name="Weiterschreiben").click()
    expect(page.locator("#people-0-family_name")).to_have_value("Tesfay")
    expect(page.locator("#people-1-given_names")).to_have_value("Selam")
