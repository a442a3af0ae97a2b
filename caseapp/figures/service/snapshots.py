"""Figures of a scope that is too large to be counted while a page waits: a job counts them and keeps the cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from uuid import UUID

from caseapp import audit, clock, jobs
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.figures import queries
from caseapp.figures.models import FigureSnapshot, SnapshotCell, SnapshotContent
from caseapp.figures.queries import Reach
from caseapp.figures.rules.cells import ALL, Cells, WithoutFile
from caseapp.figures.rules.choices import counted_until
from caseapp.figures.service.counting import Counted, assemble
from caseapp.jobs import Job
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tallies import keys
from caseapp.tallies import queries as tallies
from caseapp.tallies.periods import Period

COUNT_JOB = "figures:count"
_KEY_BYTES = 8


def order_count(actor: Actor, organisation_id: UUID, period: Period) -> FigureSnapshot:
    """Let a job count the person's figures of the period. While one is at work, no second one is started."""
    policy.require_in(actor, Permission.FIGURES_EXACT, organisation_id)
    snapshot = queries.find_snapshot(actor, organisation_id, period)
    if snapshot is None:
        snapshot = FigureSnapshot(
            user_id=actor.user_id, organisation_id=organisation_id, period=str(period), content=SnapshotContent()
        )
        session().add(snapshot)
        session().flush()
    elif is_running(queries.job_of(snapshot)):
        return snapshot
    job = jobs.start(actor, COUNT_JOB, organisation_id=organisation_id, target_id=snapshot.id)
    snapshot.job_id = job.id
    session().flush()
    audit.record("figures:order", organisation_id=organisation_id, detail=audit.Detail(note=str(period)))
    return snapshot


def is_running(job: Job | None) -> bool:
    """Whether the job still waits or works."""
    return job is not None and job.runs


def count_snapshot(actor: Actor, snapshot_id: UUID, progress: Callable[[int, int], None]) -> SnapshotContent:
    """The cells of the person's scope as it is now. Reads only. Raises NotFoundError where the scope is gone."""
    snapshot = session().get(FigureSnapshot, snapshot_id)
    if snapshot is None or snapshot.user_id != actor.user_id:
        raise NotFoundError
    policy.require_in(actor, Permission.FIGURES_EXACT, snapshot.organisation_id)
    reach = queries.reach_of(actor, snapshot.organisation_id)
    cases = queries.list_cases(actor, reach)
    wanted = set(keys.record_keys(case.client_id for case in cases).values())
    read = tallies.read((snapshot.organisation_id,))
    courses = [course for course in read.courses if course.key in wanted]
    workers = queries.workers_of(reach, actor)
    counted = assemble(reach, Period.parse(snapshot.period), courses, read.offices, workers, progress)
    return _packed(counted)


def keep_snapshot(actor: Actor, snapshot_id: UUID, content: SnapshotContent) -> None:
    """Store what was counted."""
    snapshot = session().get(FigureSnapshot, snapshot_id)
    if snapshot is None or snapshot.user_id != actor.user_id:
        raise NotFoundError
    policy.require_in(actor, Permission.FIGURES_EXACT, snapshot.organisation_id)
    snapshot.content, snapshot.made_at = content, clock.now()
    session().flush()
    audit.record("figures:count", organisation_id=snapshot.organisation_id, detail=audit.Detail(note=snapshot.period))


def _packed(counted: Counted) -> SnapshotContent:
    office = counted.office
    return SnapshotContent(
        cells=tuple(_pack(figure, name, parts) for (figure, name), parts in counted.cells.amounts.items()),
        advice=dict(office.advice),
        advice_minutes=office.advice_minutes,
        activities=dict(office.activities),
        activity_minutes=office.activity_minutes,
        notes=counted.notes,
    )


def _pack(figure: str, name: str, parts: Counter[int]) -> SnapshotCell:
    ones = all(amount == 1 for amount in parts.values())
    packed = b"".join(key.to_bytes(_KEY_BYTES, "big") for key in parts)
    return SnapshotCell(figure=figure, name=name, keys=packed, amounts=() if ones else tuple(parts.values()))


class StoredCells(Cells):
    """Cells of a snapshot, each unpacked when a list asks for it: of a large carrier they hold a million keys."""

    def __init__(self, packed: Iterable[SnapshotCell]) -> None:
        super().__init__()
        self._packed = {(cell.figure, cell.name): cell for cell in packed}

    def number(self, figure: str, name: str = ALL) -> int:
        """The number that the page shows."""
        cell = self._packed.get((figure, name))
        if cell is None:
            return 0
        return sum(cell.amounts) if cell.amounts else len(cell.keys) // _KEY_BYTES

    def parts(self, figure: str, name: str = ALL) -> Counter[int]:
        """How much comes from which record key."""
        cell = self._packed.get((figure, name))
        if cell is None:
            return Counter()
        places = range(0, len(cell.keys), _KEY_BYTES)
        found = [int.from_bytes(cell.keys[place : place + _KEY_BYTES], "big") for place in places]
        return Counter(dict(zip(found, cell.amounts, strict=True)) if cell.amounts else dict.fromkeys(found, 1))

    def classes(self, figure: str) -> list[str]:
        """The classes of a figure of which there is any, without its whole, in order of their codes."""
        return sorted(name for of, name in self._packed if of == figure and name != ALL)


def restore(actor: Actor, reach: Reach, snapshot: FigureSnapshot) -> Counted:
    """The stored figures with the cases that the person may count today. Raises ForbiddenError."""
    policy.require_in(actor, Permission.FIGURES_EXACT, reach.organisation_id)
    content, period = snapshot.content, Period.parse(snapshot.period)
    made_at = snapshot.made_at or clock.now()
    return Counted(
        reach,
        period,
        counted_until(period, clock.local(made_at).date()),
        StoredCells(content.cells),
        WithoutFile(
            Counter(content.advice), content.advice_minutes, Counter(content.activities), content.activity_minutes
        ),
        content.notes,
        made_at=made_at,
    )
