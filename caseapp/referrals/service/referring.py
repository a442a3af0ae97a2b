"""Preparing a referral, sending it, and taking it back.

Sending decides anew, in its own transaction, whether everything that leaves is released: a writing unit is alone in its
carrier, so no withdrawal comes between the decision and the entry of what was told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from caseapp import audit, clock
from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import Client
from caseapp.consents.rules import Gap, Missing
from caseapp.counselling.models import ContactDetail
from caseapp.counselling.service import NewContact, save_contact
from caseapp.db import new_id, session, stored_before
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.jobs import Job
from caseapp.network import queries as network
from caseapp.papers.models import Paper
from caseapp.papers.service import order_paper
from caseapp.referrals import queries
from caseapp.referrals.models import DisclosedContent, Disclosure, Referral, ReferralText
from caseapp.referrals.queries import LETTER, REFERRAL, VOLUNTEER, Preview
from caseapp.referrals.rules import telling
from caseapp.referrals.rules.states import State, Way, check_transition
from caseapp.referrals.service import steps
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

LETTER_PAPER, DISCLOSURES_PAPER = "referral-letter", "referral-disclosures"
_THIRD_PARTY = "DRI"  # the office talked to somebody else
_USUAL_ANSWER = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReferral:
    """A referral as a form says it.

    `partner_id`, or `recipient` in words where the directory has nobody (then nothing can be sent). `fields`: codes of
    release_fields. `text` is the concern in the worker's words and leaves with it (datum ANL), as do the words of
    `typed` (code -> text). `note` stays in the file. `channel`: code of release_ways.
    """

    way: Way
    partner_id: UUID | None = None
    recipient: str = ""
    person: str = ""
    purpose: str = ""
    fields: tuple[str, ...] = ()
    text: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    channel: str = LETTER
    kind: str = REFERRAL
    wish_id: UUID | None = None
    meeting_point: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What sending made. `paper` and `job` are None where nothing is printed (a hint, a telephone call)."""

    referral: Referral
    disclosure: Disclosure | None
    paper: Paper | None
    job: Job | None


class UncoveredError(RuleError):
    """No release covers all that would leave. Nothing has left; `gaps` says what is missing."""

    def __init__(self, gaps: list[Gap]) -> None:
        super().__init__(uncovered_text(gaps))
        self.gaps = gaps


class ChangedError(RuleError):
    """What would leave is not what the preview showed: the file or the partner was changed meanwhile."""


def propose(actor: Actor, client: Client, new: NewReferral, *, referral_id: UUID | None = None) -> Referral:
    """Prepare a referral; nothing leaves. `referral_id` is that of the form: sent twice, it is stored once.

    Raises RuleError with the field it belongs to, AlreadyStoredError where the form has stored another one before.
    """
    policy.require(actor, Permission.REFERRAL_SEND, client)
    if new.way is Way.BY_LAW:
        raise RuleError(_("Nach dem Gesetz entscheiden immer zwei Personen. Stellen Sie einen Antrag."), field="way")
    referral = Referral(
        id=referral_id or new_id(),
        client_id=client.id,
        organisation_id=client.organisation_id,
        kind=new.kind,
        way=new.way.value,
        channel=_channel(new),
        state=State.PROPOSED.value,
        wish_id=new.wish_id,
        created_by=actor.user_id,
        created_at=clock.now(),
        text=_text(client, new),
    )
    stored = stored_before(referral, "client_id", "way", "channel", "text")
    if stored is not None:
        return stored
    session().add(referral)
    audit.record("referral:propose", client_id=client.id, detail=audit.Detail(note=new.way.value))
    session().flush()
    return referral


def change(actor: Actor, client: Client, referral: Referral, new: NewReferral, *, version: str) -> None:
    """Change a prepared referral. Raises ConflictError when somebody changed it since `version`; as `propose`."""
    policy.require(actor, Permission.REFERRAL_SEND, client)
    _require_version(referral, version)
    if referral.state != State.PROPOSED:
        raise RuleError(_("Diese Vermittlung ist schon auf dem Weg. Sie lässt sich nicht mehr ändern."))
    referral.way, referral.channel = new.way.value, _channel(new)
    referral.text = _text(client, new)
    audit.record("referral:change", client_id=client.id)
    session().flush()


