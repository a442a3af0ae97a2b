"""Adding and changing partners."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.catalogue import queries as catalogue
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.network import queries, rules, service
from caseapp.network.forms import PartnerForm
from caseapp.network.forms.partners import fields_of
from caseapp.network.models import Partner
from caseapp.network.views.area import area, carrier, kind_choices, place_name, tabs, towns
from caseapp.network.views.lines import lines_of
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/partner/neu", permission=Permission.PARTNER_EDIT, methods=("GET", "POST"))
def add() -> ResponseReturnValue:
    """A new partner for the whole district."""
    form = _form({"kind": request.args.get("art", "")})
    if form.validate_on_submit():
        try:
            partner = service.add_partner(
                context.actor(),
                form.kind.data or "",
                form.profile,
                carrier_id=carrier(),
                partner_id=form.form_id.data,
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Partner angelegt."), undo=url_for("network.strike", partner_id=partner.id))
            return redirect(url_for("network.show", partner_id=partner.id))
    return render_template("network/form.html", form=form, partner=None, **_around()), form.status


@area.page("/partner/<uuid:partner_id>/aendern", permission=Permission.PARTNER_EDIT, methods=("GET", "POST"))
def change(partner_id: UUID) -> ResponseReturnValue:
    """Change a partner. One that somebody else changed meanwhile is shown beside what was typed."""
    partner = queries.get_partner(partner_id)
    form = _form(fields_of(partner), partner)
    if form.validate_on_submit():
        try:
            service.change_partner(
                context.actor(),
                partner,
                form.kind.data or "",
                form.profile,
                carrier_id=carrier(),
                version=form.version.data or "",
            )
        except ConflictError:
            form.version.data = partner.version
            theirs = lines_of(partner)
            return render_template("network/form.html", form=form, partner=partner, theirs=theirs, **_around()), 409
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Partner geändert."))
            return redirect(url_for("network.show", partner_id=partner.id))
    return render_template("network/form.html", form=form, partner=partner, **_around()), form.status


def _around() -> dict[str, object]:
    return {"tabs": tabs("partners"), "volunteer_kind": rules.VOLUNTEER}


def _form(data: dict[str, object], partner: Partner | None = None) -> PartnerForm:
    chosen = partner.volunteer if partner else None
    areas = towns() | {ags: place_name(ags) for ags in (chosen.areas if chosen else ())}
    return PartnerForm(
        data=data,
        choices={
            "kind": kind_choices(partner.kind if partner else ""),
            "languages": dict(
                catalogue.options("languages", carrier(), keep=partner.profile.languages if partner else ())
            ),
            "skills": dict(catalogue.options("volunteer_skills", carrier(), keep=chosen.skills if chosen else ())),
            "areas": areas,
        },
    )
