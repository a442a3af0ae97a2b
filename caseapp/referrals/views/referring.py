"""Preparing a referral, the preview of what leaves, and sending it."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.catalogue import queries as catalogue
from caseapp.clients import frame
from caseapp.clients.models import Client
from caseapp.consents import queries as consents
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.network import queries as network
from caseapp.papers import queries as papers
from caseapp.referrals import queries, service
from caseapp.referrals.forms import AnswerForm, HintForm, ReferralForm, SendForm
from caseapp.referrals.models import Referral
from caseapp.referrals.rules import telling
from caseapp.referrals.rules.states import ANSWERS, LABELS, State, Way, may_follow, offered_answers
from caseapp.referrals.service import LETTER_PAPER, NewReferral
from caseapp.referrals.views.area import TAB, area, help_text, load, open_to, read_id, word_choices
from caseapp.security.permissions import Permission
from caseapp.web import context, undo
from caseapp.web.forms import Choices
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/vermittlung/neu", permission=Permission.REFERRAL_SEND, methods=("GET", "POST"))
def new(client_id: UUID) -> ResponseReturnValue:
    """A referral: first the way (`weg` in the address), then its form."""
    client = open_to(client_id, Permission.REFERRAL_SEND)
    way = _way(request.args.get("weg", ""))
    if way is Way.BY_LAW:
        return redirect(url_for("referrals.ask_by_law", client_id=client.id))
    if way is None:
        ways = [(each, catalogue.label("referral_ways", each), help_text(each)) for each in Way]
        return render_template("referrals/ways.html", client=client, ways=ways)
    return _hint(client) if way is Way.HINT else _letter(client, way)


@area.page("/vermittlung/<uuid:referral_id>", permission=Permission.CLIENT_READ)
def show(referral_id: UUID) -> ResponseReturnValue:
    """A prepared referral as it would leave; one on its way with its steps and what was told."""
    referral, client = load(referral_id, Permission.CLIENT_READ)
    return _page(referral, client), 200


@area.page("/vermittlung/<uuid:referral_id>/aendern", permission=Permission.REFERRAL_SEND, methods=("GET", "POST"))
def change(referral_id: UUID) -> ResponseReturnValue:
    """Change a prepared referral. One that somebody else changed meanwhile is shown beside what was typed."""
    referral, client = load(referral_id)
    if referral.state != State.PROPOSED or referral.way == Way.HINT:
        return redirect(url_for("referrals.show", referral_id=referral.id))
    way = Way(referral.way)
    form = ReferralForm(data=_stored(referral), choices=_choices(client))
    if form.validate_on_submit():
        try:
            service.change(context.actor(), client, referral, _read(client, way, form), version=form.version.data or "")
        except ConflictError:
            form.version.data = referral.version
            return _form_page(client, way, form, referral, theirs=_in_words(referral)), 409
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Geändert. Lesen Sie unten, was jetzt hinausgehen würde."))
            return redirect(url_for("referrals.show", referral_id=referral.id))
    return _form_page(client, way, form, referral), form.status


@area.page("/vermittlung/<uuid:referral_id>/senden", permission=Permission.REFERRAL_SEND, methods=("POST",))
def send(referral_id: UUID) -> ResponseReturnValue:
    """Send exactly what the preview showed. Refused: the page shows why, and what would leave now."""
    referral, client = load(referral_id)
    form = SendForm(choices={"answer_days": _waits()})
    if referral.state == State.SENT:
        return redirect(url_for("referrals.show", referral_id=referral.id))  # a double click
    if not form.validate_on_submit():
        return _page(referral, client, form=form), form.status
    days = form.answer_days.data or ""
    try:
        sent = service.send(
            context.actor(),
            client,
            referral,
            version=form.version.data or "",
            seen=form.seen.data or "",
            answer_days=int(days) if days else None,
        )
    except (ConflictError, RuleError) as refusal:
        form.refuse(str(refusal))
        return _page(referral, client, form=form), 409 if isinstance(refusal, ConflictError) else 422
    step = queries.last_step(referral.id)
    back = undo.sign("referral", referral.id.hex, step.id.hex) if step else ""
    tell(
        _said(sent.referral),
        undo=url_for("referrals.undo_step", referral_id=referral.id, token=back) if back else "",
    )
    onward = url_for("referrals.index", client_id=client.id)
    return redirect(url_for("papers.show", paper_id=sent.paper.id) if sent.paper else onward)


def _hint(client: Client) -> ResponseReturnValue:
    form = HintForm(choices={"partner": network.partner_choices()})
    if form.validate_on_submit():
        actor = context.actor()
        wanted = NewReferral(
            way=Way.HINT,
            partner_id=read_id(form.partner.data),
            recipient=form.recipient.data or "",
            note=form.note.data or "",
        )
        try:
            referral = service.propose(actor, client, wanted, referral_id=form.form_id.data)
            if referral.state == State.PROPOSED:
                seen = queries.preview(client, referral, clock.today()).digest
                service.send(actor, client, referral, version=referral.version, seen=seen)
        except (RuleError, NotFoundError) as refusal:
            form.refuse(refusal if isinstance(refusal, RuleError) else _("Wählen Sie die Stelle aus dem Verzeichnis."))
        else:
            step = queries.last_step(referral.id)
            token = undo.sign("referral", referral.id.hex, step.id.hex) if step else ""
            tell(
                _("Hinweis notiert. Es ist nichts hinausgegangen."),
                undo=url_for("referrals.undo_step", referral_id=referral.id, token=token),
            )
            return redirect(url_for("referrals.show", referral_id=referral.id))
    return render_template("referrals/hint.html", client=client, form=form, help=help_text(Way.HINT)), form.status


def _letter(client: Client, way: Way) -> ResponseReturnValue:
    form = ReferralForm(choices=_choices(client))
    if not form.is_submitted():
        form.partner.data = request.args.get("stelle", "")
        form.purpose.data = request.args.get("zweck", "")
    if form.validate_on_submit():
        try:
            referral = service.propose(context.actor(), client, _read(client, way, form), referral_id=form.form_id.data)
        except (RuleError, NotFoundError) as refusal:
            form.refuse(refusal if isinstance(refusal, RuleError) else _("Wählen Sie die Stelle aus dem Verzeichnis."))
        else:
            return redirect(url_for("referrals.show", referral_id=referral.id))
    return _form_page(client, way, form), form.status


def _in_words(referral: Referral) -> list[str]:
    """What is stored now, for whoever typed beside it."""
    text = referral.text
    return [
        queries.view(referral).recipient,
        text.person,
        catalogue.label("release_purposes", text.purpose),
        ", ".join(queries.field_label(code) for code in text.fields),
        *(words for _code, words in text.typed),
        text.note,
    ]


def _form_page(
    client: Client, way: Way, form: ReferralForm, referral: Referral | None = None, *, theirs: list[str] | None = None
) -> str:
    return render_template(
        "referrals/form.html",
        client=client,
        form=form,
        way=way,
        way_label=catalogue.label("referral_ways", way),
        help=help_text(way),
        referral=referral,
        theirs=theirs,
    )


def _read(client: Client, way: Way, form: ReferralForm) -> NewReferral:
    """What the form says; data that nobody ticked are those that the purpose usually needs."""
    partner_id = read_id(form.partner.data)
    fields = tuple(form.fields.data or ()) or _usual_fields(client, way, partner_id, form.purpose.data or "")
    return NewReferral(
        way=way,
        partner_id=partner_id,
        recipient=form.recipient.data or "",
        person=form.person.data or "",
        purpose=form.purpose.data or "",
        fields=fields,
        typed=form.typed,
        note=form.note.data or "",
        channel=form.channel.data or queries.LETTER,
    )


def _usual_fields(client: Client, way: Way, partner_id: UUID | None, purpose: str) -> tuple[str, ...]:
    """What the purpose usually needs; where we send it, no more than the releases for this partner name."""
    code = catalogue.catalogue().find("release_purposes", purpose)
    partner = network.find_partner(partner_id) if partner_id else None
    proposed = code.extra["fields"].split("|") if code else []
    usual = telling.default_fields(proposed, partner.kind if partner else "")
    if way is Way.SENT and partner is not None:
        same = network.same_as(partner.id)
        released = {
            field
            for each in consents.list_valid_releases(client.id, clock.today())
            if each.partner_id in same and each.purpose == purpose
            for field in each.fields
        }
        usual = [field for field in usual if field in released] or usual
    return tuple(usual)


def _page(referral: Referral, client: Client, *, form: SendForm | None = None) -> str:
    """The page of one referral."""
    opened = frame.load(client)
    proposed = referral.state == State.PROPOSED
    shown = queries.preview(client, referral, clock.today()) if proposed else None
    sending = form or SendForm(formdata=None, choices={"answer_days": _waits()})
    if shown is not None:
        sending.version.data, sending.seen.data = referral.version, shown.digest
    answering = AnswerForm(
        formdata=None,
        choices={"answer": [(each.value, LABELS[each]) for each in offered_answers(State(referral.state))]},
    )
    answering.version.data = referral.version
    view = queries.view(referral)
    return frame.shown(
        "referrals/show.html",
        opened,
        TAB,
        view=view,
        names=accounts.names_of({referral.created_by, *(step.by for step in view.steps)}),
        way_label=catalogue.label("referral_ways", referral.way),
        channel_label=catalogue.label("release_ways", referral.channel),
        purpose_label=catalogue.label("release_purposes", referral.text.purpose),
        preview=shown,
        gaps_text=service.uncovered_text(shown.gaps) if shown and shown.gaps else "",
        form=sending,
        answering=answering,
        told=queries.find_disclosure(referral.id),
        papers=papers.list_papers(LETTER_PAPER, [referral.id]),
        labels=LABELS,
        State=State,
        Way=Way,
        may_follow=may_follow,
        answers=ANSWERS,
    )


def _choices(client: Client) -> dict[str, Choices]:
    organisation_id = client.organisation_id
    return word_choices(client) | {
        "purpose": catalogue.options("release_purposes", organisation_id),
        "channel": catalogue.options("release_ways", organisation_id),
    }


def _stored(referral: Referral) -> dict[str, object]:
    text = referral.text
    typed = {f"typed_{code}": words for code, words in text.typed}
    return typed | {
        "version": referral.version,
        "partner": str(text.partner_id or ""),
        "recipient": text.recipient,
        "person": text.person,
        "purpose": text.purpose,
        "fields": list(text.fields),
        "channel": referral.channel or queries.LETTER,
        "note": text.note,
    }


def _waits() -> list[tuple[str, str]]:
    return [
        ("", _("wie üblich")),
        ("7", _("1 Woche")),
        ("14", _("2 Wochen")),
        ("28", _("4 Wochen")),
        ("0", _("nicht nachfragen")),
    ]


def _said(referral: Referral) -> str:
    if referral.way == Way.CARRIED:
        return _("Zum Mitgeben vorbereitet. Drucken Sie den Brief und geben Sie ihn der Person.")
    return _("Eingetragen: Das hat die Stelle jetzt von uns.")


def _way(text: str) -> Way | None:
    try:
        return Way(text)
    except ValueError:
        return None
