"""What the files of an installation on SQLite hold after an erasure, and what copies of them are worth."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from caseapp.audit import AuditEvent
from caseapp.clients.models import Client
from caseapp.sealed import sealed_columns
from caseapp.security.vault import UnreadableError
from tests.attacks.canaries import hatch, word
from tests.factories.files import stored_file
from tests.factories.world import World
from tests.privacy.making import erased, rows_of

pytestmark = pytest.mark.sqlite  # looks into the files themselves


def test_no_sealed_byte_of_an_erased_file_stands_in_any_file_of_the_installation(house: World) -> None:
    """Stronger than looking for words: even the envelopes and the wrapped key are overwritten."""
    aviary = hatch(house)
    gone = aviary.ids["M"]
    remains: dict[str, bytes] = {}
    with house.unscoped() as unit:
        for owner, sealed in sealed_columns():
            column = getattr(owner, "client_id", None) if owner is not Client else Client.id
            if column is None or not hasattr(owner, "__tablename__"):
                continue
            blob = getattr(owner, sealed.blob)
            for number, raw in enumerate(unit.scalars(select(blob).where(column == gone).order_by(owner.id))):
                remains[f"{owner.__tablename__}.{sealed.name} {number}"] = bytes(raw)[20:52]
        for number, raw in enumerate(
            unit.scalars(select(AuditEvent.detail).where(AuditEvent.client_id == gone).order_by(AuditEvent.id))
        ):
            if raw:
                remains[f"audit {number}"] = bytes(raw)[20:52]
    folder = house.services.settings.data_dir
    keys = sqlite3.connect(next(folder.glob("keystore*.db")))
    wrapped = keys.execute("select wrapped from client_key where client_id = ?", (gone.bytes,)).fetchone()[0]
    keys.close()
    remains["wrapped key"] = wrapped[12:44]
    assert len(remains) > 8
    erased(house, gone)
    house.services.database.dispose()
    house.services.keystore.dispose()
    found = {
        name: path.name
        for path in folder.rglob("*")
        if path.is_file()
        for name, raw in remains.items()
        if raw in path.read_bytes()
    }
    assert found == {}


def test_an_erased_file_in_a_backup_of_the_data_is_noise_without_its_key(house: World, tmp_path: Path) -> None:
    client_id = stored_file(house, "maier")
    path = house.services.settings.data_dir / "caseapp.db"
    copy = tmp_path / "backup.db"
    with sqlite3.connect(path) as live, sqlite3.connect(copy) as target:
        live.backup(target)
    erased(house, client_id)
    house.services.database.dispose()
    for live_file in path.parent.glob("caseapp.db*"):
        live_file.unlink()
    shutil.copy(copy, path)
    with house.unscoped() as unit:
        client = unit.get_one(Client, client_id)
        with pytest.raises(UnreadableError):
            _head = client.head
        with pytest.raises(UnreadableError):
            _body = client.body


def test_after_a_restore_the_list_is_replayed(house: World, tmp_path: Path) -> None:
    client_id, other = stored_file(house, "maier"), stored_file(house, "maier")
    folder = house.services.settings.data_dir
    copies = tmp_path / "copies"
    copies.mkdir()
    for path in folder.glob("*.db"):
        with sqlite3.connect(path) as live, sqlite3.connect(copies / path.name) as target:
            live.backup(target)
    erased(house, client_id)
    house.services.database.dispose()
    house.services.keystore.dispose()
    for path in folder.glob("*.db*"):
        path.unlink()
    for path in copies.glob("*.db"):
        shutil.copy(path, folder / path.name)
    assert rows_of(house, client_id) != {}
    eraser = house.services.eraser()
    assert eraser.replay(house.services.keystore.erasures.ids()) == 1
    assert rows_of(house, client_id) == {}
    assert house.services.keystore.load([client_id]) == {}
    assert eraser.replay(house.services.keystore.erasures.ids()) == 0
    with house.unscoped() as unit:
        assert unit.get_one(Client, other).head.family_name == "Rahimi"


def test_a_word_of_an_erased_file_stands_nowhere_after_it(house: World) -> None:
    aviary = hatch(house)
    erased(house, aviary.ids["M"])
    house.services.database.dispose()
    for path in house.services.settings.data_dir.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"amselqx" not in content.lower()
            assert word("M", "notiz").encode("utf-16-le") not in content
