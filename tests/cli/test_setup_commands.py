"""Setting up from the command line, and refusing to start with secrets that are missing, wrong or open to others."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from caseapp.accounts import queries
from caseapp.factory import open_services
from tests.cli.conftest import Run
from tests.factories.world import settings_in

Result = subprocess.CompletedProcess[str]


def caseapp(folder: Path, *arguments: str) -> Result:
    """Run a command on the installation below `folder`, in a process of its own."""
    environment = {
        "PATH": os.environ["PATH"],
        "CASEAPP_DATA": str(folder / "data"),
        "CASEAPP_KEYS": str(folder / "keys"),
        "LANG": "C.UTF-8",
    }
    command = [sys.executable, "-m", "caseapp.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def installation(world_template: Path, tmp_path: Path) -> Path:
    """A copy of the installation with its people."""
    return Path(shutil.copytree(world_template, tmp_path / "installation"))


def refused(result: Result, message: str) -> bool:
    """Whether the command ended with one clear line and no traceback."""
    return result.returncode != 0 and message in result.stderr and "Traceback" not in result.stdout + result.stderr


def test_an_installation_is_set_up_by_four_commands(tmp_path: Path) -> None:
    for arguments in (
        ("init",),
        ("org", "add", "Musterhausen", "--kind", "GEM", "--ags", "08435057"),
        ("team", "add", "Nord", "--org", "Musterhausen"),
    ):
        result = caseapp(tmp_path, *arguments)
        assert result.returncode == 0, result.stderr
    person = ("user", "add", "Eva Maier", "--login", "maier", "--org", "Musterhausen", "--team", "Nord")
    result = caseapp(tmp_path, *person, "--role", "lead", "--professional-lead")
    assert result.returncode == 0, result.stderr
    assert re.search(r"(\w+-){4}\d{4}", result.stdout), "the first password is shown"

    services = open_services(settings_in(tmp_path))
    with services.database.unit(None, write=False):
        user = queries.find_user_by_login("maier")
        assert user is not None
        assert user.must_change_password
        [duty] = services.load_actor(user.id).duties
        assert duty.professional_lead
    services.close()
    again = caseapp(tmp_path, *person, "--role", "lead")
    assert refused(again, "Diesen Anmeldenamen gibt es schon")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("org", "add", "musterhausen"), "gibt es schon"),
        (("org", "add", " "), "Geben Sie einen Namen ein"),
        (("org", "add", "Neu", "--ags", "99"), "Gemeindeschlüssel"),
        (("team", "add", "Nord", "--org", "Nirgends"), "Diesen Träger gibt es nicht"),
        (("team", "add", "nord", "--org", "Musterhausen"), "gibt es schon"),
        (("user", "add", "X Y", "--login", "xy", "--org", "Nirgends", "--role", "lead"), "Diesen Träger gibt es nicht"),
        (
            ("user", "add", "X Y", "--login", "xy", "--org", "Musterhausen", "--team", "Ost", "--role", "lead"),
            "Dieses Team gibt es nicht",
        ),
        (
            ("user", "add", "X Y", "--login", "xy", "--org", "Musterhausen", "--role", "king"),
            "Möglich sind: caseworker",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(run: Run, arguments: tuple[str, ...], message: str) -> None:
    status, said = run(*arguments)
    assert status != 0
    line, *hints = said.strip().splitlines()
    assert message in line
    assert all(hint.startswith("Hilfe: ") for hint in hints), said


def test_nothing_starts_without_keys_and_nothing_is_written(tmp_path: Path) -> None:
    result = caseapp(tmp_path, "serve")
    assert refused(result, "fehlt")
    assert "caseapp init" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_init_makes_no_new_keys_beside_old_data(installation: Path) -> None:
    shutil.rmtree(installation / "keys")
    assert refused(caseapp(installation, "init"), "aus der Sicherung zurück")
    assert not (installation / "keys").exists()


def test_a_wrong_key_is_refused(installation: Path) -> None:
    key = installation / "keys" / "root.key"
    key.chmod(0o600)
    key.write_bytes(secrets.token_bytes(32))
    key.chmod(0o400)
    assert refused(caseapp(installation, "serve"), "passt nicht zum Schlüsselbund")
    assert refused(caseapp(installation, "check"), "passt nicht zum Schlüsselbund")


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o644])
def test_a_key_that_others_can_read_is_refused(installation: Path, mode: int) -> None:
    key = installation / "keys" / "root.key"
    key.chmod(mode)
    assert refused(caseapp(installation, "serve"), "chmod 0400")


def test_a_damaged_ring_is_refused(installation: Path) -> None:
    ring = installation / "keys" / "ring.json"
    ring.chmod(0o600)
    ring.write_text("{", encoding="utf-8")
    ring.chmod(0o400)
    assert refused(caseapp(installation, "check"), "beschädigt")


def test_an_empty_database_is_refused(tmp_path: Path) -> None:
    assert caseapp(tmp_path, "init").returncode == 0
    (tmp_path / "data" / "caseapp.db").unlink()
    assert refused(caseapp(tmp_path, "org", "add", "Neu"), "caseapp init")


def test_keys_inside_the_data_folder_are_refused(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "CASEAPP_DATA": str(tmp_path), "CASEAPP_KEYS": str(tmp_path / "keys")}
    command = [sys.executable, "-m", "caseapp.cli", "init"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert refused(result, "CASEAPP_KEYS liegt im Datenordner")


def test_init_twice_changes_nothing(installation: Path) -> None:
    before = (installation / "keys" / "ring.json").read_bytes()
    assert caseapp(installation, "init").returncode == 0
    assert (installation / "keys" / "ring.json").read_bytes() == before


def test_keys_are_readable_by_their_owner_only(installation: Path) -> None:
    for file in (installation / "keys").iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_a_database_of_another_version_is_refused(installation: Path) -> None:
    with sqlite3.connect(installation / "data" / "caseapp.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    assert refused(caseapp(installation, "org", "add", "Neu"), "caseapp migrate")
