"""A carrier's own notes on a partner."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.network import queries, service
from caseapp.network.forms import NoteForm
from caseapp.network.views.area import area, carrier
from caseapp.network.views.shown import page
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/partner/<uuid:partner_id>/notiz", permission=Permission.PARTNER_EDIT, methods=("GET", "POST"))
def add_note(partner_id: UUID) -> ResponseReturnValue:
    """Note something that no other carrier sees."""
    partner = queries.get_partner(partner_id)
    form = NoteForm()
    if form.validate_on_submit():
        try:
            added = service.add_note(
                context.actor(), partner, form.text.data or "", carrier_id=carrier(), note_id=form.form_id.data
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Notiz gespeichert."), undo=url_for("network.strike_note", note_id=added.id))
            return redirect(url_for("network.show", partner_id=partner.id))
    return page(partner, form)


@area.page("/partner/notiz/<uuid:note_id>/streichen", permission=Permission.PARTNER_EDIT, methods=("POST",))
def strike_note(note_id: UUID) -> ResponseReturnValue:
    """The note is no longer shown."""
    found = queries.get_note(note_id)
    service.strike_note(context.actor(), found)
    tell(_("Notiz gestrichen."), undo=url_for("network.restore_note", note_id=found.id))
    return redirect(url_for("network.show", partner_id=found.partner_id))


@area.page("/partner/notiz/<uuid:note_id>/zurueck", permission=Permission.PARTNER_EDIT, methods=("POST",))
def restore_note(note_id: UUID) -> ResponseReturnValue:
    """Show a struck note again."""
    found = queries.get_note(note_id)
    service.restore_note(context.actor(), found)
    tell(_("Die Notiz ist wieder da."))
    return redirect(url_for("network.show", partner_id=found.partner_id))
