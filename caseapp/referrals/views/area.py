"""The area of this slice, and what its pages share."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.catalogue import queries as catalogue
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.i18n import current_locale
from caseapp.network import queries as network
from caseapp.referrals import queries
from caseapp.referrals.models import Referral
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context, signin
from caseapp.web.area import Area
from caseapp.web.forms import Choices

area = Area("referrals", __name__)
TAB = "referrals"


def load(referral_id: UUID, permission: Permission = Permission.REFERRAL_SEND) -> tuple[Referral, Client]:
    """A referral with its file. Raises NotFoundError, ForbiddenError."""
    referral = queries.get_referral(referral_id)
    client = clients.get_client(referral.client_id)
    policy.require(context.actor(), permission, client)
    return referral, client


def open_to(client_id: UUID, permission: Permission) -> Client:
    """The file, if the actor may do this there. Raises NotFoundError, ForbiddenError."""
    client = clients.get_client(client_id)
    policy.require(context.actor(), permission, client)
    return client


def back(client: Client, *, anchor: str | None = None) -> ResponseReturnValue:
    """Where the button was pressed, else the page of referrals."""
    here = request.form.get("next")
    return redirect(signin.safe_path(here) if here else url_for("referrals.index", client_id=client.id, _anchor=anchor))


def word_choices(client: Client) -> dict[str, Choices]:
    """What the forms of a letter offer."""
    organisation_id = client.organisation_id
    return {
        "partner": network.partner_choices(),
        "fields": catalogue.options("release_fields", organisation_id),
    }


def help_text(code: str) -> str:
    """The one line that explains a way."""
    found = next((each for each in catalogue.rows_of("referral_ways") if each.code == code), None)
    return found.extra["help_de" if current_locale().startswith("de") else "help_en"] if found else ""


def read_id(text: str | None) -> UUID | None:
    """An id from a drop-down; None for the empty choice."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
