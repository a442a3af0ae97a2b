"""A list of contacts: who is meant, what waits, what is there already."""

from __future__ import annotations

import datetime as dt

import pytest

from caseapp.clients import queries as clients
from caseapp.clients.models import Birth
from caseapp.errors import NotFoundError, RuleError
from caseapp.imports import queries, service
from caseapp.imports.models import WaitingState
from caseapp.imports.rules.fields import CONTACTS
from tests.factories.files import head, stored_file
from tests.factories.world import World
from tests.imports.office import (
    PEOPLE,
    TALKS,
    caseload,
    contacts,
    files,
    imported,
    imported_talks,
    plan,
    waiting,
)

TWO_OF_A_NAME = [TALKS[0], ("03.02.2026", "Rahimi, Zahra", "Büro", "", "30", "Gespräch", "Maier")]


def two_of_a_name(world: World) -> None:
    """Two clients with the same name and other birth dates."""
    stored_file(world, "maier", head=head("Rahimi", "Zahra"))
    stored_file(world, "oez", head=head("Rahimi", "Zahra", birth=Birth(day=dt.date(1970, 1, 2))))


def test_a_name_that_one_client_bears_gives_a_contact(world: World) -> None:
    imported(world, PEOPLE)
    owner = imported_talks(world)
    stored = contacts(world)
    assert (owner.imported, owner.reported) == (3, 1)
    assert [(one.on_day.day, one.kind, one.minutes) for one in stored] == [
        (3, "BUE", 30),
        (5, "NVE", None),
        (6, "MSG", 60),
    ]
    assert stored[0].detail.topics == ("WOH",)
    assert stored[2].worker_id == world.users["oez"]


def test_the_last_contact_of_the_caseload_follows_and_absence_does_not_count(world: World) -> None:
    imported(world, PEOPLE)
    imported_talks(world)
    assert caseload(world, files(world)["Rahimi, Zahra"].id).last_contact_on == dt.date(2026, 2, 3)


def test_a_name_without_a_file_is_reported(world: World) -> None:
    imported(world, PEOPLE)
    assert "keine Akte" in plan(world, TALKS, kind=CONTACTS).reported[0].reasons[0]


def test_the_same_list_a_second_time_is_there_already(world: World) -> None:
    imported(world, PEOPLE)
    imported_talks(world)
    again = plan(world, TALKS, kind=CONTACTS)
    assert (again.counters.imported, again.counters.reported) == (0, 4)


def test_two_like_contacts_of_one_day_are_both_taken(world: World) -> None:
    imported(world, PEOPLE)
    assert plan(world, [*TALKS, TALKS[1]], kind=CONTACTS).counters.imported == 4


def test_a_name_of_several_clients_waits_until_somebody_picks(world: World) -> None:
    two_of_a_name(world)
    owner = imported_talks(world, TWO_OF_A_NAME)
    (one,) = waiting(world)
    assert (owner.imported, owner.waiting) == (1, 1)
    assert contacts(world) == []
    chosen = one.entry.candidates[0].client_id
    actor = world.actor("maier")
    for _twice in range(2):
        with world.unit("maier", write=True):
            service.assign(actor, queries.get_waiting(actor, one.id), clients.get_client(chosen))
    (stored,) = contacts(world)
    assert (stored.client_id, stored.detail.note) == (chosen, "Gespräch")
    assert ("Name in der Liste", "Rahimi, Zahra") in stored.detail.leftovers
    assert caseload(world, chosen).last_contact_on == dt.date(2026, 2, 3)


def test_a_birth_date_in_the_list_tells_which_of_them_is_meant(world: World) -> None:
    two_of_a_name(world)
    rows = [(*TALKS[0], "geb."), ("03.02.2026", "Rahimi, Zahra", "Büro", "", "30", "", "Maier", "02.01.1970")]
    imported_talks(world, rows)
    (stored,) = contacts(world)
    assert waiting(world) == []
    assert files(world)["Rahimi, Zahra"].head.birth.day or stored


def test_a_similar_name_waits_with_the_likely_client(world: World) -> None:
    stored_file(world, "maier", head=head("Mohammadi", "Ahmad"))
    imported_talks(world, [TALKS[0], ("03.02.2026", "Muhamadi, Ahmed", "Büro", "", "", "", "")])
    (one,) = waiting(world)
    assert len(one.entry.candidates) == 1


def test_a_waiting_contact_can_be_left_out_with_a_reason_only(world: World) -> None:
    two_of_a_name(world)
    imported_talks(world, TWO_OF_A_NAME)
    (one,) = waiting(world)
    actor = world.actor("maier")
    with world.unit("maier", write=True), pytest.raises(RuleError):
        service.leave_out(actor, queries.get_waiting(actor, one.id), "  ")
    with world.unit("maier", write=True):
        service.leave_out(actor, queries.get_waiting(actor, one.id), "doppelt")
    assert waiting(world)[0].state == WaitingState.DISCARDED
    assert plan(world, TWO_OF_A_NAME, kind=CONTACTS).counters.imported == 0


def test_an_assignment_can_be_taken_back(world: World) -> None:
    two_of_a_name(world)
    imported_talks(world, TWO_OF_A_NAME)
    (one,) = waiting(world)
    chosen = one.entry.candidates[0].client_id
    actor = world.actor("maier")
    with world.unit("maier", write=True):
        service.assign(actor, queries.get_waiting(actor, one.id), clients.get_client(chosen))
    with world.unit("maier", write=True):
        service.wait_again(actor, queries.get_waiting(actor, one.id))
    assert contacts(world) == []
    assert waiting(world)[0].state == WaitingState.WAITING
    assert caseload(world, chosen).last_contact_on is None


def test_waiting_contacts_are_seen_by_their_importer_only(world: World) -> None:
    two_of_a_name(world)
    imported_talks(world, TWO_OF_A_NAME)
    (one,) = waiting(world)
    for login in ("oez", "leitung", "fremd"):
        with world.unit(login), pytest.raises(NotFoundError):
            queries.get_waiting(world.actor(login), one.id)


def test_clients_out_of_sight_are_never_candidates(world: World) -> None:
    stored_file(world, "sued", head=head("Rahimi", "Zahra"))
    assert plan(world, TWO_OF_A_NAME, kind=CONTACTS).counters.reported == 1


def test_a_damaged_name_is_offered_for_a_whole_one(world: World) -> None:
    stored_file(world, "maier", head=head("Y?lmaz", "Ay?e"))
    imported_talks(world, [TALKS[0], ("03.02.2026", "Yılmaz, Ayşe", "Büro", "", "", "", "")])
    assert [each.why for each in waiting(world)[0].entry.candidates] == ["Name beschädigt"]


def test_contacts_before_the_programme_or_ahead_are_reported(world: World) -> None:
    imported(world, PEOPLE)
    rows = [
        TALKS[0],
        ("03.02.2011", "Rahimi, Zahra", "Büro", "", "", "", ""),
        ("03.02.2031", "Rahimi, Zahra", "Büro", "", "", "", ""),
    ]
    assert plan(world, rows, kind=CONTACTS).counters.reported == 2


def test_a_contact_without_a_kind_is_imported_with_a_hint(world: World) -> None:
    imported(world, PEOPLE)
    made = plan(world, [TALKS[0], ("03.02.2026", "Rahimi, Zahra", "", "", "30", "", "")], kind=CONTACTS)
    assert made.counters.imported == 1
    assert "Art fehlt" in made.findings[0].reasons[0]
