"""The papers for the granting authority: filling the workbook, printing for signature, sending, the archive."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from uuid import UUID

import msgspec

from caseapp import audit, clock, jobs
from caseapp.db import Database, session
from caseapp.errors import NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.jobs import Job
from caseapp.keyfigures import queries
from caseapp.keyfigures.models import (
    KeyfigureSubmission,
    SubmissionFiles,
    SubmissionNote,
    SubmissionState,
)
from caseapp.keyfigures.rules.comparing import against_last_year
from caseapp.keyfigures.rules.fields import Book
from caseapp.keyfigures.rules.sheets import fill, open_workbook
from caseapp.keyfigures.rules.tables import class_rows
from caseapp.keyfigures.rules.totals import Totals, pack
from caseapp.keyfigures.service.collecting import Collection, collect, numbers_to_send
from caseapp.keyfigures.service.counting import Progress, is_running
from caseapp.places import queries as places
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

FILL = "keyfigures:fill"
_LONGEST = 1_000


def order_papers(
    actor: Actor,
    organisation_id: UUID,
    year: int,
    *,
    submission_id: UUID,
    comments: Mapping[str, str],
    without: bool = False,
) -> KeyfigureSubmission:
    """Have the workbook filled and the print made by the job process. Sent twice, made once.

    Raises RuleError on `without` while carriers are missing and that is not ticked, on `comment_<field>` for a large
    change that nobody explains, and where no workbook fits the year.
    """
    policy.require_in(actor, Permission.KENNZAHLEN_COLLECT, organisation_id)
    stored = session().get(KeyfigureSubmission, submission_id)
    if stored is not None:
        return stored
    collection = collect(actor, organisation_id, year)
    _require_whole(collection, without=without)
    _require_explained(collection, comments)
    form = queries.find_form(organisation_id, year)
    if form is None:
        raise RuleError(_("Laden Sie zuerst die Vorlage „Auswertung Zeitraum“ für %(year)s hoch.", year=year))
    totals = numbers_to_send(actor, organisation_id, collection)
    number = sum(each.year == year for each in queries.list_submissions(organisation_id)) + 1
    made = KeyfigureSubmission(
        id=submission_id,
        organisation_id=organisation_id,
        year=year,
        number=number,
        form_id=form.id,
        state=SubmissionState.ORDERED.value,
        made_by=actor.user_id,
        made_at=clock.now(),
        digest=totals.digest,
        note=_note(collection, totals, comments, places.get_organisation(organisation_id).profile.name),
        files=SubmissionFiles(),
    )
    form.used = True
    session().add(made)
    session().flush()
    made.job_id = jobs.start(actor, FILL, organisation_id=organisation_id, target_id=made.id).id
    session().flush()
    _recorded("keyfigure:papers", made)
    return made


def try_again(actor: Actor, submission: KeyfigureSubmission) -> Job | None:
    """Make the papers once more after a failure; None when they are there or on their way."""
    policy.require_in(actor, Permission.KENNZAHLEN_COLLECT, submission.organisation_id)
    if submission.state != SubmissionState.ORDERED or is_running(queries.find_job(submission.job_id)):
        return None
    job = jobs.start(actor, FILL, organisation_id=submission.organisation_id, target_id=submission.id)
    submission.job_id = job.id
    session().flush()
    return job


def run_fill(
    database: Database, actor: Actor, submission_id: UUID, render: Callable[..., bytes], progress: Progress
) -> None:
    """Fill the workbook and print for signature. Raises RuleError naming the cell that cannot be filled."""
    progress(0, 3)
    with database.unit(actor, write=False):
        submission = queries.get_submission(submission_id, actor.organisation_ids)
        policy.require_in(actor, Permission.KENNZAHLEN_COLLECT, submission.organisation_id)
        form = queries.get_form(submission.form_id, [submission.organisation_id])
        book, totals = queries.book_of(submission.year), queries.totals_of(submission.note)
        filled = fill(
            open_workbook(form.file.xlsx),
            queries.slots_of(form),
            book,
            totals,
            carrier=submission.note.applicant,
        )
        context = _paper(submission, book, totals)
    progress(1, 3)
    pdf = render("keyfigures", **context)
    progress(2, 3)
    with database.unit(actor, write=True):
        submission = queries.get_submission(submission_id, actor.organisation_ids)
        if submission.state == SubmissionState.ORDERED:
            submission.files = SubmissionFiles(xlsx=filled.content, pdf=pdf)
            submission.note = msgspec.structs.replace(
                submission.note, xlsx_sha256=_sha256(filled.content), pdf_sha256=_sha256(pdf)
            )
            submission.state = SubmissionState.MADE.value
            session().flush()
            _recorded("keyfigure:papers_made", submission)
    progress(3, 3)


def mark_sent(actor: Actor, submission: KeyfigureSubmission, *, sent_on: dt.date, way: str) -> None:
    """The signed papers have left the house. Raises RuleError on `sent_on` or `way`."""
    policy.require_in(actor, Permission.KENNZAHLEN_COLLECT, submission.organisation_id)
    if submission.state == SubmissionState.ORDERED:
        raise RuleError(_("Die Unterlagen werden noch erstellt."))
    if sent_on > clock.today() or sent_on < clock.local(submission.made_at).date():
        raise RuleError(_("Der Tag liegt vor dem Erstellen der Unterlagen oder in der Zukunft."), field="sent_on")
    if not way.strip():
        raise RuleError(_("Schreiben Sie, auf welchem Weg Sie die Unterlagen gesendet haben."), field="way")
    submission.state, submission.sent_on = SubmissionState.SENT.value, sent_on
    submission.note = msgspec.structs.replace(submission.note, way=way.strip()[:200])
    session().flush()
    _recorded("keyfigure:sent", submission)


def unmark_sent(actor: Actor, submission: KeyfigureSubmission) -> None:
    """Take "gesendet" back: it was pressed by mistake."""
    policy.require_in(actor, Permission.KENNZAHLEN_COLLECT, submission.organisation_id)
    if submission.state == SubmissionState.SENT:
        submission.state, submission.sent_on = SubmissionState.MADE.value, None
        submission.note = msgspec.structs.replace(submission.note, way="")
        session().flush()
        _recorded("keyfigure:not_sent", submission)


def file_of(actor: Actor, submission: KeyfigureSubmission, kind: str) -> bytes:
    """The archived file, `xlsx` or `pdf`. Raises NotFoundError before it is made."""
    policy.require_in(actor, Permission.KENNZAHLEN_COLLECT, submission.organisation_id)
    found: dict[str, bytes] = {"xlsx": submission.files.xlsx, "pdf": submission.files.pdf}
    content = found.get(kind, b"")
    if not content:
        raise NotFoundError
    _recorded("keyfigure:download", submission)
    return content


def is_archived(submission: KeyfigureSubmission, content: bytes) -> str:
    """ "xlsx" or "pdf" if this is byte for byte the archived file, else ""."""
    digests = {"xlsx": submission.note.xlsx_sha256, "pdf": submission.note.pdf_sha256}
    wanted = _sha256(content)
    return next((kind for kind, digest in digests.items() if digest == wanted), "")


def _require_whole(collection: Collection, *, without: bool) -> None:
    if not any(part.handover for part in collection.parts):
        raise RuleError(_("Noch kein Träger hat seine Zahlen eingefroren."))
    if collection.missing and not without:
        names = ", ".join(part.name for part in collection.missing)
        raise RuleError(_("Es fehlen noch Zahlen von: %(names)s.", names=names), field="without")


def _require_explained(collection: Collection, comments: Mapping[str, str]) -> None:
    for change in collection.unexplained(comments):
        raise RuleError(
            _("%(field)s: Schreiben Sie, warum sich die Zahl so stark geändert hat.", field=change.field.de),
            field=f"comment_{change.field.code}",
        )


def _note(collection: Collection, totals: Totals, comments: Mapping[str, str], applicant: str) -> SubmissionNote:
    said = [
        (code, part.name, words) for part in collection.parts for code, words in sorted(part.comments.items()) if words
    ]
    own = [(code, applicant, words.strip()[:_LONGEST]) for code, words in sorted(comments.items()) if words.strip()]
    return SubmissionNote(
        totals=pack(totals),
        parts=tuple(
            (part.name, part.handover.number, part.handover.digest) for part in collection.parts if part.handover
        ),
        comments=(*said, *own),
        before=collection.before,
        applicant=applicant,
    )


def _paper(submission: KeyfigureSubmission, book: Book, totals: Totals) -> dict[str, object]:
    """What the print for signature says."""
    note: SubmissionNote = submission.note
    names, town = dict(totals.names), places.municipality_name
    labels = {field.code: field.de for field in book.fields}
    return {
        "carrier": note.applicant,
        "title": _("Kennzahlen %(year)s – nicht zur Veröffentlichung", year=submission.year),
        "year": submission.year,
        "number": submission.number,
        "made_at": submission.made_at,
        "digest": submission.digest,
        "fields": book.fields,
        "changes": against_last_year(book, totals, note.before),
        "breakdowns": [
            (
                field.de,
                book.dimensions[name].de,
                class_rows(book.dimensions[name], field.code, totals, town),
            )
            for field in book.fields
            for name in field.dimensions
        ],
        "workers": [
            (names.get(who, _("ohne Zuordnung")), [totals.number(field.code, who=who) for field in book.fields])
            for who in totals.workers
        ],
        "comments": [(labels.get(code, code), who, words) for code, who, words in note.comments],
        "parts": note.parts,
        "hides": bool(totals.hidden),
        "threshold": book.threshold,
    }


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _recorded(action: str, submission: KeyfigureSubmission) -> None:
    detail = audit.Detail(count=submission.number, digest=submission.digest, note=str(submission.year))
    audit.record(action, organisation_id=submission.organisation_id, detail=detail)
