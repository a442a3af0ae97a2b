"""A list of clients becomes files: what is stored, what is reported, what is compared."""

from __future__ import annotations

import datetime as dt

import pytest

from caseapp.clients.models import TitleFact
from caseapp.errors import ForbiddenError, RuleError
from caseapp.imports import service
from caseapp.imports.models import ImportState
from caseapp.imports.rules.findings import Level
from caseapp.imports.rules.tables import read_workbook
from tests.factories.bare import bare_file
from tests.factories.files import head, stored_file
from tests.factories.world import World
from tests.imports.making import xlsx
from tests.imports.office import PEOPLE, caseload, facts, files, households, imported, plan


def test_every_row_becomes_a_file_with_its_facts(world: World) -> None:
    owner = imported(world, PEOPLE)
    found = files(world)
    assert (owner.imported, owner.reported, owner.state) == (4, 0, ImportState.DONE)
    zahra = found["Rahimi, Zahra"]
    assert zahra.head.birth.day == dt.date(1991, 3, 27)
    assert zahra.head.phones == ("+49751123456",)
    assert zahra.body.nationalities == ("423",)
    assert zahra.import_id == owner.id


def test_what_has_no_field_is_kept_word_for_word(world: World) -> None:
    imported(world, PEOPLE)
    kept = {(one.heading, one.text) for one in files(world)["Rahimi, Zahra"].body.leftovers}
    assert {("Schuhgröße", "38"), ("Familie Nr.", "7")} <= kept


def test_rows_of_one_family_live_together(world: World) -> None:
    imported(world, PEOPLE)
    found = files(world)
    assert list(households(world).values()) == [{found["Rahimi, Zahra"].id, found["Rahimi, Omid"].id}]


def test_workers_are_matched_by_surname_and_others_are_listed(world: World) -> None:
    made = plan(world, PEOPLE)
    imported(world, PEOPLE)
    found = files(world)
    assert found["Kovalenko, Olena"].worker_id == world.users["oez"]
    assert made.unmatched_workers == (("Unbekannt-Schulz", 1),)
    assert found["Touray, Lamin"].worker_id == world.users["maier"], "a caseworker's own reach"
    assert ("Zuständig", "Frau Unbekannt-Schulz") in {
        (one.heading, one.text) for one in found["Touray, Lamin"].body.leftovers
    }


def test_a_lead_leaves_rows_without_a_worker_in_the_queue(world: World) -> None:
    imported(world, PEOPLE, "leitung")
    assert files(world)["Touray, Lamin"].worker_id is None


def test_a_birth_on_the_first_of_january_is_marked_fictitious(world: World) -> None:
    imported(world, PEOPLE)
    assert files(world)["Kovalenko, Olena"].head.birth.fictitious


def test_destroyed_letters_ask_for_a_look_at_the_name(world: World) -> None:
    imported(world, [("Name", "Vorname", "geb."), ("?????", "Svitlana", "03.04.1990")])
    assert files(world)["?????, Svitlana"].head.name_check


def test_titles_places_and_housing_become_facts(world: World) -> None:
    rows = [
        ("Name, Vorname", "geb.", "Aufenthaltstitel", "gültig bis", "Adresse", "Beratung seit"),
        (
            "Haile, Filmon",
            "3.5.88",
            "§ 25 Abs. 2 subs. Schutz",
            "31.12.2027",
            "Seestr. 4, 88069 Tettnang",
            "01.02.2025",
        ),
    ]
    imported(world, rows)
    client = files(world)["Haile, Filmon"]
    title = facts(world, client.id)["title"]
    assert isinstance(title.box.fact, TitleFact)
    assert (title.box.fact.code, title.until_on) == ("P25_2S", dt.date(2027, 12, 31))
    assert client.ags == "08435057"
    assert client.opened_on == dt.date(2025, 2, 1)
    row = caseload(world, client.id)
    assert (row.title_ends_on, row.clock_ends_on) == (dt.date(2027, 12, 31), dt.date(2028, 2, 1))


def test_turned_dates_and_impossible_ones_are_kept_as_text(world: World) -> None:
    rows = [
        ("Name, Vorname", "geb.", "Aufenthaltstitel", "gültig ab", "gültig bis", "Einreise"),
        ("Haile, Filmon", "31.02.1990", "Duldung", "01.05.2026", "01.05.2024", "05/2019"),
    ]
    imported(world, rows)
    client = files(world)["Haile, Filmon"]
    kept = {one.text for one in client.body.leftovers}
    assert {"31.02.1990", "01.05.2026", "01.05.2024"} <= kept
    assert client.head.birth.day is None
    assert client.head.birth.text == "31.02.1990"
    assert facts(world, client.id)["title"].until_on is None


