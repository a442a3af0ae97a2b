"""Row-level security on PostgreSQL: the wall between carriers stands in the database itself, beneath the row scope.

A statement that somebody wrote past the row scope, or a mistake in it, still cannot cross carriers. The policies follow
from the kind of a table and are put up after every migration, so that no table is forgotten. They bind the
application's role, which owns nothing; the owner's role migrates and dumps. They do not bind somebody who can run any
statement as the application's role: what a transaction may see, it says itself (`db.postgres`).
"""

from __future__ import annotations

import enum
import hashlib
from typing import Any, NamedTuple

from sqlalchemy import Connection

from caseapp.db.base import Base, ClientBound, ClientListed, OrganisationBound
from caseapp.db.postgres import EVERYTHING, FILES, ORGANISATIONS

POLICY = "caseapp_carrier"
_VERSIONS = "alembic_version"  # the application reads it and never writes

# What the settings say is computed once a statement, not once a row.
_VISIBLE = (
    "(SELECT current_setting('{everything}', true)) = 'on' OR organisation_id = ANY "
    "((SELECT string_to_array(nullif(current_setting('{name}', true), ''), ',')::uuid[])::uuid[])"
)
_STANDING = """
    SELECT c.relname, obj_description(p.oid, 'pg_policy') FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relrowsecurity AND p.polname = '{policy}'
    AND (SELECT count(*) FROM pg_policy other WHERE other.polrelid = c.oid) = 1
"""
_OTHERS = "SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = %s"
_POWERS = """
    SELECT r.rolsuper, r.rolbypassrls, r.rolcreaterole, EXISTS (
        SELECT FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
        AND pg_has_role(current_user, c.relowner, 'MEMBER')
    )
    FROM pg_roles r WHERE r.rolname = current_user
"""


class Power(enum.Enum):
    """What the application's role must not have: with it, the policies do not bind, or can be taken away."""

    SUPERUSER = 0
    BYPASSES_ROW_SECURITY = 1
    CREATES_ROLES = 2
    OWNS_TABLES = 3


class Policy(NamedTuple):
    """Which rows of a table are seen and changed (`using`), and which may be stored (`check`)."""

    using: str
    check: str

    @property
    def mark(self) -> str:
        """Stands as the policy's comment: whether it is still the present one."""
        return hashlib.blake2b("|".join(self).encode(), digest_size=12).hexdigest()


def policies() -> dict[str, Policy]:
    """By table, for every table bound to a carrier or a client.

    Rows of clients are seen by people who counsel or lead in the carrier; others with a duty there may store some.
    """
    of_organisations, of_files = (_VISIBLE.format(everything=EVERYTHING, name=name) for name in (ORGANISATIONS, FILES))
    found: dict[str, Policy] = {}
    for mapper in Base.registry.mappers:
        kind: Any = mapper.class_
        table: str = kind.__tablename__
        if issubclass(kind, ClientBound | ClientListed):
            found[table] = Policy(of_files, of_organisations)
        elif issubclass(kind, OrganisationBound):
            found[table] = Policy(of_organisations, of_organisations)
    return dict(sorted(found.items()))


def open_tables(connection: Connection) -> list[str]:
    """The bound tables without their present policy, or with one more beside it. On SQLite: none."""
    if connection.dialect.name != "postgresql":
        return []
    rows = connection.exec_driver_sql(_STANDING.format(policy=POLICY)).all()
    standing: dict[str, str | None] = {row[0]: row[1] for row in rows}
    return [name for name, policy in policies().items() if standing.get(name) != policy.mark]


def powers(connection: Connection) -> list[Power]:
    """What the connected role has and the application's must not. On SQLite: nothing."""
    if connection.dialect.name != "postgresql":
        return []
    held = connection.exec_driver_sql(_POWERS).one()
    return [power for power in Power if held[power.value]]


def build(connection: Connection) -> None:
    """Give every bound table its policy; what stands already stays. For the tables' owner."""
    quoted = connection.dialect.identifier_preparer.quote
    wanted = policies()
    for name in open_tables(connection):
        table, policy = quoted(name), wanted[name]
        other = connection.exec_driver_sql(_OTHERS, (name,)).scalars()
        for statement in (
            *(f"DROP POLICY {quoted(each)} ON {table}" for each in other),
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY {POLICY} ON {table} USING ({policy.using}) WITH CHECK ({policy.check})",
            f"COMMENT ON POLICY {POLICY} ON {table} IS '{policy.mark}'",
        ):
            connection.exec_driver_sql(statement)


def grant(connection: Connection, role: str) -> None:
    """Let the application's role read and write rows, and nothing else. For the tables' owner."""
    quoted = connection.dialect.identifier_preparer.quote
    schema, to = quoted(str(connection.dialect.default_schema_name)), quoted(role)
    for statement in (
        f"GRANT USAGE ON SCHEMA {schema} TO {to}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {to}",
        f"REVOKE INSERT, UPDATE, DELETE ON {_VERSIONS} FROM {to}",
    ):
        connection.exec_driver_sql(statement)
