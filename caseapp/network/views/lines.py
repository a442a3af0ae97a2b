"""A partner as lines of label and text: beside what somebody else typed, and for choosing when two are merged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from caseapp.catalogue import queries as catalogue
from caseapp.i18n import gettext as _
from caseapp.network.models import Partner, PartnerProfile
from caseapp.web.parsing import phone_text

Text = Callable[[PartnerProfile], str]


def _people(profile: PartnerProfile) -> str:
    return "\n".join(
        ", ".join(part for part in (each.name, each.function, phone_text(each.phone), each.email) if part)
        for each in profile.people
    )


# What belongs together is chosen together: the fields of a profile, and how they read.
GROUPS: dict[str, tuple[tuple[str, ...], Text]] = {
    "name": (("name",), lambda profile: profile.name),
    "department": (("department",), lambda profile: profile.department),
    "address": (("street", "postcode", "place", "ags"), lambda profile: profile.address),
    "phone": (("phone",), lambda profile: phone_text(profile.phone)),
    "email": (("email",), lambda profile: profile.email),
    "website": (("website",), lambda profile: profile.website),
    "hours": (("hours",), lambda profile: profile.hours),
    "languages": (
        ("languages",),
        lambda profile: ", ".join(catalogue.label("languages", code) for code in profile.languages),
    ),
    "people": (("people",), _people),
    "note": (("note",), lambda profile: profile.note),
}


def label_of(group: str) -> str:
    """What a group of fields is called."""
    return {
        "kind": _("Art"),
        "name": _("Name"),
        "department": _("Abteilung"),
        "address": _("Adresse"),
        "phone": _("Telefon"),
        "email": _("E-Mail"),
        "website": _("Internet"),
        "hours": _("Sprechzeiten"),
        "languages": _("Sprachen"),
        "people": _("Ansprechpersonen"),
        "note": _("Hinweis für alle im Kreis"),
    }[group]


def lines_of(partner: Partner) -> list[tuple[str, str]]:
    """Label and text of all that is stored."""
    return [
        (label_of("kind"), catalogue.label("partner_kinds", partner.kind)),
        *((label_of(group), text(partner.profile)) for group, (_fields, text) in GROUPS.items()),
    ]


def taken_over(kept: PartnerProfile, other: PartnerProfile, groups: set[str]) -> PartnerProfile:
    """`kept` with these groups of fields from `other`; the profile of a volunteer is kept wherever there is one."""
    values: dict[str, Any] = {
        field: getattr(other, field) for group in groups & GROUPS.keys() for field in GROUPS[group][0]
    }
    return replace(kept, **values, volunteer=kept.volunteer or other.volunteer)
