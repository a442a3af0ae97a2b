"""Somebody who may write into the database, but has no keys, changes events of the log: it is found."""

# ruff: noqa: S608  the attacker writes SQL

from __future__ import annotations

import sqlite3

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update

from caseapp.audit.models import AuditEvent
from caseapp.clients.models import Client
from caseapp.db import new_id
from tests.audit.scene import DRAWN, EVENT_COLUMNS, Scene, ids, other, pick


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


def test_the_empty_log_is_found(scene: Scene) -> None:
    def wipe(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM audit_batch")
        connection.execute("DELETE FROM audit_event")

    assert any("abgeschnitten" in problem for problem in scene.hit(wipe))


def test_details_of_an_erased_client_may_go_and_those_of_a_living_one_not(scene: Scene) -> None:
    def erase(*, rows: bool) -> None:
        with scene.world.unscoped(write=True) as unit:
            unit.execute(update(AuditEvent).where(AuditEvent.client_id == scene.client_id).values(detail=None))
            if rows:
                unit.execute(delete(Client).where(Client.id == scene.client_id))

    assert scene.hit(lambda _connection: erase(rows=True), outside=True) == []
    assert any("entfernt" in problem for problem in scene.hit(lambda _connection: erase(rows=False)))
