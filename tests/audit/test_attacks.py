"""Somebody who may write into the database, but has no keys, changes the log or the data: it is found."""

# ruff: noqa: S608  the attacker writes SQL

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from caseapp import audit
from caseapp.audit import proofs
from caseapp.audit.models import AuditEvent
from caseapp.clients.models import Client, HouseholdMember
from caseapp.db import new_id
from caseapp.sealed import sealed_tables
from caseapp.security.signing import signer
from tests.factories.files import stored_family, stored_file
from tests.factories.world import World, open_world

EVENT_COLUMNS = (
    "id", "at", "actor_id", "organisation_id", "client_id", "action", "detail", "detail_digest", "envelopes", "mac",
    "batch",
)  # fmt: skip
BATCH_COLUMNS = (
    "number", "sealed_at", "count", "first_at", "last_at", "root", "previous", "public_key", "next_public_key",
    "adopted", "resumed", "pruned_through", "signature",
)  # fmt: skip
MOMENTS = ("at", "sealed_at", "first_at", "last_at")
DRAWN = st.integers(min_value=0, max_value=10_000)


@dataclass
class Scene:
    """A sealed log on SQLite, put back after each hit."""

    world: World
    saved: sqlite3.Connection
    client_id: UUID
    root: audit.Root

    @property
    def path(self) -> Path:
        return Path(str(self.world.services.database.engine.url.database))

    @property
    def state(self) -> Path:
        return self.world.services.settings.keys_dir / "audit-signing.json"

    def hit(self, change: Callable[[sqlite3.Connection], object], *, outside: bool = False) -> list[str]:
        """What `verify` says after the change."""
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            change(connection)
            roots = audit.Outside((self.root,)) if outside else None
            return audit.verify(self.world.services.database, roots).problems
        finally:
            self.saved.backup(connection)
            connection.close()


