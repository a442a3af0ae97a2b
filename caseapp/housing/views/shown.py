"""One application: viewing, result, checklist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.clients import frame
from caseapp.clients.models import Client
from caseapp.errors import ConflictError, RuleError
from caseapp.housing import queries, service
from caseapp.housing.forms import LeaseForm, ResultForm, ViewingForm
from caseapp.housing.models import HousingApplication
from caseapp.housing.rules.states import OPEN, State, may_follow
from caseapp.housing.views.area import TAB, area, load, state_labels
from caseapp.i18n import gettext as _
from caseapp.network import queries as network
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context, undo
from caseapp.web.messages import tell


@area.page("/wohnungssuche/<uuid:application_id>", permission=Permission.CLIENT_READ)
def show(application_id: UUID) -> ResponseReturnValue:
    """An application with what can be done next."""
    application, client = load(application_id, Permission.CLIENT_READ)
    return page(application, client)


@area.page(
    "/wohnungssuche/<uuid:application_id>/besichtigung", permission=Permission.CLIENT_EDIT, methods=("GET", "POST")
)
def viewing(application_id: UUID) -> ResponseReturnValue:
    """The day and time of the viewing."""
    application, client = load(application_id)
    form = ViewingForm(data={"version": application.version})
    status = 200
    if form.validate_on_submit():
        before = State(application.state)
        try:
            service.set_viewing(
                context.actor(),
                client,
                application,
                form.on_day.data or clock.today(),
                form.time.data or "",
                version=form.version.data or "",
            )
        except ConflictError as refusal:
            form.version.data, status = application.version, 409
            form.refuse(str(refusal))
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Besichtigung eingetragen."), undo=_way_back(application, before))
            return redirect(url_for("housing.show", application_id=application.id))
    return page(application, client, viewing_form=form, status=status)


@area.page("/wohnungssuche/<uuid:application_id>/ergebnis", permission=Permission.CLIENT_EDIT, methods=("GET", "POST"))
def result(application_id: UUID) -> ResponseReturnValue:
    """Zusage, Absage or withdrawn: one button each, the reason is the button."""
    application, client = load(application_id)
    form = ResultForm(data={"version": application.version})
    status = 200
    if form.validate_on_submit():
        before = State(application.state)
        try:
            service.record_result(
                context.actor(),
                client,
                application,
                _posted_result(),
                reason=request.form.get("reason", ""),
                version=form.version.data or "",
            )
        except ConflictError as refusal:
            form.version.data, status = application.version, 409
            form.refuse(str(refusal))
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Ergebnis eingetragen."), undo=_way_back(application, before))
            return redirect(url_for("housing.show", application_id=application.id))
    return page(application, client, result_form=form, status=status)


@area.page("/wohnungssuche/<uuid:application_id>/zurueck/<token>", permission=Permission.CLIENT_EDIT, methods=("POST",))
def undo_step(application_id: UUID, token: str) -> ResponseReturnValue:
    """Take a viewing or a result back."""
    application, client = load(application_id)
    named, before, version = undo.read("housing-step", token)
    if named != application.id.hex:
        raise RuleError(_("Das lässt sich nicht mehr zurücknehmen."))
    service.take_back_result(context.actor(), client, application, State(before), version=version)
    tell(_("Zurückgenommen."))
    return redirect(url_for("housing.show", application_id=application.id))


@area.page("/wohnungssuche/<uuid:application_id>/liste", permission=Permission.CLIENT_EDIT, methods=("POST",))
def check(application_id: UUID) -> ResponseReturnValue:
    """Tick a point of the checklist, or open it again."""
    application, client = load(application_id)
    done = request.form.get("done") == "1"
    service.tick_check(
        context.actor(), client, application, request.form.get("code", ""), done_on=clock.today() if done else None
    )
    return redirect(url_for("housing.show", application_id=application.id, _anchor="checkliste"))


def page(
    application: HousingApplication,
    client: Client,
    *,
    viewing_form: ViewingForm | None = None,
    result_form: ResultForm | None = None,
    lease_form: LeaseForm | None = None,
    status: int = 200,
) -> tuple[str, int]:
    """The page of an application; a form that was refused is shown with its input."""
    opened = frame.load(client)
    dwelling = network.get_dwelling(application.dwelling_id)
    _household, hit = queries.find_hit(client, dwelling, opened.today)
    state = queries.state_now(application)
    forms: list[Any] = [each for each in (viewing_form, result_form, lease_form) if each is not None]
    return frame.shown(
        "housing/show.html",
        opened,
        TAB,
        application=application,
        state=state,
        hit=hit,
        labels=state_labels(),
        next=may_follow(application.state),
        running=state in OPEN,
        checks=queries.list_checks(application.id),
        viewing_form=viewing_form or ViewingForm(formdata=None, data=_viewing_of(application)),
        result_form=result_form or ResultForm(formdata=None, data={"version": application.version}),
        lease_form=lease_form or new_lease_form(application, client),
        by_landlord=queries.reasons_by_side(landlord=True),
        by_us=queries.reasons_by_side(landlord=False),
        reason=queries.reason_codes().get(application.reason or "", ""),
    ), max([status, *(form.status for form in forms)]) if status == 200 else status


def new_lease_form(application: HousingApplication, client: Client, *, posted: bool = False) -> LeaseForm:
    """The form of the lease; everybody whose file one edits moves along to begin with."""
    others = {
        str(each.client.id): each.client.head.full_name
        for each in queries.list_living(client, clock.today())
        if each.client.id != client.id and policy.allows(context.actor(), Permission.CLIENT_EDIT, each.client)
    }
    data = {"version": application.version, "moving": list(others)}
    choices = {"moving": others}
    return LeaseForm(data=data, choices=choices) if posted else LeaseForm(formdata=None, data=data, choices=choices)


def _viewing_of(application: HousingApplication) -> dict[str, Any]:
    return {
        "version": application.version,
        "on_day": application.viewing_on,
        "time": application.text.viewing_time,
    }


def _posted_result() -> State:
    asked = request.form.get("result", "")
    if asked not in {State.OFFERED, State.DECLINED, State.WITHDRAWN}:
        raise RuleError(_("Wählen Sie ein Ergebnis aus."))
    return State(asked)


def _way_back(application: HousingApplication, before: State) -> str:
    token = undo.sign("housing-step", application.id.hex, before.value, application.version)
    return url_for("housing.undo_step", application_id=application.id, token=token)
