"""Wishes for volunteers: what for, who fits and why, asking one of them."""

from __future__ import annotations

from uuid import UUID

import msgspec
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.catalogue import queries as catalogue
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.places.queries import municipality_name
from caseapp.referrals import queries, service
from caseapp.referrals.forms import WishForm
from caseapp.referrals.models import VolunteerWish, WishText
from caseapp.referrals.views.area import area, open_to, read_id
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/ehrenamt/neu", permission=Permission.REFERRAL_SEND, methods=("GET", "POST"))
def add_wish(client_id: UUID) -> ResponseReturnValue:
    """A wish: who fits is shown at once."""
    client = open_to(client_id, Permission.REFERRAL_SEND)
    form = WishForm(choices=_choices(client), data={"languages": [client.head.language], "here": True})
    if form.validate_on_submit():
        try:
            wish = service.add_wish(context.actor(), client, _read(client, form), wish_id=form.form_id.data)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Wunsch notiert."), undo=url_for("referrals.close_wish", wish_id=wish.id))
            return redirect(url_for("referrals.matches", wish_id=wish.id))
    return render_template("referrals/wish_form.html", client=client, form=form, wish=None), form.status


@area.page("/ehrenamt/<uuid:wish_id>/aendern", permission=Permission.REFERRAL_SEND, methods=("GET", "POST"))
def change_wish(wish_id: UUID) -> ResponseReturnValue:
    """Change the wish."""
    wish, client = _load(wish_id)
    stored = msgspec.structs.asdict(wish.wish) | {"version": wish.version, "here": bool(wish.wish.ags)}
    form = WishForm(choices=_choices(client), data=stored)
    if form.validate_on_submit():
        try:
            service.change_wish(context.actor(), client, wish, _read(client, form), version=form.version.data or "")
        except ConflictError:
            form.version.data, said = wish.version, wish.wish
            theirs = [said.task, said.meeting_point, said.times]
            page = render_template("referrals/wish_form.html", client=client, form=form, wish=wish, theirs=theirs)
            return page, 409
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Wunsch geändert."))
            return redirect(url_for("referrals.matches", wish_id=wish.id))
    return render_template("referrals/wish_form.html", client=client, form=form, wish=wish), form.status


@area.page("/ehrenamt/<uuid:wish_id>", permission=Permission.REFERRAL_SEND)
def matches(wish_id: UUID) -> ResponseReturnValue:
    """Who fits and why, and who cannot be asked and why not."""
    wish, client = _load(wish_id)
    said = wish.wish
    return render_template(
        "referrals/matches.html",
        client=client,
        wish=wish,
        said=said,
        languages=[catalogue.label("languages", code) for code in said.languages],
        skills=[catalogue.label("volunteer_skills", code) for code in said.skills],
        place=municipality_name(said.ags),
        matches=queries.list_matches(wish),
        label=catalogue.label,
        obstacle_text=service.obstacle_text,
        channels=catalogue.options("release_ways", client.organisation_id),
    )


@area.page("/ehrenamt/<uuid:wish_id>/fragen", permission=Permission.REFERRAL_SEND, methods=("POST",))
def ask_volunteer(wish_id: UUID) -> ResponseReturnValue:
    """Prepare the question to one volunteer; the preview shows the four things that leave."""
    wish, client = _load(wish_id)
    partner_id = read_id(request.form.get("partner"))
    if partner_id is None:
        tell(_("Wählen Sie eine Person aus."), "danger")
        return redirect(url_for("referrals.matches", wish_id=wish.id))
    try:
        channel = request.form.get("channel") or "TEL"
        asked = service.ask_volunteer(context.actor(), client, wish, partner_id, channel=channel)
    except (RuleError, NotFoundError) as refusal:
        said = str(refusal) if isinstance(refusal, RuleError) else _("Diese Person steht nicht mehr im Verzeichnis.")
        tell(said, "danger")
        return redirect(url_for("referrals.matches", wish_id=wish.id))
    return redirect(url_for("referrals.show", referral_id=asked.id))


@area.page("/ehrenamt/<uuid:wish_id>/schliessen", permission=Permission.REFERRAL_SEND, methods=("POST",))
def close_wish(wish_id: UUID) -> ResponseReturnValue:
    """The wish is no longer open."""
    wish, client = _load(wish_id)
    service.close_wish(context.actor(), client, wish)
    tell(_("Wunsch geschlossen."), undo=url_for("referrals.reopen_wish", wish_id=wish.id))
    return redirect(url_for("referrals.index", client_id=client.id))


@area.page("/ehrenamt/<uuid:wish_id>/oeffnen", permission=Permission.REFERRAL_SEND, methods=("POST",))
def reopen_wish(wish_id: UUID) -> ResponseReturnValue:
    """The wish is open again."""
    wish, client = _load(wish_id)
    service.reopen_wish(context.actor(), client, wish)
    tell(_("Der Wunsch ist wieder offen."))
    return redirect(url_for("referrals.matches", wish_id=wish.id))


def _load(wish_id: UUID) -> tuple[VolunteerWish, Client]:
    wish = queries.get_wish(wish_id)
    client = clients.get_client(wish.client_id)
    policy.require(context.actor(), Permission.REFERRAL_SEND, client)
    return wish, client


def _choices(client: Client) -> dict[str, list[tuple[str, str]]]:
    organisation_id = client.organisation_id
    return {
        "languages": catalogue.options("languages", organisation_id),
        "skills": catalogue.options("volunteer_skills", organisation_id),
    }


def _read(client: Client, form: WishForm) -> WishText:
    return WishText(
        task=(form.task.data or "").strip(),
        meeting_point=(form.meeting_point.data or "").strip(),
        languages=tuple(form.languages.data or ()),
        skills=tuple(form.skills.data or ()),
        ags=(client.ags or "") if form.here.data else "",
        times=(form.times.data or "").strip(),
        with_children=bool(form.with_children.data),
    )
