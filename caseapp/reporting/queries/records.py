"""Every SELECT of reports. Lists leave figures closed; opening a release reads one row and its notes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from caseapp import clock
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.reporting.models import Report, ReportConfirmation, ReportFile, ReportNote, ReportState
from caseapp.reporting.rules.package import Note, Package, Released, thaw_package
from caseapp.tallies.periods import Period


def list_releases() -> Sequence[Report]:
    """All released reports, the newest first. Nothing of a draft."""
    return (
        session()
        .scalars(
            select(Report)
            .where(Report.state == ReportState.RELEASED.value)
            .order_by(Report.released_at.desc(), Report.period.desc(), Report.id)
        )
        .all()
    )


def get_release(release_id: UUID) -> Report:
    """A released report. Raises NotFoundError; a draft is nothing that this finds."""
    found = session().get(Report, release_id)
    if found is None or found.state != ReportState.RELEASED.value:
        raise NotFoundError
    return found


def find_release(scope: str, period: str) -> Report | None:
    """The released report of this scope and period, or None."""
    found = find_report(scope, period)
    return found if found is not None and found.state == ReportState.RELEASED.value else None


def released(release: Report) -> Released:
    """The opened release with what proves it and its notes. Costs the reading of the package (up to a second)."""
    return Released(
        package_of(release),
        release.digest,
        release.proof.signature,
        release.proof.public_key,
        release.proof.audit_root,
        clock.local(release.released_at or clock.now()).date(),
        tuple(Note(clock.local(note.written_at).date(), note.content.text) for note in list_notes(release.id)),
    )


def package_of(report: Report) -> Package:
    """The package of a draft or release. Raises PackageError where there is none."""
    return thaw_package(report.package.frozen)


def list_notes(release_id: UUID) -> Sequence[ReportNote]:
    """The notes to a release, the oldest first."""
    return (
        session()
        .scalars(
            select(ReportNote).where(ReportNote.report_id == release_id).order_by(ReportNote.written_at, ReportNote.id)
        )
        .all()
    )


def find_file(release_id: UUID, kind: str) -> ReportFile | None:
    """The file of this kind with its content, or None where it is not made yet."""
    return (
        session()
        .scalars(
            select(ReportFile)
            .where(ReportFile.report_id == release_id, ReportFile.kind == kind)
            .options(undefer(ReportFile.content_blob))
        )
        .one_or_none()
    )


def list_files(release_id: UUID) -> Sequence[ReportFile]:
    """The files of a release without their content, by kind."""
    return (
        session()
        .scalars(select(ReportFile).where(ReportFile.report_id == release_id).order_by(ReportFile.kind, ReportFile.id))
        .all()
    )


def find_report(scope: str, period: str, *, lock: bool = False) -> Report | None:
    """The report of this scope and period in whatever state, or None."""
    wanted = select(Report).where(Report.scope == scope, Report.period == period)
    return session().scalars(wanted.with_for_update() if lock else wanted).one_or_none()


def get_report(report_id: UUID, *, lock: bool = False) -> Report:
    """A report in whatever state. Raises NotFoundError."""
    found = session().get(Report, report_id, with_for_update=lock or None)
    if found is None:
        raise NotFoundError
    return found


def list_reports(scope: str) -> Sequence[Report]:
    """All reports of this scope in whatever state, the newest period first."""
    return (
        session().scalars(select(Report).where(Report.scope == scope).order_by(Report.period.desc(), Report.id)).all()
    )


def list_reports_of(period: str) -> Sequence[Report]:
    """The reports of a period in whatever state: one, unless the scope of the installation has changed."""
    return session().scalars(select(Report).where(Report.period == period).order_by(Report.scope, Report.id)).all()


def last_released(scope: str, kind: Period) -> Report | None:
    """The latest released report of this scope with periods of the same kind (quarter or year), or None."""
    found = (
        session()
        .scalars(
            select(Report)
            .where(Report.scope == scope, Report.state == ReportState.RELEASED.value)
            .order_by(Report.period.desc(), Report.id)
        )
        .all()
    )
    same = [each for each in found if (Period.parse(each.period).quarter is None) == (kind.quarter is None)]
    return max(same, key=lambda each: Period.parse(each.period), default=None)


def list_confirmations(period: str) -> dict[UUID, ReportConfirmation]:
    """The confirmations of a period by carrier."""
    found = session().scalars(
        select(ReportConfirmation).where(ReportConfirmation.period == period).order_by(ReportConfirmation.id)
    )
    return {each.organisation_id: each for each in found}


def find_confirmation(organisation_id: UUID, period: str) -> ReportConfirmation | None:
    """A carrier's confirmation of a period, or None."""
    return (
        session()
        .scalars(
            select(ReportConfirmation).where(
                ReportConfirmation.organisation_id == organisation_id, ReportConfirmation.period == period
            )
        )
        .one_or_none()
    )
