"""A carrier's head says that the entries of a period are complete, and sees what is still unknown in them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from caseapp import audit, clock
from caseapp.db import hold, session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.indicators import queries as indicators
from caseapp.indicators.rules import evaluate
from caseapp.places import queries as places
from caseapp.reporting import queries
from caseapp.reporting.models import ReportConfirmation, ReportState
from caseapp.reporting.rules.labels import period_label
from caseapp.reporting.rules.quality import FIELD, MISSING, OUTCOME, OUTDATED
from caseapp.reporting.rules.quality import INDICATOR as QUALITY
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tallies import queries as tallies
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


@dataclass(frozen=True)
class Gap:
    """A field of the carrier's open files: of how many people it is asked, and of how many it is missing or old."""

    field: str
    asked: int
    missing: int
    outdated: int


def own_gaps(actor: Actor, organisation_id: UUID, period: Period) -> list[Gap]:
    """I15 of the own carrier, exact, the largest gap first. Not for publication."""
    policy.require_in(actor, Permission.REPORT_CONFIRM, organisation_id)
    definition = next((each for each in indicators.list_definitions(period.last) if each.code == QUALITY), None)
    if definition is None:
        return []
    counted = tallies.read([organisation_id])
    context = indicators.load_context(period, clock.now())
    found: dict[str, Counter[str]] = {}
    for each in evaluate(QUALITY, counted.courses, counted.offices, period, context):
        found.setdefault(each.classes[FIELD], Counter())[each.classes[OUTCOME]] += 1
    labels = {code.code: code.de for each in indicators.dimensions_of(definition) for code in each.classes}
    audit.note_read("report:gaps", organisation_id=organisation_id, detail=audit.Detail(note=str(period)))
    rows = [
        Gap(labels.get(name, name), sum(counts.values()), counts[MISSING], counts[OUTDATED])
        for name, counts in found.items()
    ]
    return sorted(rows, key=lambda row: (-(row.missing + row.outdated), row.field))


def rests_on_it(period: Period) -> bool:
    """Whether a draft or a release of the period exists, whatever its scope."""
    return any(report.state != ReportState.OPEN.value for report in queries.list_reports_of(str(period)))
