"""One version: its content, signing, declining, withdrawing, its papers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit, clock
from caseapp.agreements import queries, service
from caseapp.agreements.forms import DeclineForm, ScanForm, SignForm, WithdrawForm
from caseapp.agreements.models import Agreement, Signature
from caseapp.agreements.rules import Difference, Terms, differences
from caseapp.agreements.service import Signing
from caseapp.agreements.views import shown
from caseapp.agreements.views.area import area
from caseapp.attachments import queries as attachments
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.clients.rules.ages import is_minor
from caseapp.documents.signing import SignatureWay
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell
from caseapp.web.signatures import Signed, data_url

SIGN = Permission.AGREEMENT_SIGN


@area.page("/vereinbarungen/<uuid:agreement_id>", permission=Permission.CLIENT_READ)
def show(agreement_id: UUID) -> ResponseReturnValue:
    """What the version says, who signed, its check value and its papers."""
    agreement, client = _load(agreement_id, Permission.CLIENT_READ)
    audit.note_read("agreement:read", client_id=client.id)
    decision, terms = agreement.decision, queries.terms_of(agreement)
    the_client, guardian, worker = _("Klientin oder Klient"), _("Gesetzliche Vertretung"), _("Beratung")
    people = ((the_client, decision.client), (guardian, decision.representative), (worker, decision.worker))
    return _page(
        "agreements/show.html",
        agreement,
        client,
        decision=decision,
        signatures=[(who, given) for who, given in people if given],
        names={the_client: terms.client.name, guardian: ", ".join(terms.representatives), worker: terms.worker},
        way_text=shown.way_text,
        data_url=data_url,
        needs_scan=any(given and given.way == SignatureWay.PAPER for _who, given in people) and not agreement.scan_id,
    )


@area.page("/vereinbarungen/<uuid:agreement_id>/unterschreiben", permission=SIGN, methods=("GET", "POST"))
def sign(agreement_id: UUID) -> ResponseReturnValue:
    """The paper that was printed, what is new in it, and the signatures."""
    agreement, client = _load(agreement_id, SIGN)
    form = SignForm(data=_start(agreement))
    conflict = ""
    if form.validate_on_submit():
        try:
            service.sign(context.actor(), client, agreement, _signing(form), digest=form.digest.data or "")
        except ConflictError as problem:
            conflict, form.digest.data = str(problem), agreement.digest
        except RuleError as refusal:
            _refuse(form, refusal)
        else:
            tell(_("Die Vereinbarung ist unterschrieben."))
            return redirect(
                url_for(
                    "papers.show",
                    paper_id=agreement.signed_paper_id,
                    weiter=url_for("agreements.show", agreement_id=agreement.id),
                )
            )
    page = _page(
        "agreements/sign.html",
        agreement,
        client,
        form=form,
        conflict=conflict,
        minor=is_minor(client.head.birth.day, clock.today()),
    )
    return page, 409 if conflict else form.status


@area.page("/vereinbarungen/<uuid:agreement_id>/abgelehnt", permission=SIGN, methods=("GET", "POST"))
def decline(agreement_id: UUID) -> ResponseReturnValue:
    """The client says no, in own words or without any."""
    agreement, client = _load(agreement_id, SIGN)
    form = DeclineForm(data={"digest": agreement.digest})
    conflict = ""
    if form.validate_on_submit():
        try:
            service.decline(context.actor(), client, agreement, form.words.data or "", digest=form.digest.data or "")
        except ConflictError as problem:
            conflict, form.digest.data = str(problem), agreement.digest
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Vermerkt: nicht unterschrieben. Die Beratung geht weiter."))
            return _back(client)
    return _page("agreements/decline.html", agreement, client, form=form, conflict=conflict), (
        409 if conflict else form.status
    )


@area.page("/vereinbarungen/<uuid:agreement_id>/zurueckziehen", permission=SIGN, methods=("GET", "POST"))
def withdraw(agreement_id: UUID) -> ResponseReturnValue:
    """Take a version back before it is signed, or end the one in force."""
    agreement, client = _load(agreement_id, SIGN)
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            service.withdraw(context.actor(), client, agreement, form.reason.data or "")
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Die Fassung ist zurückgezogen."))
            return _back(client)
    return _page("agreements/withdraw.html", agreement, client, form=form), form.status


@area.page("/vereinbarungen/<uuid:agreement_id>/scan", permission=SIGN, methods=("GET", "POST"))
def scan(agreement_id: UUID) -> ResponseReturnValue:
    """Bind the scan of the paper that was signed by hand."""
    agreement, client = _load(agreement_id, SIGN)
    files = [line for line in attachments.list_for_client(client.id) if line.head and line.cancelled_at is None]
    form = ScanForm(choices={"scan": {str(line.attachment_id): line.head.name for line in files if line.head}})
    if form.validate_on_submit():
        try:
            service.bind_scan(context.actor(), client, agreement, UUID(form.scan.data))
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Der Scan ist mit der Fassung verbunden."))
            return redirect(url_for("agreements.show", agreement_id=agreement.id))
    return _page("agreements/scan.html", agreement, client, form=form, files=files), form.status


@area.page("/vereinbarungen/<uuid:agreement_id>/drucken", permission=SIGN, methods=("POST",))
def print_again(agreement_id: UUID) -> ResponseReturnValue:
    """Print the paper to sign, or the signed copy, once more where that failed."""
    agreement, client = _load(agreement_id, SIGN)
    service.print_again(context.actor(), client, agreement)
    if agreement.signed_paper_id:
        return redirect(url_for("papers.show", paper_id=agreement.signed_paper_id))
    onward = url_for("agreements.sign", agreement_id=agreement.id)
    return redirect(url_for("papers.show", paper_id=agreement.paper_id, weiter=onward))


@area.page("/vereinbarungen/<uuid:agreement_id>/schritte", permission=SIGN, methods=("POST",))
def steps(agreement_id: UUID) -> ResponseReturnValue:
    """Print the annex "Stand der Schritte"."""
    agreement, client = _load(agreement_id, SIGN)
    paper = service.print_steps(context.actor(), client, agreement)
    return redirect(url_for("papers.show", paper_id=paper.id))


def _load(agreement_id: UUID, permission: Permission) -> tuple[Agreement, Client]:
    agreement = queries.get_agreement(agreement_id)
    client = clients.get_client(agreement.client_id)
    policy.require(context.actor(), permission, client)
    return agreement, client


def _page(template: str, agreement: Agreement, client: Client, **values: Any) -> str:
    terms = queries.terms_of(agreement)
    return render_template(
        template,
        client=client,
        head=client.head,
        agreement=agreement,
        state=queries.standing(agreement),
        terms=terms,
        changes=_changes(client, terms),
        badge_of=shown.state_badge,
        **values,
    )


def _changes(client: Client, terms: Terms) -> list[Difference] | None:
    """What is new against the version in whose place it comes; None for the first one."""
    if terms.replaces is None:
        return None
    try:
        before = queries.get_version(client.id, terms.replaces.number)
    except NotFoundError:
        return None
    return differences(queries.terms_of(before), terms)


def _start(agreement: Agreement) -> dict[str, Any]:
    """The worker signs by confirming, which takes no input; everybody else says how."""
    return {
        "digest": agreement.digest,
        "worker": {"way": SignatureWay.CONFIRMED.value, "name": context.actor().name},
        "signed_on": clock.today(),
    }


def _signing(form: SignForm) -> Signing:
    return Signing(
        client=_signature(form.client.form.signed),
        representative=_signature(form.representative.form.signed),
        worker=_signature(form.worker.form.signed),
        copy_received=form.copy_received.data,
        signed_on=form.signed_on.data or clock.today(),
    )


def _signature(signed: Signed | None) -> Signature | None:
    return Signature(way=signed.way.value, name=signed.name, picture=signed.picture) if signed else None


def _refuse(form: SignForm, refusal: RuleError) -> None:
    """A missing signature is told at its pad."""
    part = refusal.field or ""
    if part in {"client", "representative", "worker"}:
        field = form[part].form.way
        field.errors = [*field.errors, str(refusal)]
    else:
        form.refuse(refusal)


def _back(client: Client) -> ResponseReturnValue:
    return redirect(url_for("agreements.index", client_id=client.id))
