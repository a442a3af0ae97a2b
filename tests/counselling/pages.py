"""Contacts on pages: the form's address, what was stored, and one saved without a page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from caseapp import clock
from caseapp.clients.queries import get_client
from caseapp.counselling import queries, service
from caseapp.counselling.models import Contact, ContactDetail
from caseapp.counselling.service import NewContact
from tests.factories.browser import Browser
from tests.factories.world import World

Browse = Callable[[str], Browser]

GOOD = {"kind": "BUE", "minutes": "30", "language": "prs", "interpreter": "KEI", "on_day": "heute"}


def form_of(client_id: UUID) -> str:
    return f"/klienten/{client_id}/kontakt"


def contacts_of(world: World, client_id: UUID) -> list[Contact]:
    with world.unscoped():
        found = list(queries.list_contacts(client_id))
        assert all(each.detail for each in found)
        return found


def save(world: World, client_id: UUID, login: str = "maier", **values: Any) -> UUID:
    detail = ContactDetail(**values)
    with world.unit(login, write=True):
        new = NewContact(on_day=clock.today(), kind="BUE", minutes=30, detail=detail)
        return service.save_contact(world.actor(login), get_client(client_id), new).id
