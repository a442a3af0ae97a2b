"""The pages on which a report is made, as the people who make it see them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from caseapp import clock
from caseapp.reporting import queries
from caseapp.tallies.periods import Period
from tests.conftest import StatementCount
from tests.factories.browser import Browser
from tests.factories.world import World
from tests.reporting.offices import FIRST, confirmed, drafted, prepare

Browse = Callable[[str], Browser]
HERE = f"/berichte/bau/{FIRST}"


@pytest.mark.parametrize("login", ["maier", "leitung", "admin", "dsb", "foerder"])
def test_nobody_else_sees_what_is_in_work(browse: Browse, login: str) -> None:
    browser = browse(login)
    for path in ("/berichte/bau", HERE, f"{HERE}/pruefung", f"{HERE}/luecken"):
        assert browser.get(path).status_code == 403


def test_an_installation_without_seats_says_what_to_do(browse: Browse) -> None:
    page = browse("koord").get("/berichte/bau")
    assert page.status_code == 200
    assert "fehlt der Sitz" in page.text


def test_carriers_confirm_and_see_their_own_gaps(world: World, browse: Browse) -> None:
    prepare(world, people=24)
    head, builder = browse("haupt"), browse("bau")

    assert "3. Quartal 2026" in builder.get("/berichte/bau").text
    page = builder.get(HERE)
    assert "Noch nicht als vollständig bestätigt: Fremdstadt, Musterhausen." in page.text
    assert "Entwurf bauen" not in page.text
    assert "Als vollständig bestätigen" not in page.text  # a coordinator leads no carrier
    assert builder.get(f"{HERE}/pruefung").headers["Location"] == HERE  # there is no draft
    for wrong in ("/berichte/bau/2026-Q5", "/berichte/bau/gestern"):
        assert builder.get(wrong).status_code == 404

    gaps = head.get(f"{HERE}/luecken").text
    assert "nicht zur Veröffentlichung" in gaps
    assert "Staatsangehörigkeit" in gaps
    assert head.get(HERE).text.count("Als vollständig bestätigen") == 1  # the own carrier only
    present = Period.of(clock.today())
    running = head.get(f"/berichte/bau/{present}").text
    assert f"Bestätigen können Sie nach dem {present.last:%d.%m.%Y}" in running
    assert "Als vollständig bestätigen" not in running
    head.post(f"{HERE}/bestaetigen")
    assert "Bestätigung zurücknehmen" in head.get(HERE).text
    head.post(f"{HERE}/zuruecknehmen")
    assert "Bestätigung zurücknehmen" not in head.get(HERE).text
    assert "Noch nicht als vollständig bestätigt" in builder.post(f"{HERE}/bauen", follow_redirects=True).text


def test_a_report_is_made_on_the_pages(
    world: World, browse: Browse, count_statements: Callable[[], AbstractContextManager[StatementCount]]
) -> None:
    prepare(world, people=24)
    confirmed(world, FIRST)
    builder, checker = browse("bau"), browse("pruef")

    builder.post(f"{HERE}/bauen")
    page = builder.get(HERE)
    assert "Entwurf ansehen" in page.text
    assert builder.get(f"{HERE}/stand").json == {"finished": True}
    assert "sentence1" not in builder.get(f"{HERE}/pruefung").text

    with count_statements() as count:
        page = checker.get(f"{HERE}/pruefung")
    assert "nicht zur Veröffentlichung" in page.text
    assert int(count) <= 16, count.statements
    version = str(_report(world).version)
    sentences = {f"sentence{place}": text for place, text in enumerate(_report_sentences(world), start=1)}
    wrong = checker.post(f"{HERE}/pruefung", {"version": version, **sentences, "sentence2": "Es waren genau 4711."})
    assert wrong.status_code == 422
    assert "Die Zahl 4711 steht so nicht im Bericht" in wrong.text
    assert "Es waren genau 4711." in wrong.text
    assert checker.post(f"{HERE}/zurueckgeben", {"version": version, "reason": ""}).status_code == 422
    stale = checker.post(f"{HERE}/pruefung", {"version": "1", **sentences})
    assert (stale.status_code, "inzwischen geändert" in stale.text) == (422, True)
    said = checker.post(
        f"{HERE}/pruefung", {"version": version, **sentences, "sentence2": "Viele kamen wieder."}, follow_redirects=True
    )
    assert "Geprüft. Der Bericht kann freigegeben werden." in said.text
    assert "Freigeben" not in builder.get(HERE).text.partition("4. Freigabe")[2].partition("<form")[2]

    version = str(_report(world).version)
    said = checker.post(f"{HERE}/freigeben", {"version": version}, follow_redirects=True)
    assert "Freigegeben. Der Bericht steht fest" in said.text
    assert "08117-2026-Q2" in said.text
    release = _report(world)
    assert "Viele kamen wieder." in release.package.frozen.decode()
    files = checker.get(f"/berichte/{release.id}/dateien")
    assert files.status_code == 200
    assert "fehlt noch" not in files.text

    note = checker.get(f"/berichte/{release.id}/hinweis")
    form_id = note.text.partition('name="form_id"')[2].partition('value="')[2][:36]
    for _click in range(2):
        checker.post(f"/berichte/{release.id}/hinweis", {"form_id": form_id, "text": "Zwei Tage fehlten."})
    with world.unscoped():
        assert [each.content.text for each in queries.list_notes(release.id)] == ["Zwei Tage fehlten."]
    assert browse("foerder").get(f"/berichte/{release.id}/hinweis").status_code == 403


def test_a_draft_is_given_back_on_the_page(world: World, browse: Browse) -> None:
    prepare(world, people=6)
    confirmed(world, FIRST)
    report = drafted(world, FIRST)
    checker = browse("pruef")
    checker.post(f"{HERE}/zurueckgeben", {"version": str(report.version), "reason": "Der Sitz fehlt."})
    page = browse("bau").get(HERE).text
    assert "Der Sitz fehlt." in page
    assert "Entwurf bauen" in page


def _report(world: World):  # type: ignore[no-untyped-def]
    with world.unscoped():
        found = queries.find_report("08117", str(FIRST))
        assert found is not None
        assert found.package is not None
        return found


def _report_sentences(world: World) -> tuple[str, ...]:
    with world.unscoped():
        return queries.package_of(queries.get_report(_report(world).id)).sentences
