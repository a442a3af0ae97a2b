"""Starting the check or the import of a list as a job; one at a time for each list."""

from __future__ import annotations

import datetime as dt

from caseapp import clock, jobs
from caseapp.db import session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.imports.models import Import, ImportState
from caseapp.imports.rules.stored import unpack_mapping
from caseapp.imports.service.columns import check_whole
from caseapp.jobs import Job, JobState
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

CHECK, RUN = "import:check", "import:run"
_GIVEN_UP_AFTER = dt.timedelta(minutes=15)


def start_check(actor: Actor, owner: Import) -> Job:
    """Have the list compared row by row. Raises RuleError while that goes on, or after the import."""
    check_whole(unpack_mapping(owner.note.mapping))
    return _start(actor, owner, CHECK)


def start_run(actor: Actor, owner: Import) -> Job | None:
    """Have the list imported. None when that was done before or goes on: a double click imports once."""
    if owner.state in (ImportState.DONE, ImportState.UNDONE) or running_job(owner) is not None:
        return None
    if owner.state != ImportState.PREVIEWED:
        raise RuleError(_("Sehen Sie sich zuerst die Vorschau an."))
    return _start(actor, owner, RUN)


def last_job(owner: Import) -> Job | None:
    """The last job of this list, or None."""
    return session().get(Job, owner.job_id) if owner.job_id else None


def running_job(owner: Import) -> Job | None:
    """The job that works on this list, or None. A job that broke off without a word is given up after a while."""
    job = last_job(owner)
    if job is None or job.state in (JobState.DONE, JobState.FAILED):
        return None
    return None if clock.now() - job.created_at > _GIVEN_UP_AFTER else job


def _start(actor: Actor, owner: Import, kind: str) -> Job:
    policy.require_in(actor, Permission.IMPORT_RUN, owner.organisation_id, owner.team_id)
    if running_job(owner) is not None:
        raise RuleError(_("Diese Liste wird gerade bearbeitet. Warten Sie einen Moment."))
    job = jobs.start(actor, kind, organisation_id=owner.organisation_id, target_id=owner.id)
    owner.job_id = job.id
    session().flush()
    return job
