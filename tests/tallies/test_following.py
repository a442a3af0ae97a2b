"""Lines follow their records, in the transaction that writes the record and with what it costs."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, update

from caseapp import rotation
from caseapp.clients.models import Client, HistoryEntry
from caseapp.clients.queries import get_client
from caseapp.clients.service import protect
from caseapp.reporting.disclosure.keys import StatisticsKey
from caseapp.security.vault import generation_of
from caseapp.tallies import keys, queries
from caseapp.tallies.courses import Course
from caseapp.tallies.models import Tally
from caseapp.tallies.service import rebuild
from tests.factories.files import stored_family, stored_file
from tests.factories.world import World
from tests.privacy.making import erased


def course_of(world: World, client_id: UUID) -> Course:
    with world.unscoped():
        return queries.courses_of([client_id])[client_id]


def ags_of(world: World, client_id: UUID) -> str:
    person = course_of(world, client_id).person
    assert person is not None
    return person.ags


def test_a_file_has_a_line_under_the_key_that_rounds_the_reports(world: World) -> None:
    client_id = stored_file(world)
    course = course_of(world, client_id)
    secret = StatisticsKey(world.services.keystore.keyring.secret("statistics"))
    assert course.key == secret.record_key(client_id)
    with world.unscoped() as unit:
        assert course.key == keys.record_key(client_id) == keys.record_keys([client_id])[client_id]
        plain = unit.execute(select(Tally.id, Tally.person)).one()
    signed = course.key - 2**64 if course.key >= 2**63 else course.key
    assert plain.person != signed, "who steals the table must not learn how cells are rounded"
    assert plain.id != client_id


def test_nothing_is_kept_of_a_change_that_is_rolled_back(world: World) -> None:
    client_id = stored_file(world, ags="08115003")
    with suppress(ZeroDivisionError), world.unit("maier", write=True) as unit:
        get_client(client_id).ags = "08115045"
        unit.flush()
        raise ZeroDivisionError
    assert ags_of(world, client_id) == "08115003"
    with world.unit("maier", write=True) as unit:
        get_client(client_id).ags = "08115045"
        with suppress(ZeroDivisionError), unit.begin_nested():
            get_client(client_id).ags = "08115001"
            unit.flush()
            raise ZeroDivisionError
    assert ags_of(world, client_id) == "08115045"
    assert rebuild(world.services.database, check=True).differences == 0


def test_who_looks_in_the_midst_of_a_unit_sees_what_it_has_written(world: World) -> None:
    client_id = stored_file(world, ags="08115003")
    with world.unit("maier", write=True) as unit:
        get_client(client_id).ags = "08115045"
        unit.flush()
        person = queries.courses_of([client_id])[client_id].person
        assert person is not None
        assert person.ags == "08115045"


def test_several_flushes_cost_one_statement_and_no_change_costs_none(world: World, count_statements: Any) -> None:
    family = stored_family(world)
    with count_statements() as count, world.unit("maier", write=True) as unit:
        for client_id in family:
            get_client(client_id).ags = "08115045"
            unit.flush()
    assert sum(" tally " in each for each in count.statements) == 1
    with count_statements() as count, world.unit("maier", write=True):
        protect(world.actor("maier"), get_client(family[0]))
    assert not any(" tally " in each for each in count.statements)


def test_statements_that_change_many_rows_write_their_lines(world: World) -> None:
    family = stored_family(world)
    with world.unscoped(write=True) as unit:
        unit.execute(update(Client).where(Client.id.in_(family[:2])).values(ags="08115045"))
    assert [ags_of(world, each) for each in family] == ["08115045", "08115045", ""]
    assert rebuild(world.services.database, check=True).differences == 0


def test_an_insert_that_does_not_say_its_rows_is_refused(world: World) -> None:
    with world.unscoped(write=True) as unit, pytest.raises(TypeError):
        unit.execute(insert(HistoryEntry).from_select(["id"], select(Client.id)))


def test_a_statement_of_one_carrier_leaves_the_lines_of_the_other(world: World) -> None:
    own, foreign = stored_file(world), stored_file(world, "fremd")
    with world.unit("maier", write=True) as unit:
        unit.execute(update(Client).values(ags="08115045"))
    assert (ags_of(world, own), ags_of(world, foreign)) == ("08115045", "")
    with world.unit("maier"):
        assert [course.key for course in queries.courses()] == [keys.record_key(own)]
        assert queries.courses_of([foreign]) == {}


def test_an_erased_client_leaves_no_line(house: World) -> None:
    mother, child = stored_family(house, members=2)
    with house.unscoped():
        number = keys.person_number(mother)
    erased(house, mother)
    with house.unscoped() as unit:
        assert unit.scalar(select(func.count(Tally.id)).where(Tally.person == number)) == 0
        assert set(queries.courses_of([mother, child])) == {child}
        (household,) = queries.courses_of([child])[child].households
    assert household.anchor, "the next member takes the place"
    assert rebuild(house.services.database, check=True).differences == 0


def test_a_carriers_new_key_seals_its_lines_anew(world: World) -> None:
    client_id = stored_file(world)
    services, carrier = world.services, world.organisations["Musterhausen"]
    rotation.rotate_carrier(services.database, services.keystore, carrier, lambda _done, _total: None)
    services.keystore.keyring.end_records(carrier)
    newest = services.keystore.keyring.organisation(carrier).generation
    with world.unscoped() as unit:
        envelopes = unit.scalars(select(Tally.box_blob)).all()
        assert {generation_of(each) for each in envelopes} == {newest}
        assert (len(queries.courses_of([client_id])), queries.unreadable()) == (1, 0)


def test_damaged_lines_are_counted_and_left_out(world: World) -> None:
    whole, damaged = stored_file(world), stored_file(world)
    with world.unscoped(write=True) as unit:
        unit.execute(update(Tally).where(Tally.id == keys.line_id(damaged)).values(box_blob=b"damaged"))
    with world.unscoped():
        counted = queries.read()
        assert ([course.key for course in counted.courses], counted.unreadable) == ([keys.record_key(whole)], 1)


def test_reading_costs_the_same_statements_for_any_number_of_people(world: World, count_statements: Any) -> None:
    counts = []
    for _round in range(2):
        stored_family(world)
        with count_statements() as count, world.unscoped():
            queries.read()
        counts.append(int(count))
    assert counts[0] == counts[1] <= 3
