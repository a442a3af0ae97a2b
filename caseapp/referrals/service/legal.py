"""Telling by law with two persons, and requests from outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from caseapp import audit, clock
from caseapp.catalogue import queries as catalogue
from caseapp.catalogue.rules import Code
from caseapp.clients.models import Client
from caseapp.db import new_id, session, stored_before
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.network import queries as network
from caseapp.referrals import queries
from caseapp.referrals.models import LegalEntry, LegalRequest, LegalText, Referral, ReferralText
from caseapp.referrals.queries import REFERRAL, Preview
from caseapp.referrals.rules import legal, telling
from caseapp.referrals.rules.legal import LegalState
from caseapp.referrals.rules.states import State, Way
from caseapp.referrals.service import steps
from caseapp.referrals.service.referring import ChangedError, Sent, carry_out
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLegal:
    """What one person asks for. `second_id`: who is to agree. `channel`: code of release_ways."""

    basis: str
    second_id: UUID
    reason: str
    partner_id: UUID | None = None
    recipient: str = ""
    person: str = ""
    fields: tuple[str, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    channel: str = ""
    urgent: bool = False


def ask_by_law(actor: Actor, client: Client, new: NewLegal, *, request_id: UUID | None = None) -> LegalRequest:
    """Ask a second person to agree that the law demands or allows to tell. Nothing leaves.

    `request_id` is that of the form: sent twice, it is stored once. Raises RuleError with the field it belongs to,
    AlreadyStoredError where the form has stored another one before.
    """
    policy.require(actor, Permission.REFERRAL_BY_LAW, client)
    basis = _basis(new)
    reason = legal.check_reason(new.reason)
    typed = telling.check_typed(new.fields, new.typed)
    fields = telling.chosen(new.fields, typed, [code.code for code in catalogue.rows_of("release_fields")])
    if not fields:
        raise RuleError(_("Wählen Sie, was die Stelle erfahren soll."), field="fields")
    if new.partner_id is None and not new.recipient.strip():
        raise RuleError(_("Nennen Sie die Stelle."), field="partner")
    if new.second_id not in {each.user_id for each in queries.list_second_persons(client, but=actor.user_id)}:
        raise RuleError(_("Diese Person kann nicht zustimmen. Wählen Sie eine andere."), field="second")
    request = LegalRequest(
        id=request_id or new_id(),
        client_id=client.id,
        organisation_id=client.organisation_id,
        basis=basis.code,
        channel=new.channel,
        urgent=new.urgent,
        state=LegalState.ASKED.value,
        asked_by=actor.user_id,
        asked_at=clock.now(),
        asked_id=new.second_id,
        entry_id=new_id(),
        text=LegalText(
            partner_id=network.get_partner(new.partner_id).id if new.partner_id else None,
            recipient=" ".join(new.recipient.split()),
            person=" ".join(new.person.split()),
            fields=fields,
            typed=tuple(sorted(typed.items())),
            reason=reason,
        ),
    )
    stored = stored_before(request, "client_id", "basis", "channel", "urgent", "asked_id", "text")
    if stored is not None:
        return stored
    session().add(request)
    session().add(
        LegalEntry(
            id=request.entry_id,
            organisation_id=client.organisation_id,
            on_day=clock.today(),
            basis=basis.code,
            urgent=new.urgent,
            state=LegalState.ASKED.value,
        )
    )
    session().flush()
    audit.record("legal:ask", client_id=client.id, detail=audit.Detail(changed=(new.second_id.hex,)))
    return request


def agree(actor: Actor, client: Client, request: LegalRequest) -> None:
    """Agree as the second person; to what was told urgently, afterwards. Raises RuleError for whoever asked."""
    policy.require(actor, Permission.REFERRAL_BY_LAW, client)
    _decide(actor, client, request, LegalState.AGREED, LegalState.CONFIRMED)


def decline(actor: Actor, client: Client, request: LegalRequest) -> None:
    """Refuse as the second person: nothing leaves. What was told urgently is objected to. Raises as `agree`."""
    policy.require(actor, Permission.REFERRAL_BY_LAW, client)
    _decide(actor, client, request, LegalState.DECLINED, LegalState.OBJECTED)


def take_back(actor: Actor, client: Client, request: LegalRequest) -> None:
    """Take the own request back, before anything was told. One that is taken back already changes nothing."""
    policy.require(actor, Permission.REFERRAL_BY_LAW, client)
    if request.state == LegalState.TAKEN_BACK:
        return
    if request.asked_by != actor.user_id:
        raise RuleError(_("Zurückziehen kann den Antrag nur, wer ihn gestellt hat."))
    _enter(request, LegalState.TAKEN_BACK)
    audit.record("legal:take_back", client_id=client.id)


def preview_by_law(client: Client, request: LegalRequest) -> Preview:
    """Exactly what would be told, read from the file now. For whoever may read it."""
    return queries.preview(client, _referral(client, request, request.asked_by), clock.today())


def tell_by_law(actor: Actor, client: Client, request: LegalRequest, *, seen: str) -> Sent:
    """Tell what was agreed to, or at once where it is urgent; then the second person agrees afterwards.

    `seen` is the digest of the preview. Raises RuleError while nobody has agreed, ChangedError when other words would
    leave than were shown.
    """
    policy.require(actor, Permission.REFERRAL_BY_LAW, client)
    policy.require(actor, Permission.REFERRAL_SEND, client)
    state = LegalState(request.state)
    if not legal.may_tell(state, urgent=request.urgent):
        raise RuleError(_("Das geht nicht: Der Antrag ist „%(old)s“.", old=legal.LABELS[state]))
    referral = _referral(client, request, actor.user_id)
    shown = queries.preview(client, referral, clock.today())
    if shown.unaddressed:
        raise RuleError(_("Zu dieser Stelle steht keine Anschrift im Verzeichnis. Wählen Sie einen anderen Weg."))
    if shown.digest != seen:
        raise ChangedError(
            _("Seit der Vorschau haben sich Angaben geändert. Lesen Sie unten, was jetzt hinausgehen würde.")
        )
    session().add(referral)
    session().flush()
    sent = carry_out(actor, client, referral, shown, answer_days=0)
    steps.enter(actor, client, referral, State.DONE)
    _enter(request, LegalState.TOLD if state is LegalState.AGREED else LegalState.TOLD_FIRST)
    request.sent_at = clock.now()
    audit.record("legal:tell", client_id=client.id, detail=audit.Detail(note=request.basis))
    session().flush()
    return sent


def _decide(actor: Actor, client: Client, request: LegalRequest, first: LegalState, afterwards: LegalState) -> None:
    if request.asked_by == actor.user_id:
        raise RuleError(_("Es entscheiden immer zwei Personen. Ihren eigenen Antrag können Sie nicht bestätigen."))
    new = afterwards if request.state == LegalState.TOLD_FIRST else first
    if request.state == new and request.decided_by == actor.user_id:
        return
    _enter(request, new)
    request.decided_by, request.decided_at = actor.user_id, clock.now()
    session().flush()
    audit.record(f"legal:{new.value}", client_id=client.id, detail=audit.Detail(changed=(request.asked_by.hex,)))


def _enter(request: LegalRequest, new: LegalState) -> None:
    """Change the state, here and in the register without names."""
    legal.check_transition(LegalState(request.state), new, urgent=request.urgent)
    request.state = new.value
    entry = queries.get_entry(request.entry_id)
    entry.state = new.value
    if new is LegalState.TOLD_FIRST:
        days = int(_code(request.basis).extra["confirm_days"])
        request.due_on = entry.due_on = legal.confirm_by(clock.today(), days)
    session().flush()


def _referral(client: Client, request: LegalRequest, by: UUID) -> Referral:
    """The referral that telling makes; not stored yet."""
    text = request.text
    return Referral(
        client_id=client.id,
        organisation_id=client.organisation_id,
        kind=REFERRAL,
        way=Way.BY_LAW.value,
        channel=request.channel,
        state=State.PROPOSED.value,
        legal_id=request.id,
        created_by=by,
        created_at=clock.now(),
        text=ReferralText(
            partner_id=text.partner_id,
            recipient=text.recipient,
            person=text.person,
            fields=text.fields,
            typed=text.typed,
            legal_basis=request.basis,
        ),
    )


def _basis(new: NewLegal) -> Code:
    today: dt.date = clock.today()
    found = catalogue.catalogue().find("legal_bases", new.basis, today)
    if found is None:
        raise RuleError(_("Wählen Sie die gesetzliche Grundlage."), field="basis")
    if new.urgent and not found.says("urgent"):
        raise RuleError(
            _("Bei dieser Grundlage stimmt die zweite Person immer vorher zu."),
            field="urgent",
        )
    return found


def _code(basis: str) -> Code:
    return next(code for code in catalogue.rows_of("legal_bases") if code.code == basis)
