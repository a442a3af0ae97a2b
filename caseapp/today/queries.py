"""What a caseworker's day holds, gathered from tasks, caseload and drafts in few statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from caseapp import clock
from caseapp.accounts.queries import names_of
from caseapp.clients.models import ClientHead
from caseapp.clients.queries import (
    NoteAccess,
    WaitingLift,
    list_note_accesses_for_worker,
    list_waiting_lifts,
)
from caseapp.clients.queries.caseload import ListedCase, list_own_cases
from caseapp.clients.queries.heads import find_heads
from caseapp.clients.rules.caseload import answer_missing, papers_end, review_due, title_ends, without_contact
from caseapp.drafts import queries as drafts
from caseapp.drafts.models import ClientDraft, Draft
from caseapp.referrals.queries import WaitingLegal, list_waiting_legal
from caseapp.security.actor import Actor
from caseapp.tasks import queries as tasks
from caseapp.tasks.queries import TaskLine
from caseapp.tasks.rules import Bucket, bucket

# How long the page says that a lead has opened notes; the client page says it for longer.
NOTES_SHOWN_FOR = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class BegunText:
    """A draft with the client it is about; `head` is None where there is none, or it is not readable."""

    draft: Draft
    head: ClientHead | None


@dataclass(frozen=True, slots=True)
class OpenedNotes:
    """Notes of an own case that a lead has opened; `head` is None where it is not readable."""

    access: NoteAccess
    lead: str
    head: ClientHead | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The groups of the page, each in the order of urgency. Tasks without a day stand on the page of tasks only."""

    overdue: Sequence[TaskLine]
    due_today: Sequence[TaskLine]
    week: Sequence[TaskLine]
    later: Sequence[TaskLine]
    ending: Sequence[ListedCase]
    silent: Sequence[ListedCase]
    reviews: Sequence[ListedCase]
    papers: Sequence[ListedCase]
    unanswered: Sequence[ListedCase]
    begun: Sequence[BegunText]
    opened: Sequence[OpenedNotes]
    lifts: Sequence[WaitingLift]
    legal: Sequence[WaitingLegal]
    cases: int

    def client_ids(self) -> set[UUID]:
        """Everybody whose name the page may show."""
        shown = {task.client_id for task in (*self.overdue, *self.due_today, *self.week, *self.later)}
        cases = (self.ending, self.silent, self.reviews, self.papers, self.unanswered)
        shown |= {listed.case.client_id for group in cases for listed in group}
        shown |= {notes.access.client_id for notes in self.opened}
        shown |= {each.lift.client_id for each in self.lifts}
        shown |= {each.request.client_id for each in self.legal}
        return shown | {text.draft.client_id for text in self.begun if isinstance(text.draft, ClientDraft)}


def gather_day(actor: Actor, today: dt.date) -> Day:
    """The actor's day. Seven statements, whatever the rows; one more with protected files.

    Two more for a draft or task about a client of others.
    """
    cases = list_own_cases(actor)
    buckets: dict[Bucket, list[TaskLine]] = {each: [] for each in Bucket}
    for task in tasks.list_open_for_worker(actor):
        buckets[bucket(task.due_on, today)].append(task)
    week = buckets[Bucket.WEEK]
    return Day(
        overdue=buckets[Bucket.OVERDUE],
        due_today=[task for task in week if task.due_on == today],
        week=[task for task in week if task.due_on != today],
        later=buckets[Bucket.LATER],
        ending=sorted((each for each in cases if title_ends(each.case, today)), key=_by_title_end),
        silent=sorted((each for each in cases if without_contact(each.case, today)), key=_by_last_contact),
        reviews=sorted((each for each in cases if review_due(each.case, today)), key=_by_review),
        papers=sorted((each for each in cases if papers_end(each.case, today)), key=_by_paper_end),
        unanswered=sorted((each for each in cases if answer_missing(each.case, today)), key=_by_answer),
        begun=_begun_texts(actor, cases),
        opened=_opened_notes(actor, cases),
        lifts=list_waiting_lifts(actor.user_id) if actor.asked or any(each.case.protected for each in cases) else (),
        legal=list_waiting_legal(actor.user_id),
        cases=len(cases),
    )


def _by_title_end(listed: ListedCase) -> tuple[dt.date, str]:
    return listed.case.title_ends_on or dt.date.max, listed.case.file_number


def _by_last_contact(listed: ListedCase) -> tuple[dt.date, str]:
    return listed.case.last_contact_on or listed.case.opened_on, listed.case.file_number


def _by_review(listed: ListedCase) -> tuple[dt.date, str]:
    return listed.case.review_on or dt.date.max, listed.case.file_number


def _by_paper_end(listed: ListedCase) -> tuple[dt.date, str]:
    return listed.case.release_ends_on or dt.date.max, listed.case.file_number


def _by_answer(listed: ListedCase) -> tuple[dt.date, str]:
    return listed.case.answer_due_on or dt.date.max, listed.case.file_number


def _begun_texts(actor: Actor, cases: Sequence[ListedCase]) -> list[BegunText]:
    found = drafts.list_drafts(actor.user_id)
    heads = {listed.case.client_id: listed.head for listed in cases}
    about = {draft.client_id for draft in found if isinstance(draft, ClientDraft)}
    heads |= find_heads(about - heads.keys())
    return [BegunText(draft, heads.get(draft.client_id) if isinstance(draft, ClientDraft) else None) for draft in found]


def _opened_notes(actor: Actor, cases: Sequence[ListedCase]) -> list[OpenedNotes]:
    accesses = list_note_accesses_for_worker(actor.user_id, clock.now() - NOTES_SHOWN_FOR)
    leads = names_of({access.user_id for access in accesses})
    heads = {listed.case.client_id: listed.head for listed in cases}
    return [OpenedNotes(each, leads.get(each.user_id, ""), heads.get(each.client_id)) for each in accesses]
