"""Contacts in a real browser: how many inputs they take (docs/inputs.md), and that no window loses a word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from caseapp.counselling import queries
from tests.factories.files import head, stored_family, stored_file

pytestmark = pytest.mark.browser
PHONE_AND_DESKTOP = pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
AUTOSAVE = 5_000  # milliseconds within which the script must have saved


class Hand:
    """Counts what a person does; the text of the note is free."""

    def __init__(self, page: Page) -> None:
        self.page, self.inputs = page, 0

    def tap(self, selector: str) -> None:
        self.inputs += 1
        self.page.locator(selector).first.click()

    def chip(self, name: str, value: str) -> None:
        self.tap(f'input[name="{name}"][value="{value}"]')

    def note(self, text: str) -> None:
        self.tap("#note")
        self.page.keyboard.type(text)

    def save(self) -> None:
        self.tap('button:has-text("speichern") >> visible=true')
        expect(self.page.locator(".app-toast__text").first).to_contain_text("gespeichert")


def notes(site: Any, client_id: UUID) -> list[str]:
    with site.world.unscoped():
        return [found.detail.note for found in queries.list_contacts(client_id)]


@PHONE_AND_DESKTOP
def test_the_usual_talk_takes_four_inputs(site: Any, phone: bool) -> None:
    client_id = stored_file(site.world)
    page = site.window("maier", phone=phone)
    page.goto(f"/klienten/{client_id}")
    hand = Hand(page)
    hand.tap('a:has-text("Kontakt erfassen")')
    hand.chip("topics", "WOH")
    hand.note("Bescheid gelesen.")
    hand.save()
    assert hand.inputs == 4
    assert notes(site, client_id) == ["Bescheid gelesen."]


@PHONE_AND_DESKTOP
def test_a_phone_call_takes_four_and_a_home_visit_six(site: Any, phone: bool) -> None:
    client_id = stored_file(site.world, head=head(phones=("+4915112345678",)))
    page = site.window("maier", phone=phone)
    page.goto(f"/klienten/{client_id}")
    call = Hand(page)
    call.tap('a:has-text("Anruf erfassen")')
    call.chip("topics", "SPR")
    call.note("Kurs")
    call.save()
    assert call.inputs == 4
    visit = Hand(page)
    visit.tap('a:has-text("Kontakt erfassen")')
    visit.chip("kind", "HAU")
    visit.chip("topics", "WOH")
    visit.note("Wohnung")
    visit.chip("confirmed", "stay")
    visit.save()
    assert visit.inputs == 6


def test_not_met_takes_two_and_short_advice_two(site: Any) -> None:
    client_id = stored_file(site.world)
    page = site.window("maier", phone=True)
    page.goto(f"/klienten/{client_id}")
    absent = Hand(page)
    absent.tap('a:has-text("Nicht angetroffen")')
    absent.tap('button:has-text("Ja, mit Zettel")')
    expect(page.locator(".app-toast__text").first).to_contain_text("gespeichert")
    page.goto("/kurzberatung")
    advice = Hand(page)
    advice.chip("topic", "WOH")
    advice.save()
    assert (absent.inputs, advice.inputs) == (2, 2)


def test_the_kind_brings_its_defaults_and_touched_values_stay(site: Any) -> None:
    client_id = stored_file(site.world)
    page = site.window("maier")
    page.goto(f"/klienten/{client_id}/kontakt")
    minutes = page.locator("[data-shown=minutes]")
    expect(minutes).to_have_text("30 min")
    page.locator('input[name="kind"][value="TEL"]').check()
    expect(minutes).to_have_text("10 min")
    page.locator('[data-value="minutes"] > summary').click()
    page.locator('input[name="minutes"][value="45"]').click()
    expect(page.locator('[data-value="minutes"]')).not_to_have_attribute("open", "")
    page.locator('input[name="kind"][value="HAU"]').check()
    expect(minutes).to_have_text("45 min")


def test_the_first_topic_tapped_is_the_main_one(site: Any) -> None:
    client_id = stored_file(site.world)
    page = site.window("maier")
    page.goto(f"/klienten/{client_id}/kontakt")
    for code in ("WOH", "AUF"):
        page.locator(f'input[name="topics"][value="{code}"]').check()
    page.get_by_role("button", name="Kontakt speichern").click()
    expect(page.locator(".app-toast__text").first).to_contain_text("gespeichert")
    with site.world.unscoped():
        assert queries.list_contacts(client_id)[0].detail.topics == ("WOH", "AUF")


def test_a_crash_loses_nothing_and_the_way_back_shows_no_old_text(site: Any) -> None:
    client_id = stored_file(site.world)
    page = site.window("maier")
    form = f"/klienten/{client_id}/kontakt"
    page.goto(form)
    page.locator("#note").fill("Vor dem Absturz")
    expect(page.locator("[data-draft-state]")).to_contain_text("Entwurf gespeichert", timeout=AUTOSAVE)
    again = page.context.new_page()
    again.goto(form)
    expect(again.locator("#note")).to_have_value("")
    again.get_by_role("link", name="Weiterschreiben").click()
    expect(again.locator("#note")).to_have_value("Vor dem Absturz")
    again.get_by_role("button", name="Kontakt speichern").click()
    expect(again.locator(".app-toast__text").first).to_contain_text("gespeichert")
    again.go_back()
    expect(again.locator(".app-offer")).to_have_count(0)
    if again.locator("#note").count():
        assert "kontakte/" in again.url or again.locator("#note").input_value() == ""
    assert notes(site, client_id) == ["Vor dem Absturz"]


def test_two_windows_never_overwrite_each_other(site: Any) -> None:
    client_id = stored_file(site.world)
    first = site.window("maier")
    first.goto(f"/klienten/{client_id}/kontakt")
    first.locator("#note").fill("eins")
    expect(first.locator("[data-draft-state]")).to_contain_text("Entwurf gespeichert", timeout=AUTOSAVE)
    second = first.context.new_page()
    second.goto(f"/klienten/{client_id}/kontakt")
    second.get_by_role("link", name="Weiterschreiben").click()
    second.locator("#note").fill("zwei")
    expect(second.locator("[data-draft-state]")).to_contain_text("Entwurf gespeichert", timeout=AUTOSAVE)
    first.locator("#note").fill("eins, weiter")
    expect(first.locator("[data-draft-state]")).to_contain_text("an anderer Stelle geändert", timeout=AUTOSAVE)
    second.get_by_role("button", name="Kontakt speichern").click()
    expect(second.locator(".app-toast__text").first).to_contain_text("gespeichert")
    first.get_by_role("button", name="Kontakt speichern").click()
    expect(first.locator(".app-problems")).to_contain_text("schon ein Kontakt gespeichert")
    expect(first.locator("#note")).to_have_value("eins, weiter")
    assert notes(site, client_id) == ["zwei"]


def test_a_lost_connection_is_told_and_the_draft_follows(site: Any) -> None:
    page = site.window("maier", phone=True)
    page.goto(f"/klienten/{stored_file(site.world)}/kontakt")
    page.context.set_offline(True)
    page.locator("#note").fill("Im Keller ohne Netz")
    expect(page.locator("[data-draft-state]")).to_contain_text("Keine Verbindung", timeout=AUTOSAVE)
    page.context.set_offline(False)
    expect(page.locator("[data-draft-state]")).to_contain_text("Entwurf gespeichert", timeout=2 * AUTOSAVE)


@PHONE_AND_DESKTOP
def test_without_a_script_everything_works_too(site: Any, phone: bool) -> None:
    mother, father, _child = stored_family(site.world)
    page = site.window("maier", phone=phone, script=False)
    page.goto(f"/klienten/{mother}/kontakt")
    page.locator('input[name="kind"][value="HAU"]').check()
    page.locator('input[name="topics"][value="SPR"]').check()
    page.locator('input[name="topics"][value="KIN"]').check()
    page.get_by_label("Hauptthema").select_option("SPR")
    page.locator('[data-value="present"] > summary').click()
    page.locator(f'input[name="participants"][value="{father}"]').check()
    page.locator("#note").fill("Ohne Skript.\n@ Kursplatz nachfragen bis morgen")
    page.get_by_role("button", name="Entwurf speichern").click()
    expect(page.locator("#note")).to_have_value("Ohne Skript.\n@ Kursplatz nachfragen bis morgen")
    page.get_by_role("button", name="Kontakt speichern").click()
    expect(page.locator(".app-toast__text").first).to_contain_text("Eine Aufgabe angelegt")
    expect(page.locator("#next-steps")).to_contain_text("Kursplatz nachfragen")
    with site.world.unscoped():
        detail = queries.list_contacts(mother)[0].detail
        assert (detail.topics, detail.participants) == (("SPR", "KIN"), (father,))


def test_the_keyboard_alone_is_enough(site: Any) -> None:
    client_id = stored_file(site.world)
    page = site.window("maier")
    page.goto(f"/klienten/{client_id}/kontakt")
    page.locator('input[name="kind"]:checked').focus()
    page.keyboard.press("ArrowRight")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("#note").focus()
    page.keyboard.type("Nur mit Tasten")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".app-toast__text").first).to_contain_text("gespeichert")
    assert notes(site, client_id) == ["Nur mit Tasten"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@PHONE_AND_DESKTOP
def test_open_forms_are_accessible_and_fit_the_screen(site: Any, accessible: Any, phone: bool, dark: bool) -> None:
    mother, *_family = stored_family(site.world)
    page = site.window("maier", phone=phone, dark=dark)
    page.goto(f"/klienten/{mother}/kontakt?art=HAU")
    for fold in page.locator("details.app-more-chips > summary, details.app-add > summary").all():
        fold.click()
    page.locator('[data-value="interpreter"] > summary').click()
    page.locator('input[name="interpreter"][value="ANG"]').check()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
