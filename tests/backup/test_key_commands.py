"""`caseapp keys`, `backup` and `restore` at the console, and what the server says before it starts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from caseapp.cli.serve import _look_at_keys
from caseapp.clients.models import Client
from caseapp.errors import ConfigurationError
from caseapp.security.vault import generation_of
from tests.backup.conftest import Places
from tests.cli.conftest import Run, run  # noqa: F401 - a fixture
from tests.factories.world import World

pytestmark = pytest.mark.sqlite


def test_every_sort_of_key_is_rotated_at_the_console(world: World, filled: UUID, run: Run) -> None:  # noqa: F811
    for arguments in (("root",), ("organisation", "--org", "Musterhausen"), ("client", "--org", "Musterhausen")):
        status, said = run("keys", "rotate", *arguments)
        assert status == 0, said
        assert "gewechselt" in said
    status, said = run("keys", "check")
    assert status == 0, said
    assert "2 Akten, 2 mit Schlüssel" in said


def test_one_file_is_rotated_by_its_number(world: World, filled: UUID, run: Run) -> None:  # noqa: F811
    with world.unscoped() as unit:
        number = unit.scalar(select(Client.file_number).where(Client.id == filled))
    assert run("keys", "rotate", "client", "--org", "Musterhausen", "--file-number", str(number))[0] == 0
    with world.unscoped() as unit:
        found = dict(unit.execute(select(Client.id, Client.head_blob)).all())
    assert {client_id: generation_of(blob) for client_id, blob in found.items()}[filled] == 2
    assert sorted(map(generation_of, found.values())) == [1, 2]


@pytest.mark.parametrize(
    "arguments",
    [
        ("keys", "rotate", "organisation", "--org", "Nirgends"),
        ("keys", "rotate", "client", "--org", "Fremdstadt", "--file-number", "T-1"),
        ("backup",),
        ("backup", "verify"),
        ("backup", "one", "two"),
        ("restore", "nowhere", "--keys", "nowhere.keys"),
    ],
)
def test_a_wrong_command_is_refused_in_german(world: World, run: Run, arguments: tuple[str, ...]) -> None:  # noqa: F811
    status, said = run(*arguments)
    assert status in {1, 2}
    assert "Traceback" not in said
    assert said.strip()


def test_backup_proof_and_restore_at_the_console(
    world: World,
    filled: UUID,
    run: Run,  # noqa: F811
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = (str(places.data), "--keys", str(places.keys))
    assert "Gesichert" in run("backup", *both)[1]
    assert "lässt sich zurückspielen" in run("backup", "verify", *both)[1]
    assert "schon eine Installation" in run("restore", *both)[1]
    monkeypatch.setenv("CASEAPP_DATA", str(places.empty.data_dir))
    monkeypatch.setenv("CASEAPP_KEYS", str(places.empty.keys_dir))
    assert "Zurückgespielt" in run("restore", *both)[1]
    status, said = run("keys", "check")
    assert (status, "Alle Schlüssel sind in Ordnung." in said) == (0, True)


def test_a_backup_without_its_keys_says_that_it_does_not_open_alone(
    world: World,
    run: Run,  # noqa: F811
    places: Places,
) -> None:
    status, said = run("backup", str(places.data))
    assert status == 0
    assert "Ohne Schlüssel" in said


def test_the_server_refuses_to_show_people_who_were_erased(world: World, filled: UUID, run: Run) -> None:  # noqa: F811
    world.services.keystore.erasures.append([filled])
    with pytest.raises(ConfigurationError, match="keys replay"):
        _look_at_keys(world.services)
    assert "1 Akten waren wieder da" in run("keys", "replay")[1]
    _look_at_keys(world.services)


def test_the_server_refuses_a_ring_of_another_day_than_the_keystore(
    world: World,
    filled: UUID,
    run: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    """Keys made with the older ring would be lost as soon as the right one came back."""
    folder = world.services.settings.keys_dir
    shutil.copy(folder / "ring.json", tmp_path / "older")
    assert run("keys", "rotate", "organisation", "--org", "Musterhausen")[0] == 0
    (folder / "ring.json").unlink()
    shutil.move(tmp_path / "older", folder / "ring.json")
    with pytest.raises(ConfigurationError, match="nicht vom gleichen Stand"):
        _look_at_keys(world.services)
    status, said = run("keys", "check")
    assert (status, "nicht vom gleichen Stand" in said) == (1, True)


def test_the_server_starts_for_the_others_when_one_carriers_key_is_lost(
    world: World,
    filled: UUID,
    run: Run,  # noqa: F811
) -> None:
    folder = world.services.settings.keys_dir
    ring = json.loads((folder / "ring.json").read_bytes())
    del ring["organisations"][str(world.organisations["Musterhausen"])]
    (folder / "ring.json").unlink()
    (folder / "ring.json").write_text(json.dumps(ring), encoding="utf-8")
    (folder / "ring.json").chmod(0o400)
    _look_at_keys(world.services)
    status, said = run("keys", "check")
    assert status == 1
    assert "die der anderen schon" in said


def test_open_file_modes_are_named_with_their_cure(world: World, run: Run) -> None:  # noqa: F811
    world.services.keystore.erasures.append([])
    folder = world.services.settings.keys_dir
    (folder / "erasures").touch(mode=0o644)
    (folder / "erasures").chmod(0o644)
    status, said = run("keys", "check")
    assert status == 1
    assert f"chmod 0600 {folder / 'erasures'}" in said
