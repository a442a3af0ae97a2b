"""A team lead's day: board, queue, assigning, notes with a reason, closing and reopening."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Site
from tests.factories.files import head, stored_file

pytestmark = pytest.mark.browser

in_both_manners = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


@in_both_manners
def test_the_board_leads_to_the_cases_of_a_worker(site: Site, script: bool) -> None:
    stored_file(site.world, head=head("Rahimi", "Zahra"))
    page = site.window("leitung", script=script)
    page.get_by_role("link", name="Team", exact=True).click()
    expect(page.locator("tr").filter(has_text="Deniz Öz")).to_be_visible()
    page.get_by_role("link", name="Eva Maier", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Eva Maier")
    expect(page.locator("main")).to_contain_text("Rahimi, Zahra")


@in_both_manners
def test_a_waiting_file_is_assigned_and_taken_back(site: Site, script: bool) -> None:
    stored_file(site.world, "leitung", worker_id=None, head=head("Habte", "Samuel"))
    page = site.window("leitung", script=script)
    page.goto("/team/zuteilung")
    page.get_by_role("checkbox", name="Habte, Samuel auswählen").check()
    workers = page.get_by_label("Ausgewählte zuweisen an")
    names = workers.locator("option").all_inner_texts()
    workers.select_option(label=next(name for name in names if name.startswith("Deniz Öz")))
    page.get_by_role("button", name="Zuweisen").click()
    expect(page.get_by_text("Alle Akten sind zugeteilt")).to_be_visible()

    worker = site.window("oez", script=script)
    worker.goto("/klienten")
    expect(worker.get_by_role("link", name="Habte, Samuel", exact=True)).to_be_visible()

    page.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_role("checkbox", name="Habte, Samuel auswählen")).to_be_visible()
    worker.reload()
    expect(worker.get_by_role("link", name="Habte, Samuel", exact=True)).to_have_count(0)


@in_both_manners
def test_a_note_opens_with_a_reason_that_the_worker_sees(site: Site, script: bool) -> None:
    file = f"/klienten/{stored_file(site.world)}"
    worker = site.window("maier", script=script)
    worker.goto(f"{file}/kontakt")
    worker.locator("#note").fill("vertraulich gesprochen")
    worker.get_by_role("button", name="Kontakt speichern").click()
    expect(worker.locator(".app-timeline")).to_contain_text("vertraulich gesprochen")

    lead = site.window("leitung", script=script)
    lead.goto(file)
    assert "vertraulich gesprochen" not in lead.content()
    lead.get_by_role("link", name="Notizen öffnen").click()
    lead.get_by_role("button", name="Für 24 Stunden öffnen").click()
    expect(lead.locator(".app-problems")).to_contain_text("Grund")
    lead.get_by_role("radio").first.check()
    lead.get_by_label("Worum geht es?").fill("Vertretung im Krankheitsfall")
    lead.get_by_role("button", name="Für 24 Stunden öffnen").click()
    expect(lead.locator(".app-timeline")).to_contain_text("vertraulich gesprochen")

    worker.goto(file)
    expect(worker.locator("main")).to_contain_text("Lena Leitung")
    expect(worker.locator("main")).to_contain_text("Vertretung im Krankheitsfall")


@in_both_manners
def test_a_closed_file_leaves_the_lists_and_comes_back(site: Site, script: bool) -> None:
    file = f"/klienten/{stored_file(site.world, head=head('Rahimi', 'Zahra'))}"
    page = site.window("leitung", script=script)
    page.goto(file)
    page.get_by_role("link", name="Abschließen").click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Abschließen").click()
    page.goto(file)
    expect(page.locator("main")).to_contain_text("Geschlossen seit")

    worker = site.window("maier", script=script)
    worker.goto("/klienten")
    expect(worker.get_by_role("link", name="Rahimi, Zahra", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Wieder öffnen").click()
    worker.reload()
    expect(worker.get_by_role("link", name="Rahimi, Zahra", exact=True)).to_be_visible()


def test_a_lead_without_the_mark_reads_no_file(site: Site) -> None:
    file = f"/klienten/{stored_file(site.world, head=head('Rahimi', 'Zahra'))}"
    page = site.window("lead2")
    page.goto("/klienten?ansicht=team")
    expect(page.locator("main")).to_contain_text("Rahimi, Zahra")
    page.goto(file)
    expect(page.locator(".app-timeline")).to_have_count(0)
    answer = page.goto(f"{file}/notizen")
    assert answer is not None
    assert answer.status == 403
