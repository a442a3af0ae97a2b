"""Opening files: one person, or a family in one transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from caseapp import audit, clock
from caseapp.accounts import queries as accounts
from caseapp.clients.models import (
    Caseload,
    Client,
    ClientBody,
    ClientHead,
    Fact,
    HistoryEntry,
    Household,
    HouseholdMember,
    MemberRole,
)
from caseapp.clients.service import caseload
from caseapp.clients.service.entries import check, new_entry, settle
from caseapp.clients.service.heads import ready
from caseapp.clients.service.numbers import take_file_numbers
from caseapp.db import new_id, session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

ANCHOR = "BEZ"
_EMPTY_BODY = ClientBody()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFact:
    """A dated fact that the file begins with; its kind follows from the record. `until_on` of a title: its validity."""

    fact: Fact
    from_on: dt.date | None = None
    until_on: dt.date | None = None
    confirmed_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file to be opened. `worker_id` None: it waits in the team's queue. With the `id` of a form it is stored once.

    `household_id` counts only in `open_files_bulk`: files with the same one live together.
    """

    organisation_id: UUID
    team_id: UUID
    worker_id: UUID | None
    head: ClientHead
    body: ClientBody = _EMPTY_BODY
    facts: tuple[NewFact, ...] = ()
    ags: str | None = None
    opened_on: dt.date | None = None
    import_id: UUID | None = None
    relation: str = ""  # code of the list relationship_kinds, as seen from the household's anchor
    household_id: UUID | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A new file with everything that is stored with it, checked, not yet added to the session."""

    client: Client
    row: Caseload
    entries: list[HistoryEntry]


def open_file(actor: Actor, new: NewFile) -> Client:
    """A new file with its facts and its caseload row. Raises RuleError: no name, bad dates, worker of another team."""
    policy.require_in(actor, Permission.CLIENT_CREATE, new.organisation_id, new.team_id)
    check_worker(actor, (new,))
    prepared = prepare(new, take_file_numbers(new.organisation_id)[0])
    store([prepared])
    return prepared.client


def open_family(actor: Actor, members: Sequence[NewFile], *, household: Household | None = None) -> list[Client]:
    """Files for all members and their household, in one transaction. The first is the anchor of a new household.

    With `household` the files join it and get no anchor. All members belong to one team.
    """
    for new in members:
        policy.require_in(actor, Permission.CLIENT_CREATE, new.organisation_id, new.team_id)
    check_worker(actor, members)
    numbers = take_file_numbers(members[0].organisation_id, len(members))
    prepared = [prepare(new, number) for new, number in zip(members, numbers, strict=True)]
    store(prepared)
    founded = household is None
    if household is None:
        household = Household(organisation_id=members[0].organisation_id, created_at=clock.now())
        session().add(household)
    for place, (new, one) in enumerate(zip(members, prepared, strict=True)):
        session().add(new_member(household.id, one.client, new, anchor=founded and place == 0))
    session().flush()
    return [one.client for one in prepared]


def prepare(new: NewFile, number: str) -> Prepared:
    """The file as it will be stored. Raises RuleError without a name or with impossible dates."""
    client = Client(
        id=new.id or new_id(),
        organisation_id=new.organisation_id,
        team_id=new.team_id,
        worker_id=new.worker_id,
        ags=new.ags or None,
        file_number=number,
        opened_on=new.opened_on or clock.today(),
        import_id=new.import_id,
        created_at=clock.now(),
        protected=False,
        head=ready(new.head),
        body=new.body,
    )
    entries = _histories(client, new)
    row = caseload.new_row(client)
    for column, value in caseload.facts_kept(entries).items():
        setattr(row, column, value)
    return Prepared(client, row, entries)


def store(prepared: Sequence[Prepared]) -> None:
    """Add prepared files to the session and record each opening."""
    current = session()
    current.add_all([one.client for one in prepared])
    current.flush()
    for one in prepared:
        current.add_all([one.row, *one.entries])
        audit.record("client:open", client_id=one.client.id, organisation_id=one.client.organisation_id)
    current.flush()


def new_member(household_id: UUID, client: Client, new: NewFile, *, anchor: bool) -> HouseholdMember:
    """The link of a new file to its household. Without a known beginning: they always belonged together."""
    return HouseholdMember(
        household_id=household_id,
        client_id=client.id,
        organisation_id=client.organisation_id,
        anchor=anchor,
        role=MemberRole(relation=new.relation or (ANCHOR if anchor else "")),
    )


def check_worker(actor: Actor, files: Sequence[NewFile]) -> None:
    """Files go to oneself, to the queue, or to a caseworker of the team. Raises RuleError."""
    wanted = {(new.organisation_id, new.team_id, new.worker_id) for new in files if new.worker_id}
    for organisation_id, team_id, worker_id in wanted:
        if worker_id == actor.user_id:
            continue
        team = {person.user_id for person in accounts.list_workers(organisation_id, team_id)}
        if worker_id not in team:
            raise RuleError(_("Wählen Sie eine Person, die in diesem Team berät."), field="worker_id")


def _histories(client: Client, new: NewFile) -> list[HistoryEntry]:
    """The arranged histories of a new file. Nothing is read: whoever opens a file for somebody else may not see it."""
    by_kind: defaultdict[str, list[HistoryEntry]] = defaultdict(list)
    for fact in new.facts:
        entry = new_entry(client, fact.fact, fact.from_on, fact.until_on, confirmed_on=fact.confirmed_on)
        check(entry, by_kind[entry.kind])
        by_kind[entry.kind].append(entry)
        settle(by_kind[entry.kind])
    return [entry for entries in by_kind.values() for entry in entries]
