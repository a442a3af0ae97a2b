"""The six histories of a file: adding, correcting, cancelling, and "Stand unverändert"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from caseapp import audit, clock
from caseapp.clients.models import Client, FactBox, FactKind, HistoryEntry, StayFact
from caseapp.clients.queries.files import get_fact, list_facts
from caseapp.clients.rules import histories
from caseapp.clients.service import caseload
from caseapp.clients.service.entries import check, entries_of, new_entry, row_of, settle
from caseapp.db import session, stored_before
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


def add_fact(
    actor: Actor,
    client: Client,
    kind: FactKind,
    box: FactBox,
    from_on: dt.date | None,
    until_on: dt.date | None = None,
    *,
    entry_id: UUID | None = None,
) -> HistoryEntry:
    """A new row, confirmed today. In a single-valued history the former row ends the day before.

    Raises RuleError for `from_on`, `until_on` or `code`. `entry_id` is that of the form: sent twice, it is stored once;
    AlreadyStoredError where the form has stored another row before.
    """
    policy.require(actor, Permission.CLIENT_EDIT, client)
    entry = new_entry(client, box.fact, from_on, until_on, confirmed_on=clock.today())
    entry.id = entry_id or entry.id
    stored = stored_before(entry, "client_id", "from_on", "box", "cancelled_at")
    if stored is not None:
        return stored
    others = entries_of(client.id, kind)
    check(entry, others)
    session().add(entry)
    settle([*others, entry])
    _kept(client, "fact:add", kind)
    return entry


def correct_fact(
    actor: Actor,
    client: Client,
    entry: HistoryEntry,
    box: FactBox,
    from_on: dt.date | None,
    until_on: dt.date | None,
    *,
    revision: int,
) -> None:
    """Put a row right. It counts as entered last: another row of the same day gives way.

    Raises ConflictError when somebody else changed it since `revision`, RuleError as `add_fact`.
    """
    policy.require(actor, Permission.CLIENT_EDIT, client)
    if entry.box_rev != revision:
        raise ConflictError(_("Dieser Eintrag wurde inzwischen geändert."))
    if entry.cancelled_at is not None:
        raise RuleError(_("Dieser Eintrag ist storniert. Holen Sie ihn zuerst zurück."))
    kind = FactKind(entry.kind)
    others = [other for other in entries_of(client.id, kind) if other.id != entry.id]
    entry.box = FactBox(fact=box.fact, until_on=until_on)
    entry.from_on, entry.confirmed_on = from_on, clock.today()
    check(entry, others)
    settle([*others, entry])
    _kept(client, "fact:correct", kind)


def cancel_fact(actor: Actor, client: Client, entry: HistoryEntry) -> None:
    """Take back a row that was entered by mistake: it stays visible, and its time falls back to its neighbour."""
    policy.require(actor, Permission.CLIENT_EDIT, client)
    if entry.cancelled_at is None:
        entry.cancelled_at = clock.now()
        settle(entries_of(client.id, FactKind(entry.kind)))
        _kept(client, "fact:cancel", FactKind(entry.kind))


def restore_fact(actor: Actor, client: Client, entry: HistoryEntry) -> None:
    """Bring a cancelled row back. It counts as entered last. Raises RuleError where it no longer fits."""
    policy.require(actor, Permission.CLIENT_EDIT, client)
    if entry.cancelled_at is None:
        return
    kind = FactKind(entry.kind)
    others = [other for other in entries_of(client.id, kind) if other.id != entry.id]
    entry.cancelled_at = None
    check(entry, others)
    settle([*others, entry])
    _kept(client, "fact:restore", kind)


def confirm_facts(
    actor: Actor, client: Client, kinds: Collection[FactKind], on: dt.date | None = None
) -> dict[UUID, dt.date | None]:
    """ "Stand unverändert": what holds on the day (default: today) was checked with the client. Never sets a day back.

    Gives the former days of the rows that changed, for `unconfirm_facts`.
    """
    policy.require(actor, Permission.CLIENT_EDIT, client)
    day = on or clock.today()
    if day > clock.today():
        raise RuleError(_("Dieser Tag liegt in der Zukunft. Geben Sie einen vergangenen Tag ein."), field="on")
    before: dict[UUID, dt.date | None] = {}
    for kind in kinds:
        entries = {entry.id: entry for entry in entries_of(client.id, kind)}
        for row in histories.present([row_of(entry) for entry in entries.values()], day):
            entry = entries[row.id]
            if entry.confirmed_on is None or entry.confirmed_on < day:
                before[entry.id] = entry.confirmed_on
                entry.confirmed_on = day
    if before:
        _kept(client, "fact:confirm", *kinds)
    return before


def unconfirm_facts(actor: Actor, client: Client, before: dict[UUID, dt.date | None], on: dt.date) -> None:
    """Undo `confirm_facts` of the day `on`. Raises RuleError when a row was changed since."""
    policy.require(actor, Permission.CLIENT_EDIT, client)
    entries = [get_fact(client.id, entry_id) for entry_id in before]
    if any(entry.confirmed_on != on for entry in entries):
        raise RuleError(_("Der Stand wurde inzwischen geändert. Das lässt sich nicht mehr zurücknehmen."))
    for entry in entries:
        entry.confirmed_on = before[entry.id]
    _kept(client, "fact:unconfirm", *{FactKind(entry.kind) for entry in entries})


def present_facts(client_id: UUID, on: dt.date) -> list[HistoryEntry]:
    """What holds on the day, over all kinds; in the order of kinds and beginnings. One statement."""
    entries = {entry.id: entry for entry in list_facts(client_id)}
    found: list[HistoryEntry] = []
    for kind in FactKind:
        rows = [row_of(entry, number) for number, entry in enumerate(entries.values()) if entry.kind == kind]
        found += [entries[row.id] for row in histories.present(rows, on)]
    return found


def _kept(client: Client, action: str, *kinds: FactKind) -> None:
    """Flush, bring the caseload row up to date, and record what happened."""
    if FactKind.STAY in kinds:
        _follow_the_stay(client)
    caseload.recount_facts(client)
    audit.record(action, client_id=client.id, detail=audit.Detail(changed=tuple(sorted(kinds))))


def _follow_the_stay(client: Client) -> None:
    """The municipality of the file is where the person lives today, as far as that is known."""
    entries = {entry.id: entry for entry in entries_of(client.id, FactKind.STAY)}
    for row in histories.present([row_of(entry) for entry in entries.values()], clock.today()):
        fact = entries[row.id].box.fact
        if isinstance(fact, StayFact) and fact.ags and fact.ags != client.ags:
            client.ags = fact.ags
            caseload.move(client)
