"""Seals that are changed, cut off or written anew are found: by their chain, their keys or the roots kept outside."""

# ruff: noqa: S608  the attacker writes SQL

from __future__ import annotations

import sqlite3

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from caseapp import audit
from caseapp.audit import proofs
from caseapp.audit.models import AuditEvent
from caseapp.db import new_id
from caseapp.security.signing import signer
from tests.audit.scene import BATCH_COLUMNS, DRAWN, Scene, ids, other, pick


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
