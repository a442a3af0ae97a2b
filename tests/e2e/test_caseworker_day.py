"""A caseworker's day: search, take in a family, log contacts, on desktop and phone, with and without script.

The numbers of inputs here are those of `docs/inputs.md`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from caseapp.clients.models import LanguageFact, StayFact
from caseapp.clients.service import NewFact
from tests.e2e.conftest import Site
from tests.e2e.hand import Hand
from tests.factories.files import head, stored_family, stored_file
from tests.factories.world import World

USUAL_CONTACT = 4  # Kontakt, topic, note, save
HOME_VISIT_OF_TWO = 8  # Kontakt, Hausbesuch, topic, Dabei, one person, one thing unchanged, note, save
FIRST_PERSON = 17
FURTHER_MEMBER = 4
MANNERS = [(False, True), (True, True), (False, False), (True, False)]
NAMES_OF_MANNERS = ["desktop", "phone", "desktop without script", "phone without script"]

pytestmark = pytest.mark.browser

in_all_manners = pytest.mark.parametrize(("phone", "script"), MANNERS, ids=NAMES_OF_MANNERS)


def file_with_facts(world: World, **values: Any) -> str:
    """The address of a file of Maier whose housing and German level were confirmed in spring."""
    spring = dt.date(2026, 4, 14)
    facts = (
        NewFact(
            fact=StayFact(form="AUW", street="Seestraße 28", place="Musterhausen"), from_on=spring, confirmed_on=spring
        ),
        NewFact(fact=LanguageFact(level="A2"), from_on=spring, confirmed_on=spring),
    )
    return f"/klienten/{stored_file(world, facts=facts, **values)}"


def search(page: Page, text: str, *, script: bool) -> None:
    """Look for somebody from wherever one is."""
    if script:
        page.keyboard.press("/")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    else:
        page.locator("[data-search]").fill(text)
        page.locator("[data-search]").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Suche")


@in_all_manners
def test_she_finds_a_person_in_another_spelling_and_logs_the_usual_contact(
    site: Site, phone: bool, script: bool
) -> None:
    stored_file(site.world, head=head("Qasemi", "Mohammad Hossein"))
    page = site.window("", phone=phone, script=script)
    site.sign_in(page, "maier")
    expect(page.get_by_role("heading", level=1)).to_have_text("Heute")

    search(page, "Mohamed Ghassemi", script=script)
    hit = page.locator(".app-hit").filter(has_text="Qasemi")
    expect(hit).to_contain_text("Eva Maier")
    expect(hit.locator(".app-tag").first).to_be_visible()

    hand = Hand(page)
    hand.tap(hit.get_by_role("link", name="Kontakt erfassen"))
    hand.chip("Themen", "Wohnen")
    hand.write_note("Mietbescheinigung besprochen.")
    hand.press("button", "Kontakt speichern")
    expect(page.get_by_role("status")).to_contain_text("Kontakt gespeichert.")
    expect(page.locator(".app-timeline")).to_contain_text("Mietbescheinigung besprochen.")
    assert hand.inputs == USUAL_CONTACT


@pytest.mark.parametrize(("phone", "script"), [(False, True), (True, False)], ids=["desktop", "phone without script"])
def test_she_takes_in_a_family_in_one_grid(site: Site, phone: bool, script: bool) -> None:
    page = site.window("maier", phone=phone, script=script)
    page.goto("/klienten/neu")
    page.get_by_label("Name, Geburtsdatum oder Telefon").fill("Haile Tesfay")
    page.get_by_role("button", name="Suchen", exact=True).click()
    expect(page.get_by_role("heading", name="Niemand gefunden")).to_be_visible()
    page.get_by_role("button", name="Familie").click()
    expect(page.locator("#people-0-family_name")).to_have_value("Tesfay")

    hand = Hand(page)
    first_person(hand)
    further_members(hand)
    hand.press("button", "Aufnehmen")
    expect(page.get_by_role("heading", name="Die Akte ist angelegt.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tesfay, Haile")
    strip = page.get_by_role("navigation", name="Haushalt").or_(page.locator(".app-household")).first
    for name in ("Haile", "Selam", "Yonas"):
        expect(strip).to_contain_text(name)
    assert hand.inputs == FIRST_PERSON + 2 * FURTHER_MEMBER

    page.get_by_role("link", name="Erstgespräch erfassen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kontakt erfassen")


def first_person(hand: Hand) -> None:
    """All that the paper says of the first person; the searched name stands there already and is typed again."""
    hand.type("people-0-family_name", "Tesfay")
    hand.type("people-0-given_names", "Haile")
    hand.type("people-0-birth", "3.5.88")
    hand.choose("people-0-sex", "männlich")
    hand.type("people-0-phone", "0151 1234567")
    hand.choose("nationality", "Eritrea")
    hand.choose("language", "Tigrinya")
    hand.choose("interpreter", hand.page.locator("#interpreter option").nth(2).inner_text())
    hand.chip("Sicherer Kontaktweg", "Anruf")
    hand.type("street", "Seestraße 28")
    hand.type("place", "Musterhausen")
    hand.choose("title", hand.page.locator("#title option").nth(2).inner_text())
    hand.type("title_until", "31.12.2027")
    hand.type("au_since", "1.9.2026")
    hand.choose("access_route", hand.page.locator("#access_route option").nth(1).inner_text())
    hand.chip("Datenschutzhinweise", "vorgelesen")


def further_members(hand: Hand) -> None:
    """What is typed for each further member; everything else is inherited."""
    for row, name, born, sex, relation in (
        (1, "Selam", "1990", "weiblich", "Ehe"),
        (2, "Yonas", "12.06.2019", "männlich", "Kind"),
    ):
        hand.type(f"people-{row}-given_names", name)
        hand.type(f"people-{row}-birth", born)
        hand.choose(f"people-{row}-sex", sex)
        known = hand.page.locator(f"#people-{row}-relation option").all_inner_texts()
        hand.choose(f"people-{row}-relation", next(label for label in known if label.startswith(relation)))


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_name_alone_is_enough_to_save(site: Site, script: bool) -> None:
    page = site.window("maier", phone=True, script=script)
    page.goto("/klienten/neu")
    page.get_by_role("button", name="Person", exact=True).click()
    page.locator("#people-0-family_name").fill("عبد الله")
    page.get_by_role("button", name="Aufnehmen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("عبد الله")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_she_logs_a_home_visit_on_the_phone(site: Site, script: bool) -> None:
    anchor, *_members = stored_family(site.world)
    page = site.window("maier", phone=True, script=script)
    page.goto(f"/klienten/{anchor}")

    hand = Hand(page)
    hand.press("link", "Kontakt erfassen")
    hand.chip("Art", "Hausbesuch")
    hand.chip("Themen", "Kinder/Kita")
    hand.tap(page.locator('[data-value="present"] > summary'))
    hand.chip("Wer war dabei?", "Hamid")
    hand.chip("Stand unverändert", "Wohnen")
    hand.write_note("Kita-Platz ab Januar.")
    hand.press("button", "Kontakt speichern")
    entry = page.locator(".app-timeline__entry").filter(has_text="Hausbesuch")
    expect(entry).to_contain_text("Kita-Platz ab Januar.")
    assert hand.inputs == HOME_VISIT_OF_TWO


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_nobody_at_home_is_two_taps(site: Site, script: bool) -> None:
    page = site.window("maier", phone=True, script=script)
    page.goto(f"/klienten/{stored_file(site.world)}/kontakt")
    hand = Hand(page)
    hand.press("link", "Nicht angetroffen")
    hand.press("button", "Ja, mit Zettel")
    expect(page.locator(".app-timeline")).to_contain_text("nicht angetroffen")
    assert hand.inputs == 2

    page.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_role("status").first).to_contain_text("Der Kontakt ist zurückgenommen.")
    expect(page.get_by_label("nicht angetroffen")).to_be_checked()


@in_all_manners
def test_one_tap_says_that_nothing_has_changed(site: Site, phone: bool, script: bool) -> None:
    page = site.window("maier", phone=phone, script=script)
    page.goto(file_with_facts(site.world))
    row = page.locator(".app-stand")
    hand = Hand(page)
    hand.tap(row.get_by_role("button", name=re.compile("^Wohnen")))
    expect(row.locator("li").filter(has_text="Wohnen")).to_contain_text("heute bestätigt")
    expect(row.locator("li").filter(has_text="Sprache")).to_contain_text("bestätigt 14.04.2026")
    assert hand.inputs == 1

    page.get_by_role("button", name="Rückgängig").click()
    expect(row.locator("li").filter(has_text="Wohnen")).to_contain_text("bestätigt 14.04.2026")


@in_all_manners
def test_a_task_from_the_form_is_done_and_undone(site: Site, phone: bool, script: bool) -> None:
    page = site.window("maier", phone=phone, script=script)
    page.goto(f"/klienten/{stored_file(site.world)}/kontakt")
    page.locator("#note").fill("War im Büro.\n@ Mietbescheinigung anfordern bis Freitag")
    page.get_by_role("button", name="Kontakt speichern").click()
    expect(page.get_by_role("status")).to_contain_text("Eine Aufgabe angelegt.")

    page.goto("/aufgaben")
    page.get_by_role("button", name="Erledigt: Mietbescheinigung anfordern").click()
    expect(page.get_by_role("button", name="Erledigt: Mietbescheinigung anfordern")).to_have_count(0)
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_role("button", name="Erledigt: Mietbescheinigung anfordern")).to_have_count(1)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_two_windows_that_change_one_file_see_both_versions(site: Site, script: bool) -> None:
    address = f"/klienten/{stored_file(site.world)}/bearbeiten"
    mine = site.window("maier", script=script)
    theirs = mine.context.new_page()
    for page in (mine, theirs):
        page.goto(address)
    theirs.locator("#family_name").fill("Rahimi-Amiri")
    theirs.get_by_role("button", name="Speichern").click()
    expect(theirs.get_by_role("heading", level=1)).to_contain_text("Rahimi-Amiri")

    mine.locator("#family_name").fill("Rahimy")
    mine.locator("#given_names").fill("Zahra Bibi")
    mine.get_by_role("button", name="Speichern").click()
    conflict = mine.get_by_role("alert").filter(has_text="Jemand anderes hat diese Akte")
    expect(conflict).to_contain_text("Rahimy")
    expect(conflict).to_contain_text("Rahimi-Amiri")

    conflict.get_by_role("group", name="Nachname").get_by_text("Rahimi-Amiri").click()
    mine.get_by_role("button", name="Speichern").click()
    expect(mine.get_by_role("heading", level=1)).to_contain_text("Rahimi-Amiri, Zahra Bibi")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_two_windows_that_correct_one_contact_see_both_versions(site: Site, script: bool) -> None:
    page = site.window("maier", script=script)
    page.goto(f"/klienten/{stored_file(site.world)}/kontakt")
    page.locator("#note").fill("erste Fassung")
    page.get_by_role("button", name="Kontakt speichern").click()
    address = page.locator(".app-timeline a[href^='/kontakte/']").first.get_attribute("href")
    assert address is not None
    other = page.context.new_page()
    for window, text in ((other, "Fassung der anderen"), (page, "meine Fassung")):
        window.goto(address)
        window.locator("#note").fill(text)
    other.get_by_role("button", name="Änderung speichern").click()
    expect(other.locator(".app-timeline")).to_contain_text("Fassung der anderen")

    page.get_by_role("button", name="Änderung speichern").click()
    expect(page.get_by_role("heading", name=re.compile("inzwischen geändert"))).to_be_visible()
    expect(page.locator("main")).to_contain_text("Fassung der anderen")
    expect(page.locator("#note")).to_have_value("meine Fassung")
    page.get_by_role("button", name="Änderung speichern").click()
    expect(page.locator(".app-timeline")).to_contain_text("meine Fassung")
