"""Requests about the client from outside: entered, refused with a letter, or answered by law."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.catalogue import queries as catalogue
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.referrals import queries, service
from caseapp.referrals.forms import OutsideForm
from caseapp.referrals.models import OutsideRequest, OutsideText
from caseapp.referrals.views.area import area, open_to
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/anfragen/neu", permission=Permission.REFERRAL_SEND, methods=("GET", "POST"))
def add_outside(client_id: UUID) -> ResponseReturnValue:
    """Enter who asked for what."""
    client = open_to(client_id, Permission.REFERRAL_SEND)
    form = OutsideForm(
        choices={"asker": catalogue.options("partner_kinds", client.organisation_id)},
        data={"received_on": clock.today()},
    )
    if form.validate_on_submit():
        try:
            added = service.add_outside(
                context.actor(),
                client,
                asker=form.asker.data,
                received_on=form.received_on.data or clock.today(),
                text=OutsideText(
                    office=form.office.data or "",
                    person=form.person.data or "",
                    reference=form.reference.data or "",
                    street=form.street.data or "",
                    place=form.place.data or "",
                    asked=form.asked.data or "",
                ),
                outside_id=form.form_id.data,
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Anfrage eingetragen. Antworten Sie mit der Ablehnung oder prüfen Sie eine gesetzliche Grundlage."))
            return redirect(url_for("referrals.show_outside", outside_id=added.id))
    return render_template("referrals/outside_form.html", client=client, form=form), form.status


@area.page("/anfragen/<uuid:outside_id>", permission=Permission.CLIENT_READ)
def show_outside(outside_id: UUID) -> ResponseReturnValue:
    """A request from outside and its answer."""
    outside = queries.get_outside(outside_id)
    client = clients.get_client(outside.client_id)
    policy.require(context.actor(), Permission.CLIENT_READ, client)
    return render_template(
        "referrals/outside.html",
        client=client,
        head=client.head,
        outside=outside,
        asker=catalogue.label("partner_kinds", outside.asker, outside.received_on),
    )


@area.page("/anfragen/<uuid:outside_id>/ablehnen", permission=Permission.REFERRAL_SEND, methods=("POST",))
def refuse_outside(outside_id: UUID) -> ResponseReturnValue:
    """Answer with the letter of refusal."""
    outside, client = _load(outside_id)
    try:
        paper, _job = service.refuse_outside(context.actor(), client, outside, version=request.form.get("version", ""))
    except ConflictError as refusal:
        tell(str(refusal), "danger")
        return redirect(url_for("referrals.show_outside", outside_id=outside.id))
    tell(_("Abgelehnt. Der Brief wird geschrieben."), undo=url_for("referrals.reopen_outside", outside_id=outside.id))
    return redirect(url_for("papers.show", paper_id=paper.id))


@area.page("/anfragen/<uuid:outside_id>/selbst", permission=Permission.REFERRAL_SEND, methods=("POST",))
def hand_to_client(outside_id: UUID) -> ResponseReturnValue:
    """The client answers."""
    outside, client = _load(outside_id)
    try:
        service.hand_to_client(context.actor(), client, outside, version=request.form.get("version", ""))
    except ConflictError as refusal:
        tell(str(refusal), "danger")
    else:
        tell(
            _("Eingetragen: Die Person antwortet selbst."),
            undo=url_for("referrals.reopen_outside", outside_id=outside.id),
        )
    return redirect(url_for("referrals.show_outside", outside_id=outside.id))


@area.page("/anfragen/<uuid:outside_id>/offen", permission=Permission.REFERRAL_SEND, methods=("POST",))
def reopen_outside(outside_id: UUID) -> ResponseReturnValue:
    """Take an answer back that was entered by mistake."""
    outside, client = _load(outside_id)
    service.reopen_outside(context.actor(), client, outside)
    tell(_("Die Anfrage ist wieder offen."))
    return redirect(url_for("referrals.show_outside", outside_id=outside.id))


def _load(outside_id: UUID) -> tuple[OutsideRequest, Client]:
    outside = queries.get_outside(outside_id)
    client = clients.get_client(outside.client_id)
    policy.require(context.actor(), Permission.REFERRAL_SEND, client)
    return outside, client
