"""Contacts that wait for their client: grouped by the name in the list, assigned together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.accounts import queries as accounts
from caseapp.catalogue import queries as catalogue
from caseapp.clients import queries as clients
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.i18n import ngettext
from caseapp.imports import queries, service
from caseapp.imports.forms import AssignForm
from caseapp.imports.models import WaitingContact
from caseapp.imports.queries import FoundClient
from caseapp.imports.views.area import area
from caseapp.security.permissions import Permission
from caseapp.web import context, undo
from caseapp.web.messages import tell

_WAIT_AGAIN = "wait"
_MOST_UNDONE = 50
_LEAVE_OUT = "leave_out"


@dataclass(frozen=True, slots=True)
class Group:
    """All waiting contacts of one name."""

    name: str
    birth: str
    contacts: tuple[WaitingContact, ...]

    @property
    def candidates(self) -> dict[UUID, str]:
        """Clients who may be meant, with what speaks for them."""
        return {each.client_id: each.why for contact in self.contacts for each in contact.entry.candidates}


@area.page("/importe/zuordnen", permission=Permission.IMPORT_RUN)
def waiting() -> ResponseReturnValue:
    """The names for which contacts wait."""
    groups = _groups(queries.list_waiting(context.actor()))
    audit.note_read("import:waiting", detail=audit.Detail(count=sum(len(group.contacts) for group in groups)))
    return render_template("imports/waiting.html", groups=groups)


@area.page("/importe/zuordnen/<uuid:waiting_id>", permission=Permission.IMPORT_RUN, methods=("GET", "POST"))
def assign(waiting_id: UUID) -> ResponseReturnValue:
    """The contacts of one name: pick the client, or leave them out with a reason."""
    actor = context.actor()
    one = queries.get_waiting(actor, waiting_id)
    groups = _groups(queries.list_waiting(actor))
    group = next((each for each in groups if (each.name, each.birth) == (one.entry.name, one.entry.birth)), None)
    if group is None:
        return redirect(url_for("imports.waiting"))
    found = queries.find_clients(group.candidates)
    form = _form(group, found)
    if form.validate_on_submit():
        try:
            chosen = _decide(form, group)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            _say(chosen, left_out=_LEAVE_OUT in request.form)
            return redirect(_next(groups, group, len(chosen)))
    audit.note_read("client:find", detail=audit.Detail(count=len(found), digest=audit.list_digest(found)))
    return _page(group, form, found)


@area.page("/importe/zuordnen/zurueck/<token>", permission=Permission.IMPORT_RUN, methods=("POST",))
def wait_again(token: str) -> ResponseReturnValue:
    """Undo an assignment."""
    actor = context.actor()
    try:
        for text in undo.read(_WAIT_AGAIN, token):
            service.wait_again(actor, queries.get_waiting(actor, UUID(hex=text)))
    except RuleError as refusal:
        tell(str(refusal), "danger")
    else:
        tell(_("Zurückgenommen. Die Kontakte warten wieder."))
    return redirect(url_for("imports.waiting"))


def _groups(contacts: Sequence[WaitingContact]) -> list[Group]:
    named: dict[tuple[str, str], list[WaitingContact]] = {}
    for contact in contacts:
        named.setdefault((contact.entry.name, contact.entry.birth), []).append(contact)
    return [Group(name, birth, tuple(found)) for (name, birth), found in sorted(named.items())]


def _form(group: Group, found: Mapping[UUID, FoundClient]) -> AssignForm:
    ids = [contact.id.hex for contact in group.contacts]
    return AssignForm(
        data={"contact": ids},
        choices={
            "contact": {contact.id.hex: str(contact.number) for contact in group.contacts},
            "client": {client_id.hex: client.name for client_id, client in found.items()},
        },
    )


def _decide(form: AssignForm, group: Group) -> list[WaitingContact]:
    """Do what the form says; the contacts it was done for. Raises RuleError."""
    actor = context.actor()
    chosen = [contact for contact in group.contacts if contact.id.hex in (form.contact.data or ())]
    if _LEAVE_OUT in request.form:
        for contact in chosen:
            service.leave_out(actor, contact, form.reason.data or "")
        return chosen
    client = clients.get_client(_client_id(form, group))
    for contact in chosen:
        service.assign(actor, contact, client)
    return chosen


def _client_id(form: AssignForm, group: Group) -> UUID:
    number = (form.file_number.data or "").strip()
    if number:
        found = queries.find_client_by_number(group.contacts[0].organisation_id, number)
        if found is None:
            raise RuleError(_("Diese Akte gibt es nicht, oder Sie können sie nicht finden."), field="file_number")
        return found
    if not form.client.data:
        raise RuleError(_("Wählen Sie, mit wem der Kontakt war."), field="client")
    return UUID(hex=form.client.data)


def _say(chosen: Sequence[WaitingContact], *, left_out: bool) -> None:
    if left_out:
        text = ngettext("%(num)s Kontakt nicht übernommen.", "%(num)s Kontakte nicht übernommen.", len(chosen))
    else:
        text = ngettext("%(num)s Kontakt zugeordnet.", "%(num)s Kontakte zugeordnet.", len(chosen))
    if len(chosen) > _MOST_UNDONE:
        tell(text)
        return
    token = undo.sign(_WAIT_AGAIN, *(contact.id.hex for contact in chosen))
    tell(text, undo=url_for("imports.wait_again", token=token))


def _next(groups: Sequence[Group], group: Group, decided: int) -> str:
    """The same name while contacts of it are left, else the next one, else the list."""
    left = len(group.contacts) - decided
    later = groups[groups.index(group) + 1 :]
    if left:
        remaining = next(contact for contact in group.contacts if contact.state == "waiting")
        return url_for("imports.assign", waiting_id=remaining.id)
    return url_for("imports.assign", waiting_id=later[0].contacts[0].id) if later else url_for("imports.waiting")


def _page(group: Group, form: AssignForm, found: Mapping[UUID, FoundClient]) -> ResponseReturnValue:
    workers = {client.worker_id for client in found.values()} | {one.entry.worker_id for one in group.contacts}
    page = render_template(
        "imports/assign.html",
        group=group,
        form=form,
        found=found,
        names=accounts.names_of({worker_id for worker_id in workers if worker_id}),
        label=catalogue.label,
    )
    return page, form.status
