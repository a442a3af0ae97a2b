"""`caseapp report rebuild` and `caseapp migrate`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from alembic import command
from sqlalchemy import delete

from caseapp import clock, schema
from caseapp.clients.queries import get_client
from caseapp.counselling.models import ContactDetail
from caseapp.counselling.service import NewContact, save_contact
from caseapp.tallies import queries
from caseapp.tallies.models import Tally
from tests.cli.conftest import run
from tests.factories.files import stored_family, stored_file
from tests.factories.world import World

__all__ = ["run"]
Run = Callable[..., tuple[int, str]]


def drop_lines(world: World) -> None:
    with world.unscoped(write=True) as unit:
        unit.execute(delete(Tally))


def test_a_check_fails_until_the_lines_are_made(world: World, run: Run) -> None:
    stored_file(world)
    assert run("report", "rebuild", "--check")[0] == 0
    drop_lines(world)
    code, said = run("report", "rebuild", "--check")
    assert (code, "1 fehlen, 0 weichen ab, 0 sind zu viel" in said) == (1, True), said
    code, said = run("report", "rebuild", "--org", "Musterhausen")
    assert (code, "1 ergänzt" in said) == (0, True), said
    assert run("report", "rebuild", "--check")[0] == 0


def test_a_carrier_that_does_not_exist_is_refused(run: Run) -> None:
    code, said = run("report", "rebuild", "--org", "Nirgendwo")
    assert code != 0
    assert "gibt es nicht" in said


@pytest.mark.sqlite
def test_migrating_a_database_of_an_older_version_makes_its_lines(world: World, run: Run) -> None:
    client_id, child = stored_family(world, members=2)
    with world.unit("maier", write=True):
        talk = NewContact(on_day=clock.today(), kind="BUE", minutes=30, detail=ContactDetail(participants=(child,)))
        recorded_at = save_contact(world.actor("maier"), get_client(client_id), talk).created_at
    engine = world.services.database.engine
    with engine.connect().execution_options(write_intent=True) as connection:
        command.downgrade(schema.config("data", connection), "0013")
        connection.commit()
    code, said = run("migrate")
    assert (code, "auf dem neuesten Stand" in said) == (0, True), said
    with world.unscoped():
        assert queries.list_gaps() == []
        found = queries.courses_of([client_id, child])
        assert [line.recorded_at for line in found[client_id].contacts] == [recorded_at]
        assert [line.recorded_at for line in found[child].presences] == [recorded_at]
    assert run("report", "rebuild", "--check")[0] == 0
