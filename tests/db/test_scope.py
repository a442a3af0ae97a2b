"""The row scope: who sees which rows, in every way that a statement can be written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, select, union, update
from sqlalchemy.orm import Session, aliased

from caseapp import clock
from caseapp.clients.models import BenefitFact, Client, ClientGrant, FactBox, GrantReason, HistoryEntry
from caseapp.db import new_id, scope
from caseapp.errors import ForbiddenError
from tests.factories.bare import bare_file
from tests.factories.world import World


@pytest.fixture
def files(world: World) -> dict[str, Any]:
    """Files with one fact each, by a name that says what they are."""
    with world.unscoped(write=True) as unit:
        made = {
            "own": bare_file(world, "maier"),
            "colleague": bare_file(world, "oez"),
            "other team": bare_file(world, "sued"),
            "other carrier": bare_file(world, "fremd"),
            "unassigned": bare_file(world, None),
            "protected": bare_file(world, "oez", protected=True),
            "closed": bare_file(world, "oez", closed_on=dt.date(2026, 3, 1)),
        }
        for client in made.values():
            unit.add(
                HistoryEntry(
                    client_id=client.id,
                    organisation_id=client.organisation_id,
                    kind="benefit",
                    created_at=clock.now(),
                    box=FactBox(fact=BenefitFact(kind="SGB2")),
                )
            )
        return {name: client.id for name, client in made.items()}


def seen(world: World, files: dict[str, Any], login: str | None, of: Callable[[], Any]) -> set[str]:
    names = {client_id: name for name, client_id in files.items()}
    with world.unit(login) as unit:
        return {names[found] for found in unit.scalars(of())}


HEADS = {
    None: set(),
    "maier": {"own", "colleague", "unassigned"},
    "oez": {"own", "colleague", "unassigned", "protected", "closed"},
    "sued": {"other team"},
    "leitung": {"own", "colleague", "unassigned", "closed"},
    "lead2": {"own", "colleague", "unassigned", "closed"},
    "admin": set(),
    "dsb": set(),
    "koord": set(),
    "foerder": set(),
    "fremd": {"other carrier"},
}
CONTENTS = {
    None: set(),
    "maier": {"own"},
    "oez": {"colleague", "protected", "closed"},
    "sued": {"other team"},
    "leitung": {"own", "colleague", "unassigned", "closed"},
    "lead2": set(),
    "admin": set(),
    "dsb": set(),
    "koord": set(),
    "foerder": set(),
    "fremd": {"other carrier"},
}


@pytest.mark.parametrize("login", HEADS)
def test_heads_are_seen_by_the_team(world: World, files: dict[str, Any], login: str | None) -> None:
    assert seen(world, files, login, lambda: select(Client.id)) == HEADS[login]


@pytest.mark.parametrize("login", CONTENTS)
def test_contents_are_seen_by_whoever_may_read_the_file(world: World, files: dict[str, Any], login: str | None) -> None:
    assert seen(world, files, login, lambda: select(HistoryEntry.client_id)) == CONTENTS[login]


def deleted(unit: Session) -> int:
    """How many rows a delete without a condition takes."""

    def left() -> int:
        with scope.everything(unit):
            return unit.scalar(select(func.count(HistoryEntry.id))) or 0

    before = left()
    unit.execute(delete(HistoryEntry))
    return before - left()


WAYS: dict[str, Callable[[Session], int]] = {
    "entities": lambda unit: len(unit.scalars(select(HistoryEntry)).all()),
    "columns": lambda unit: len(unit.execute(select(HistoryEntry.id, HistoryEntry.kind)).all()),
    "count": lambda unit: unit.scalar(select(func.count(HistoryEntry.id))) or 0,
    "count from": lambda unit: unit.scalar(select(func.count()).select_from(HistoryEntry)) or 0,
    "join": lambda unit: len(
        unit.execute(select(Client.id).join(HistoryEntry, HistoryEntry.client_id == Client.id)).all()
    ),
    "alias": lambda unit: len(unit.execute(select(aliased(HistoryEntry).id)).all()),
    "subquery": lambda unit: unit.scalar(select(func.count()).select_from(select(HistoryEntry.id).subquery())) or 0,
    "exists": lambda unit: len(
        unit.scalars(
            select(Client.id).where(exists(select(HistoryEntry.id).where(HistoryEntry.client_id == Client.id)))
        ).all()
    ),
    "cte": lambda unit: unit.scalar(select(func.count()).select_from(select(HistoryEntry.id).cte())) or 0,
    "union": lambda unit: len(unit.execute(union(select(HistoryEntry.id), select(HistoryEntry.id))).all()),
    "update": lambda unit: unit.execute(update(HistoryEntry).values(superseded=True)).rowcount,
    "delete": deleted,
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_asking_is_narrowed(world: World, files: dict[str, Any], way: str) -> None:
    with world.unit("maier", write=True) as unit:
        assert WAYS[way](unit) == len(CONTENTS["maier"])
        unit.rollback()
    with world.unit(None, write=True) as unit:
        assert WAYS[way](unit) == 0
        unit.rollback()


def test_a_foreign_record_is_not_found_by_its_id(world: World, files: dict[str, Any]) -> None:
    with world.unit("maier") as unit:
        assert unit.get(Client, files["other carrier"]) is None
        assert unit.get(Client, files["own"]) is not None


def test_two_people_in_turn_see_their_own(world: World, files: dict[str, Any]) -> None:
    for login in ("maier", "sued", "leitung", "fremd", "maier", "lead2", "oez"):
        assert seen(world, files, login, lambda: select(HistoryEntry.client_id)) == CONTENTS[login]


@pytest.mark.parametrize(("kind", "opens"), [("cover", True), ("protection", True), ("note", False)])
def test_a_grant_opens_one_file_for_its_time(world: World, files: dict[str, Any], kind: str, opens: bool) -> None:
    with world.unscoped(write=True) as unit:
        for name, until in (("colleague", dt.timedelta(days=1)), ("protected", dt.timedelta(days=-1))):
            unit.add(
                ClientGrant(
                    client_id=files[name],
                    organisation_id=world.organisations["Musterhausen"],
                    user_id=world.users["maier"],
                    kind=kind,
                    from_at=clock.now() - dt.timedelta(days=2),
                    until_at=clock.now() + until,
                    reason=GrantReason(text="Urlaub"),
                )
            )
    expected = {"own", "colleague"} if opens else {"own"}
    assert seen(world, files, "maier", lambda: select(HistoryEntry.client_id)) == expected


def test_nobody_adds_rows_to_another_carrier(world: World, files: dict[str, Any]) -> None:
    with pytest.raises(ForbiddenError), world.unit("maier", write=True) as unit:
        unit.add(
            HistoryEntry(
                client_id=files["other carrier"],
                organisation_id=world.organisations["Fremdstadt"],
                kind="benefit",
                created_at=clock.now(),
                box_rev=1,
                box_blob=new_id().bytes,
            )
        )
