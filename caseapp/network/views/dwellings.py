"""Offers of landlords."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.network import queries, rules, service
from caseapp.network.forms import DwellingForm
from caseapp.network.forms.dwellings import dwelling_fields
from caseapp.network.models import Dwelling
from caseapp.network.views.area import area, carrier, tabs
from caseapp.places.queries import municipality_name, name_organisations
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

_STATES = ("offered", "reserved", "let", "withdrawn")


@area.page("/wohnungen", permission=Permission.PARTNER_READ)
def dwellings() -> ResponseReturnValue:
    """The offers of the district, those that are free first."""
    state = request.args.get("stand", "offered")
    lines = queries.list_dwellings(state=state if state in _STATES else "offered")
    return render_template(
        "network/dwellings.html",
        lines=lines,
        state=state,
        states=state_labels(),
        tabs=tabs("dwellings"),
        town=municipality_name,
        today=clock.today(),
    )


@area.page("/wohnungen/neu", permission=Permission.PARTNER_EDIT, methods=("GET", "POST"))
def add_dwelling() -> ResponseReturnValue:
    """A new offer."""
    form = _form({"landlord": request.args.get("vermieter", "")})
    if form.validate_on_submit():
        try:
            dwelling = service.add_dwelling(context.actor(), form.new, dwelling_id=form.form_id.data)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(
                _("Wohnung eingetragen."),
                undo=url_for("network.move_dwelling", dwelling_id=dwelling.id, state="withdrawn"),
            )
            return redirect(url_for("network.dwellings"))
    return render_template("network/dwelling.html", form=form, dwelling=None, tabs=tabs("dwellings")), form.status


@area.page("/wohnungen/<uuid:dwelling_id>", permission=Permission.PARTNER_EDIT, methods=("GET", "POST"))
def dwelling(dwelling_id: UUID) -> ResponseReturnValue:
    """Change an offer. One that somebody else changed meanwhile is shown beside what was typed."""
    found = queries.get_dwelling(dwelling_id)
    form = _form(dwelling_fields(found), found)
    if form.validate_on_submit():
        try:
            service.change_dwelling(context.actor(), found, form.new, version=form.version.data or "")
        except ConflictError:
            form.version.data = found.version
            return _page(found, form, theirs=found), 409
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Wohnung geändert."))
            return redirect(url_for("network.dwellings"))
    return _page(found, form), form.status


@area.page("/wohnungen/<uuid:dwelling_id>/stand/<state>", permission=Permission.PARTNER_EDIT, methods=("POST",))
def move_dwelling(dwelling_id: UUID, state: str) -> ResponseReturnValue:
    """Offer, reserve, let or withdraw in one tap."""
    found = queries.get_dwelling(dwelling_id)
    if state not in _STATES:
        raise RuleError(_("Wählen Sie einen Zustand aus."))
    before = found.state
    if state == service.LET:
        service.let_dwelling(context.actor(), found, carrier_id=carrier())
    else:
        service.move_dwelling(context.actor(), found, state, carrier_id=carrier())
    back = url_for("network.move_dwelling", dwelling_id=found.id, state=before)
    undoable = before in rules.next_states(state)
    tell(_("Der Stand der Wohnung ist geändert."), undo=back if undoable else "")
    return redirect(url_for("network.dwellings"))


def state_labels() -> dict[str, str]:
    """The states of an offer in words."""
    return {
        "offered": _("frei"),
        "reserved": _("reserviert"),
        "let": _("vermietet"),
        "withdrawn": _("zurückgezogen"),
    }


def _page(found: Dwelling, form: DwellingForm, *, theirs: Dwelling | None = None) -> str:
    return render_template(
        "network/dwelling.html",
        form=form,
        dwelling=found,
        theirs=theirs,
        states=state_labels(),
        next_states=[state for state in _STATES if state in rules.next_states(found.state)],
        held_by=name_organisations([found.held_by_id] if found.held_by_id else []),
        tabs=tabs("dwellings"),
    )


def _form(data: dict[str, object], found: Dwelling | None = None) -> DwellingForm:
    landlords: dict[str, object] = dict(queries.partner_choices((rules.LANDLORD,)))
    if found is not None and found.landlord_id is not None:
        kept = queries.get_partner(found.landlord_id)
        data["landlord"] = str(kept.id)
        if not any(str(kept.id) in group for group in queries.partner_choices((rules.LANDLORD,)).values()):
            landlords[_("Gestrichen")] = {str(kept.id): kept.profile.name}
    return DwellingForm(
        data=data,
        choices={
            "landlord": landlords,
            "rooms": {str(half): f"{half // 2}{',5' if half % 2 else ''}" for half in range(2, 17)},
        },
    )