def test_the_same_list_a_second_time_reports_every_row(world: World) -> None:
    imported(world, PEOPLE)
    again = plan(world, PEOPLE)
    assert (again.counters.imported, again.counters.reported) == (0, 4)
    assert "hat schon die Akte" in again.reported[0].reasons[0]


def test_a_destroyed_name_is_told_again_by_its_row(world: World) -> None:
    rows = [("Nachname", "Vorname", "geb."), ("??????", "?????", "11.08.2011"), ("??????", "?????", "11.08.2012")]
    assert imported(world, rows).imported == 2
    assert plan(world, rows).counters.imported == 0


def test_a_person_twice_in_the_list_is_taken_once(world: World) -> None:
    made = plan(world, [*PEOPLE, PEOPLE[1], ("Zahra Rahimi", "27.3.91", "", "", "", "", "")])
    assert made.counters.reported == 2
    assert "Zeile 2" in made.reported[0].reasons[0]


def test_a_weaker_likeness_is_imported_with_a_hint(world: World) -> None:
    stored_file(world, "maier", head=head("Mohammadi", "Ahmad"))
    imported(world, [("Name, Vorname", "geb."), ("Muhamadi, Ahmed", "27.03.1991")])
    marks = files(world)["Muhamadi, Ahmed"].body.marks
    assert any("Ähnlich wie Akte" in mark for mark in marks)


def test_a_person_of_another_team_is_reported_without_naming_anything(world: World) -> None:
    stored_file(world, "sued", head=head("Rahimi", "Zahra"))
    made = plan(world, PEOPLE)
    reason = made.reported[0].reasons[0]
    assert "gibt es schon im Träger" in reason
    assert made.reported[0].client_id is None
    assert made.reported[0].file_number == ""


def test_a_protected_person_is_not_revealed(world: World) -> None:
    with world.unscoped(write=True):
        bare_file(world, "oez", protected=True, head=head("Rahimi", "Zahra"))
    made = plan(world, PEOPLE)
    assert made.counters.reported == 0
    assert not any(finding.name == "Rahimi, Zahra" and finding.reasons for finding in made.findings)


def test_people_of_another_carrier_are_not_compared(world: World) -> None:
    stored_file(world, "fremd", head=head("Rahimi", "Zahra"))
    assert plan(world, PEOPLE).counters.reported == 0


def test_a_row_without_a_name_is_reported_in_plain_words(world: World) -> None:
    made = plan(world, [*PEOPLE, ("", "03.03.1990", "Syrien", "", "", "", "")])
    assert made.counters.reported == 1
    assert made.reported[0].level is Level.REPORTED
    assert "Kein Name gefunden" in made.reported[0].reasons[0]
    assert "03.03.1990" in {text for _column, text in made.reported[0].cells}


def test_a_file_opened_meanwhile_is_compared_again_before_anything_is_stored(world: World) -> None:
    actor = world.actor("maier")
    with world.unit("maier", write=True):
        target = service.list_targets(actor)[0]
    made = plan(world, PEOPLE)
    stored_file(world, "maier", head=head("Rahimi", "Zahra"))
    workbook = read_workbook(xlsx(("Liste", PEOPLE)))
    with world.unit("maier", write=True):
        guess = service.guess_columns(target, workbook, "clients")
        owner = service.store_upload(actor, target, workbook, guess, "liste.xlsx")
        done = service.run_import(actor, owner, made)
    assert done is not None
    assert done.counters.reported == 1


def test_an_import_in_which_a_row_fails_stores_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise RuleError("gescheitert")

    monkeypatch.setattr("caseapp.imports.service.running.save_contacts_bulk", fail)
    with pytest.raises(RuleError):
        imported(world, PEOPLE)
    assert files(world) == {}


@pytest.mark.parametrize("login", ["admin", "dsb", "koord", "foerder"])
def test_only_caseworkers_and_leads_import(world: World, login: str) -> None:
    actor = world.actor(login)
    with world.unit(login):
        assert service.list_targets(actor) == []
    with world.unit("maier"):
        target = service.list_targets(world.actor("maier"))[0]
    with world.unit(login), pytest.raises(ForbiddenError):
        service.get_target(actor, target.team_id)


def test_a_lead_of_one_team_cannot_import_into_another(world: World) -> None:
    actor = world.actor("leitung")
    with world.unit("leitung"), pytest.raises(ForbiddenError):
        service.get_target(actor, world.teams["Süd"])
