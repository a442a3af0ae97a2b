"""The second person: looks at the draft, edits the three sentences, says "geprüft" or gives it back."""

from __future__ import annotations

from collections.abc import Sequence

from caseapp import audit, clock
from caseapp.db import hold, session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.places import queries as places
from caseapp.reporting import queries
from caseapp.reporting.models import Answer, PackageBox, Report, ReportState
from caseapp.reporting.rules.package import Package, thaw_package, with_sentences
from caseapp.reporting.rules.sentences import refuse_sentences
from caseapp.reporting.service.acting import clear, require, require_version
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tallies.periods import Period


def check(actor: Actor, report: Report, version: int, sentences: Sequence[str]) -> None:
    """Say that the draft may be released with these sentences.

    RuleError for the person who built it, for anything but a draft, and for a sentence that says what is not published
    (field `sentence1` to `sentence3`); ConflictError when the draft is another one by now.
    """
    organisation_id = require(actor, Permission.REPORT_CHECK)
    hold(session(), "report")
    require_version(report, version)
    _require_second_person(actor, report)
    package = queries.package_of(report)
    said = [" ".join(sentence.split()) for sentence in sentences]
    refuse_sentences(said, package, before_of(report), hidden_names(package))
    report.package = PackageBox(frozen=with_sentences(report.package.frozen, said))
    report.state, report.checked_by, report.checked_at = ReportState.CHECKED.value, actor.user_id, clock.now()
    report.answer = Answer()
    report.version += 1
    session().flush()
    audit.record("report:check", organisation_id=organisation_id, detail=audit.Detail(note=report.number))


def give_back(actor: Actor, report: Report, version: int, reason: str) -> None:
    """Send the draft back to be built anew, with a reason for the builder. The draft is gone."""
    organisation_id = require(actor, Permission.REPORT_CHECK)
    hold(session(), "report")
    require_version(report, version)
    _require_second_person(actor, report)
    if not reason.strip():
        raise RuleError(_("Schreiben Sie, was vor dem nächsten Bau zu tun ist."), field="reason")
    report.answer = Answer(reason=" ".join(reason.split()))
    clear(report)
    session().flush()
    audit.record("report:give_back", organisation_id=organisation_id, detail=audit.Detail(note=report.number))


def before_of(report: Report) -> Package | None:
    """The package of the release before this draft, or None for the first of a series."""
    last = queries.last_released(report.scope, Period.parse(report.period))
    return thaw_package(last.package.frozen) if last else None


def hidden_names(package: Package) -> list[str]:
    """The names of municipalities that the package shows together with others only."""
    towns = places.gazetteer().municipalities
    return [towns[code].name for area in package.areas for code in area.members if code in towns]


def _require_second_person(actor: Actor, report: Report) -> None:
    if report.state not in (ReportState.DRAFT.value, ReportState.CHECKED.value):
        raise RuleError(_("Hier gibt es keinen Entwurf, der geprüft werden kann."))
    if report.built_by == actor.user_id:
        raise RuleError(_("Wer den Entwurf gebaut hat, prüft ihn nicht selbst. Bitten Sie eine zweite Person."))
