"""The papers of this slice: the agreement as it is presented, its signed copy, and the annex on steps."""

from __future__ import annotations

from typing import Any

from caseapp import clock
from caseapp.agreements import queries, service
from caseapp.agreements.models import Agreement, Decision, Signature
from caseapp.agreements.rules import Terms, differences
from caseapp.agreements.service import AGREEMENT_PAPER, SIGNED_PAPER, STEPS_PAPER
from caseapp.catalogue.rules.phrases import GERMAN, PhraseBook, Text
from caseapp.documents import render
from caseapp.documents.signing import SignatureWay
from caseapp.errors import NotFoundError
from caseapp.goals import queries as goals
from caseapp.i18n import gettext as _
from caseapp.papers.service import Order, Printer
from caseapp.security import policy
from caseapp.security.permissions import Permission


def presented(order: Order) -> bytes:
    """The agreement with lines to sign on. Its first print presents it: what is signed is this very PDF."""
    agreement = _load(order)
    pdf = agreement_pdf(agreement, None)
    service.present(order.actor, order.client, agreement, pdf)
    return pdf


def signed_copy(order: Order) -> bytes:
    """The same content with the signatures: the client's copy."""
    agreement = _load(order)
    return agreement_pdf(agreement, agreement.decision)


def steps_annex(order: Order) -> bytes:
    """ "Stand der Schritte": what became of the steps until today, in the languages of the agreement."""
    agreement = _load(order)
    terms = queries.terms_of(agreement)
    views = [view for view in goals.list_goals(order.client.id) if view.open or view.steps]
    return render(
        "agreement_steps", title_key="agreement.annex", goals=views, made_on=clock.today(), **_around(agreement, terms)
    )


PRINTERS: dict[str, Printer] = {AGREEMENT_PAPER: presented, SIGNED_PAPER: signed_copy, STEPS_PAPER: steps_annex}


def agreement_pdf(agreement: Agreement, decision: Decision | None) -> bytes:
    """The paper of a version; `decision` None prints lines to sign on."""
    terms = queries.terms_of(agreement)
    before = _replaced(agreement, terms)
    return render(
        "agreement",
        title_key="agreement.title",
        changes=differences(before, terms) if before else [],
        replaces_on=before.made_on if before else None,
        signatures=_signatures(agreement, terms, decision),
        copy_received=decision.copy_received if decision else False,
        **_around(agreement, terms),
    )


def _replaced(agreement: Agreement, terms: Terms) -> Terms | None:
    """The version in whose place this one comes."""
    if terms.replaces is None:
        return None
    return queries.terms_of(queries.get_version(agreement.client_id, terms.replaces.number))


def _load(order: Order) -> Agreement:
    policy.require(order.actor, Permission.CLIENT_READ, order.client)
    agreement = queries.get_agreement(order.subject_id)
    if agreement.client_id != order.client.id:
        raise NotFoundError
    return agreement


def _around(agreement: Agreement, terms: Terms) -> dict[str, Any]:
    """What both papers print: the phrases as they were when the version was made, and what stands on every page."""
    texts = {(key, GERMAN): Text(german) for key, (german, _own, _by) in terms.phrases.items()}
    if terms.language:
        texts |= {(key, terms.language): Text(own, by) for key, (_german, own, by) in terms.phrases.items() if own}
    return {
        "book": PhraseBook(texts, version=terms.phrase_version),
        "language": terms.language or GERMAN,
        "terms": terms,
        "carrier": terms.carrier,
        "stamp": _(
            "Fassung %(number)s vom %(day)s · Prüfwert %(digest)s",
            number=terms.number,
            day=f"{terms.made_on:%d.%m.%Y}",
            digest=agreement.digest,
        ),
    }


def _signatures(agreement: Agreement, terms: Terms, decision: Decision | None) -> list[dict[str, Any]]:
    """One line for each person: key of the label, name, and how it was signed."""
    given: dict[str, Signature | None] = {"client": None, "representative": None, "worker": None}
    if decision is not None:
        given = {"client": decision.client, "representative": decision.representative, "worker": decision.worker}
    names = {
        "client": terms.client.name,
        "representative": ", ".join(terms.representatives),
        "worker": terms.worker,
    }
    wanted = [who for who in given if who != "representative" or names[who] or given[who]]
    lines = [_signature(agreement, f"common.signature_{who}", names[who], given[who]) for who in wanted]
    if terms.interpreter and decision is None:
        lines.append(_signature(agreement, "common.signature_interpreter", terms.interpreter, None))
    return lines


def _signature(agreement: Agreement, key: str, name: str, signature: Signature | None) -> dict[str, Any]:
    line: dict[str, Any] = {"key": key, "name": name, "png": None, "on": None, "stated": "", "values": {}}
    if signature is None:
        return line
    line["name"] = signature.name or name
    line["on"] = agreement.decided_on
    if signature.way == SignatureWay.DRAWN:
        line["png"] = signature.picture
    else:
        confirmed = signature.way == SignatureWay.CONFIRMED
        line["stated"] = "common.confirmed_on" if confirmed else "common.signed_on_paper"
        line["values"] = {"date": agreement.decided_on}
    return line
