"""The wall between carriers stands in the database: it holds where the row scope is passed by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from caseapp import schema
from caseapp.clients.models import Caseload, Client, HistoryEntry
from caseapp.db import Base, ClientBound, ClientListed, OrganisationBound, new_id, scope, walls
from caseapp.db.unit import CaseSession
from caseapp.imports.models import Import
from tests.factories.files import stored_family
from tests.factories.postgres import Cluster, Pair
from tests.factories.samples import samples_of
from tests.factories.world import World

schema.data_metadata()
BOUND = sorted(
    mapper.class_.__tablename__
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, ClientBound | ClientListed | OrganisationBound)
)
# Shared tables and those of the installation, which carry an id of a carrier or a client all the same.
# The district reads which carrier has confirmed or handed over its totals; both are sealed and know no client.
OPEN = {"audit_event", "keyfigure_handover", "membership", "report_confirmation", "team"}


@pytest.fixture
def offices(world: World) -> tuple[UUID, UUID]:
    """The two carriers, each with records of every kind."""
    samples_of(world, "maier")
    samples_of(world, "fremd")
    return world.organisations["Musterhausen"], world.organisations["Fremdstadt"]


@pytest.fixture
def raw(offices: tuple[UUID, UUID], postgres_template: tuple[object, Pair]) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the application's role, that knows nothing of the application."""
    with psycopg.connect(postgres_template[1].environment["DATABASE_URL"]) as connection:
        yield connection


@pytest.fixture
def unnarrowed() -> Iterator[None]:
    """The row scope is forgotten: no statement of the ORM is narrowed, no insert is checked."""
    event.remove(CaseSession, "do_orm_execute", scope._narrow)
    event.remove(CaseSession, "before_flush", scope._check_inserts)
    yield
    scope.install(CaseSession)


def seen(connection: psycopg.Connection[Any], table: str) -> set[UUID]:
    """The carriers whose rows of this table the connection sees."""
    return {row[0] for row in connection.execute(f'SELECT DISTINCT organisation_id FROM "{table}"'.encode())}  # noqa: S608


def allow(connection: psycopg.Connection[Any], organisation_id: UUID) -> None:
    """Tell the server what a transaction of a caseworker there tells it."""
    for name in ("caseapp.organisations", "caseapp.files"):
        connection.execute("SELECT set_config(%s, %s, true)", (name, str(organisation_id)))


def test_without_settings_the_role_sees_no_row_of_any_bound_table(raw: psycopg.Connection[Any]) -> None:
    assert {table: seen(raw, table) for table in BOUND} == {table: set() for table in BOUND}


def test_with_everything_it_sees_rows_of_both_carriers(
    raw: psycopg.Connection[Any], offices: tuple[UUID, UUID]
) -> None:
    raw.execute("SET LOCAL caseapp.everything = 'on'")
    assert all(seen(raw, table) == set(offices) for table in ("client", "contact", "task", "import", "caseload"))
    # The samples must reach the tables that the other tests speak of.
    assert sum(bool(seen(raw, table)) for table in BOUND) >= 12


def test_with_one_carrier_it_sees_nothing_of_the_other(
    raw: psycopg.Connection[Any], offices: tuple[UUID, UUID]
) -> None:
    own, _other = offices
    allow(raw, own)
    assert all(seen(raw, table) <= {own} for table in BOUND)
    assert seen(raw, "client") == {own}


def test_what_was_allowed_ends_with_the_transaction(raw: psycopg.Connection[Any], offices: tuple[UUID, UUID]) -> None:
    allow(raw, offices[0])
    raw.commit()
    assert seen(raw, "client") == set()


def test_no_row_is_stored_for_another_carrier(raw: psycopg.Connection[Any], offices: tuple[UUID, UUID]) -> None:
    own, other = offices
    allow(raw, own)
    for table in BOUND:
        statement = f'INSERT INTO "{table}" (id, organisation_id) VALUES (gen_random_uuid(), %s)'.encode()  # noqa: S608
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"), raw.transaction():
            raw.execute(statement, (other,))


def test_no_row_is_moved_to_another_carrier_or_changed_there(
    raw: psycopg.Connection[Any], offices: tuple[UUID, UUID]
) -> None:
    own, other = offices
    allow(raw, own)
    statement = "UPDATE client SET closed_on = current_date WHERE organisation_id = %s"
    assert raw.execute(statement, (other,)).rowcount == 0
    assert raw.execute("DELETE FROM client WHERE organisation_id = %s", (other,)).rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        raw.execute("UPDATE client SET organisation_id = %s", (other,))


