"""Plans of other offices: recorded beside the agreement, never copied."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from caseapp import audit, clock
from caseapp.agreements.models import OtherPlan, PlanText
from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import Client
from caseapp.db import new_id, session, stored_before
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlan:
    """A plan as a form says it. `ended_on` None: it runs."""

    kind: str
    text: PlanText
    agreed_on: dt.date | None = None
    ended_on: dt.date | None = None


def add_plan(actor: Actor, client: Client, new: NewPlan, *, plan_id: UUID | None = None) -> OtherPlan:
    """Record a plan. `plan_id` is that of the form: sent twice, it is stored once.

    Raises RuleError on the field it belongs to, AlreadyStoredError for a form changed and sent again.
    """
    policy.require(actor, Permission.GOAL_ASSESS, client)
    _check(new)
    plan = OtherPlan(
        id=plan_id or new_id(),
        client_id=client.id,
        organisation_id=client.organisation_id,
        kind=new.kind,
        agreed_on=new.agreed_on,
        ended_on=new.ended_on,
        created_by=actor.user_id,
        created_at=clock.now(),
        text=new.text,
    )
    stored = stored_before(plan, "client_id", "kind", "agreed_on", "ended_on", "cancelled_at", "text")
    if stored is not None:
        return stored
    session().add(plan)
    session().flush()
    audit.record("plan:add", client_id=client.id, detail=audit.Detail(note=new.kind))
    return plan


def change_plan(actor: Actor, client: Client, plan: OtherPlan, new: NewPlan, *, version: str) -> None:
    """Change what is known of a plan, or end it. Raises as `add_plan`; ConflictError when changed since `version`."""
    policy.require(actor, Permission.GOAL_ASSESS, client)
    if plan.version != version:
        raise ConflictError(_("Dieser Plan wurde inzwischen geändert."))
    _check(new)
    plan.kind, plan.agreed_on, plan.ended_on = new.kind, new.agreed_on, new.ended_on
    if plan.text != new.text:
        plan.text = new.text
    audit.record("plan:edit", client_id=client.id, detail=audit.Detail(note=new.kind))


def cancel_plan(actor: Actor, client: Client, plan: OtherPlan) -> None:
    """The plan was entered by mistake."""
    policy.require(actor, Permission.GOAL_ASSESS, client)
    if plan.cancelled_at is None:
        plan.cancelled_at = clock.now()
        audit.record("plan:cancel", client_id=client.id)


def restore_plan(actor: Actor, client: Client, plan: OtherPlan) -> None:
    """Undo `cancel_plan`."""
    policy.require(actor, Permission.GOAL_ASSESS, client)
    if plan.cancelled_at is not None:
        plan.cancelled_at = None
        audit.record("plan:restore", client_id=client.id)


def _check(new: NewPlan) -> None:
    today = clock.today()
    offered = catalogue.catalogue().choices("other_plan_kinds", new.agreed_on or today)
    if new.kind not in {code.code for code in offered}:
        raise RuleError(_("Diese Art von Plan gab es an diesem Tag nicht. Prüfen Sie Art und Tag."), field="kind")
    if not new.text.office:
        raise RuleError(_("Schreiben Sie, mit welcher Stelle der Plan vereinbart ist."), field="office")
    if new.agreed_on and new.agreed_on > today:
        raise RuleError(_("Dieser Tag liegt in der Zukunft."), field="agreed_on")
    if new.ended_on and new.agreed_on and new.ended_on < new.agreed_on:
        raise RuleError(_("Das Ende liegt vor dem Beginn."), field="ended_on")
    texts = (
        ("office", new.text.office),
        ("main_goal", new.text.main_goal),
        ("leads", new.text.leads),
        ("note", new.text.note),
    )
    for name, text in texts:
        if len(text) > _LONGEST:
            raise RuleError(_("Kürzen Sie den Text auf höchstens %(most)s Zeichen.", most=_LONGEST), field=name)
