"""The Steckbrief: a sheet that the client hands to a landlord. Nothing leaves the house without the client's hand."""

from __future__ import annotations

from caseapp import clock
from caseapp.documents import render
from caseapp.housing import queries
from caseapp.housing.service import PROFILE_PAPER
from caseapp.i18n import gettext as _
from caseapp.network import queries as network
from caseapp.papers.service import Order, Printer
from caseapp.places import queries as places
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web.parsing import phone_text


def profile(order: Order) -> bytes:
    """Name, persons, move-in and telephone for one dwelling; never origin, title, benefits, nor that we counsel."""
    policy.require(order.actor, Permission.CLIENT_EDIT, order.client)
    application = queries.get_application(order.subject_id)
    dwelling = network.get_dwelling(application.dwelling_id)
    household, _hit = queries.find_hit(order.client, dwelling, clock.today())
    head = order.client.head
    wanted = household.move_in_on or dwelling.available_on
    return render(
        "housing_profile",
        carrier="",
        title=_("Steckbrief zur Wohnungssuche"),
        name=" ".join(part for part in (head.given_names, head.family_name) if part) or head.own_script,
        phones=[phone_text(phone) for phone in head.phones],
        address=dwelling.text.address or places.municipality_name(dwelling.ags),
        persons=household.persons,
        move_in_on=max(wanted, clock.today()) if wanted else None,
        made_on=clock.today(),
    )


PRINTERS: dict[str, Printer] = {PROFILE_PAPER: profile}
