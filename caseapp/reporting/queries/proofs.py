"""Finding what was released here by its digest."""

from __future__ import annotations

from sqlalchemy import select

from caseapp.db import session
from caseapp.reporting.models import Report, ReportFile, ReportState


def find_release_by_digest(digest: str) -> Report | None:
    """The report that was released here with this digest, or None."""
    return (
        session()
        .scalars(select(Report).where(Report.digest == digest, Report.state == ReportState.RELEASED.value))
        .one_or_none()
    )


def find_file_by_digest(digest: str) -> ReportFile | None:
    """The file whose bytes have this SHA-256, without its content, or None."""
    return session().scalars(select(ReportFile).where(ReportFile.digest == digest).order_by(ReportFile.id)).first()


def find_release_by_number(number: str) -> Report | None:
    """The released report of this number (08117-2026-Q3), or None."""
    scope, _dash, period = number.strip().upper().partition("-")
    return (
        session()
        .scalars(
            select(Report).where(
                Report.scope == scope, Report.period == period, Report.state == ReportState.RELEASED.value
            )
        )
        .one_or_none()
    )
