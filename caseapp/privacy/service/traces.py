"""Where a person is named outside the own file. Slices above this one hand their finders over through the factory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select

from caseapp.clients.models import Client, ClientHead
from caseapp.db import scope, session
from caseapp.drafts.models import OfficeDraft
from caseapp.jobs import Job
from caseapp.privacy.queries import count_rows
from caseapp.security.vault import UnreadableError


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose traces are looked for. `head` is None where the file can no longer be read: then only ids tell."""

    client_id: UUID
    organisation_id: UUID
    head: ClientHead | None


@dataclass(frozen=True, slots=True)
class Trace:
    """A kind of trace (`rules.kinds`). `count` and `clear` run outside the row scope and give how many there are.

    `clear` is called before the key goes, in one transaction with all others; repeating it changes nothing.
    """

    kind: str
    count: Callable[[Subject], int]
    clear: Callable[[Subject], int]


def subject_of(client: Client) -> Subject:
    """The client as finders need it."""
    try:
        head = client.head
    except UnreadableError:
        head = None
    return Subject(client.id, client.organisation_id, head)


def count_all(client: Client, traces: Sequence[Trace]) -> dict[str, int]:
    """How much an erasure would take along, by kind: the file's rows, and what names the person elsewhere."""
    subject = subject_of(client)
    counts = count_rows(client.id)
    with scope.everything(session()):
        for trace in traces:
            counts[trace.kind] = counts.get(trace.kind, 0) + trace.count(subject)
    return counts


def _count_intake(subject: Subject) -> int:
    return session().scalar(select(func.count(OfficeDraft.id)).where(OfficeDraft.id == subject.client_id)) or 0


def _clear_intake(subject: Subject) -> int:
    """The draft of the intake bears the id of the file that it became."""
    count = _count_intake(subject)
    session().execute(delete(OfficeDraft).where(OfficeDraft.id == subject.client_id))
    return count


def _no_jobs(_subject: Subject) -> int:
    return 0


def _clear_jobs(subject: Subject) -> int:
    """Jobs hold ids only; those about the file itself go without being counted."""
    session().execute(delete(Job).where(Job.target_id == subject.client_id))
    return 0


OWN_TRACES = (
    Trace("client_draft", _count_intake, _clear_intake),
    Trace("client_draft", _no_jobs, _clear_jobs),
)
