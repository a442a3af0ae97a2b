"""A recount from the opened records: what it finds, what it mends, what it leaves alone."""

from uuid import UUID

from sqlalchemy import delete, select, update

from caseapp.clients.models import Client
from caseapp.db import session
from caseapp.places.models import Organisation
from caseapp.tallies import keys, queries
from caseapp.tallies.models import Tally, TallyGap
from caseapp.tallies.service import Recount, rebuild
from tests.factories.files import stored_family, stored_file
from tests.factories.world import World


def recount(world: World, *, check: bool = False) -> Recount:
    return rebuild(world.services.database, check=check)


def test_what_was_kept_is_what_a_recount_says(world: World) -> None:
    family = stored_family(world)
    stored_file(world, "fremd")
    found = recount(world)
    assert (found.differences, found.unreadable, found.lost) == (0, 0, 0)
    assert found.records >= 2 * len(family) + 1


def test_lines_that_are_missing_wrong_or_too_much_are_found_and_mended(world: World) -> None:
    first, second, third = (stored_file(world) for _file in range(3))
    with world.unscoped(write=True) as unit:
        own = {client_id: keys.line_id(client_id) for client_id in (first, second, third)}
        unit.execute(delete(Tally).where(Tally.id == own[first]))
        one, two = (unit.get_one(Tally, own[client_id]) for client_id in (second, third))
        one.box = two.box  # a readable line of somebody else
        unit.execute(update(Tally).where(Tally.id == own[third]).values(box_blob=b"damaged"))
        unit.add(Tally(organisation_id=one.organisation_id, person=5, box=two.box))
        unit.add(Tally(organisation_id=one.organisation_id, person=None, box=two.box))
    found = recount(world, check=True)
    assert (found.added, found.changed, found.removed) == (1, 2, 2)
    assert recount(world, check=True).differences == 5, "looking changes nothing"
    assert recount(world).differences == 5
    assert recount(world).differences == 0
    with world.unscoped():
        assert {course.key for course in queries.courses()} == set(keys.record_keys([first, second, third]).values())


def test_a_record_that_cannot_be_opened_keeps_its_line_and_is_counted(world: World) -> None:
    client_id = stored_file(world)
    with world.unscoped(write=True) as unit:
        unit.execute(update(Client).where(Client.id == client_id).values(head_blob=b"damaged"))
    found = recount(world)
    assert (found.differences, found.unreadable) == (0, 1)
    with world.unscoped():
        assert len(queries.courses()) == 1


def test_a_carrier_of_an_older_version_is_not_filled_until_its_lines_are_made(world: World) -> None:
    stored_file(world)
    carrier: UUID = world.organisations["Musterhausen"]
    with world.unscoped(write=True) as unit:
        assert set(unit.scalars(select(Organisation.id))) >= {carrier}
        unit.execute(delete(Tally))
        unit.add(TallyGap(organisation_id=carrier))
    with world.unscoped():
        assert not queries.filled(carrier)
        assert queries.list_gaps() == [carrier]
    recount(world, check=True)
    with world.unscoped():
        assert not queries.filled(carrier), "looking fills nothing"
    assert recount(world).added > 0
    with world.unscoped():
        assert queries.filled(carrier)
        assert len(queries.courses()) == 1
        assert session().scalars(select(TallyGap.id)).all() == []
