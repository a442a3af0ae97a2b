"""Sealed columns in a real database."""

from __future__ import annotations

from typing import ClassVar

import msgspec
import pytest
from sqlalchemy import select, update

from caseapp.clients.models import Client, ClientBody
from caseapp.sealed import Record, keys_of, open_column
from caseapp.sealed.records import Decoder, encode
from caseapp.security.vault import UnreadableError
from tests.factories.bare import bare_file
from tests.factories.world import World


def test_a_record_comes_back_as_it_was_stored(world: World) -> None:
    with world.unscoped(write=True):
        client_id = bare_file(world).id
    with world.unscoped() as unit:
        client = unit.get(Client, client_id)
        assert client is not None
        assert client.head.full_name == "Rahimi, Zahra"
        assert client.body == ClientBody()


def test_a_revision_changes_only_when_its_own_record_is_sealed_anew(world: World) -> None:
    with world.unscoped(write=True) as unit:
        client = bare_file(world)
        client.ags = "08435057"
        unit.flush()
        assert (client.head_rev, client.body_rev) == (1, 1)
        client.head = msgspec.structs.replace(client.head, language="fa")
        client.head = msgspec.structs.replace(client.head, sex="w")
        unit.flush()
        assert (client.head_rev, client.body_rev) == (2, 1)
        assert (client.head.language, client.head.sex) == ("fa", "w")


def test_a_change_is_there_after_a_rollback_no_more(world: World) -> None:
    with world.unscoped(write=True):
        client_id = bare_file(world).id
    with world.unscoped(write=True) as unit:
        client = unit.get(Client, client_id)
        assert client is not None
        client.head = msgspec.structs.replace(client.head, family_name="Karimi")
        unit.flush()
        unit.rollback()
    with world.unscoped() as unit:
        client = unit.get(Client, client_id)
        assert client is not None
        assert client.head.family_name == "Rahimi"


def test_a_value_copied_from_another_row_is_unreadable(world: World) -> None:
    with world.unscoped(write=True) as unit:
        mine, other = bare_file(world), bare_file(world, family_name="Karimi")
        unit.execute(update(Client).where(Client.id == mine.id).values(head_blob=other.head_blob))
        mine_id = mine.id
    with world.unscoped() as unit:
        client = unit.get(Client, mine_id)
        assert client is not None
        with pytest.raises(UnreadableError):
            _ = client.head


def test_one_damaged_value_does_not_break_a_list(world: World) -> None:
    with world.unscoped(write=True) as unit:
        good, bad = bare_file(world), bare_file(world, family_name="Karimi")
        unit.execute(update(Client).where(Client.id == bad.id).values(head_blob=b"damaged"))
        ids = (good.id, bad.id)
    with world.unscoped() as unit:
        rows = unit.execute(select(Client.id, Client.id, Client.head_rev, Client.head_blob)).all()
        opened = {each.row_id: each.record for each in open_column(Client.head, "client", rows, keys_of(unit, ids))}
    assert opened[ids[1]] is None
    assert opened[ids[0]] is not None


def test_the_key_is_on_disk_before_the_data(world: World) -> None:
    with world.unscoped(write=True) as unit:
        client_id = bare_file(world).id
        assert client_id in world.services.keystore.load([client_id])
        unit.rollback()
    assert client_id in world.services.keystore.load([client_id]), "an orphan key is harmless"


def test_no_name_lies_in_any_file_of_the_installation(world: World) -> None:
    with world.unscoped(write=True):
        bare_file(world, family_name="Kanarienvogelmann")
    folder = world.services.settings.data_dir
    needles = [
        text.encode(code) for text in ("Kanarienvogelmann", "kanarienvogelmann") for code in ("utf-8", "utf-16-le")
    ]
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(needle in content for needle in needles), path.name


class _OldRecord(Record, frozen=True, kw_only=True):
    name: str


class _NewRecord(Record, frozen=True, kw_only=True):
    schema: ClassVar[int] = 2
    upgrades: ClassVar = {1: lambda old: {"family_name": old["name"]}}
    family_name: str


def test_records_of_an_older_schema_are_upgraded_when_they_are_opened() -> None:
    assert Decoder(_NewRecord).decode(encode(_OldRecord(name="Rahimi"))) == _NewRecord(family_name="Rahimi")


def test_bytes_that_are_no_record_are_unreadable() -> None:
    for raw in (b"", b"\x01", b"\x01\xff", b"\x09\x80"):
        with pytest.raises(UnreadableError):
            Decoder(_OldRecord).decode(raw)
