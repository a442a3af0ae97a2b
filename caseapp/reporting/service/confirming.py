"""A carrier's head says that the entries of a period are complete, and sees what is still unknown in them."""

from __future__ import annotations

from uuid import UUID

from caseapp import audit, clock
from caseapp.db import hold, session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.places import queries as places
from caseapp.reporting import queries
from caseapp.reporting.models import ReportConfirmation, ReportState
from caseapp.reporting.rules.labels import period_label
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tallies.periods import Period


def confirm(actor: Actor, organisation_id: UUID, period: Period) -> None:
    """Confirm the carrier's entries of the period. Twice is once. Raises RuleError before the period has ended."""
    policy.require_in(actor, Permission.REPORT_CONFIRM, organisation_id)
    places.get_organisation(organisation_id)
    if clock.today() <= period.last:
        raise RuleError(_("%(period)s ist noch nicht zu Ende.", period=period_label(period)))
    hold(session(), "report")
    if queries.find_confirmation(organisation_id, str(period)) is not None:
        return
    session().add(
        ReportConfirmation(
            organisation_id=organisation_id,
            period=str(period),
            confirmed_by=actor.user_id,
            confirmed_at=clock.now(),
        )
    )
    session().flush()
    audit.record("report:confirm", organisation_id=organisation_id, detail=audit.Detail(note=str(period)))


def withdraw(actor: Actor, organisation_id: UUID, period: Period) -> None:
    """Take the confirmation back, as long as no draft rests on it. Raises RuleError afterwards."""
    policy.require_in(actor, Permission.REPORT_CONFIRM, organisation_id)
    hold(session(), "report")
    found = queries.find_confirmation(organisation_id, str(period))
    if found is None:
        return
    if rests_on_it(period):
        raise RuleError(
            _("Auf dieser Bestätigung beruht schon ein Entwurf. Bitten Sie die Person, die ihn baut, ihn zu verwerfen.")
        )
    session().delete(found)
    session().flush()
    audit.record("report:unconfirm", organisation_id=organisation_id, detail=audit.Detail(note=str(period)))


def rests_on_it(period: Period) -> bool:
    """Whether a draft or a release of the period exists, whatever its scope."""
    return any(report.state != ReportState.OPEN.value for report in queries.list_reports_of(str(period)))
