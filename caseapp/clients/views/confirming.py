"""One-tap actions in a file: "Stand unverändert", "geprüft". Each leads back and offers to take it back."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.clients import queries, service
from caseapp.clients.models import Client, FactKind
from caseapp.clients.views import undo
from caseapp.clients.views.area import area
from caseapp.errors import NotFoundError
from caseapp.i18n import gettext as _
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

_CONFIRMED = "confirm"
_CHECKED = "mark"


@area.page("/klienten/<uuid:client_id>/stand/bestaetigen", permission=Permission.CLIENT_EDIT, methods=("POST",))
def confirm(client_id: UUID) -> ResponseReturnValue:
    """What holds today was checked with the client: `kind` is one history, or "all"."""
    client = queries.get_client(client_id)
    wanted = request.form.get("kind", "")
    kinds = [kind for kind in FactKind if wanted in {kind.value, "all"}]
    if not kinds:
        raise NotFoundError
    before = service.confirm_facts(context.actor(), client, kinds)
    days = {entry_id.hex: day.isoformat() if day else None for entry_id, day in before.items()}
    undo.keep(_CONFIRMED, client_id, {"days": days, "on": clock.today().isoformat()})
    tell(_("Stand für heute bestätigt."), undo=url_for("clients.unconfirm", client_id=client_id))
    return _back(client)


@area.page("/klienten/<uuid:client_id>/stand/zurueck", permission=Permission.CLIENT_EDIT, methods=("POST",))
def unconfirm(client_id: UUID) -> ResponseReturnValue:
    """Take the last confirmation back."""
    client = queries.get_client(client_id)
    kept = undo.take(_CONFIRMED, client_id)
    before = {UUID(entry_id): dt.date.fromisoformat(day) if day else None for entry_id, day in kept["days"].items()}
    service.unconfirm_facts(context.actor(), client, before, dt.date.fromisoformat(kept["on"]))
    tell(_("Bestätigung zurückgenommen."))
    return _back(client)


@area.page("/klienten/<uuid:client_id>/hinweise/geprueft", permission=Permission.CLIENT_EDIT, methods=("POST",))
def check_mark(client_id: UUID) -> ResponseReturnValue:
    """A hint of an import was looked into."""
    client = queries.get_client(client_id)
    place = service.clear_mark(context.actor(), client, request.form.get("mark", ""))
    if place is None:
        return _back(client)
    undo.keep(_CHECKED, client_id, {"place": place, "revision": client.body_rev})
    tell(_("Als geprüft vermerkt."), undo=url_for("clients.uncheck_mark", client_id=client_id))
    return _back(client)


@area.page("/klienten/<uuid:client_id>/hinweise/zurueck", permission=Permission.CLIENT_EDIT, methods=("POST",))
def uncheck_mark(client_id: UUID) -> ResponseReturnValue:
    """Undo "geprüft": the hint of the import stands there again."""
    client = queries.get_client(client_id)
    kept = undo.take(_CHECKED, client_id)
    service.restore_mark(context.actor(), client, place=kept["place"], revision=kept["revision"])
    tell(_("Der Hinweis ist wieder zu prüfen."))
    return _back(client)


@area.page("/klienten/<uuid:client_id>/name/geprueft", permission=Permission.CLIENT_EDIT, methods=("POST",))
def check_name(client_id: UUID) -> ResponseReturnValue:
    """The name was compared with a paper."""
    client = queries.get_client(client_id)
    service.set_name_check(context.actor(), client, wanted=False)
    tell(_("Name geprüft."), undo=url_for("clients.recheck_name", client_id=client_id))
    return _back(client)


@area.page("/klienten/<uuid:client_id>/name/zurueck", permission=Permission.CLIENT_EDIT, methods=("POST",))
def recheck_name(client_id: UUID) -> ResponseReturnValue:
    """Undo "Name geprüft"."""
    client = queries.get_client(client_id)
    service.set_name_check(context.actor(), client, wanted=True)
    tell(_("Der Name ist wieder zu prüfen."))
    return _back(client)


def _back(client: Client) -> ResponseReturnValue:
    return redirect(url_for("clients.show", client_id=client.id))
