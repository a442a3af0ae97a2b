"""Rent limits (Mietobergrenzen)."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.network import queries, rules, service
from caseapp.network.forms import RentTableForm
from caseapp.network.forms.dwellings import rent_fields
from caseapp.network.models import RentTable
from caseapp.network.views.area import area, place_name, tabs
from caseapp.places.queries import gazetteer, get_organisation
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/mietobergrenzen", permission=Permission.PARTNER_READ)
def rent_limits() -> ResponseReturnValue:
    """What rents may be, by place and time; the ones in force first."""
    today = clock.today()
    tables = queries.list_rent_tables()
    running = [each for each in tables if rules.is_valid_on(each.valid_from, each.valid_to, today)]
    return render_template(
        "network/rents.html",
        running=running,
        others=[each for each in tables if each not in running],
        place_name=place_name,
        tabs=tabs("rents"),
    )


@area.page("/mietobergrenzen/neu", permission=Permission.CODELIST_EDIT, methods=("GET", "POST"))
def add_rent_table() -> ResponseReturnValue:
    """New limits."""
    form = _form({})
    if form.validate_on_submit():
        try:
            table = service.add_rent_table(context.actor(), form.new, table_id=form.form_id.data)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Mietobergrenzen eingetragen."), undo=url_for("network.strike_rent_table", table_id=table.id))
            return _back()
    return _page(form, None), form.status


@area.page("/mietobergrenzen/<uuid:table_id>", permission=Permission.CODELIST_EDIT, methods=("GET", "POST"))
def rent_table(table_id: UUID) -> ResponseReturnValue:
    """Change limits, or say until when they hold."""
    table = queries.get_rent_table(table_id)
    form = _form(rent_fields(table), table)
    if form.validate_on_submit():
        try:
            service.change_rent_table(context.actor(), table, form.new, version=form.version.data or "")
        except ConflictError:
            form.version.data = table.version
            return _page(form, table, theirs=table), 409
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Mietobergrenzen geändert."))
            return _back()
    return _page(form, table), form.status


@area.page("/mietobergrenzen/<uuid:table_id>/streichen", permission=Permission.CODELIST_EDIT, methods=("POST",))
def strike_rent_table(table_id: UUID) -> ResponseReturnValue:
    """The limits were entered by mistake."""
    table = queries.get_rent_table(table_id)
    service.strike_rent_table(context.actor(), table)
    tell(_("Mietobergrenzen gestrichen."), undo=url_for("network.restore_rent_table", table_id=table.id))
    return _back()


@area.page("/mietobergrenzen/<uuid:table_id>/aufnehmen", permission=Permission.CODELIST_EDIT, methods=("POST",))
def restore_rent_table(table_id: UUID) -> ResponseReturnValue:
    """Take struck limits up again."""
    service.restore_rent_table(context.actor(), queries.get_rent_table(table_id))
    tell(_("Die Mietobergrenzen gelten wieder."))
    return _back()


def _page(form: RentTableForm, table: RentTable | None, *, theirs: RentTable | None = None) -> str:
    reads = policy.may(context.actor(), Permission.PARTNER_READ)
    return render_template(
        "network/rent_table.html",
        form=form,
        table=table,
        theirs=theirs,
        place_name=place_name,
        tabs=tabs("rents") if reads else [],
        back=_way_back(),
    )


def _way_back() -> str:
    """An administrator enters limits and does not read the directory."""
    reads = policy.may(context.actor(), Permission.PARTNER_READ)
    return url_for("network.rent_limits" if reads else "catalogue.lists")


def _back() -> ResponseReturnValue:
    return redirect(_way_back())


def _form(data: dict[str, object], table: RentTable | None = None) -> RentTableForm:
    carriers = [get_organisation(each) for each in policy.organisations(context.actor(), Permission.CODELIST_EDIT)]
    districts = sorted({each.profile.ags[:5] for each in carriers if each.profile.ags})
    offered = districts + sorted((ags for ags in gazetteer().municipalities if ags[:5] in districts), key=place_name)
    stored = table.text.ags if table else ()
    return RentTableForm(
        data=data, choices={"ags": {ags: place_name(ags) for ags in (*offered, *stored)} or _everywhere()}
    )


def _everywhere() -> dict[str, str]:
    """All districts: a carrier whose seat nobody has entered yet must be able to begin."""
    return {ags: place_name(ags) for ags in gazetteer().districts}