def send(
    actor: Actor, client: Client, referral: Referral, *, version: str, seen: str, answer_days: int | None = None
) -> Sent:
    """Carry the referral out: enter what is told, order the letter, make the contact, ask after the answer.

    `seen` is the digest of the preview. `answer_days` None: asked after as usual for this kind of partner, 0: not.
    Raises ConflictError when somebody changed the referral since `version`, ChangedError when other words would leave
    than were shown, UncoveredError when a release is missing, has ended or was withdrawn, RuleError on `channel` for a
    letter without an address. In each case nothing has left.
    """
    policy.require(actor, Permission.REFERRAL_SEND, client)
    _require_version(referral, version)
    if referral.way == Way.BY_LAW:
        raise RuleError(_("Nach dem Gesetz entscheiden immer zwei Personen. Stellen Sie einen Antrag."))
    check_transition(State(referral.state), State.DONE if referral.way == Way.HINT else State.SENT)
    shown = queries.preview(client, referral, clock.today())
    _check(shown, seen)
    return carry_out(actor, client, referral, shown, answer_days=answer_days)


def carry_out(
    actor: Actor, client: Client, referral: Referral, shown: Preview, *, answer_days: int | None = None
) -> Sent:
    """What `send` does once everything was checked; a disclosure by law comes here with its own checks."""
    way = Way(referral.way)
    content = shown.content
    if way is Way.HINT:
        steps.enter(actor, client, referral, State.DONE)
        return Sent(referral, None, None, None)
    referral.text = msgspec.structs.replace(referral.text, release_ids=content.release_ids)
    disclosure = _told(actor, client, referral, content)
    if way in {Way.SENT, Way.BY_LAW}:
        referral.contact_id = _contact(actor, client, content)
    days = _answer_days(referral, answer_days)
    if days:
        steps.chase(actor, client, referral, content.recipient, clock.today() + dt.timedelta(days=days))
    steps.enter(actor, client, referral, State.SENT)
    paper, job = _ordered(actor, client, referral) if referral.channel == LETTER or way is Way.CARRIED else (None, None)
    if paper is not None:
        disclosure.paper_id = paper.id
        session().flush()
    return Sent(referral, disclosure, paper, job)


def order_disclosures(actor: Actor, client: Client) -> tuple[Paper, Job]:
    """The list of everything that was told, as a paper for the client. For whoever may read the file."""
    policy.require(actor, Permission.CLIENT_READ, client)
    return order_paper(
        actor,
        client,
        DISCLOSURES_PAPER,
        client.id,
        file_name="weitergegeben.pdf",
        permission=Permission.CLIENT_READ,
    )


def uncovered_text(gaps: list[Gap]) -> str:
    """What is missing, in one sentence for the page."""
    first = gaps[0].missing
    if first is Missing.FIELD:
        labels = ", ".join(f"„{queries.field_label(gap.field)}“" for gap in gaps)
        return _("Die Freigabe umfasst das nicht: %(fields)s. Es ist nichts hinausgegangen.", fields=labels)
    return {
        Missing.RECIPIENT: _("Für diese Stelle gilt keine Freigabe. Es ist nichts hinausgegangen."),
        Missing.DAY: _("Die Freigabe für diese Stelle gilt heute nicht. Es ist nichts hinausgegangen."),
        Missing.DIRECTION: _("Die Freigabe erlaubt nur, dass die Stelle uns etwas sagt. Es ist nichts hinausgegangen."),
        Missing.PURPOSE: _("Die Freigabe gilt für einen anderen Zweck. Es ist nichts hinausgegangen."),
        Missing.WAY: _("Die Freigabe erlaubt diesen Weg nicht. Es ist nichts hinausgegangen."),
    }[first]


def _check(shown: Preview, seen: str) -> None:
    if shown.gaps:
        raise UncoveredError(shown.gaps)
    if shown.unaddressed:
        raise RuleError(
            _(
                "Zu dieser Stelle steht keine Anschrift im Verzeichnis. Ergänzen Sie sie dort, oder wählen Sie einen "
                "anderen Weg. Ihre Angaben bleiben."
            ),
            field="channel",
        )
    if shown.digest != seen:
        raise ChangedError(
            _("Seit der Vorschau haben sich Angaben geändert. Lesen Sie unten, was jetzt hinausgehen würde.")
        )