def test_every_bound_table_has_its_policy_and_no_other(world: World) -> None:
    with world.services.database.engine.connect() as raw:
        secured = raw.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
        )
        assert sorted(secured.scalars()) == BOUND
        found = raw.exec_driver_sql("SELECT tablename, policyname, cmd FROM pg_policies WHERE schemaname = 'public'")
        assert sorted(tuple(row) for row in found) == [(table, walls.POLICY, "ALL") for table in BOUND]


def test_every_table_with_a_client_or_a_carrier_is_bound_or_known_by_name(world: World) -> None:
    """Accounts and the log are read before anybody is known, and hold nothing of a client in the clear."""
    with world.services.database.engine.connect() as raw:
        named = raw.exec_driver_sql(
            "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND column_name IN ('organisation_id', 'client_id')"
        ).scalars()
    assert set(named) - set(BOUND) <= OPEN


def test_a_forgotten_filter_does_not_cross_carriers(world: World, offices: tuple[UUID, UUID], unnarrowed: None) -> None:
    own, _other = offices
    kinds: list[Any] = [Client, Caseload, HistoryEntry, Import]
    with world.unit("maier") as unit:
        for kind in kinds:
            assert set(unit.scalars(select(kind.organisation_id))) == {own}
    with world.unit(None) as unit:
        for kind in kinds:
            assert unit.scalar(select(func.count()).select_from(kind)) == 0


def test_who_counsels_nobody_finds_no_client_even_without_the_filter(
    world: World, offices: tuple[UUID, UUID], unnarrowed: None
) -> None:
    for login in ("admin", "dsb", "koord", "foerder"):
        with world.unit(login) as unit:
            assert unit.scalars(select(Client.id)).all() == []
            assert unit.scalars(select(Import.id)).all() != []


def test_a_forgotten_check_stores_nothing_for_another_carrier(
    world: World, offices: tuple[UUID, UUID], unnarrowed: None
) -> None:
    values = {"organisation_id": offices[1], "client_id": new_id(), "id": new_id(), "open": True, "open_tasks": 0}
    with pytest.raises(ProgrammingError, match="row-level security"), world.unit("maier", write=True) as unit:
        unit.execute(insert(Caseload).values(team_id=world.teams["West"], **values))


def test_the_wide_block_is_wide_only_inside(world: World, offices: tuple[UUID, UUID], unnarrowed: None) -> None:
    def carriers(unit: Session) -> set[UUID]:
        return set(unit.scalars(select(Client.organisation_id)))

    own, _other = offices
    with world.unit("maier", write=True) as unit:
        assert carriers(unit) == {own}
        with scope.everything(unit):
            assert carriers(unit) == set(offices)
            with unit.begin_nested():
                assert carriers(unit) == set(offices)
        assert carriers(unit) == {own}


def test_a_rolled_back_savepoint_leaves_the_width_as_it_should_be(
    world: World, offices: tuple[UUID, UUID], unnarrowed: None
) -> None:
    with world.unit("maier", write=True) as unit:
        inner = unit.begin_nested()
        with scope.everything(unit):
            assert len(set(unit.scalars(select(Client.organisation_id)))) == 2
        inner.rollback()
        assert len(set(unit.scalars(select(Client.organisation_id)))) == 1
        with scope.everything(unit):
            inner = unit.begin_nested()
            unit.execute(update(Client).values(protected=False).execution_options(synchronize_session=False))
            inner.rollback()
            assert len(set(unit.scalars(select(Client.organisation_id)))) == 2


def test_a_page_cannot_write(world: World) -> None:
    client_id = stored_family(world, "maier", members=1)[0]
    with pytest.raises(Exception, match="read-only transaction"), world.unit("maier") as unit:
        unit.execute(update(Client).where(Client.id == client_id).values(protected=True))


def test_policies_come_back_with_the_next_migration(postgres_cluster: Cluster, tmp_path_factory: Any) -> None:
    pair = _installed(postgres_cluster, "walls")
    engine = schema.make_engine(pair.environment["DATABASE_OWNER_URL"].replace("://", "+psycopg://"))
    broken = "ALTER TABLE task DISABLE ROW LEVEL SECURITY; DROP POLICY caseapp_carrier ON contact;"
    postgres_cluster.execute(f"{broken} CREATE POLICY more ON client USING (true)", pair.data)
    with engine.connect() as connection:
        assert walls.open_tables(connection) == ["client", "contact", "task"]
    schema.migrate(engine, "data")
    with engine.connect() as connection:
        assert walls.open_tables(connection) == []
    engine.dispose()


def _installed(running: Cluster, name: str) -> Pair:
    pair = Pair(running, f"{name}_data", f"{name}_keys")
    running.create_database(pair.data)
    engine = schema.make_engine(pair.environment["DATABASE_OWNER_URL"].replace("://", "+psycopg://"))
    schema.migrate(engine, "data", role="caseapp")
    engine.dispose()
    return pair
