"""Plans of other offices."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.agreements import queries, service
from caseapp.agreements.forms import PlanForm
from caseapp.agreements.models import OtherPlan, PlanText
from caseapp.agreements.service import NewPlan
from caseapp.agreements.views.area import area
from caseapp.catalogue import queries as catalogue
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

_PERMISSION = Permission.GOAL_ASSESS
_BEFORE_KOOPERATIONSPLAN = dt.date(2023, 6, 30)  # § 15 SGB II as it was until then: some of those plans still run


@area.page("/klienten/<uuid:client_id>/plaene", permission=_PERMISSION, methods=("GET", "POST"))
def add_plan(client_id: UUID) -> ResponseReturnValue:
    """Record a plan of another office."""
    client = clients.get_client(client_id)
    policy.require(context.actor(), _PERMISSION, client)
    form = PlanForm(choices={"kind": _kinds(client)})
    if form.validate_on_submit():
        try:
            plan = service.add_plan(context.actor(), client, _new(form), plan_id=form.form_id.data)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Plan eingetragen."), undo=url_for("agreements.cancel_plan", plan_id=plan.id))
            return _back(client)
    return render_template("agreements/plan.html", form=form, client=client, head=client.head), form.status


@area.page("/plaene/<uuid:plan_id>", permission=_PERMISSION, methods=("GET", "POST"))
def change_plan(plan_id: UUID) -> ResponseReturnValue:
    """Change or end a plan. What somebody else changed meanwhile is shown beside what was typed."""
    plan, client = _load(plan_id)
    stored = _stored(plan)
    form = PlanForm(data=stored | {"version": plan.version}, choices={"kind": _kinds(client, keep=plan.kind)})
    theirs: dict[str, Any] | None = None
    if form.validate_on_submit():
        try:
            service.change_plan(context.actor(), client, plan, _new(form), version=form.version.data or "")
        except ConflictError:
            theirs, form.version.data = stored, plan.version
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Plan geändert."))
            return _back(client)
    page = render_template(
        "agreements/plan.html",
        form=form,
        client=client,
        head=client.head,
        plan=plan,
        theirs=theirs,
        label=catalogue.label,
    )
    return page, 409 if theirs else form.status


@area.page("/plaene/<uuid:plan_id>/streichen", permission=_PERMISSION, methods=("POST",))
def cancel_plan(plan_id: UUID) -> ResponseReturnValue:
    """The plan was entered by mistake."""
    plan, client = _load(plan_id)
    service.cancel_plan(context.actor(), client, plan)
    tell(_("Plan gestrichen."), undo=url_for("agreements.restore_plan", plan_id=plan.id))
    return _back(client)


@area.page("/plaene/<uuid:plan_id>/zurueckholen", permission=_PERMISSION, methods=("POST",))
def restore_plan(plan_id: UUID) -> ResponseReturnValue:
    """Take the striking out back."""
    plan, client = _load(plan_id, cancelled=True)
    service.restore_plan(context.actor(), client, plan)
    tell(_("Der Plan ist wieder da."))
    return _back(client)


def _load(plan_id: UUID, *, cancelled: bool = False) -> tuple[OtherPlan, Client]:
    plan = queries.find_plan(plan_id) if cancelled else None
    plan = plan or queries.get_plan(plan_id)
    client = clients.get_client(plan.client_id)
    policy.require(context.actor(), _PERMISSION, client)
    return plan, client


def _kinds(client: Client, *, keep: str = "") -> dict[str, str]:
    """Kinds that can be agreed on today, and those that ended and may still run."""
    organisation_id, today = client.organisation_id, clock.today()
    offered = dict(catalogue.options("other_plan_kinds", organisation_id, on=today, keep=(keep,)))
    return offered | dict(catalogue.options("other_plan_kinds", organisation_id, on=_BEFORE_KOOPERATIONSPLAN))


def _new(form: PlanForm) -> NewPlan:
    return NewPlan(
        kind=form.kind.data or "",
        agreed_on=form.agreed_on.data,
        ended_on=form.ended_on.data,
        text=PlanText(
            office=form.office.data or "",
            main_goal=form.main_goal.data or "",
            leads=form.leads.data or "",
            note=form.note.data or "",
        ),
    )


def _stored(plan: OtherPlan) -> dict[str, Any]:
    text = plan.text
    return {
        "kind": plan.kind,
        "agreed_on": plan.agreed_on,
        "ended_on": plan.ended_on,
        "office": text.office,
        "main_goal": text.main_goal,
        "leads": text.leads,
        "note": text.note,
    }


def _back(client: Client) -> ResponseReturnValue:
    return redirect(url_for("agreements.index", client_id=client.id))
