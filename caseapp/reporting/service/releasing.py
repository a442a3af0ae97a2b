"""The release: frozen, signed, bound to the log; afterwards only notes. And the files that are made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from uuid import UUID

from caseapp import audit, clock, jobs
from caseapp.db import hold, session
from caseapp.db.once import stored_before
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.jobs import Job
from caseapp.reporting import queries
from caseapp.reporting.models import (
    FileContent,
    MemoryBox,
    NoteText,
    Proof,
    Report,
    ReportFile,
    ReportNote,
    ReportState,
)
from caseapp.reporting.rules.package import digest_of, signed_payload
from caseapp.reporting.rules.readiness import order_problem
from caseapp.reporting.service.acting import require, require_version
from caseapp.reporting.service.building import find_job
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.security.signing import public_key_of, sign_with
from caseapp.tallies.periods import Period

FILES_JOB = "report:files"
LONGEST_NOTE = 1_000
_SIGNING = "report"


def release(actor: Actor, report: Report, version: int) -> Job | None:
    """Release the checked draft: from now on it never changes. Gives the job that makes its files, None for a second
    click. The exact counts that the release before it was held to are thrown away: they have served.

    RuleError for the person who built it, for a draft that nobody has checked, and where another period was released
    meanwhile; ConflictError when it is another draft by now.
    """
    organisation_id = require(actor, Permission.REPORT_RELEASE)
    hold(session(), "report")
    if report.state == ReportState.RELEASED.value:
        return None
    require_version(report, version)
    last = _require_checked(actor, report)
    digest = digest_of(report.package.frozen)
    secret = session().info["keystore"].keyring.secret_or_new(_SIGNING)
    root = audit.present_root(session())
    report.digest = digest
    report.proof = Proof(
        signature=sign_with(secret, signed_payload(digest)).hex(),
        public_key=public_key_of(secret).hex(),
        audit_root=root.line() if root else "",
    )
    report.state, report.released_by, report.released_at = ReportState.RELEASED.value, actor.user_id, clock.now()
    report.version += 1
    if last is not None:
        last.memory = MemoryBox()
    session().flush()
    audit.record(
        "report:release", organisation_id=organisation_id, detail=audit.Detail(note=report.number, digest=digest)
    )
    return _start_files(actor, organisation_id, report)


def add_note(actor: Actor, released: Report, text: str, *, note_id: UUID | None = None) -> ReportNote:
    """Write a note to a release. Figures never change: what was corrected enters the next period."""
    organisation_id = require(actor, Permission.REPORT_RELEASE)
    if released.state != ReportState.RELEASED.value:
        raise RuleError(_("Hinweise gibt es nur zu freigegebenen Berichten."))
    said = " ".join(text.split())
    if not said or len(said) > LONGEST_NOTE:
        raise RuleError(
            _("Schreiben Sie einen Hinweis mit höchstens %(most)s Zeichen.", most=LONGEST_NOTE), field="text"
        )
    note = ReportNote(
        id=note_id,
        report_id=released.id,
        written_by=actor.user_id,
        written_at=clock.now(),
        content=NoteText(text=said),
    )
    stored = stored_before(note, "content")
    if stored is not None:
        return stored
    session().add(note)
    session().flush()
    audit.record("report:note", organisation_id=organisation_id, detail=audit.Detail(note=released.number))
    return note


def order_files(actor: Actor, released: Report) -> Job | None:
    """Have the missing files made again. None while they are being made."""
    organisation_id = require(actor, Permission.REPORT_RELEASE)
    if released.state != ReportState.RELEASED.value:
        raise RuleError(_("Dateien entstehen erst nach der Freigabe."))
    if files_running(released):
        return None
    return _start_files(actor, organisation_id, released)


def files_running(released: Report) -> bool:
    """Whether a job that the actor may see makes the files."""
    job = find_job(released.files_job_id)
    return job is not None and job.runs


def keep_file(actor: Actor, release_id: UUID, kind: str, content: bytes) -> None:
    """Store a form of a release; one that is there stays as it is."""
    require(actor, Permission.REPORT_RELEASE)
    hold(session(), "report")
    if queries.find_file(release_id, kind) is not None:
        return
    session().add(
        ReportFile(
            report_id=queries.get_release(release_id).id,
            kind=kind,
            made_at=clock.now(),
            digest=hashlib.sha256(content).hexdigest(),
            size=len(content),
            content=FileContent(data=content),
        )
    )
    session().flush()


def missing_files(release_id: UUID, forms: Mapping[str, object]) -> list[str]:
    """The kinds of files that are not made yet, in the order of `forms`."""
    there = {each.kind for each in queries.list_files(release_id)}
    return [kind for kind in forms if kind not in there]


def public_key() -> str:
    """The public key that releases of this installation are checked with, in hexadecimal digits."""
    return public_key_of(session().info["keystore"].keyring.secret_or_new(_SIGNING)).hex()


def _start_files(actor: Actor, organisation_id: UUID, report: Report) -> Job:
    job = jobs.start(actor, FILES_JOB, organisation_id=organisation_id, target_id=report.id)
    report.files_job_id = job.id
    session().flush()
    return job


def _require_checked(actor: Actor, report: Report) -> Report | None:
    """The release before it, None for the first of a series."""
    if report.state != ReportState.CHECKED.value:
        raise RuleError(_("Eine zweite Person muss den Entwurf zuerst prüfen."))
    if report.built_by == actor.user_id:
        raise RuleError(_("Wer den Entwurf gebaut hat, gibt ihn nicht frei. Bitten Sie eine zweite Person."))
    period = Period.parse(report.period)
    last = queries.last_released(report.scope, period)
    problem = order_problem(period, Period.parse(last.period) if last else None)
    if problem:
        raise RuleError(problem)
    return last
