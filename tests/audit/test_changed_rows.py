"""Records that are changed, put back, slipped in or removed past the application are found by the log."""

# ruff: noqa: S608  the attacker writes SQL

from __future__ import annotations

import sqlite3
from uuid import UUID

import msgspec
from hypothesis import given
from sqlalchemy import delete, select

from caseapp.clients.models import Client, HouseholdMember
from caseapp.db import new_id
from caseapp.sealed import sealed_tables
from tests.audit.scene import DRAWN, Scene, ids, pick


def places(scene: Scene) -> list[tuple[str, str]]:
    with scene.world.unscoped():
        return [
            (owner.__tablename__, str(getattr(owner, each.blob).property.columns[0].name))
            for owner, columns in sealed_tables().items()
            for each in columns
        ]


@given(place=DRAWN, row=DRAWN, byte=DRAWN)
def test_any_changed_byte_of_a_sealed_value_is_found(scene: Scene, place: int, row: int, byte: int) -> None:
    changed: list[bool] = []

    def edit(connection: sqlite3.Connection) -> None:
        table, column = pick(places(scene), place)
        rows = ids(connection, f'"{table}"', f'"{column}" IS NOT NULL')
        if not rows:
            return
        row_id = pick(rows, row)
        [value] = connection.execute(f'SELECT "{column}" FROM "{table}" WHERE id = ?', (row_id,)).fetchone()
        at = byte % len(value)
        value = value[:at] + bytes([value[at] ^ 0x10]) + value[at + 1 :]
        connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?', (value, row_id))
        changed.append(True)

    problems = scene.hit(edit)
    assert any("geändert" in problem for problem in problems) or not changed


def older_head(scene: Scene) -> tuple[bytes, int]:
    """The head of the file as it stood one revision ago, kept by somebody who reads along."""
    with scene.world.unit("maier", write=True) as unit:
        client = unit.get_one(Client, scene.client_id)
        older = client.head_blob, client.head_rev
        client.head = msgspec.structs.replace(client.head, given_names="Noch neuer")
    return older


def test_a_row_put_back_whole_with_its_older_revision_is_found_though_it_opens(scene: Scene) -> None:
    def put_back(connection: sqlite3.Connection) -> None:
        blob, revision = older_head(scene)
        connection.execute(
            "UPDATE client SET head = ?, head_rev = ? WHERE id = ?", (blob, revision, scene.client_id.bytes)
        )
        with scene.world.unit("maier") as unit:
            assert unit.get_one(Client, scene.client_id).head.given_names == "Name 3"

    problems = scene.hit(put_back)
    assert problems == [f"client.head {scene.client_id}: auf einen älteren Stand zurückgesetzt."]


def test_a_row_that_the_log_does_not_know_is_found(scene: Scene) -> None:
    def slip_in(connection: sqlite3.Connection) -> None:
        columns = [
            row[1] for row in connection.execute("PRAGMA table_info(client)") if row[1] not in ("id", "file_number")
        ]
        names = ", ".join(columns)
        connection.execute(
            f"INSERT INTO client (id, file_number, {names}) SELECT ?, 'X-1', {names} FROM client WHERE id = ?",
            (new_id().bytes, scene.client_id.bytes),
        )

    assert any("dem Protokoll unbekannt" in problem for problem in scene.hit(slip_in))


def test_a_row_that_was_deleted_and_put_in_again_is_found(scene: Scene) -> None:
    def again(connection: sqlite3.Connection) -> None:
        row = connection.execute("SELECT * FROM household_member LIMIT 1").fetchone()
        with scene.world.unscoped(write=True) as unit:
            unit.delete(unit.get_one(HouseholdMember, UUID(bytes=row[0])))
        connection.execute(f"INSERT INTO household_member VALUES ({', '.join('?' * len(row))})", row)

    assert any("gelöscht und wieder eingesetzt" in problem for problem in scene.hit(again))


@given(place=DRAWN, row=DRAWN)
def test_a_row_that_is_deleted_past_the_application_is_missed(scene: Scene, place: int, row: int) -> None:
    removed: list[bytes] = []

    def remove(connection: sqlite3.Connection) -> None:
        table, _column = pick(places(scene), place)
        rows = ids(connection, f'"{table}"')
        if rows:
            removed.append(pick(rows, row))
            connection.execute(f'DELETE FROM "{table}" WHERE id = ?', (removed[0],))

    problems = scene.hit(remove)
    assert not removed or any("fehlt, ohne dass es gelöscht wurde" in problem for problem in problems)


def test_what_the_application_deletes_is_not_missed_nor_what_goes_along(scene: Scene) -> None:
    def remove(_connection: sqlite3.Connection) -> None:
        with scene.world.unscoped(write=True) as unit:
            unit.delete(unit.scalars(select(HouseholdMember).order_by(HouseholdMember.id).limit(1)).one())
            unit.execute(delete(Client).where(Client.id == scene.client_id))
        with scene.world.unscoped() as unit:
            assert unit.get(Client, scene.client_id) is None

    assert scene.hit(remove) == []
