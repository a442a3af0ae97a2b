"""The household of a person: who lives together, and how they belong."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.catalogue import queries as catalogue
from caseapp.clients import frame, queries, service
from caseapp.clients.forms.around import JoinForm, join_form
from caseapp.clients.frame import Opened, texts
from caseapp.clients.models import Client
from caseapp.clients.queries import Member
from caseapp.clients.views.area import area
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context, signin
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/haushalt", permission=Permission.CLIENT_READ, methods=("GET", "POST"))
def household(client_id: UUID) -> ResponseReturnValue:
    """Everybody of the household; posting lets the person behind another file move in."""
    opened = frame.open_file(client_id)
    form = join_form(opened.client)
    if form.validate_on_submit():
        try:
            _join(opened.client, form)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Zum Haushalt hinzugefügt."))
            return _back(client_id)
    page = frame.shown(
        "clients/household.html",
        opened,
        "household",
        form=form,
        people=[_person(opened, member) for member in opened.members],
        relations=catalogue.options("relationship_kinds", opened.client.organisation_id),
    )
    return page, form.status


@area.page("/klienten/<uuid:client_id>/haushalt/beziehung", permission=Permission.HOUSEHOLD_EDIT, methods=("POST",))
def change_relation(client_id: UUID) -> ResponseReturnValue:
    """How this person belongs to the household's anchor."""
    client = queries.get_client(client_id)
    relation = request.form.get("relation", "")
    if relation and catalogue.catalogue().find("relationship_kinds", relation) is None:
        raise RuleError(_("Wählen Sie eine Beziehung aus der Liste."))
    service.change_relation(context.actor(), client, relation)
    tell(_("Gespeichert."))
    return _back_to_shown(client_id)


@area.page("/klienten/<uuid:client_id>/haushalt/bezugsperson", permission=Permission.HOUSEHOLD_EDIT, methods=("POST",))
def make_anchor(client_id: UUID) -> ResponseReturnValue:
    """This person becomes the one from whom the others are seen."""
    service.make_anchor(context.actor(), queries.get_client(client_id))
    tell(_("Neue Bezugsperson. Prüfen Sie die Beziehungen der anderen."))
    return _back_to_shown(client_id)


@area.page("/klienten/<uuid:client_id>/haushalt/auszug", permission=Permission.HOUSEHOLD_EDIT, methods=("POST",))
def leave(client_id: UUID) -> ResponseReturnValue:
    """This person moves out today."""
    client = queries.get_client(client_id)
    link = service.leave_household(context.actor(), client)
    tell(_("Auszug eingetragen."), undo=url_for("clients.rejoin", client_id=client.id, link_id=link.id))
    return _back_to_shown(client_id)


@area.page(
    "/klienten/<uuid:client_id>/haushalt/<uuid:link_id>/zurueck",
    permission=Permission.HOUSEHOLD_EDIT,
    methods=("POST",),
)
def rejoin(client_id: UUID, link_id: UUID) -> ResponseReturnValue:
    """Undo the moving out."""
    client = queries.get_client(client_id)
    service.rejoin_household(context.actor(), client, queries.get_membership(client.id, link_id))
    tell(_("Wieder im Haushalt."))
    return _back_to_shown(client_id)


def _join(client: Client, form: JoinForm) -> None:
    actor = context.actor()
    policy.require(actor, Permission.HOUSEHOLD_EDIT, client)
    other = queries.find_by_number(client.organisation_id, form.other.data or "")
    if other is None or not policy.allows(actor, Permission.HOUSEHOLD_EDIT, other):
        raise RuleError(
            _("Unter Ihren Fällen gibt es dieses Aktenzeichen nicht. Prüfen Sie die Ziffern."), field="other"
        )
    service.join_household(actor, other, client, form.relation.data or "", from_on=form.from_on.data)


def _person(opened: Opened, member: Member) -> dict[str, Any]:
    client, link = member.client, member.link
    here = url_for("clients.household", client_id=opened.client.id)
    return {
        "client": client,
        "href": url_for("clients.show", client_id=client.id),
        "name": client.head.full_name,
        "born": texts.born_text(client.head.birth, opened.today),
        "relation": frame.relation_of(member),
        "relation_label": catalogue.label("relationship_kinds", frame.relation_of(member)),
        "anchor": link.anchor,
        "span": _span(member),
        "gone": link.until_on is not None,
        "edits": link.until_on is None and policy.allows(context.actor(), Permission.HOUSEHOLD_EDIT, client),
        "next": here,
    }


def _span(member: Member) -> str:
    begin, end = member.link.from_on, member.link.until_on
    if begin and end:
        return _("%(begin)s bis %(end)s", begin=f"{begin:%d.%m.%Y}", end=f"{end:%d.%m.%Y}")
    if end:
        return _("bis %(day)s", day=f"{end:%d.%m.%Y}")
    return _("seit %(day)s", day=f"{begin:%d.%m.%Y}") if begin else ""


def _back(client_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("clients.household", client_id=client_id))


def _back_to_shown(client_id: UUID) -> ResponseReturnValue:
    """To the household page on which the button was, else to that of the person."""
    shown = request.form.get("next", "")
    return redirect(signin.safe_path(shown)) if shown.startswith("/klienten/") else _back(client_id)
