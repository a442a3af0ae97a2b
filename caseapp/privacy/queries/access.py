"""Events of the log, as far as the pages of this slice may show them. The caller has asked for the right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from caseapp import clock
from caseapp.accounts.models import Membership, User, WebSession
from caseapp.accounts.rules import ROLE_LABELS
from caseapp.audit import AuditEvent, Detail
from caseapp.clients.models import Client
from caseapp.db import scope, session
from caseapp.i18n import gettext as _
from caseapp.keystore import KeyStore
from caseapp.privacy.models import AccessPaper, Complaint, Erasure
from caseapp.privacy.rules.access import Month, fold
from caseapp.privacy.rules.actions import GROUPS, SYSTEM_BEGINNINGS, purpose_of
from caseapp.sealed import Decoder
from caseapp.security.actor import Role
from caseapp.security.vault import Place, UnreadableError

PAGE = 50
_details = Decoder(Detail)
# Of several functions on the same day the one in which files are worked with.
_ORDER = (Role.CASEWORKER, Role.LEAD, Role.DPO, Role.ADMIN, Role.COORDINATOR, Role.FUNDER, Role.GUEST)


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `actor_id` None: nobody was signed in, or the installation did it by itself."""

    at: dt.datetime
    actor_id: UUID | None
    action: str
    client_id: UUID | None
    organisation_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What the register is narrowed to. Days are those of Berlin, both included."""

    from_on: dt.date | None = None
    to_on: dt.date | None = None
    beginnings: tuple[str, ...] = ()
    person: UUID | None = None
    client: UUID | None = None


@dataclass(frozen=True, slots=True)
class Affected:
    """A file that was touched, how often, when first and last."""

    client_id: UUID
    times: int
    first: dt.datetime
    last: dt.datetime


def list_months(client: Client) -> list[Month]:
    """Who has seen the file, in functions, by month, newest first; two statements however much there is."""
    statement = _columns().where(AuditEvent.client_id == client.id).order_by(AuditEvent.at.desc(), AuditEvent.id)
    events = _events(statement)
    duties = functions_of({event.actor_id for event in events if event.actor_id}, [client.organisation_id])
    return fold((_day_of(event), function_text(event, duties), purpose_of(event.action)) for event in events)


def function_text(event: Event, duties: Mapping[UUID, Sequence[Membership]]) -> str:
    """In which function somebody did this, in German."""
    if event.actor_id is None:
        return _("Programm, ohne eine Person")
    role = function_on(duties.get(event.actor_id, ()), _day_of(event))
    return str(ROLE_LABELS[role]) if role else _("ohne Aufgabe an diesem Tag")


def _day_of(event: Event) -> dt.date:
    return clock.local(event.at).date()


def list_events(organisation_ids: Collection[UUID], narrowed: Narrowed, *, page: int) -> tuple[list[Event], bool]:
    """A page of the carriers' events, newest first; whether there are more."""
    statement = (
        _columns()
        .where(_of_carriers(organisation_ids), *_criteria(narrowed))
        .order_by(AuditEvent.at.desc(), AuditEvent.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    with scope.everything(session()):  # whose a file is, an erased one too, never what is in it
        found = _events(statement)
    return found[:PAGE], len(found) > PAGE


def list_system(organisation_ids: Collection[UUID], *, page: int) -> tuple[list[Event], bool]:
    """A page of the technical log, newest first; whether there are more. No event names a client.

    Signing in is recorded before a person is known to the request: who it was, the sealed detail says. What people of
    other carriers did is left out, so that a page may be shorter.
    """
    statement = (
        select(
            AuditEvent.id,
            AuditEvent.at,
            AuditEvent.actor_id,
            AuditEvent.action,
            AuditEvent.organisation_id,
            AuditEvent.detail,
        )
        .where(AuditEvent.client_id.is_(None), _begins_with(SYSTEM_BEGINNINGS))
        .where(or_(AuditEvent.organisation_id.in_(organisation_ids), AuditEvent.organisation_id.is_(None)))
        .order_by(AuditEvent.at.desc(), AuditEvent.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    rows = session().execute(statement).all()
    people = _people_of(organisation_ids)
    events = [
        Event(at, actor_id or _signed_in(event_id, action, detail), action, None, organisation_id)
        for event_id, at, actor_id, action, organisation_id, detail in rows[:PAGE]
    ]
    own = [event for event in events if event.organisation_id or event.actor_id is None or event.actor_id in people]
    return own, len(rows) > PAGE


def list_affected(
    organisation_ids: Collection[UUID], *, person: UUID | None, start: dt.datetime, end: dt.datetime
) -> list[Affected]:
    """The files of these carriers that this person (None: anybody) touched in that time, the most touched first."""
    statement = (
        select(AuditEvent.client_id, func.count(AuditEvent.id), func.min(AuditEvent.at), func.max(AuditEvent.at))
        .where(AuditEvent.client_id.is_not(None), AuditEvent.at >= start, AuditEvent.at <= end)
        .where(_of_carriers(organisation_ids), *([AuditEvent.actor_id == person] if person else []))
        .group_by(AuditEvent.client_id)
        .order_by(func.count(AuditEvent.id).desc(), AuditEvent.client_id)
    )
    with scope.everything(session()):
        rows = session().execute(statement).all()
    return [Affected(client_id, times, first, last) for client_id, times, first, last in rows if client_id]


def count_lists(
    organisation_ids: Collection[UUID], *, person: UUID | None, start: dt.datetime, end: dt.datetime
) -> int:
    """How many lists and searches were shown in that time: of them only a keyed digest of the rows is kept."""
    _label, lists = GROUPS["lists"]
    statement = (
        select(func.count(AuditEvent.id))
        .where(AuditEvent.client_id.is_(None), AuditEvent.at >= start, AuditEvent.at <= end, _begins_with(lists))
        .where(AuditEvent.organisation_id.in_(organisation_ids))
        .where(*([AuditEvent.actor_id == person] if person else []))
    )
    return session().scalar(statement) or 0


def list_sessions(user_id: UUID, *, limit: int = 50) -> Sequence[WebSession]:
    """The web sessions of an account, the newest first: each is a browser on a device."""
    statement = (
        select(WebSession)
        .where(WebSession.user_id == user_id)
        .order_by(WebSession.created_at.desc(), WebSession.id)
        .limit(limit)
    )
    return session().scalars(statement).all()


def functions_of(user_ids: Collection[UUID], organisation_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Membership]]:
    """The duties of these people in these carriers, ended ones too; one statement."""
    rows = session().scalars(
        select(Membership)
        .where(Membership.user_id.in_(user_ids), Membership.organisation_id.in_(organisation_ids))
        .order_by(Membership.user_id, Membership.id)
    )
    found: dict[UUID, list[Membership]] = {}
    for membership in rows:
        found.setdefault(membership.user_id, []).append(membership)
    return found


def function_on(duties: Sequence[Membership], day: dt.date) -> Role | None:
    """In which function somebody with these duties worked on that day."""
    held = {
        Role(duty.role)
        for duty in duties
        if duty.confirmed_at is not None and duty.valid_from <= day and (duty.valid_to is None or day <= duty.valid_to)
    }
    return next((role for role in _ORDER if role in held), None)


def list_papers(client_id: UUID, *, limit: int = 5) -> Sequence[AccessPaper]:
    """The client's papers, the newest first, without their content."""
    statement = (
        select(AccessPaper)
        .where(AccessPaper.client_id == client_id)
        .order_by(AccessPaper.made_at.desc(), AccessPaper.id)
        .limit(limit)
    )
    return session().scalars(statement).all()


def find_paper(client_id: UUID, paper_id: UUID) -> AccessPaper | None:
    """One paper of this client, or None."""
    statement = select(AccessPaper).where(AccessPaper.id == paper_id, AccessPaper.client_id == client_id)
    return session().scalars(statement).one_or_none()


def list_complaints(organisation_ids: Collection[UUID], *, limit: int = 100) -> Sequence[Complaint]:
    """The complaints for which a name was opened, the newest first."""
    statement = (
        select(Complaint)
        .where(Complaint.organisation_id.in_(organisation_ids))
        .order_by(Complaint.opened_at.desc(), Complaint.id)
        .limit(limit)
    )
    return session().scalars(statement).all()


def begin_of(day: dt.date) -> dt.datetime:
    """The first moment of a day in Berlin."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=clock.BERLIN).astimezone(dt.UTC)


def _columns() -> Select[*tuple[Any, ...]]:
    return select(
        AuditEvent.at, AuditEvent.actor_id, AuditEvent.action, AuditEvent.client_id, AuditEvent.organisation_id
    )


def _events(statement: Select[*tuple[Any, ...]]) -> list[Event]:
    return [Event(*row) for row in session().execute(statement)]


def _of_carriers(organisation_ids: Collection[UUID]) -> ColumnElement[bool]:
    """Events of these carriers; of somebody with duties in several, the file tells whose it is."""
    files = select(Client.id).where(Client.organisation_id.in_(organisation_ids))
    erased = select(Erasure.client_id).where(Erasure.organisation_id.in_(organisation_ids))
    nobodys = AuditEvent.organisation_id.is_(None)
    return or_(
        AuditEvent.organisation_id.in_(organisation_ids),
        nobodys & AuditEvent.client_id.in_(files),
        nobodys & AuditEvent.client_id.in_(erased),
    )


def _criteria(narrowed: Narrowed) -> list[ColumnElement[bool]]:
    criteria: list[ColumnElement[bool]] = []
    if narrowed.from_on:
        criteria.append(AuditEvent.at >= begin_of(narrowed.from_on))
    if narrowed.to_on:
        criteria.append(AuditEvent.at < begin_of(narrowed.to_on + dt.timedelta(days=1)))
    if narrowed.beginnings:
        criteria.append(_begins_with(narrowed.beginnings))
    if narrowed.person:
        criteria.append(AuditEvent.actor_id == narrowed.person)
    if narrowed.client:
        criteria.append(AuditEvent.client_id == narrowed.client)
    return criteria


def _begins_with(beginnings: Collection[str]) -> ColumnElement[bool]:
    return or_(*(AuditEvent.action.startswith(each, autoescape=True) for each in beginnings))


def _people_of(organisation_ids: Collection[UUID]) -> frozenset[UUID]:
    statement = (
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id.in_(organisation_ids))
        .distinct()
        .order_by(User.id)
    )
    return frozenset(session().scalars(statement))


def _signed_in(event_id: UUID, action: str, detail: bytes | None) -> UUID | None:
    if action != "sign_in" or detail is None:
        return None
    keystore: KeyStore = session().info["keystore"]
    try:
        raw = keystore.keyring.installation.open(detail, Place("audit_event", "detail", event_id, 1))
        return UUID(_details.decode(raw).note)
    except (UnreadableError, ValueError):
        return None
