"""What every table and column must say about itself."""

from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapper

from caseapp import schema
from caseapp.db import Base, ClientBound, ClientListed, InstallationBound, OrganisationBound, Shared
from caseapp.sealed import sealed_columns

schema.data_metadata()
MAPPERS = sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__tablename__)
KINDS = (ClientBound, ClientListed, OrganisationBound, Shared, InstallationBound)

# Text that stands in the clear, each with its reason. Everything that a person types is sealed.
PLAIN_TEXT = {
    "alembic_version.version_num": "number of a migration",
    "audit_event.action": "name of an action, from the code",
    "caseload.ags": "municipality: lists and figures count by it",
    "client.ags": "municipality: lists and figures count by it",
    "client.closing_reason": "code: figures of closings",
    "client.file_number": "counter without meaning",
    "client_draft.form": "name of a form, from the code",
    "client_grant.kind": "kind of right, from the code",
    "contact.kind": "code: kind of contact",
    "contact.state": "valid or cancelled",
    "contact_participant.kind": "code: kind of contact",
    "hidden_code.code": "code of a public list",
    "hidden_code.list_name": "name of a public list",
    "history_entry.kind": "which history, from the code",
    "job.kind": "kind of work, from the code",
    "job.message": "a sentence of ours",
    "job.state": "state, from the code",
    "membership.role": "role, from the code",
    "office_draft.form": "name of a form, from the code",
    "short_advice.ags": "municipality: figures count by it",
    "short_advice.kind": "code: kind of contact",
    "task.state": "state, from the code",
    "user_account.password_hash": "Argon2id hash",
}
# Bytes that are no sealed value.
PLAIN_BYTES = {
    "sign_in_counter.subject_digest": "keyed digest of a name or address",
    "user_account.login_digest": "keyed digest of the sign-in name",
    "web_session.token_hash": "hash of a random token",
}
# Sealed without a descriptor, by the slice itself.
SEALED_BY_HAND = {"audit_event.detail": "sealed in audit.service: its key depends on the event"}


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
            assert name in sealed or name in PLAIN_BYTES or name in SEALED_BY_HAND, name
        elif isinstance(column.type, String):
            assert name in PLAIN_TEXT, name


def mapper_column(owner: type, attribute: str) -> str:
    """The column's name in the table."""
    return str(getattr(owner, attribute).property.columns[0].name)


def test_no_reason_is_left_for_a_column_that_is_gone() -> None:
    there = {f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns}
    known = set(PLAIN_TEXT) | set(PLAIN_BYTES) | set(SEALED_BY_HAND)
    assert known - there <= {"alembic_version.version_num"}


def test_every_sealed_column_has_a_revision_of_its_own() -> None:
    for owner, each in sealed_columns():
        assert hasattr(owner, each.revision), f"{owner.__name__}.{each.revision}"


def test_the_migrations_make_exactly_the_tables_of_the_models(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from caseapp import keystore
    from caseapp.db.unit import make_engine

    for which, metadata in (("data", schema.data_metadata()), ("keystore", keystore.metadata)):
        engine = make_engine(f"sqlite:///{tmp_path / which}.db")
        schema.migrate(engine, which)
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert schema.newest_version(which) == (schema.MIGRATIONS / which / "HEAD").read_text().strip()
        engine.dispose()
