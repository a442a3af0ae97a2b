"""The application's role owns nothing and may no more than it needs; set-up as docs/operating.md says it."""

from __future__ import annotations

import itertools
import re
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from caseapp.cli.check import check
from caseapp.cli.setup import init, migrate
from caseapp.errors import ConfigurationError
from caseapp.settings import PROJECT_ROOT
from tests.factories import postgres
from tests.factories.postgres import Cluster, Pair
from tests.factories.world import World

NUMBERS = itertools.count(1)
FORBIDDEN = (
    "CREATE TABLE own (id int)",
    "CREATE SCHEMA own",
    "ALTER TABLE client DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE client OWNER TO caseapp",
    "DROP POLICY caseapp_carrier ON client",
    "CREATE POLICY mine ON client USING (true)",
    "TRUNCATE client CASCADE",
    "DROP TABLE task",
    "UPDATE alembic_version SET version_num = '0001'",
    "SET ROLE caseapp_owner",
    "CREATE ROLE stranger",
    "COPY client TO PROGRAM 'cat'",
    "SET session_replication_role = replica",
)


def test_the_role_may_read_and_write_rows_and_nothing_else(
    world: World, postgres_template: tuple[object, Pair]
) -> None:
    with psycopg.connect(postgres_template[1].environment["DATABASE_URL"]) as connection:
        for statement in FORBIDDEN:
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement.encode())


def test_switching_row_security_off_refuses_instead_of_widening(
    world: World, postgres_template: tuple[object, Pair]
) -> None:
    with psycopg.connect(postgres_template[1].environment["DATABASE_URL"]) as connection:
        connection.execute("SET row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            connection.execute("SELECT count(*) FROM client")


@pytest.mark.parametrize(("role", "status"), [("DATABASE_URL", 1), ("DATABASE_OWNER_URL", 0)])
def test_only_the_owner_can_dump(
    role: str, status: int, world: World, postgres_template: tuple[object, Pair], tmp_path: Path
) -> None:
    folder = postgres.binaries()
    assert folder is not None
    command = [str(folder / "pg_dump"), "--file", str(tmp_path / "dump"), postgres_template[1].environment[role]]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert done.returncode == status, done.stderr
    # The application's role is not even let at the version; row-level security would stop it at the next table.
    assert not status or "ERROR" in done.stderr


@pytest.fixture
def drill(postgres_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pair:
    """Roles and databases made with the statements of the manual, under other names."""
    manual = (PROJECT_ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    found = re.search(r"^CREATE ROLE.*?(?=^```)", manual, re.MULTILINE | re.DOTALL)
    assert found is not None
    name = f"drill_{next(NUMBERS)}"
    pair = Pair(postgres_cluster, f"{name}_data", f"{name}_keys", owner=f"{name}_owner", application=name)
    for database in (pair.data, pair.keys):
        for line in found[0].strip().splitlines():
            if database == pair.data or not line.startswith("CREATE ROLE"):  # one pair of roles is enough here
                words = re.sub(r"(?<=DATABASE )caseapp", database, line)
                postgres_cluster.execute(re.sub(r"\bcaseapp(?=_owner\b|\b)", name, words))
    monkeypatch.setenv("CASEAPP_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CASEAPP_KEYS", str(tmp_path / "keys"))
    for key, url in pair.environment.items():
        monkeypatch.setenv(key, url)
    return pair


def _run(command: Any) -> None:
    done = CliRunner().invoke(command, [], catch_exceptions=False)
    assert done.exit_code == 0, done.output


def test_the_manual_leads_to_an_installation_that_checks(drill: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    _run(init)
    monkeypatch.delenv("DATABASE_OWNER_URL")
    monkeypatch.delenv("KEYSTORE_OWNER_URL")
    _run(check)
    _run(migrate)


def test_without_the_owner_setting_up_is_refused_with_the_cure(drill: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL")
    with pytest.raises(ConfigurationError, match="DATABASE_OWNER_URL"):
        _run(init)
    monkeypatch.setenv("DATABASE_OWNER_URL", drill.environment["DATABASE_OWNER_URL"])
    _run(init)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("ALTER ROLE {role} SUPERUSER", "Superuser"),
        ("ALTER ROLE {role} BYPASSRLS", "BYPASSRLS"),
        ("ALTER ROLE {role} CREATEROLE", "CREATEROLE"),
        ("GRANT {role}_owner TO {role}", "besitzt Tabellen"),
    ],
)
def test_check_names_a_role_that_may_too_much(change: str, word: str, drill: Pair) -> None:
    _run(init)
    drill.cluster.execute(change.format(role=drill.application))
    done = CliRunner().invoke(check, [])
    assert done.exit_code == 1
    assert word in done.output


def test_check_names_tables_without_their_policy(drill: Pair) -> None:
    _run(init)
    drill.cluster.execute("ALTER TABLE task DISABLE ROW LEVEL SECURITY", drill.data)
    done = CliRunner().invoke(check, [])
    assert done.exit_code == 1
    assert "1 Tabellen sind ohne die Trennung" in done.output


def test_lost_keys_are_not_made_anew_beside_a_database_in_use(drill: Pair, tmp_path: Path) -> None:
    _run(init)
    for path in (tmp_path / "keys").iterdir():
        path.unlink()
    with pytest.raises(Exception, match="aus der Sicherung"):
        _run(init)
