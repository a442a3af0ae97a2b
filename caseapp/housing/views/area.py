"""The area of this slice, and what its pages share."""

from __future__ import annotations

from uuid import UUID

from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.housing import queries
from caseapp.housing.models import HousingApplication
from caseapp.housing.rules.states import State
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.area import Area

area = Area("housing", __name__)
TAB = "referrals"


def load(application_id: UUID, permission: Permission = Permission.CLIENT_EDIT) -> tuple[HousingApplication, Client]:
    """The application with its client, for whom the permission allows it. Raises NotFoundError, ForbiddenError."""
    application = queries.get_application(application_id)
    client = clients.get_client(application.client_id)
    policy.require(context.actor(), permission, client)
    return application, client


def state_labels() -> dict[State, str]:
    """The states of an application in words."""
    return {
        State.PROPOSED: _("vorgemerkt"),
        State.ASKED: _("angefragt"),
        State.VIEWING: _("Besichtigung"),
        State.OFFERED: _("Zusage"),
        State.DECLINED: _("Absage"),
        State.WITHDRAWN: _("zurückgezogen"),
        State.LET: _("Mietvertrag"),
    }
