"""Very many contacts at once, from an office's list: the same records as one by one, few statements."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select

from caseapp import audit, clock
from caseapp.clients.service import caseload
from caseapp.counselling import queries
from caseapp.counselling.models import Contact, ContactDetail
from caseapp.counselling.service import links
from caseapp.db import new_id, scope, session
from caseapp.sealed import keys_of, sealed_values
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_CHUNK = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkContact:
    """A contact of a list. `worker_id` None: with somebody who has no account here."""

    client_id: UUID
    on_day: dt.date
    kind: str
    minutes: int | None
    worker_id: UUID | None
    detail: ContactDetail


def save_contacts_bulk(
    actor: Actor, organisation_id: UUID, contacts: Sequence[BulkContact], *, import_id: UUID
) -> list[UUID]:
    """Store contacts of one carrier; the ids in the order given. The caller has checked days, codes and clients.

    Everything of an import may be written into the files of the team, also by somebody who may not read them.
    """
    policy.require_in(actor, Permission.IMPORT_RUN, organisation_id)
    current = session()
    keys = keys_of(current, {each.client_id for each in contacts})
    now = clock.now()
    rows = [
        Contact(
            id=new_id(),
            client_id=each.client_id,
            organisation_id=organisation_id,
            worker_id=each.worker_id,
            on_day=each.on_day,
            kind=each.kind,
            minutes=each.minutes,
            state=queries.VALID,
            import_id=import_id,
            created_by=actor.user_id,
            created_at=now,
            changed_at=None,
            detail=each.detail,
        )
        for each in contacts
    ]
    for start in range(0, len(rows), _CHUNK):
        values = [sealed_values(keys[row.client_id], row) for row in rows[start : start + _CHUNK]]
        current.execute(insert(Contact).execution_options(render_nulls=True), values)
    _note_last(contacts)
    for client_id, count in Counter(each.client_id for each in contacts).items():
        audit.record("contact:import", client_id=client_id, detail=audit.Detail(count=count))
    return [row.id for row in rows]


def _note_last(contacts: Sequence[BulkContact]) -> None:
    last: dict[UUID, dt.date] = {}
    for each in contacts:
        if queries.with_client(each.kind, each.on_day):
            last[each.client_id] = max(each.on_day, last.get(each.client_id, each.on_day))
    by_day: defaultdict[dt.date, list[UUID]] = defaultdict(list)
    for client_id, day in last.items():
        by_day[day].append(client_id)
    for day, client_ids in by_day.items():
        for start in range(0, len(client_ids), _CHUNK):
            caseload.note_contacts(client_ids[start : start + _CHUNK], day)


def imported_contacts(import_id: UUID) -> Sequence[Contact]:
    """The contacts of an import, out of the actor's sight too: for taking them back as a whole."""
    with scope.everything(session()):
        return session().scalars(select(Contact).where(Contact.import_id == import_id).order_by(Contact.id)).all()


def remove_contacts(actor: Actor, organisation_id: UUID, contacts: Collection[Contact]) -> None:
    """Take imported contacts out of their files as if they had never been there."""
    policy.require_in(actor, Permission.IMPORT_RUN, organisation_id)
    current = session()
    ids = sorted((contact.id for contact in contacts), key=lambda each: each.bytes)
    clients = Counter(contact.client_id for contact in contacts)
    with scope.everything(current):
        for start in range(0, len(ids), _CHUNK):
            current.execute(
                delete(Contact)
                .where(Contact.id.in_(ids[start : start + _CHUNK]))
                .execution_options(synchronize_session=False)
            )
    links.recount_last_contact(clients)
    for client_id, count in clients.items():
        audit.record("contact:import_undo", client_id=client_id, detail=audit.Detail(count=count))
