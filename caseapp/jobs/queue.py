"""Starting jobs and running them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from huey import SqliteHuey
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseapp import audit, clock
from caseapp.db import Database, session
from caseapp.errors import CaseappError, NotFoundError
from caseapp.i18n import gettext as _
from caseapp.jobs.models import Job, JobState
from caseapp.security.actor import Actor

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a handler works with. It opens its own units with the actor who started the job."""

    database: Database
    actor: Actor
    job_id: UUID
    target_id: UUID

    def progress(self, done: int, total: int) -> None:
        """Tell the waiting page how far the work is; a transaction of its own, so never from inside a writing unit."""
        _change(self.database, self.actor, self.job_id, {"done": done, "total": total})


def _interrupted() -> str:
    return _("Die Verarbeitung wurde unterbrochen. Es wurde nichts gespeichert. Starten Sie sie noch einmal.")


Handler = Callable[[JobContext], None]


class Queue:
    """The queue of one installation. `immediate` runs jobs at once in the calling process, for commands and tests."""

    def __init__(
        self,
        path: Path,
        database: Database,
        load_actor: Callable[[UUID], Actor],
        *,
        immediate: bool = False,
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.huey = SqliteHuey("caseapp", filename=str(path), immediate=immediate, results=False)
        self._database, self._load_actor = database, load_actor
        self._handlers: dict[str, Handler] = {}
        self._task = self.huey.task(name="run_job")(self._run)

    def register(self, kind: str, handler: Handler) -> None:
        """Let `handler` do the jobs of this kind."""
        self._handlers[kind] = handler

    def put(self, job_id: UUID, user_id: UUID) -> None:
        """Hand a committed job to the job process."""
        self._task(job_id.hex, user_id.hex)

    def run_now(self, job_id: UUID, user_id: UUID) -> None:
        """Do a committed job in the calling process, before this returns: for work of a second or less."""
        self._run(job_id.hex, user_id.hex)

    def recover(self) -> None:
        """Before the job process begins: what its predecessor left.

        A job that was running when the process was killed has failed, and its page says so instead of waiting for ever.
        One that was committed but never handed over is put into the queue; one that is in it already runs once.
        """
        with self._database.unit(None, write=True) as unit, audit.everything("jobs recovery"):
            unit.execute(
                update(Job)
                .where(Job.state == JobState.RUNNING.value)
                .values(state=JobState.FAILED.value, message=_interrupted(), ended_at=clock.now())
            )
            waiting = unit.execute(
                select(Job.id, Job.user_id).where(Job.state == JobState.WAITING.value).order_by(Job.created_at, Job.id)
            ).all()
        for job_id, user_id in waiting:
            self.put(job_id, user_id)

    def _run(self, job_hex: str, user_hex: str) -> None:
        job_id, actor = UUID(job_hex), self._load_actor(UUID(user_hex))
        with self._database.unit(actor, write=True):
            job = get_job(job_id)
            if job.state != JobState.WAITING:
                return
            job.state = JobState.RUNNING
            kind, target_id = job.kind, job.target_id
        try:
            self._handlers[kind](JobContext(self._database, actor, job_id, target_id))
        except CaseappError as refusal:
            # What is not found says nothing; a waiting page must.
            self._end(actor, job_id, JobState.FAILED, str(refusal) or _broken_off())
        except Exception as error:
            _log.error("job_failed", kind=kind, error=type(error).__name__, exc_info=error)
            self._end(actor, job_id, JobState.FAILED, _broken_off())
        else:
            self._end(actor, job_id, JobState.DONE, "")

    def _end(self, actor: Actor, job_id: UUID, state: JobState, message: str) -> None:
        _change(
            self._database,
            actor,
            job_id,
            {"state": state.value, "message": message, "ended_at": clock.now()},
        )


def _broken_off() -> str:
    return _("Die Verarbeitung ist abgebrochen. Es wurde nichts gespeichert.")


_STARTED = "started_jobs"


def start(actor: Actor, kind: str, *, organisation_id: UUID, target_id: UUID) -> Job:
    """Record a job in the running transaction. A page hands it over after the commit (`Area.page`).

    Whoever opens an own unit does so himself: `Queue.put(job.id, actor.user_id)`.
    """
    job = Job(
        user_id=actor.user_id,
        organisation_id=organisation_id,
        kind=kind,
        target_id=target_id,
        created_at=clock.now(),
    )
    session().add(job)
    session().flush()
    session().info.setdefault(_STARTED, []).append(job.id)
    return job


def started(unit: Session) -> list[UUID]:
    """The jobs that this unit recorded, to be handed over once it is committed."""
    return list(unit.info.pop(_STARTED, ()))


def get_job(job_id: UUID) -> Job:
    """The job, within what the actor may see. Raises NotFoundError."""
    job = session().get(Job, job_id)
    if job is None:
        raise NotFoundError
    return job


def _change(database: Database, actor: Actor, job_id: UUID, values: dict[str, Any]) -> None:
    with database.unit(actor, write=True) as unit:
        unit.execute(update(Job).where(Job.id == job_id).values(**values))