@pytest.fixture(scope="module")
def scene(world_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Five seals, some events that wait, a file with an older revision of its head."""
    world = open_world(world_template, tmp_path_factory.mktemp("log") / "installation")
    client_id = stored_file(world)
    audit.seal_pending(world.services.database)
    for _round in range(4):
        stored_family(world, members=2)
        with world.unit("maier", write=True) as unit:
            client = unit.get_one(Client, client_id)
            client.head = msgspec.structs.replace(client.head, given_names=f"Name {_round}")
            audit.record("client:edit", client_id=client_id, detail=audit.Detail(note="name"))
        audit.seal_pending(world.services.database)
    root = audit.todays_root(world.services.database)
    assert root is not None
    with world.unit("maier", write=True):
        audit.record("test:waits")
        audit.record("test:waits_too", detail=audit.Detail(note="x"))
    saved = sqlite3.connect(":memory:", check_same_thread=False)
    with sqlite3.connect(str(world.services.database.engine.url.database)) as live:
        live.backup(saved)
    yield Scene(world, saved, client_id, root)
    world.close()


def ids(connection: sqlite3.Connection, table: str, where: str = "1") -> list[bytes]:
    return [row[0] for row in connection.execute(f"SELECT id FROM {table} WHERE {where} ORDER BY id")]


def pick(found: list[Any], number: int) -> Any:
    return found[number % len(found)]


def other(value: Any, column: str) -> Any:
    """A different value of the same type."""
    match value:
        case None:
            return 1 if column == "batch" else b"\x01" * 16
        case bytes():
            return value[:-1] + bytes([value[-1] ^ 1])
        case int():
            return value + 1
        case _ if column in MOMENTS:
            return "2020" + value[4:]
        case _:
            return value + "x"


def test_the_scene_is_whole_before_anybody_touches_it(scene: Scene) -> None:
    assert scene.hit(lambda _connection: None, outside=True) == []


@given(row=DRAWN, column=st.sampled_from(EVENT_COLUMNS), emptied=st.booleans())
def test_any_edit_of_an_event_is_found(scene: Scene, row: int, column: str, emptied: bool) -> None:
    changed: list[bool] = []

    def edit(connection: sqlite3.Connection) -> None:
        row_id = pick(ids(connection, "audit_event"), row)
        [before] = connection.execute(f"SELECT {column} FROM audit_event WHERE id = ?", (row_id,)).fetchone()
        after = None if emptied and column not in ("id", "at", "action") else other(before, column)
        if before is None and after is None:
            return
        changed.append(True)
        connection.execute(f"UPDATE audit_event SET {column} = ? WHERE id = ?", (after, row_id))

    problems = scene.hit(edit)
    assert problems or not changed


@given(
    row=DRAWN,
    column=st.sampled_from(EVENT_COLUMNS),
    garbage=st.one_of(st.binary(), st.text(max_size=9), st.floats(0, 1)),
)
def test_an_edit_that_is_garbage_is_told_and_never_breaks_off(
    scene: Scene, row: int, column: str, garbage: object
) -> None:
    changed: list[bool] = []

    def edit(connection: sqlite3.Connection) -> None:
        row_id = pick(ids(connection, "audit_event", "batch IS NOT NULL"), row)
        connection.execute("PRAGMA ignore_check_constraints = ON")
        try:
            connection.execute(f"UPDATE audit_event SET {column} = ? WHERE id = ?", (garbage, row_id))
            changed.append(True)
        except sqlite3.Error:
            return

    problems = scene.hit(edit)
    assert problems or not changed


@given(row=DRAWN)
def test_any_deletion_of_a_sealed_event_is_found(scene: Scene, row: int) -> None:
    def remove(connection: sqlite3.Connection) -> None:
        row_id = pick(ids(connection, "audit_event", "batch IS NOT NULL"), row)
        connection.execute("DELETE FROM audit_event WHERE id = ?", (row_id,))

    assert any("Ereignisse fehlen" in problem for problem in scene.hit(remove))


@given(row=DRAWN, batch=st.one_of(st.none(), st.integers(0, 7)))
def test_any_insertion_of_an_event_is_found(scene: Scene, row: int, batch: int | None) -> None:
    def insert(connection: sqlite3.Connection) -> None:
        row_id = pick(ids(connection, "audit_event"), row)
        rest = [column for column in EVENT_COLUMNS if column not in ("id", "batch")]
        connection.execute(
            f"INSERT INTO audit_event (id, batch, {', '.join(rest)}) SELECT ?, ?, {', '.join(rest)} "
            "FROM audit_event WHERE id = ?",
            (new_id().bytes, batch, row_id),
        )

    assert any("eingeschleust" in problem for problem in scene.hit(insert))


@given(first=DRAWN, second=DRAWN, column=st.sampled_from(["batch", "at", "mac", "actor_id", "action", "detail"]))
def test_exchanging_two_events_is_found(scene: Scene, first: int, second: int, column: str) -> None:
    exchanged: list[bool] = []

    def exchange(connection: sqlite3.Connection) -> None:
        rows = [pick(ids(connection, "audit_event"), number) for number in (first, second)]
        values = [
            connection.execute(f"SELECT {column} FROM audit_event WHERE id = ?", (row,)).fetchone()[0] for row in rows
        ]
        if values[0] != values[1]:
            exchanged.append(True)
        for row, value in zip(rows, reversed(values), strict=True):
            connection.execute(f"UPDATE audit_event SET {column} = ? WHERE id = ?", (value, row))

    problems = scene.hit(exchange)
    assert problems or not exchanged


@given(row=DRAWN, column=st.sampled_from(BATCH_COLUMNS))
def test_any_edit_of_a_seal_is_found(scene: Scene, row: int, column: str) -> None:
    def edit(connection: sqlite3.Connection) -> None:
        row_id = pick(ids(connection, "audit_batch"), row)
        [before] = connection.execute(f"SELECT {column} FROM audit_batch WHERE id = ?", (row_id,)).fetchone()
        after = before + 100 if column == "number" else other(before, column)
        connection.execute(f"UPDATE audit_batch SET {column} = ? WHERE id = ?", (after, row_id))

    assert scene.hit(edit)


@given(number=st.integers(1, 5), with_events=st.booleans())
def test_a_deleted_seal_is_found(scene: Scene, number: int, with_events: bool) -> None:
    def remove(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM audit_batch WHERE number = ?", (number,))
        if with_events:
            connection.execute("DELETE FROM audit_event WHERE batch = ?", (number,))

    assert scene.hit(remove)


@given(first=st.integers(1, 4), second=st.integers(1, 4))
def test_exchanged_seals_are_found(scene: Scene, first: int, second: int) -> None:
    def exchange(connection: sqlite3.Connection) -> None:
        for old, new in ((first, 99), (second, first), (99, second)):
            connection.execute("UPDATE audit_batch SET number = ? WHERE number = ?", (new, old))
            connection.execute("UPDATE audit_event SET batch = ? WHERE batch = ?", (new, old))

    assert scene.hit(exchange) or first == second


@given(number=st.integers(1, 5), at=st.integers(6, 9))
def test_an_inserted_seal_is_found(scene: Scene, number: int, at: int) -> None:
    def insert(connection: sqlite3.Connection) -> None:
        rest = ", ".join(column for column in BATCH_COLUMNS if column != "number")
        connection.execute(
            f"INSERT INTO audit_batch (id, number, {rest}) SELECT ?, ?, {rest} FROM audit_batch WHERE number = ?",
            (new_id().bytes, at, number),
        )

    assert scene.hit(insert)


def test_the_empty_log_is_found(scene: Scene) -> None:
    def wipe(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM audit_batch")
        connection.execute("DELETE FROM audit_event")

    assert any("abgeschnitten" in problem for problem in scene.hit(wipe))


def cut(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM audit_event WHERE batch IS NULL OR batch > 3")
    connection.execute("DELETE FROM audit_batch WHERE number > 3")


def test_a_cut_tail_is_found_by_the_signing_key(scene: Scene) -> None:
    assert any("Ende wurde abgeschnitten" in problem for problem in scene.hit(cut))


def test_a_cut_tail_with_the_signing_key_of_that_moment_is_found_by_the_next_outside_root(scene: Scene) -> None:
    """The one thing that needs the outside: somebody who has an old copy of the data and of the keys' folder."""
    now = scene.state.read_bytes()
    known = msgspec.json.decode(now)
    try:
        # The keys of the past are gone; a thief who copied them at the time has them.
        scene.state.chmod(0o600)
        scene.state.write_bytes(msgspec.json.encode({**known, "number": 4}))
        problems = scene.hit(cut, outside=True)
    finally:
        scene.state.write_bytes(now)
        scene.state.chmod(0o400)
    assert any(problem.startswith("Wurzel vom") for problem in problems)


def test_a_log_written_anew_with_keys_of_its_own_is_found_by_the_outside_root(scene: Scene) -> None:
    """Whoever has all present keys may write a whole new chain; the roots and the first key outside differ."""
    now, database = scene.state.read_bytes(), scene.world.services.database

    def write_anew(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM audit_batch")
        connection.execute("DELETE FROM audit_event WHERE action = 'client:edit'")
        connection.execute("UPDATE audit_event SET batch = NULL")
        scene.state.unlink()
        audit.seal_pending(database)

    try:
        problems = scene.hit(write_anew, outside=True)
    finally:
        scene.state.unlink()
        scene.state.write_bytes(now)
        scene.state.chmod(0o400)
    assert any(problem.startswith("Wurzel vom") for problem in problems)


@given(row=DRAWN)
def test_who_has_all_keys_of_today_cannot_rewrite_what_is_sealed(scene: Scene, row: int) -> None:
    """The code is forged with the audit key, root and signature with the key of the next seal: not the old one."""
    key = scene.world.services.keystore.keyring.secret("audit")

    def forge(connection: sqlite3.Connection) -> None:
        with scene.world.unscoped(write=True) as unit:
            sealed = unit.scalars(select(AuditEvent).where(AuditEvent.batch.is_not(None)).order_by(AuditEvent.id)).all()
            event = pick(list(sealed), row)
            event.actor_id = new_id()
            event.mac = proofs.event_mac(key, event)
            unit.flush()
            number = event.batch
            batch = unit.scalars(select(audit.AuditBatch).where(audit.AuditBatch.number == number)).one()
            events = unit.scalars(select(AuditEvent).where(AuditEvent.batch == number)).all()
            ordered = sorted(events, key=proofs.order)
            batch.root = proofs.tree_root([proofs.leaf(each, each.mac) for each in ordered])
            with signer(scene.state.parent) as signing:
                batch.public_key = signing.public_key
                batch.signature = signing.sign(proofs.batch_payload(batch))

    assert any("Kette" in problem or "Schlüssel" in problem for problem in scene.hit(forge))


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


def test_details_of_an_erased_client_may_go_and_those_of_a_living_one_not(scene: Scene) -> None:
    def erase(*, rows: bool) -> None:
        with scene.world.unscoped(write=True) as unit:
            unit.execute(update(AuditEvent).where(AuditEvent.client_id == scene.client_id).values(detail=None))
            if rows:
                unit.execute(delete(Client).where(Client.id == scene.client_id))

    assert scene.hit(lambda _connection: erase(rows=True), outside=True) == []
    assert any("entfernt" in problem for problem in scene.hit(lambda _connection: erase(rows=False)))
