"""The page of one partner."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.catalogue import queries as catalogue
from caseapp.i18n import gettext as _
from caseapp.network import queries, rules, service
from caseapp.network.forms import NoteForm
from caseapp.network.models import Partner
from caseapp.network.views.area import area, carrier, place_name, tabs
from caseapp.network.views.index import language_labels
from caseapp.places.queries import name_organisations
from caseapp.security.permissions import Permission
from caseapp.web import context, signin, undo
from caseapp.web.messages import tell


@area.page("/partner/<uuid:partner_id>", permission=Permission.PARTNER_READ)
def show(partner_id: UUID) -> ResponseReturnValue:
    """All that the district knows of a partner, and what one's own carrier notes. An old id leads to the kept one."""
    partner = queries.get_partner(partner_id)
    if partner.id != partner_id:
        return redirect(url_for("network.show", partner_id=partner.id))
    return page(partner, NoteForm())


def page(partner: Partner, form: NoteForm) -> ResponseReturnValue:
    """The page, with the form for a note."""
    merges = queries.list_merges(partner.id)
    names = {each.merged_id: queries.get_partner_entry(each.merged_id).profile.name for each in merges}
    return render_template(
        "network/show.html",
        partner=partner,
        form=form,
        notes=queries.list_notes(partner.id),
        dwellings=queries.list_dwellings(state="", landlord_id=partner.id) if partner.kind == rules.LANDLORD else [],
        merges=[(each, names[each.merged_id]) for each in merges],
        tabs=tabs("partners"),
        confirmed_by=name_organisations([partner.confirmed_by_id] if partner.confirmed_by_id else []),
        kind_label=catalogue.label("partner_kinds", partner.kind),
        language_labels=language_labels,
        skill_labels=lambda codes: ", ".join(catalogue.label("volunteer_skills", code) for code in codes),
        place_name=place_name,
        writes_for=context.carriers(Permission.PARTNER_EDIT),
    ), form.status


@area.page("/partner/<uuid:partner_id>/stimmt", permission=Permission.PARTNER_EDIT, methods=("POST",))
def confirm(partner_id: UUID) -> ResponseReturnValue:
    """One tap: what stands there is still right."""
    partner = queries.get_partner(partner_id)
    before = f"{partner.confirmed_on or ''}", f"{partner.confirmed_by_id or ''}"
    service.confirm_partner(context.actor(), partner, carrier_id=carrier())
    token = undo.sign("partner-confirm", str(partner.id), *before)
    tell(_("Bestätigt: Die Angaben stimmen heute."), undo=url_for("network.unconfirm", token=token))
    return _back(partner)


@area.page("/partner/stimmt/<token>/zurueck", permission=Permission.PARTNER_EDIT, methods=("POST",))
def unconfirm(token: str) -> ResponseReturnValue:
    """Take "Stimmt noch" back."""
    partner_id, on, by = undo.read("partner-confirm", token)
    partner = queries.get_partner(UUID(partner_id))
    service.take_confirmation_back(
        context.actor(),
        partner,
        confirmed_on=dt.date.fromisoformat(on) if on else None,
        confirmed_by_id=UUID(by) if by else None,
    )
    tell(_("Die Bestätigung ist zurückgenommen."))
    return redirect(url_for("network.show", partner_id=partner.id))


@area.page("/partner/<uuid:partner_id>/streichen", permission=Permission.PARTNER_EDIT, methods=("POST",))
def strike(partner_id: UUID) -> ResponseReturnValue:
    """The partner is no longer offered; old papers keep the name."""
    partner = queries.get_partner(partner_id)
    service.strike_partner(context.actor(), partner)
    tell(_("Eintrag gestrichen."), undo=url_for("network.restore", partner_id=partner.id))
    return redirect(url_for("network.index"))


@area.page("/partner/<uuid:partner_id>/aufnehmen", permission=Permission.PARTNER_EDIT, methods=("POST",))
def restore(partner_id: UUID) -> ResponseReturnValue:
    """Take a struck entry up again."""
    partner = queries.get_partner(partner_id)
    service.restore_partner(context.actor(), partner)
    tell(_("Der Eintrag steht wieder im Verzeichnis."))
    return redirect(url_for("network.show", partner_id=partner.id))


def _back(partner: Partner) -> ResponseReturnValue:
    here = request.form.get("next")
    return redirect(signin.safe_path(here) if here else url_for("network.show", partner_id=partner.id))
