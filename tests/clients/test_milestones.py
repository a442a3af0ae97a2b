"""Milestones of all slices on a timeline: one statement, in one order, within what the actor may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import literal, select

from caseapp.clients.models import FactBox, HistoryEntry, StayFact
from caseapp.clients.panels import Milestones, PanelRegistry
from caseapp.clients.queries import get_client
from caseapp.clients.queries.milestones import MilestoneRow, MilestoneSelect, list_milestones
from caseapp.clients.rules.timeline import TimelineEntry
from caseapp.db import UtcDateTime
from tests.factories.files import stored_file
from tests.factories.world import World

DAY = dt.date(2026, 5, 4)
NOON = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)


def with_moment(client_id: UUID) -> MilestoneSelect:
    """What a slice offers that knows the moment."""
    entry = HistoryEntry
    return select(entry.from_on, entry.created_at, entry.id, entry.kind).where(
        entry.client_id == client_id, entry.kind == "stay"
    )


def without_moment(client_id: UUID) -> MilestoneSelect:
    """What a slice offers that knows the day only."""
    entry = HistoryEntry
    return select(entry.from_on, literal(None, UtcDateTime()), entry.id, entry.kind).where(
        entry.client_id == client_id, entry.kind == "work"
    )


def happened(world: World, client_id: UUID, kind: str, *, days: int = 0, hours: int = 0) -> UUID:
    """Something that happened this many days after `DAY`, noted this many hours after noon."""
    with world.unscoped(write=True) as unit:
        entry = HistoryEntry(
            client_id=client_id,
            organisation_id=get_client(client_id).organisation_id,
            kind=kind,
            from_on=DAY + dt.timedelta(days=days),
            created_at=NOON + dt.timedelta(days=days, hours=hours),
            box=FactBox(fact=StayFact(form="GU")),
        )
        unit.add(entry)
        unit.flush()
        return entry.id


def read(world: World, client_id: UUID, login: str = "maier", limit: int = 50) -> list[MilestoneRow]:
    """What this person gets of two slices."""
    with world.unit(login):
        return list_milestones([("days", without_moment(client_id)), ("moments", with_moment(client_id))], limit)


@pytest.fixture
def client_id(world: World) -> UUID:
    return stored_file(world)


def test_the_newest_come_first_and_a_day_without_a_moment_is_the_earliest_of_its_day(
    world: World, client_id: UUID
) -> None:
    at_noon = happened(world, client_id, "stay")
    that_day = happened(world, client_id, "work")
    in_the_evening = happened(world, client_id, "stay", hours=6)
    next_day = happened(world, client_id, "work", days=1)
    before = happened(world, client_id, "stay", days=-1)
    rows = read(world, client_id)
    assert [row.record_id for row in rows] == [next_day, in_the_evening, at_noon, that_day, before]
    assert rows[0] == MilestoneRow("days", DAY + dt.timedelta(days=1), None, next_day, "work")
    assert rows[2] == MilestoneRow("moments", DAY, NOON, at_noon, "stay")


def test_the_limit_keeps_the_newest_of_all_slices_together(world: World, client_id: UUID) -> None:
    made = [happened(world, client_id, "stay" if days % 2 else "work", days=days) for days in range(6)]
    happened(world, client_id, "stay", days=5, hours=-2)
    for limit in (1, 3):
        rows = read(world, client_id, limit=limit)
        assert len(rows) == limit
        assert {row.on_day for row in rows} <= {DAY + dt.timedelta(days=each) for each in (5, 4, 3)}
    assert [row.record_id for row in read(world, client_id, limit=50)][-2:] == [made[1], made[0]]


def test_equal_days_and_moments_stand_in_one_order_however_often_they_are_read(world: World, client_id: UUID) -> None:
    made = sorted(happened(world, client_id, "stay") for _each in range(5))
    assert [row.record_id for row in read(world, client_id)] == made
    assert [row.record_id for row in read(world, client_id, limit=2)] == made[:2]


def test_all_slices_are_read_in_one_statement_and_none_without_slices(
    world: World, client_id: UUID, count_statements: Callable[[], Any]
) -> None:
    for days in range(4):
        happened(world, client_id, "stay", days=days)
    slices = [(f"slice{number}", with_moment(client_id)) for number in range(6)]
    with world.unit("maier"):
        with count_statements() as count:
            assert len(list_milestones(slices, 100)) == 6 * 4
        assert int(count) == 1
        with count_statements() as count:
            assert list_milestones([], 100) == []
        assert int(count) == 0


@pytest.mark.parametrize("login", ["fremd", "fremdleitung", "sued", "oez", "lead2", "admin", "dsb"])
def test_milestones_of_a_file_that_the_actor_may_not_read_never_appear(
    world: World, client_id: UUID, login: str
) -> None:
    """Other carriers, other teams, the colleague who finds the file, and those who have no files at all."""
    happened(world, client_id, "stay")
    happened(world, client_id, "work")
    assert read(world, client_id, login) == []
    assert len(read(world, client_id, "maier")) == len(read(world, client_id, "leitung")) == 2


def test_a_slice_that_forgets_to_name_its_client_shows_no_foreign_one(world: World, client_id: UUID) -> None:
    """The row scope narrows each part of the statement by itself."""
    own, foreign = happened(world, client_id, "stay"), happened(world, stored_file(world, "fremd"), "stay")
    entry = HistoryEntry
    careless: MilestoneSelect = select(entry.from_on, entry.created_at, entry.id, entry.kind)
    for login, seen in (("maier", own), ("fremd", foreign)):
        with world.unit(login):
            rows = list_milestones([("first", careless), ("second", careless)], 50)
            assert {row.record_id for row in rows} == {seen}
            assert len(rows) == 2
    with world.unit(None):
        assert list_milestones([("first", careless), ("second", careless)], 50) == []


def test_each_slice_says_its_own_milestones_among_the_entries_of_the_file(world: World, client_id: UUID) -> None:
    happened(world, client_id, "stay", hours=1)
    happened(world, client_id, "work", days=1)

    def said(word: str) -> Callable[[MilestoneRow], TimelineEntry]:
        return lambda row: TimelineEntry(on=row.on_day, at=row.at, icon="home", title=f"{word} {row.code}")

    registry = PanelRegistry(
        milestones=[
            Milestones("moments", with_moment, said("bezogen")),
            Milestones("days", without_moment, said("angefangen")),
        ],
        sources=[lambda _actor, _client, _limit: [TimelineEntry(on=DAY, at=NOON, icon="phone", title="Anruf")]],
    )
    with world.unit("maier"):
        client = get_client(client_id)
        entries, more = registry.timeline(world.actor("maier"), client, 10)
        assert ([entry.title for entry in entries], more) == (["angefangen work", "bezogen stay", "Anruf"], False)
        entries, more = registry.timeline(world.actor("maier"), client, 2)
        assert ([entry.title for entry in entries], more) == (["angefangen work", "bezogen stay"], True)
