"""Comparing workers: only what a works agreement allows, and never without a trace that everybody in it can see."""

from __future__ import annotations

from uuid import UUID

from caseapp import audit, clock
from caseapp.accounts import queries as accounts
from caseapp.db import session
from caseapp.errors import ForbiddenError, RuleError
from caseapp.figures import queries
from caseapp.figures.models import ComparedWorker, ComparisonContent, WorkerComparison, WorksAgreement
from caseapp.figures.queries import Reach
from caseapp.figures.rules import cells as rules
from caseapp.figures.rules.agreements import Comparable, compare, in_force
from caseapp.figures.service.counting import Counted
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


def compare_workers(
    actor: Actor, agreement: WorksAgreement, code: str, counted: Counted, *, comparison_id: UUID | None = None
) -> WorkerComparison:
    """Compare the workers of the person's scope in one figure, by name, and keep what was seen.

    `counted` are the person's own figures of the period. Raises ForbiddenError without an agreement in force that
    allows the figure, RuleError for one that is not offered.
    """
    policy.require_in(actor, Permission.FIGURES_COMPARE, agreement.organisation_id)
    if not in_force(agreement, clock.today()) or counted.reach.organisation_id != agreement.organisation_id:
        raise ForbiddenError(_("Für einen Vergleich gilt keine Dienstvereinbarung."))
    figure = next((each for each in queries.list_comparable() if each.code == code), None)
    if figure is None or code not in agreement.text.figures:
        raise RuleError(_("Diese Zahl erlaubt die Dienstvereinbarung nicht."), field="figure")
    comparison = WorkerComparison(
        organisation_id=agreement.organisation_id,
        agreement_id=agreement.id,
        seen_by=actor.user_id,
        seen_at=clock.now(),
        period=str(counted.period),
        figure=code,
        content=ComparisonContent(workers=_lines(counted, figure)),
    )
    comparison.id = comparison_id or comparison.id
    stored = session().get(WorkerComparison, comparison.id)
    if stored is not None:
        return stored
    session().add(comparison)
    session().flush()
    detail = audit.Detail(note=f"{code} {counted.period}", count=len(comparison.content.workers))
    audit.record("figures:compare", organisation_id=agreement.organisation_id, detail=detail)
    return comparison


def _lines(counted: Counted, figure: Comparable) -> tuple[ComparedWorker, ...]:
    workers = _workers(counted.reach)

    def worker_of(key: int) -> UUID | None:
        case = counted.case_of.get(key)
        return None if case is None else case.worker_id

    at_end = rules.by_group(counted.cells.parts(rules.CASES, rules.END), worker_of)
    numbers = rules.by_group(counted.cells.parts(figure.figure, figure.name), worker_of)
    return tuple(
        ComparedWorker(worker_id=line.worker_id, number=line.number) for line in compare(at_end, numbers, workers)
    )


def _workers(reach: Reach) -> list[UUID]:
    """The caseworkers of the scope, by name."""
    teams: list[UUID | None] = [*sorted(reach.teams or ())] or [None]
    found = {person.user_id: person for team in teams for person in accounts.list_workers(reach.organisation_id, team)}
    return [person.user_id for person in sorted(found.values(), key=lambda each: each.name.casefold())]