def _text(client: Client, new: NewReferral) -> ReferralText:
    """The words of a referral as they are stored. Raises RuleError."""
    recipient = " ".join(new.recipient.split())
    if new.partner_id is None and (not recipient or new.way is Way.SENT):
        raise RuleError(_("Wählen Sie die Stelle aus dem Verzeichnis."), field="partner")
    partner = network.get_partner(new.partner_id) if new.partner_id else None
    if new.way is Way.HINT:
        return ReferralText(
            partner_id=partner.id if partner else None, recipient=recipient, purpose=new.purpose, note=new.note.strip()
        )
    typed = {**new.typed, telling.CONCERN: new.text or new.typed.get(telling.CONCERN, "")}
    typed = telling.check_typed(new.fields, typed)
    order = [code.code for code in catalogue.rows_of("release_fields")]
    fields = telling.chosen(new.fields, typed, order)
    _check_codes(new, fields, order)
    text = ReferralText(
        partner_id=partner.id if partner else None,
        recipient=recipient,
        person=" ".join(new.person.split()),
        purpose=new.purpose,
        fields=fields,
        typed=tuple(sorted(typed.items())),
        meeting_point=new.meeting_point.strip(),
        note=new.note.strip(),
    )
    if new.way is Way.SENT:
        _gaps, resting = queries.covered(client.id, text, _channel(new), clock.today(), partner)
        text = msgspec.structs.replace(text, release_ids=resting)
    return text


def _check_codes(new: NewReferral, fields: tuple[str, ...], order: list[str]) -> None:
    if set(new.fields) - set(order) or (new.purpose and not catalogue.label("release_purposes", new.purpose)):
        raise RuleError(_("Wählen Sie einen der angebotenen Werte aus."), field="fields")
    if not new.purpose:
        raise RuleError(_("Wählen Sie, wofür die Stelle das braucht."), field="purpose")
    if not fields:
        raise RuleError(_("Wählen Sie, was die Stelle erfahren soll."), field="fields")
    if new.kind == VOLUNTEER and set(fields) - set(telling.FOR_VOLUNTEERS):
        raise RuleError(_("Ehrenamtliche erfahren nur Aufgabe, Vornamen, Sprache und Treffpunkt."), field="fields")


def _channel(new: NewReferral) -> str:
    return new.channel if new.way is Way.SENT else ""


def _require_version(referral: Referral, version: str) -> None:
    if referral.version != version:
        raise ConflictError(_("Diese Vermittlung wurde inzwischen geändert."))


def _told(actor: Actor, client: Client, referral: Referral, content: DisclosedContent) -> Disclosure:
    disclosure = Disclosure(
        client_id=client.id,
        organisation_id=client.organisation_id,
        referral_id=referral.id,
        way=referral.way,
        channel=referral.channel,
        told_on=clock.today(),
        told_at=clock.now(),
        by=actor.user_id,
        stopped=False,
        content=content,
    )
    session().add(disclosure)
    session().flush()
    return disclosure


def _contact(actor: Actor, client: Client, content: DisclosedContent) -> UUID:
    purpose = catalogue.label("release_purposes", content.purpose)
    detail = ContactDetail(
        note=_("Vermittlung: %(purpose)s", purpose=purpose) if purpose else _("Vermittlung"),
        third_party=content.recipient,
    )
    new = NewContact(on_day=clock.today(), kind=_THIRD_PARTY, minutes=None, detail=detail)
    return save_contact(actor, client, new).id


def _answer_days(referral: Referral, asked: int | None) -> int:
    if asked is not None:
        return asked
    partner = network.find_partner(referral.text.partner_id) if referral.text.partner_id else None
    code = catalogue.catalogue().find("partner_kinds", partner.kind) if partner else None
    return int(code.extra["answer_days"]) if code else _USUAL_ANSWER


def _ordered(actor: Actor, client: Client, referral: Referral) -> tuple[Paper, Job]:
    return order_paper(
        actor,
        client,
        LETTER_PAPER,
        referral.id,
        file_name="schreiben.pdf",
        permission=Permission.REFERRAL_SEND,
    )
