"""Telling by law with two persons: to ask, to decide, to tell; the register without names; whom to call in danger."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.accounts import queries as accounts
from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import Client
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.i18n import current_locale
from caseapp.i18n import gettext as _
from caseapp.network import queries as network
from caseapp.referrals import queries, service
from caseapp.referrals.forms import LegalForm
from caseapp.referrals.models import LegalRequest
from caseapp.referrals.rules import legal
from caseapp.referrals.rules.legal import LegalState
from caseapp.referrals.service import NewLegal
from caseapp.referrals.views.area import area, open_to, read_id, word_choices
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.forms import Choices
from caseapp.web.messages import tell
from caseapp.web.parsing import phone_text

_HELPERS = ("JUG", "POL", "GSA")


@area.page(
    "/klienten/<uuid:client_id>/vermittlung/gesetz", permission=Permission.REFERRAL_BY_LAW, methods=("GET", "POST")
)
def ask_by_law(client_id: UUID) -> ResponseReturnValue:
    """Ask a second person. `anfrage` in the address: the request from outside that is answered like this."""
    client = open_to(client_id, Permission.REFERRAL_BY_LAW)
    actor = context.actor()
    people = {str(each.user_id): each.name for each in queries.list_second_persons(client, but=actor.user_id)}
    form = LegalForm(choices=_choices(client, people))
    if len(people) == 1 and not form.is_submitted():
        (form.second.data,) = people
    if form.validate_on_submit():
        try:
            asked = service.ask_by_law(actor, client, _read(form), request_id=form.form_id.data)
            _link(client, asked)
        except (RuleError, NotFoundError) as refusal:
            form.refuse(refusal if isinstance(refusal, RuleError) else _("Wählen Sie die Stelle aus dem Verzeichnis."))
        else:
            tell(_("Gefragt. Es ist noch nichts hinausgegangen."))
            return redirect(url_for("referrals.show_legal", client_id=client.id, legal_id=asked.id))
    audit.note_read("client:find", client_id=client.id)
    return (
        render_template(
            "referrals/ask_by_law.html",
            client=client,
            head=client.head,
            form=form,
            bases=_bases(),
            anybody=bool(people),
        ),
        form.status,
    )


@area.page("/klienten/<uuid:client_id>/vermittlung/gesetz/<uuid:legal_id>", permission=Permission.REFERRAL_BY_LAW)
def show_legal(client_id: UUID, legal_id: UUID) -> ResponseReturnValue:
    """A request to tell by law: what is to be told, why, and how it stands; for the two persons."""
    asked, client = _load(client_id, legal_id)
    return _page(asked, client), 200


@area.page(
    "/klienten/<uuid:client_id>/vermittlung/gesetz/<uuid:legal_id>/zustimmen",
    permission=Permission.REFERRAL_BY_LAW,
    methods=("POST",),
)
def agree(client_id: UUID, legal_id: UUID) -> ResponseReturnValue:
    """Agree as the second person."""
    asked, client = _load(client_id, legal_id)
    return _answered(asked, client, service.agree, _("Zugestimmt."))


@area.page(
    "/klienten/<uuid:client_id>/vermittlung/gesetz/<uuid:legal_id>/ablehnen",
    permission=Permission.REFERRAL_BY_LAW,
    methods=("POST",),
)
def decline(client_id: UUID, legal_id: UUID) -> ResponseReturnValue:
    """Refuse as the second person."""
    asked, client = _load(client_id, legal_id)
    return _answered(asked, client, service.decline, _("Abgelehnt."))


@area.page(
    "/klienten/<uuid:client_id>/vermittlung/gesetz/<uuid:legal_id>/zurueck",
    permission=Permission.REFERRAL_BY_LAW,
    methods=("POST",),
)
def take_back(client_id: UUID, legal_id: UUID) -> ResponseReturnValue:
    """Take the own request back."""
    asked, client = _load(client_id, legal_id)
    return _answered(asked, client, service.take_back, _("Zurückgezogen. Es ist nichts hinausgegangen."))


@area.page(
    "/klienten/<uuid:client_id>/vermittlung/gesetz/<uuid:legal_id>/weitergeben",
    permission=Permission.REFERRAL_SEND,
    methods=("POST",),
)
def tell_by_law(client_id: UUID, legal_id: UUID) -> ResponseReturnValue:
    """Tell what was agreed to, or what is urgent, exactly as the preview showed it."""
    asked, client = _load(client_id, legal_id)
    try:
        sent = service.tell_by_law(context.actor(), client, asked, seen=request.form.get("seen", ""))
    except RuleError as refusal:
        return _page(asked, client, problem=str(refusal)), 422
    tell(_("Eingetragen: Das hat die Stelle jetzt von uns."))
    if sent.paper is not None:
        return redirect(url_for("papers.show", paper_id=sent.paper.id))
    return redirect(url_for("referrals.show_legal", client_id=client.id, legal_id=asked.id))


@area.page("/vermittlung/gesetz", permission=Permission.REFERRAL_BY_LAW)
def waiting() -> ResponseReturnValue:
    """What waits for the actor as the second person, and the actor's own open requests."""
    actor = context.actor()
    mine, others = queries.list_own_legal(actor.user_id), queries.list_waiting_legal(actor.user_id)
    digest = audit.list_digest({each.request.client_id for each in (*mine, *others)})
    audit.note_read("client:find", detail=audit.Detail(count=len(mine) + len(others), digest=digest))
    return render_template(
        "referrals/waiting.html",
        waiting=others,
        own=mine,
        names=accounts.names_of({each.request.asked_by for each in others} | {each.request.asked_id for each in mine}),
        labels=legal.LABELS,
    )


