"""Applying for a dwelling: a sheet for the client's hand, or an inquiry by us."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.clients import queries as clients
from caseapp.errors import RuleError
from caseapp.housing import queries, service
from caseapp.housing.forms import ApplyForm
from caseapp.housing.models import HousingApplication
from caseapp.housing.service import Way
from caseapp.housing.views.area import area, load
from caseapp.i18n import gettext as _
from caseapp.network import queries as network
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page(
    "/klienten/<uuid:client_id>/wohnungen/<uuid:dwelling_id>",
    permission=Permission.CLIENT_EDIT,
    methods=("GET", "POST"),
)
def apply(client_id: UUID, dwelling_id: UUID) -> ResponseReturnValue:
    """One dwelling with its reasons, and the way to it. Without disclosure is the default."""
    client = clients.get_client(client_id)
    policy.require(context.actor(), Permission.CLIENT_EDIT, client)
    dwelling = network.get_dwelling(dwelling_id)
    household, hit = queries.find_hit(client, dwelling, clock.today())
    asked = {"goal": request.args.get("ziel", ""), "way": request.args.get("weg") or Way.CARRIED.value}
    form = ApplyForm(data=asked, choices={"way": way_labels()})
    if form.validate_on_submit():
        try:
            application = service.add_application(
                context.actor(),
                client,
                dwelling,
                Way(form.way.data),
                goal_id=_goal_of(form),
                application_id=form.form_id.data,
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            return _onward(application)
    return render_template("housing/apply.html", form=form, client=client, household=household, hit=hit), form.status


@area.page("/wohnungssuche/<uuid:application_id>/steckbrief", permission=Permission.CLIENT_EDIT, methods=("POST",))
def profile(application_id: UUID) -> ResponseReturnValue:
    """Print the Steckbrief once more."""
    application, client = load(application_id)
    paper, _job = service.order_profile(context.actor(), client, application)
    return redirect(url_for("papers.show", paper_id=paper.id))


def way_labels() -> dict[str, str]:
    """The two ways in words."""
    return {
        Way.CARRIED.value: _("Steckbrief für die Klientin oder den Klienten: Wir geben nichts weiter"),
        Way.SENT.value: _("Wir fragen an: Name, Telefon, Personen und Einzug, nur mit Freigabe"),
    }


def _goal_of(form: ApplyForm) -> UUID | None:
    try:
        return UUID(form.goal.data) if form.goal.data else None
    except ValueError:
        return None


def _onward(application: HousingApplication) -> ResponseReturnValue:
    if application.referral_id is not None:
        tell(_("Die Anfrage ist vorbereitet. Lesen Sie, was hinausgeht, und senden Sie sie ab."), "info")
        return redirect(url_for("referrals.show", referral_id=application.referral_id))
    tell(_("Bewerbung vorgemerkt. Drucken Sie den Steckbrief."))
    return redirect(url_for("housing.show", application_id=application.id))
