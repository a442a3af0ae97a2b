"""Changing the master data of a file: head and body under optimistic locks, and the smaller intents on them."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from caseapp import audit
from caseapp.clients.models import Agency, Client, ClientBody, ClientHead, Notice, Representative
from caseapp.clients.service import caseload
from caseapp.clients.service.heads import ready
from caseapp.db import session
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """What the form makes of a file. `head_rev` and `body_rev` are the revisions that the form was filled from."""

    head: ClientHead
    body: ClientBody
    ags: str | None
    head_rev: int
    body_rev: int


def edit_file(actor: Actor, client: Client, change: FileChange) -> tuple[str, ...]:
    """Store the change; gives the names of the changed fields. Records that did not change are not sealed anew.

    Raises ConflictError when somebody saved head or body in between, RuleError for a missing name.
    """
    policy.require(actor, Permission.CLIENT_EDIT, client)
    require_revisions(client, head_rev=change.head_rev, body_rev=change.body_rev)
    head = ready(change.head)
    changed = (*_changed(client.head, head), *_changed(client.body, change.body))
    if head != client.head:
        client.head = head
    if change.body != client.body:
        client.body = change.body
    if client.ags != change.ags:
        client.ags = change.ags
        changed += ("ags",)
        caseload.move(client)
    if "earlier_counselling_months" in changed:
        session().flush()
        caseload.set_clock(client)
    if changed:
        _kept(client, "client:edit", *changed)
    return changed


def require_revisions(client: Client, *, head_rev: int | None = None, body_rev: int | None = None) -> None:
    """Raises ConflictError when head or body were saved since the form was filled."""
    if head_rev not in {None, client.head_rev} or body_rev not in {None, client.body_rev}:
        raise ConflictError(_("Jemand anderes hat diese Akte inzwischen gespeichert."))


def set_agencies(actor: Actor, client: Client, agencies: tuple[Agency, ...], *, body_rev: int) -> None:
    """Replace the list "Zuständige Stellen". Raises ConflictError, or RuleError for a line without an office."""
    policy.require(actor, Permission.CLIENT_EDIT, client)
    require_revisions(client, body_rev=body_rev)
    if any(not (agency.office or agency.kind) for agency in agencies):
        raise RuleError(_("Geben Sie bei jeder Stelle die Art oder den Namen an."), field="agencies")
    _set_body(client, "client:agencies", agencies=agencies)


def set_representatives(
    actor: Actor, client: Client, representatives: tuple[Representative, ...], *, body_rev: int
) -> None:
    """Replace who speaks for the person. Raises ConflictError."""
    policy.require(actor, Permission.CLIENT_EDIT, client)
    require_revisions(client, body_rev=body_rev)
    _set_body(client, "client:representatives", representatives=representatives)


def give_notice(actor: Actor, client: Client, notice: Notice) -> None:
    """Record that a privacy notice was handed over (given, never agreed to: Art. 13 DSGVO)."""
    policy.require(actor, Permission.CLIENT_EDIT, client)
    if notice not in client.body.notices:
        _set_body(client, "client:notice", notices=(*client.body.notices, notice))


def clear_mark(actor: Actor, client: Client, mark: str) -> int | None:
    """A hint of an import was looked into. Gives its place for `restore_mark`, None where it was gone already."""
    policy.require(actor, Permission.CLIENT_EDIT, client)
    marks = list(client.body.marks)
    if mark not in marks:
        return None
    place = marks.index(mark)
    del marks[place]
    _set_body(client, "client:mark_checked", marks=tuple(marks), checked_marks=(*client.body.checked_marks, mark))
    return place


def restore_mark(actor: Actor, client: Client, *, place: int, revision: int) -> None:
    """Undo `clear_mark`, which left the body at this revision. Raises RuleError after any later change."""
    policy.require(actor, Permission.CLIENT_EDIT, client)
    if client.body_rev != revision:
        raise RuleError(_("Die Akte wurde inzwischen geändert. Das lässt sich nicht mehr zurücknehmen."))
    *checked, mark = client.body.checked_marks
    marks = (*client.body.marks[:place], mark, *client.body.marks[place:])
    _set_body(client, "client:mark_unchecked", marks=marks, checked_marks=tuple(checked))


def set_name_check(actor: Actor, client: Client, *, wanted: bool) -> None:
    """Set or clear "Name prüfen"."""
    policy.require(actor, Permission.CLIENT_EDIT, client)
    if client.head.name_check != wanted:
        client.head = msgspec.structs.replace(client.head, name_check=wanted)
        _kept(client, "client:name_checked", "name_check")


def _set_body(client: Client, action: str, **values: object) -> None:
    client.body = msgspec.structs.replace(client.body, **values)
    _kept(client, action, *values)


def _kept(client: Client, action: str, *changed: str) -> None:
    session().flush()
    audit.record(action, client_id=client.id, detail=audit.Detail(changed=changed))


def _changed(before: msgspec.Struct, after: msgspec.Struct) -> tuple[str, ...]:
    names = (name for name in before.__struct_fields__ if name != "keys")
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
