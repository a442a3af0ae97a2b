"""Works agreements, what they may allow, and the comparisons that were looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import cache
from uuid import UUID

from sqlalchemy import select

from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.figures.models import WorkerComparison, WorksAgreement
from caseapp.figures.rules.agreements import Comparable, in_force, load_comparables
from caseapp.settings import PROJECT_ROOT

_MOST_COMPARISONS = 200


@cache
def list_comparable() -> tuple[Comparable, ...]:
    """The figures that agreements can allow, as shipped in `config/figures/comparable.csv`."""
    return load_comparables(PROJECT_ROOT / "config" / "figures" / "comparable.csv")


def list_agreements(organisation_ids: Collection[UUID]) -> list[WorksAgreement]:
    """All agreements of these carriers, the latest first."""
    rows = session().scalars(
        select(WorksAgreement)
        .where(WorksAgreement.organisation_id.in_(organisation_ids))
        .order_by(WorksAgreement.valid_from.desc(), WorksAgreement.id)
    )
    return list(rows)


def valid_agreements(organisation_id: UUID, on: dt.date) -> list[WorksAgreement]:
    """Those that allow something on this day, the latest first."""
    return [each for each in list_agreements((organisation_id,)) if in_force(each, on)]


def get_agreement(agreement_id: UUID) -> WorksAgreement:
    """The agreement, within what the actor may see. Raises NotFoundError."""
    found = session().get(WorksAgreement, agreement_id)
    if found is None:
        raise NotFoundError
    return found


def list_comparisons(organisation_ids: Collection[UUID]) -> list[WorkerComparison]:
    """The comparisons of these carriers that were looked at, the latest 200, the newest first."""
    rows = session().scalars(
        select(WorkerComparison)
        .where(WorkerComparison.organisation_id.in_(organisation_ids))
        .order_by(WorkerComparison.seen_at.desc(), WorkerComparison.id)
        .limit(_MOST_COMPARISONS)
    )
    return list(rows)


def get_comparison(comparison_id: UUID) -> WorkerComparison:
    """The comparison, within what the actor may see. Raises NotFoundError."""
    found = session().get(WorkerComparison, comparison_id)
    if found is None:
        raise NotFoundError
    return found
