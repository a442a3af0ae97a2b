"""Pages of the carrier: its profile and its teams."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec.structs import asdict

from caseapp.accounts.forms import CarrierForm, TeamForm
from caseapp.accounts.views.area import area
from caseapp.catalogue import queries as codes
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext
from caseapp.places import queries, service
from caseapp.places.models import CarrierProfile, Organisation
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

LAWS = {
    "DSGVO": lazy_gettext("DSGVO und LDSG"),
    "SGB-X": lazy_gettext("DSGVO mit SGB X (Sozialdaten)"),
    "KDG": lazy_gettext("KDG (katholische Träger)"),
    "DSG-EKD": lazy_gettext("DSG-EKD (evangelische Träger)"),
}


@area.page("/verwaltung/traeger", permission=Permission.ORGANISATION_EDIT, methods=("GET", "POST"))
def carrier() -> ResponseReturnValue:
    """The carrier with its teams; posting adds a team."""
    organisation = _organisation()
    form = TeamForm()
    team_id = form.form_id.data
    if form.validate_on_submit() and team_id is not None:
        try:
            service.open_team(context.actor(), organisation.id, form.name.data or "", team_id=team_id)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Team angelegt."))
            return redirect(_address("accounts.carrier", organisation.id))
    return _page("accounts/carrier.html", organisation, form, teams=queries.list_teams(organisation.id))


@area.page("/verwaltung/traeger/profil", permission=Permission.ORGANISATION_EDIT, methods=("GET", "POST"))
def carrier_profile() -> ResponseReturnValue:
    """Change the carrier's profile. If somebody else did meanwhile, both versions are shown."""
    organisation = _organisation()
    form = CarrierForm(
        data={**asdict(organisation.profile), "profile_rev": organisation.profile_rev},
        choices={"kind": _kinds(organisation), "law": LAWS},
    )
    conflict: CarrierProfile | None = None
    if form.validate_on_submit():
        try:
            service.change_profile(context.actor(), organisation, _read(form), revision=_revision(form))
        except RuleError as refusal:
            form.refuse(refusal)
        except ConflictError:
            conflict = organisation.profile
            # Saving again is then a decision for this version.
            form.profile_rev.data = str(organisation.profile_rev)
            form.profile_rev.raw_data = None
        else:
            tell(_("Profil gespeichert."))
            return redirect(_address("accounts.carrier", organisation.id))
    answer = _page("accounts/carrier_profile.html", organisation, form, conflict=conflict)
    return (answer[0], 409) if conflict else answer


def _page(template: str, organisation: Organisation, form: Any, **values: Any) -> tuple[str, int]:
    page = render_template(
        template,
        organisation=organisation,
        form=form,
        carriers=context.carriers(Permission.ORGANISATION_EDIT),
        kinds=dict(_kinds(organisation)),
        laws=LAWS,
        back=_address("accounts.carrier", organisation.id),
        change=_address("accounts.carrier_profile", organisation.id),
        **values,
    )
    return page, form.status


def _kinds(organisation: Organisation) -> list[tuple[str, str]]:
    return codes.options("carrier_kinds", organisation.id, keep=(organisation.profile.kind,))


def _read(form: CarrierForm) -> CarrierProfile:
    fields = CarrierProfile.__struct_fields__
    return CarrierProfile(**{name: value or "" for name, value in form.data.items() if name in fields})


def _revision(form: CarrierForm) -> int:
    text = form.profile_rev.data or ""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _organisation() -> Organisation:
    return queries.get_organisation(context.organisation_id(Permission.ORGANISATION_EDIT))


def _address(endpoint: str, organisation_id: UUID) -> str:
    return url_for(endpoint, traeger=organisation_id if "traeger" in request.args else None)
