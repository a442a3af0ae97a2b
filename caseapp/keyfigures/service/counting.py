"""Counting a carrier's year in the job process, and the own cases of one worker at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from caseapp import audit, clock, jobs
from caseapp.accounts import queries as accounts
from caseapp.db import Database, session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.jobs import Job
from caseapp.keyfigures import queries
from caseapp.keyfigures.models import CountBox, KeyfigureCount
from caseapp.keyfigures.rules import counting
from caseapp.keyfigures.rules.totals import NOBODY, Totals, pack
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission, Reach
from caseapp.tallies import queries as tallies

COUNT = "keyfigures:count"
FIRST_YEAR = 2017  # the programme's first year
_GIVEN_UP_AFTER = dt.timedelta(minutes=15)
Progress = Callable[[int, int], None]


def default_year(today: dt.date) -> int:
    """The year that is being prepared: the last one until the end of March, then the present one."""
    return today.year - 1 if today.month <= 3 else today.year


def check_year(year: int) -> int:
    """The year. Raises RuleError for one that has not begun, or from before the programme."""
    if not FIRST_YEAR <= year <= clock.today().year:
        raise RuleError(_("Für dieses Jahr gibt es keine Kennzahlen."), field="year")
    return year


def sees_carrier(actor: Actor, organisation_id: UUID) -> bool:
    """Whether the person may see the carrier's numbers, and not only those of the own cases."""
    return policy.allows_in(actor, Permission.KENNZAHLEN_PREPARE, organisation_id, at_least=Reach.ORGANISATION)


def order_count(actor: Actor, organisation_id: UUID, year: int) -> Job | None:
    """Have the carrier's year counted by the job process. None while that goes on: pressed twice, counted once."""
    policy.require_in(actor, Permission.KENNZAHLEN_FREEZE, organisation_id)
    check_year(year)
    queries.book_of(year)
    row = queries.find_count(organisation_id, year, lock=True)
    if row is None:
        row = KeyfigureCount(organisation_id=organisation_id, year=year, box=CountBox())
        session().add(row)
        session().flush()
    if is_running(queries.find_job(row.job_id)):
        return None
    job = jobs.start(actor, COUNT, organisation_id=organisation_id, target_id=row.id)
    row.job_id = job.id
    session().flush()
    audit.record("keyfigure:order_count", organisation_id=organisation_id, detail=audit.Detail(count=year))
    return job


def is_running(job: Job | None) -> bool:
    """Whether the job works or waits. One that broke off without a word is given up after a while."""
    if job is None or not job.runs:
        return False
    return clock.now() - job.created_at <= _GIVEN_UP_AFTER


def run_count(database: Database, actor: Actor, count_id: UUID, progress: Progress) -> None:
    """Count and keep the numbers. Protected files count, too: nobody but the counting sees them.

    Raises CodeWithoutClassError for a code that no breakdown takes; then the former count stays.
    """
    progress(0, 3)
    with database.unit(actor, write=True):
        row = queries.get_count(count_id)
        organisation_id, year = row.organisation_id, row.year
        policy.require_in(actor, Permission.KENNZAHLEN_FREEZE, organisation_id)
        with audit.everything("keyfigures: count"):
            _require_whole(organisation_id)
            counted = tallies.read([organisation_id])
        frozen = queries.find_freeze(organisation_id, year)
        frozen_at = frozen.frozen_at if frozen else None
        context = queries.context_of(year)
    progress(1, 3)
    courses = counted.courses
    if counted.unreadable:
        raise RuleError(_unreadable())
    book = queries.book_of(year)
    totals = counting.count(book, courses, context)
    late = counting.late_contacts(book, courses, context, frozen_at) if frozen_at else 0
    progress(2, 3)
    with database.unit(actor, write=True):
        row = queries.get_count(count_id, lock=True)
        row.box = CountBox(totals=pack(named(totals)), late=late)
        row.counted_at = clock.now()
        session().flush()
        audit.record("keyfigure:count", organisation_id=organisation_id, detail=audit.Detail(count=year))
    progress(3, 3)


def _require_whole(organisation_id: UUID) -> None:
    """After an update the lines are made anew once; a count of some of them would be wrong."""
    if not tallies.filled(organisation_id):
        raise RuleError(
            _("Die Zählung dieses Trägers ist noch nicht aufgebaut. Die Technik holt das nach: caseapp report rebuild.")
        )


def _unreadable() -> str:
    return _("Einzelne Einträge der Zählung sind beschädigt. Die Technik baut sie neu auf: caseapp report rebuild.")


def named(totals: Totals) -> Totals:
    """The same with the names of the workers as they are today."""
    ids = {UUID(hex=who) for who in totals.workers if who != NOBODY}
    names = {user_id.hex: name for user_id, name in accounts.names_of(ids).items()}
    return Totals.of(totals.year, totals.as_dict(), names)


def own_totals(actor: Actor, organisation_id: UUID, year: int) -> Totals:
    """The numbers of the own open files in the carrier as they are now. Contacts of colleagues in them count for the
    colleagues."""
    policy.require_in(actor, Permission.KENNZAHLEN_PREPARE, organisation_id)
    check_year(year)
    own = queries.list_own_clients(actor, organisation_id)
    courses = tallies.courses_of([client_id for client_id, _number in own])
    audit.note_read("keyfigure:own", organisation_id=organisation_id, detail=audit.Detail(count=len(courses)))
    return counting.count(queries.book_of(year), list(courses.values()), queries.context_of(year))
