"""The cases of the demo, and the book in which their rows are collected."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from caseapp import clock
from caseapp.clients.models import ClientHead
from caseapp.db import Base
from caseapp.demo.rules.days import working
from caseapp.demo.rules.households import Frame
from caseapp.demo.service.staff import Desk
from caseapp.sealed import Record, Sealed, seal_row
from caseapp.security.vault import Key
from caseapp.tasks.models import Task, TaskText

Rows = dict[type[Base], list[dict[str, Any]]]


@dataclass(slots=True)
class Case:
    """A frame at its desk, with the ids and file numbers of its members."""

    frame: Frame
    desk: Desk
    rng: Random
    client_ids: tuple[UUID, ...]
    numbers: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a case while its rows are made. `caseload` is the row that lists sort and count by."""

    case: Case
    client_id: UUID
    file_number: str
    head: ClientHead
    caseload: dict[str, Any]

    @property
    def bound(self) -> dict[str, Any]:
        """The columns that say whose a row is."""
        return {"client_id": self.client_id, "organisation_id": self.case.desk.organisation_id}

    @property
    def worker_id(self) -> UUID:
        """Who wrote it."""
        return self.case.desk.worker_id


class Book:
    """Collects the rows of many cases, sealed under the keys of their clients."""

    def __init__(self, keys: Mapping[UUID, Key]) -> None:
        self.rows: Rows = defaultdict(list)
        self._keys = keys

    def seal(self, sealed: Sealed[Any], table: str, client_id: UUID, row_id: UUID, record: Record) -> dict[str, Any]:
        """The columns of a sealed record."""
        return seal_row(self._keys[client_id], sealed, table, row_id, record)

    def add_task(
        self,
        member: Member,
        title: str,
        due_on: dt.date,
        made_on: dt.date,
        *,
        done_on: dt.date | None = None,
        deadline: bool = False,
        origin: str = "",
    ) -> UUID:
        """A task of the worker; one that is open stands in the caseload row, too. Its id."""
        row_id = draw_id(member.case.rng)
        self.rows[Task].append(
            {
                "id": row_id,
                **member.bound,
                "worker_id": member.worker_id,
                "due_on": due_on,
                "deadline": deadline,
                "state": "done" if done_on else "open",
                "done_on": done_on,
                "contact_id": None,
                "origin": origin,
                "created_by": member.worker_id,
                "created_at": moment(made_on),
                **self.seal(Task.text, "task", member.client_id, row_id, TaskText(title=title)),
            }
        )
        if done_on is None:
            row = member.caseload
            row["open_tasks"] += 1
            row["next_step_on"] = min(due_on, row["next_step_on"] or due_on)
        return row_id


def new_case(frame: Frame, desk: Desk, seed: int) -> Case:
    """The case with ids drawn from the seed: the same demo has the same addresses."""
    rng = Random(f"{seed}|household|{frame.number}")
    return Case(frame, desk, rng, tuple(draw_id(rng) for _member in range(frame.size)))


def draw_id(rng: Random) -> UUID:
    """An id that looks like any other and comes again from the same seed."""
    return UUID(int=rng.getrandbits(128), version=4)


def moment(day: dt.date, minutes: int = 15 * 60 + 10) -> dt.datetime:
    """So many minutes after midnight of that day in Berlin: when something was written down."""
    return dt.datetime.combine(working(day), dt.time(minutes // 60, minutes % 60), clock.BERLIN)