@area.page("/vermittlung/verzeichnis", permission=Permission.REFERRAL_REGISTER)
def register() -> ResponseReturnValue:
    """How often, when and on which ground something was told by law: no client, no names."""
    organisation_id = context.organisation_id(Permission.REFERRAL_REGISTER)
    entries = queries.list_entries(organisation_id)
    audit.note_read("register:legal", organisation_id=organisation_id)
    return render_template(
        "referrals/register.html",
        entries=entries,
        counts=queries.count_entries(entries),
        carriers=context.carriers(Permission.REFERRAL_REGISTER),
        chosen=organisation_id,
        labels=legal.LABELS,
        basis_label=lambda code: catalogue.label("legal_bases", code),
    )


@area.page("/vermittlung/gefahr", permission=Permission.REFERRAL_BY_LAW)
def danger() -> ResponseReturnValue:
    """What to do when a child or somebody's life is in danger, and whom to call: steps and numbers, nobody's file."""
    steps: dict[str, list[tuple[str, str, str]]] = {}
    german = current_locale().startswith("de")
    for code in catalogue.choices("danger_steps", context.organisation_id(Permission.REFERRAL_BY_LAW)):
        said = code.extra["says_de" if german else "says_en"]
        steps.setdefault(code.extra["card"], []).append((code.label(current_locale()), said, code.extra["phone"]))
    helpers = [line for kind in _HELPERS for line in network.list_partners(kind=kind) if line.profile.phone]
    return render_template("referrals/danger.html", steps=steps, helpers=helpers, phone_text=phone_text)


def _load(client_id: UUID, legal_id: UUID) -> tuple[LegalRequest, Client]:
    client = open_to(client_id, Permission.REFERRAL_BY_LAW)
    asked = queries.get_legal(legal_id)
    if asked.client_id != client.id:
        raise NotFoundError
    return asked, client


def _link(client: Client, asked: LegalRequest) -> None:
    """Enter in the request from outside that it is answered by law."""
    outside_id = read_id(request.args.get("anfrage"))
    if outside_id is not None:
        outside = queries.get_outside(outside_id)
        if outside.client_id == client.id:
            service.link_legal(context.actor(), client, outside, asked)


def _answered(asked: LegalRequest, client: Client, act: Callable[..., None], said: str) -> ResponseReturnValue:
    try:
        act(context.actor(), client, asked)
    except (ConflictError, RuleError) as refusal:
        tell(str(refusal), "danger")
    else:
        tell(said)
    return redirect(url_for("referrals.show_legal", client_id=client.id, legal_id=asked.id))


def _read(form: LegalForm) -> NewLegal:
    return NewLegal(
        basis=form.basis.data or "",
        second_id=UUID(form.second.data),
        reason=form.reason.data or "",
        partner_id=read_id(form.partner.data),
        recipient=form.recipient.data or "",
        person=form.person.data or "",
        fields=tuple(form.fields.data or ()),
        typed=form.typed,
        channel=form.channel.data or "",
        urgent=bool(form.urgent.data),
    )


def _page(asked: LegalRequest, client: Client, *, problem: str = "") -> str:
    actor, state = context.actor(), LegalState(asked.state)
    mine = asked.asked_by == actor.user_id
    reads = policy.allows(actor, Permission.CLIENT_READ, client)
    tells = policy.allows(actor, Permission.REFERRAL_SEND, client) and legal.may_tell(state, urgent=asked.urgent)
    people = {asked.asked_by, asked.asked_id} | ({asked.decided_by} if asked.decided_by else set())
    text = asked.text
    names = network.names_of({text.partner_id}) if text.partner_id else {}
    audit.note_read("client:read" if reads else "client:find", client_id=client.id)
    return render_template(
        "referrals/legal.html",
        client=client,
        head=client.head,
        asked=asked,
        state=state,
        State=LegalState,
        label=legal.LABELS[state],
        mine=mine,
        decides=not mine and state in legal.WAITING,
        names=accounts.names_of(people),
        recipient=queries.recipient_name(text.partner_id, text.recipient, names),
        fields=[queries.field_label(code) for code in text.fields],
        words=[(queries.field_label(code), words) for code, words in text.typed],
        basis=next((each for each in catalogue.rows_of("legal_bases") if each.code == asked.basis), None),
        channel=catalogue.label("release_ways", asked.channel),
        preview=service.preview_by_law(client, asked) if tells and reads else None,
        problem=problem,
    )


def _choices(client: Client, people: dict[str, str]) -> dict[str, Choices]:
    organisation_id = client.organisation_id
    return word_choices(client) | {
        "basis": catalogue.options("legal_bases", organisation_id),
        "channel": catalogue.options("release_ways", organisation_id),
        "second": people,
    }


def _bases() -> list[tuple[str, str, str, bool]]:
    """Name, provision, when it applies, and whether it may be told at once."""
    said = "says_de" if current_locale().startswith("de") else "says_en"
    return [
        (code.label(current_locale()), code.extra["source"], code.extra[said], code.says("urgent"))
        for code in catalogue.rows_of("legal_bases")
    ]
