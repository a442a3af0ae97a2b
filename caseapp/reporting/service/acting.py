"""Who acts for the report: people with a duty in some carrier, for the one report of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from caseapp import audit
from caseapp.db import scope, session
from caseapp.errors import ConflictError, ForbiddenError
from caseapp.i18n import gettext as _
from caseapp.reporting.models import MemoryBox, PackageBox, Report, ReportFacts, ReportState
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


def require(actor: Actor, permission: Permission) -> UUID:
    """The carrier in which the person holds the permission, the first of several. Raises ForbiddenError."""
    found = policy.organisations(actor, permission)
    if not found:
        raise ForbiddenError(_("Dafür haben Sie keine Berechtigung. Wenden Sie sich an Ihre Teamleitung."))
    policy.require_in(actor, permission, found[0])
    return found[0]


def require_version(report: Report, version: int) -> None:
    """Refuse what rests on an older state of the report. Raises ConflictError."""
    if report.version != version:
        raise ConflictError(_("Der Bericht wurde inzwischen geändert. Sehen Sie ihn noch einmal an."))


def clear(report: Report) -> None:
    """Back to the beginning: no draft. What the second person said when giving it back stays until the next one."""
    report.state, report.version = ReportState.OPEN.value, report.version + 1
    report.package, report.memory, report.facts = PackageBox(), MemoryBox(), ReportFacts()
    report.as_of = report.built_by = report.checked_by = report.checked_at = report.job_id = None


@contextmanager
def over_all_carriers(reason: str) -> Iterator[None]:
    """Lift the row scope for reading only; recorded apart, since the reading transaction takes no writes."""
    audit.note_read("scope:everything", detail=audit.Detail(reason=reason))
    with scope.everything(session()):
        yield
