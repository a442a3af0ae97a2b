"""`caseapp erase FILE_NUMBER`: an erasure at the console, with the same two people and steps as on the page."""

from __future__ import annotations

import datetime as dt

import click

from caseapp.cli.runtime import actor_for, services
from caseapp.clients.models import Client
from caseapp.clients.queries import find_by_number
from caseapp.errors import RuleError
from caseapp.factory import Services
from caseapp.i18n import gettext as _
from caseapp.places import queries as places
from caseapp.privacy import service as privacy
from caseapp.privacy.queries import find_erasure, find_request
from caseapp.privacy.service.erasing import number_of
from caseapp.security.actor import Actor

_AT_ONCE = dt.timedelta(0)


@click.command()
@click.argument("file_number", required=False)
@click.option("--org", metavar="NAME", help="Träger, zu dem die Akte gehört")
@click.option("--as", "login", metavar="ANMELDENAME", help="Wer die Löschung beantragt")
@click.option("--confirmed-by", metavar="ANMELDENAME", help="Leitung des ganzen Trägers, die entschieden hat")
@click.option("--reason", default="", metavar="TEXT", help="Warum; wird mit der Akte gelöscht")
@click.option("--unfinished", is_flag=True, help="Unterbrochene Löschungen zu Ende führen")
def erase(
    file_number: str | None,
    org: str | None,
    login: str | None,
    confirmed_by: str | None,
    reason: str,
    unfinished: bool,
) -> None:
    """Eine Akte endgültig löschen. Immer zwei Personen; es gibt keinen Weg zurück."""
    with services() as opened:
        if unfinished:
            count = opened.eraser().resume(older_than=_AT_ONCE)
            click.echo(_("Zu Ende geführt: %(count)s", count=count))
            return
        if not (file_number and org and login and confirmed_by):
            raise click.UsageError(_("Nennen Sie Aktenzeichen, --org, --as und --confirmed-by."))
        requester, head = actor_for(opened, login), actor_for(opened, confirmed_by)
        number = _erase(opened, requester, head, org, file_number, reason or _("Antrag an der Konsole"))
        click.echo(_("Gelöscht. Löschprotokoll %(number)s liegt unter „Löschungen“.", number=number))


def _erase(opened: Services, requester: Actor, head: Actor, org: str, file_number: str, reason: str) -> str:
    with opened.database.unit(requester, write=True):
        client = _client(org, file_number)
        if find_request(client.id) is None:
            privacy.request_erasure(requester, client, head_id=head.user_id, reason=reason, request_id=None)
        client_id = client.id
    # Read anew: the request itself lets the head find a protected file.
    head = opened.load_actor(head.user_id)
    with opened.database.unit(head, write=True):
        client = _client(org, file_number)
        request = find_request(client_id)
        request_id = request.id if request else None
        erasure, _job = privacy.decide(head, client, request_id, file_number=file_number)
        erasure_id = erasure.id
    opened.eraser().run(head, erasure_id)
    with opened.database.unit(head, write=False):
        done = find_erasure(client_id)
        return number_of(done) if done else ""


def _client(org: str, file_number: str) -> Client:
    organisation = places.find_organisation_by_name(org)
    found = find_by_number(organisation.id, file_number) if organisation else None
    if found is None:
        raise RuleError(_("Diese Akte gibt es nicht, oder das Konto findet sie nicht. Prüfen Sie --org und --as."))
    return found
