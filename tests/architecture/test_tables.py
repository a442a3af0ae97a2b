"""What every table and column must say about itself."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapper

from caseapp import keystore, schema
from caseapp.db import Base, ClientBound, ClientListed, InstallationBound, OrganisationBound, Shared
from caseapp.db.unit import make_engine
from caseapp.sealed import sealed_columns
from tools import security_page
from tools.security_page import ROOT, plain_columns

schema.data_metadata()
MAPPERS = sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__tablename__)
KINDS = (ClientBound, ClientListed, OrganisationBound, Shared, InstallationBound)

# Every column with text or bytes that has no sealing descriptor, with its reason: `config/plain_columns.csv`.
PLAIN = plain_columns()


@pytest.mark.parametrize("mapper", MAPPERS, ids=lambda mapper: mapper.class_.__tablename__)
def test_every_table_is_exactly_one_kind(mapper: Mapper[object]) -> None:
    kinds = [kind.__name__ for kind in KINDS if issubclass(mapper.class_, kind)]
    assert len(kinds) == 1, kinds


@pytest.mark.parametrize("mapper", MAPPERS, ids=lambda mapper: mapper.class_.__tablename__)
def test_every_column_with_text_or_bytes_is_sealed_or_plain_with_a_reason(mapper: Mapper[object]) -> None:
    sealed = {
        f"{owner.__tablename__}.{mapper_column(owner, each.blob)}"
        for owner, each in sealed_columns()
        if hasattr(owner, "__tablename__")
    }
    for column in mapper.local_table.columns:
        name = f"{mapper.local_table.name}.{column.name}"
        if isinstance(column.type, LargeBinary):
            assert name in sealed or PLAIN[name].treatment in {"digest", "sealed"}, name
        elif isinstance(column.type, String):
            assert PLAIN[name].treatment == "text", name


def mapper_column(owner: type, attribute: str) -> str:
    """The column's name in the table."""
    return str(getattr(owner, attribute).property.columns[0].name)


def test_no_reason_is_left_for_a_column_that_is_gone() -> None:
    there = {f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns}
    assert set(PLAIN) <= there
    assert all(column.reason for column in PLAIN.values())


def test_the_security_page_lists_what_the_declarations_say() -> None:
    assert (ROOT / "docs" / "security.md").read_text(encoding="utf-8") == security_page.rendered()


def test_every_sealed_column_has_a_revision_of_its_own() -> None:
    for owner, each in sealed_columns():
        assert hasattr(owner, each.revision), f"{owner.__name__}.{each.revision}"


def test_the_migrations_make_exactly_the_tables_of_the_models(tmp_path: Path) -> None:

    for which, metadata in (("data", schema.data_metadata()), ("keystore", keystore.metadata)):
        engine = make_engine(f"sqlite:///{tmp_path / which}.db")
        schema.migrate(engine, which)
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert schema.newest_version(which) == (schema.MIGRATIONS / which / "HEAD").read_text().strip()
        engine.dispose()
