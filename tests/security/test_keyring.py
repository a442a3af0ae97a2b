"""The ring of keys on disk."""

from pathlib import Path

import pytest

from caseapp.db import new_id
from caseapp.errors import ConfigurationError
from caseapp.security.keyring import NAMED_KEYS, Keyring
from caseapp.security.vault import UnreadableError


def test_the_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    Keyring.create(tmp_path / "keys")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()}
    assert modes == {"root.key": 0o400, "ring.json": 0o400}


def test_every_key_is_another(tmp_path: Path) -> None:
    ring = Keyring.create(tmp_path)
    secrets = {ring.secret(name) for name in NAMED_KEYS} | {(tmp_path / "root.key").read_bytes()}
    assert len(secrets) == len(NAMED_KEYS) + 1


def test_no_key_but_the_root_lies_in_the_clear(tmp_path: Path) -> None:
    ring = Keyring.create(tmp_path)
    content = (tmp_path / "ring.json").read_bytes()
    assert all(ring.secret(name) not in content for name in NAMED_KEYS)


def test_a_missing_root_key_refuses_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="fehlt"):
        Keyring.load(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_wrong_root_key_refuses(tmp_path: Path) -> None:
    Keyring.create(tmp_path / "one")
    Keyring.create(tmp_path / "two")
    (tmp_path / "two" / "root.key").replace(tmp_path / "one" / "root.key")
    with pytest.raises(ConfigurationError, match="passt nicht"):
        Keyring.load(tmp_path / "one")


def test_a_key_that_others_may_read_refuses_and_says_the_cure(tmp_path: Path) -> None:
    Keyring.create(tmp_path)
    (tmp_path / "root.key").chmod(0o440)
    with pytest.raises(ConfigurationError, match="chmod 0400"):
        Keyring.load(tmp_path)


def test_a_broken_ring_refuses(tmp_path: Path) -> None:
    Keyring.create(tmp_path)
    (tmp_path / "ring.json").chmod(0o600)
    (tmp_path / "ring.json").write_text("{", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="beschädigt"):
        Keyring.load(tmp_path)


def test_existing_keys_are_never_overwritten(tmp_path: Path) -> None:
    Keyring.create(tmp_path)
    before = (tmp_path / "root.key").read_bytes()
    with pytest.raises(ConfigurationError):
        Keyring.create(tmp_path)
    assert (tmp_path / "root.key").read_bytes() == before


def test_an_organisation_added_by_another_process_is_found(tmp_path: Path) -> None:
    first, organisation_id = Keyring.create(tmp_path), new_id()
    second = Keyring.load(tmp_path)
    first.add_organisation(organisation_id)
    assert second.epoch(organisation_id) == 1


def test_the_key_of_an_unknown_organisation_does_not_open(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        Keyring.create(tmp_path).organisation(new_id())
