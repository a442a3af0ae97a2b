"""Recording and ending works agreements."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from caseapp import audit, clock
from caseapp.db import session, stored_before
from caseapp.errors import ConflictError, RuleError
from caseapp.figures import queries
from caseapp.figures.models import WorksAgreement, WorksAgreementText
from caseapp.figures.rules.agreements import check_agreement
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAgreement:
    """What the carrier and its staff council have agreed. `figures` are codes of `queries.list_comparable`."""

    title: str
    agreed_on: dt.date
    valid_from: dt.date
    valid_to: dt.date | None
    figures: tuple[str, ...]


def record_agreement(
    actor: Actor, organisation_id: UUID, new: NewAgreement, *, agreement_id: UUID | None = None
) -> WorksAgreement:
    """Record an agreement, as the carrier's head. `agreement_id` is that of the form: sent twice, it is stored once.

    Raises RuleError for its fields, AlreadyStoredError.
    """
    policy.require_in(actor, Permission.FIGURES_AGREEMENT, organisation_id)
    today = clock.today()
    check_agreement(
        agreed_on=new.agreed_on,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        figures=new.figures,
        offered={each.code for each in queries.list_comparable() if each.offered(today)},
        today=today,
    )
    agreement = WorksAgreement(
        organisation_id=organisation_id,
        agreed_on=new.agreed_on,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        recorded_by=actor.user_id,
        recorded_at=clock.now(),
        text=WorksAgreementText(title=new.title, figures=new.figures),
    )
    agreement.id = agreement_id or agreement.id
    stored = stored_before(agreement, "organisation_id", "agreed_on", "valid_from", "valid_to", "text")
    if stored is not None:
        return stored
    session().add(agreement)
    session().flush()
    detail = audit.Detail(changed=new.figures)
    audit.record("figures:record_agreement", organisation_id=organisation_id, detail=detail)
    return agreement


def end_agreement(actor: Actor, agreement: WorksAgreement) -> None:
    """From now on it allows nothing. Ended before: nothing happens."""
    policy.require_in(actor, Permission.FIGURES_AGREEMENT, agreement.organisation_id)
    if agreement.ended:
        return
    agreement.ended_by, agreement.ended_at = actor.user_id, clock.now()
    session().flush()
    audit.record("figures:end_agreement", organisation_id=agreement.organisation_id)


def reopen_agreement(actor: Actor, agreement: WorksAgreement, ended_at: dt.datetime) -> None:
    """Undo `end_agreement` of that moment. Raises ConflictError when it was ended anew since, RuleError when not."""
    policy.require_in(actor, Permission.FIGURES_AGREEMENT, agreement.organisation_id)
    if not agreement.ended:
        raise RuleError(_("Die Vereinbarung gilt schon wieder."))
    if agreement.ended_at != ended_at:
        raise ConflictError(_("Die Vereinbarung wurde inzwischen geändert."))
    agreement.ended_by = agreement.ended_at = None
    session().flush()
    audit.record("figures:reopen_agreement", organisation_id=agreement.organisation_id)
