"""`caseapp report rebuild` and `caseapp migrate`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from alembic import command
from sqlalchemy import delete

from caseapp import schema
from caseapp.tallies import queries
from caseapp.tallies.models import Tally
from tests.cli.conftest import run
from tests.factories.files import stored_file
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
    client_id = stored_file(world)
    engine = world.services.database.engine
    with engine.connect().execution_options(write_intent=True) as connection:
        command.downgrade(schema.config("data", connection), "0013")
        connection.commit()
    code, said = run("migrate")
    assert (code, "auf dem neuesten Stand" in said) == (0, True), said
    with world.unscoped():
        assert queries.list_gaps() == []
        assert set(queries.courses_of([client_id])) == {client_id}
    assert run("report", "rebuild", "--check")[0] == 0
