"""The area of this slice, and what several of its pages share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for

from caseapp.catalogue import queries as catalogue
from caseapp.i18n import gettext as _
from caseapp.network import queries
from caseapp.places.queries import gazetteer, get_organisation, municipality_name
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.area import Area

area = Area("network", __name__)


def tabs(active: str) -> list[dict[str, Any]]:
    """The parts of the directory."""
    parts = (
        ("partners", _("Partner"), "network.index"),
        ("dwellings", _("Wohnungen"), "network.dwellings"),
        ("rents", _("Mietobergrenzen"), "network.rent_limits"),
        ("doubles", _("Doppelte Einträge"), "network.doubles"),
    )
    return [{"label": label, "href": url_for(endpoint), "active": key == active} for key, label, endpoint in parts]


def carrier() -> UUID:
    """The carrier for which the person writes."""
    return context.organisation_id(Permission.PARTNER_EDIT)


def kind_choices(keep: str = "") -> dict[str, str]:
    """The kinds of partners for a form; a stored one stays choosable."""
    offered = {code.code: code.label() for code in queries.kinds()}
    return offered | ({keep: catalogue.label("partner_kinds", keep)} if keep and keep not in offered else {})


def towns() -> dict[str, str]:
    """The municipalities around the person's carriers by key: those of their districts."""
    actor = context.actor()
    carriers = [get_organisation(each) for each in policy.organisations(actor, Permission.PARTNER_READ)]
    districts = {each.profile.ags[:5] for each in carriers if each.profile.ags}
    found = {ags: town.name for ags, town in gazetteer().municipalities.items() if ags[:5] in districts}
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def place_name(ags: str) -> str:
    """The name of a municipality, or of a whole district ("Kreis Ravensburg")."""
    district = gazetteer().districts.get(ags)
    return f"{district.kind} {district.name}" if district else municipality_name(ags)
