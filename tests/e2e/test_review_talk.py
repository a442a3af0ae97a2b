"""Flow F3: the review talk from the client's page to the signed paper, its inputs counted (`docs/inputs.md`)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from caseapp.agreements import queries
from caseapp.clients.models import Caseload
from caseapp.counselling.models import Contact
from caseapp.goals.models import Score
from caseapp.goals.service import NewGoal, NewStep
from caseapp.tasks.models import Task
from tests.e2e.conftest import Site
from tests.e2e.hand import Hand
from tests.factories import agreements as making
from tests.factories.files import stored_file

TALK = 6  # Ziele und Plan, Plan und Vereinbarung, Gespräch beginnen, save; sign, save
GOAL = 3  # the client's score, the worker's score, the next step
WORK = NewGoal(area="ARB", own_words="Arbeit in der Küche", steps=(NewStep("client", "Lebenslauf schreiben"),))

pytestmark = pytest.mark.browser


def draw(hand: Hand, pad: str) -> None:
    """One signature: strokes across the pad, with a pause in the air."""
    hand.inputs += 1
    canvas = hand.page.locator(f"#{pad} canvas")
    canvas.scroll_into_view_if_needed()
    area = canvas.bounding_box()
    assert area
    for start in (0.1, 0.5):
        hand.page.mouse.move(area["x"] + area["width"] * start, area["y"] + area["height"] / 2)
        hand.page.mouse.down()
        for step in range(1, 12):
            height = 0.5 + (0.2 if step % 2 else -0.2)
            hand.page.mouse.move(area["x"] + area["width"] * (start + step / 40), area["y"] + area["height"] * height)
        hand.page.mouse.up()


def review(hand: Hand, place: int, *, client: int, worker: int, step: str) -> None:
    """What is said of one goal."""
    hand.tap(hand.page.locator(f"#goals-{place}-client_score-{client}"))
    hand.tap(hand.page.locator(f"#goals-{place}-worker_score-{worker}"))
    hand.type(f"goals-{place}-office_step", step)


def test_the_review_talk_needs_six_inputs_and_three_for_each_goal(
    site: Site, accessible: Callable[[Page], None]
) -> None:
    client_id = stored_file(site.world)
    with site.world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        making.signed(site.world.actor("maier"), client, new_goals=(making.HOUSING, WORK))
    page = site.window("maier")
    page.goto(f"/klienten/{client_id}")
    hand = Hand(page)

    hand.press("link", "Ziele und Plan")
    hand.press("link", "Plan und Vereinbarung")
    expect(page.get_by_text("unterschrieben, gilt")).to_be_visible()
    hand.press("link", "Gespräch beginnen")
    expect(page.get_by_role("heading", name=re.compile("Seit Fassung 1"))).to_be_visible()
    accessible(page)
    review(hand, 0, client=2, worker=3, step="Besichtigung begleiten")
    review(hand, 1, client=1, worker=2, step="Betrieb anfragen")
    hand.press("button", "Speichern und Papier drucken")

    page.wait_for_url(re.compile("/unterschreiben$"))
    expect(page.get_by_text("Neu gegenüber Fassung 1")).to_be_visible()
    expect(page.get_by_text("Betrieb anfragen").first).to_be_visible()
    draw(hand, "client-drawing")
    expect(page.get_by_text("Die Unterschrift ist da.")).to_be_visible()
    expect(page.locator("#client-way-0")).to_be_checked()
    expect(page.locator("#worker-drawing")).to_be_hidden()  # she confirms, which is the default
    accessible(page)
    hand.press("button", "Unterschriften speichern")

    expect(page.get_by_role("img", name=re.compile("^Unterschrift"))).to_be_visible()
    accessible(page)
    assert hand.inputs == TALK + 2 * GOAL
    with site.world.unit("maier") as unit:
        now = queries.in_force(client_id)
        assert now
        assert (now.number, now.review_on) == (2, unit.scalars(select(Caseload.review_on)).one())
        assert now.decision.client
        assert now.decision.client.picture.startswith(b"\x89PNG")
        assert unit.scalars(select(Contact.id)).all() == [now.contact_id]
        assert sorted(unit.scalars(select(Score.value).where(Score.moment == "review"))) == [1, 2, 2, 3]
        titles = {task.text.title for task in unit.scalars(select(Task).where(Task.state == "open"))}
        assert titles >= {"Besichtigung begleiten", "Betrieb anfragen", "Gespräch zur Vereinbarung"}


def test_a_signature_can_be_drawn_anew_and_is_there_again_after_a_refusal(site: Site) -> None:
    client_id = stored_file(site.world)
    with site.world.unit("maier", write=True) as unit:
        made = making.presented(site.world.actor("maier"), making.client_of(unit, client_id)).id
    page = site.window("maier", phone=True)
    page.goto(f"/vereinbarungen/{made}/unterschreiben")
    hand = Hand(page)
    kept = page.locator("#client-drawing-drawing")
    draw(hand, "client-drawing")
    expect(kept).to_have_value(re.compile("^data:image/png;base64,"))
    hand.tap(page.locator("#client-drawing").get_by_role("button", name="Neu"))
    expect(kept).to_have_value("")
    expect(page.locator("#client-way-0")).not_to_be_checked()
    draw(hand, "client-drawing")
    hand.tap(page.locator("#client-drawing").get_by_role("button", name="Fertig"))
    before = kept.input_value()
    draw(hand, "client-drawing")  # the hand that scrolls draws nothing any more
    assert kept.input_value() == before
    page.locator("#signed_on").fill("1.1.2020")
    hand.press("button", "Unterschriften speichern")
    expect(page.get_by_role("alert")).to_contain_text("zwischen dem Vorlegen und heute")
    expect(page.get_by_text("Die Unterschrift ist da.")).to_be_visible()
    page.locator("#signed_on").fill("")
    hand.press("button", "Unterschriften speichern")
    expect(page.get_by_role("img", name=re.compile("^Unterschrift"))).to_be_visible()
