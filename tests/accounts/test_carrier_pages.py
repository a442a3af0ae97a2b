"""The carrier's profile and teams."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from caseapp.places import queries
from tests.factories.browser import Browser, bare
from tests.factories.world import World

Browse = Callable[[str], Browser]
PATH = "/verwaltung/traeger/profil"


@pytest.mark.parametrize("login", ["maier", "leitung", "dsb", "koord", "foerder", "fremdleitung"])
def test_only_the_administration_changes_the_carrier(browse: Browse, login: str) -> None:
    browser = browse(login)
    assert browser.get("/verwaltung/traeger").status_code == 403
    assert browser.post(PATH, {"name": "Neu"}).status_code == 403


def test_the_profile_is_changed_and_shown(browse: Browse) -> None:
    admin = browse("admin")
    data = {
        "name": "Stadt Musterhausen",
        "kind": "GEM",
        "ags": "08435057",
        "law": "SGB-X",
        "controller": "Stadt Musterhausen, Marktplatz 1",
        "notice_version": "2",
    }
    assert admin.submit(PATH, data).headers["Location"] == "/verwaltung/traeger"
    page = admin.get("/verwaltung/traeger").text
    for text in ("Stadt Musterhausen", "Gemeinde", "08435057", "Sozialdaten", "Marktplatz 1"):
        assert text in page


@pytest.mark.parametrize(
    ("ags", "message"), [("12", "8 Ziffern"), ("08999999", "Gemeindeschlüssel gibt es in Baden-Württemberg nicht")]
)
def test_a_key_that_does_not_exist_is_refused(browse: Browse, ags: str, message: str) -> None:
    data = {"name": "Musterhausen", "law": "DSGVO", "notice_version": "1", "ags": ags}
    answer = browse("admin").submit(PATH, data)
    assert answer.status_code == 422
    assert message in answer.text


def test_two_people_changing_the_profile_both_see_what_happened(browse: Browse) -> None:
    first, second = browse("admin"), browse("admin2")
    data = {"name": "Musterhausen", "law": "DSGVO", "notice_version": "1"}
    old = {"profile_rev": "1", **data, "supervisory_authority": "LfDI"}
    assert first.submit(PATH, {**data, "controller": "Rathaus"}).status_code == 302
    answer = second.post(PATH, old)
    assert answer.status_code == 409
    assert "Rathaus" in answer.text
    assert "LfDI" in answer.text
    assert "Rathaus" in first.get("/verwaltung/traeger").text
    again = second.post(PATH, {**old, "profile_rev": "2"})
    assert again.status_code == 302
    assert "LfDI" in first.get("/verwaltung/traeger").text


def test_a_team_is_added_once(browse: Browse, world: World) -> None:
    admin = browse("admin")
    data = {"form_id": str(uuid4()), "name": "West"}
    assert admin.post("/verwaltung/traeger", data).status_code == 302
    assert admin.post("/verwaltung/traeger", data).status_code == 302
    with world.unscoped():
        names = [team.profile.name for team in queries.list_teams(world.organisations["Musterhausen"])]
    assert names == ["Nord", "Süd", "West"]
    again = admin.submit("/verwaltung/traeger", {"name": "nord"})
    assert again.status_code == 422
    assert "gibt es schon" in again.text


def test_another_carrier_answers_as_a_missing_one(browse: Browse, world: World) -> None:
    admin = browse("admin")
    foreign = admin.get(f"/verwaltung/traeger?traeger={world.organisations['Fremdstadt']}")
    missing = admin.get(f"/verwaltung/traeger?traeger={uuid4()}")
    assert foreign.status_code == 404
    assert bare(foreign) == bare(missing)
