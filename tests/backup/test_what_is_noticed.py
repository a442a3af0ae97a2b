"""What is damaged, lost, older than it should be or under way is noticed and said."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from uuid import UUID

import pytest

from caseapp import rotation
from caseapp.errors import RuleError
from caseapp.factory import open_services
from caseapp.keystore.erasures import ErasureList
from caseapp.rotation.checks import look
from tests.backup.conftest import Places, make, put_back, verified
from tests.factories.bare import bare_file
from tests.factories.world import World

pytestmark = pytest.mark.sqlite  # PostgreSQL's own tools are tried in tests/postgres


@pytest.mark.parametrize("half", ["data", "keys"])
@pytest.mark.parametrize("byte", [0, 5000, -1])
def test_a_changed_byte_is_found_before_anything_is_written(
    world: World, filled: UUID, places: Places, half: str, byte: int
) -> None:
    made = make(world, places)
    assert made.keys_folder
    path = made.folder / "caseapp.db" if half == "data" else made.keys_folder / "ring.json"
    content = bytearray(path.read_bytes())
    content[byte % len(content)] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(content))
    with pytest.raises(RuleError, match="beschädigt"):
        put_back(places)
    assert not places.empty.data_dir.exists()
    assert not places.empty.keys_dir.exists()


def test_a_lost_attachment_is_found_by_the_proof(world: World, filled: UUID, places: Places) -> None:
    made = make(world, places)
    next((made.folder / "attachments").iterdir()).unlink()
    with pytest.raises(RuleError, match="beschädigt: attachments"):
        verified(world, places)


def test_a_value_damaged_before_the_backup_is_found_by_the_proof(world: World, filled: UUID, places: Places) -> None:
    with closing(sqlite3.connect(world.services.settings.data_dir / "caseapp.db")) as data:
        data.execute("UPDATE client SET head = zeroblob(60) WHERE id = ?", (filled.bytes,))
        data.commit()
    make(world, places)
    problems = verified(world, places).problems
    assert any("client.head" in problem for problem in problems)


def test_a_keystore_of_an_older_day_is_noticed(world: World, filled: UUID, places: Places) -> None:
    settings = world.services.settings
    with closing(sqlite3.connect(settings.data_dir / "keystore.db")) as old:
        old.execute("VACUUM INTO ?", (str(settings.data_dir / "old.db"),))
    with world.unscoped(write=True):
        bare_file(world, family_name="Amiri")
    world.close()
    for path in settings.data_dir.glob("keystore.db*"):
        path.unlink()
    (settings.data_dir / "old.db").rename(settings.data_dir / "keystore.db")
    again = open_services(settings)
    said = list(look(again.database, again.keystore))
    again.close()
    assert len(said) == 1
    assert "Schlüsselspeicher ist älter als die Daten" in said[0]


def test_data_older_than_the_list_of_erasures_are_noticed_and_mended(world: World, filled: UUID) -> None:
    world.services.keystore.erasures.append([filled])
    said = list(look(world.services.database, world.services.keystore))
    assert len(said) == 1
    assert "älter als die Löschliste" in said[0]
    assert world.services.eraser().replay(ErasureList(world.services.settings.keys_dir).ids()) == 1
    assert list(look(world.services.database, world.services.keystore)) == []


def test_a_clock_that_was_set_back_is_noticed(world: World, filled: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    monkeypatch.setattr("caseapp.clock.now", lambda: earlier)
    said = list(look(world.services.database, world.services.keystore))
    assert len(said) == 1
    assert "Uhr" in said[0]


def test_a_second_backup_waits_and_a_rotation_says_why_it_does_not_start(world: World, filled: UUID) -> None:
    with (
        rotation.alone(world.services.settings.data_dir),
        pytest.raises(RuleError, match="Gerade läuft"),
        rotation.alone(world.services.settings.data_dir),
    ):
        pytest.fail("both ran")
