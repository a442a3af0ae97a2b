"""The review talk: what it leaves behind arises in one transaction, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from caseapp import audit, clock
from caseapp.agreements import queries
from caseapp.agreements.models import Agreement, AgreementText, Decision
from caseapp.agreements.rules import (
    AgreementState,
    Terms,
    canonical,
    check_review_day,
    digest_of,
    goals_digest,
    move,
)
from caseapp.agreements.service.composing import Said, compose
from caseapp.clients.models import Client
from caseapp.counselling import service as counselling
from caseapp.counselling.service import NewContact
from caseapp.db import new_id, session
from caseapp.drafts.service import drop_on_save
from caseapp.errors import AlreadyStoredError, ConflictError, RuleError
from caseapp.goals import queries as goals
from caseapp.goals import service as goal_service
from caseapp.goals.service import NewGoal, Review
from caseapp.i18n import gettext as _
from caseapp.papers.service import order_paper
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

AGREEMENT_PAPER, SIGNED_PAPER, STEPS_PAPER = "agreement", "agreement_signed", "agreement_steps"
FILE_NAMES = {AGREEMENT_PAPER: "vereinbarung.pdf", SIGNED_PAPER: "vereinbarung.pdf", STEPS_PAPER: "schritte.pdf"}


class TalkError(RuleError):
    """A refusal that belongs to one row of the talk: `grid` "goals" or "new_goals", `place` counted from 0."""

    def __init__(self, refusal: RuleError, grid: str, place: int) -> None:
        super().__init__(str(refusal), field=refusal.field)
        self.grid = grid
        self.place = place


class GoalConflictError(ConflictError):
    """Somebody else changed a goal while the talk was written down; `place` is its row."""

    def __init__(self, conflict: ConflictError, place: int) -> None:
        super().__init__(str(conflict))
        self.place = place


@dataclass(frozen=True, slots=True)
class GoalReviewed:
    """What was said of one goal; `version` is that of the goal which the form showed."""

    goal_id: UUID
    version: str
    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What a review talk leaves behind. `base`: the newest version that the form knew ("" for none).

    `contact` None: the talk is recorded already.
    """

    base: str
    said: Said
    review_on: dt.date | None
    reviews: tuple[GoalReviewed, ...] = ()
    new_goals: tuple[NewGoal, ...] = ()
    contact: NewContact | None = None


def base_of(newest: Agreement | None) -> str:
    """What a form carries along, so that no version of somebody else is passed over."""
    return f"{newest.number}-{newest.digest[:16]}" if newest else ""


def conclude(actor: Actor, client: Client, talk: Talk, *, agreement_id: UUID) -> Agreement:
    """Store reviews, new goals and the contact, and write the next version down; its paper is printed after the commit.

    A version that waits for an answer is superseded; the one in force stays until the new one is signed. The draft with
    this id goes. Sent twice, it is stored once. Raises TalkError and GoalConflictError for a row, ConflictError when
    somebody else made a version since, RuleError on `review_on` and where no goal is open.
    """
    policy.require(actor, Permission.AGREEMENT_SIGN, client)
    stored = _stored(client, talk, agreement_id)
    if stored is not None:
        return stored
    today = clock.today()
    review_on = check_review_day(talk.review_on, today)
    newest = queries.newest(client.id)
    if base_of(newest) != talk.base:
        raise ConflictError(_("Inzwischen hat jemand anderes eine neue Fassung angelegt."))
    # Within a savepoint: a refusal leaves nothing behind, and its page reads in the same transaction.
    with session().begin_nested():
        contact_id = _record(actor, client, talk)
        before = queries.last_agreed(client.id)
        number = newest.number + 1 if newest else 1
        terms = compose(actor, client, talk.said, number=number, review_on=review_on, before=before, today=today)
        if not terms.goals:
            raise RuleError(_("Es gibt kein offenes Ziel. Vereinbaren Sie mindestens ein Ziel."), field="new_goals")
        for waiting in queries.list_undecided(client.id):
            waiting.state = move(queries.standing(waiting), AgreementState.SUPERSEDED).value
        agreement = _written(actor, client, terms, before, agreement_id)
        agreement.contact_id = contact_id
        session().add(agreement)
        session().flush()
        print_paper(actor, client, agreement)
        drop_on_save(agreement_id)
        audit.record("agreement:draft", client_id=client.id, detail=audit.Detail(note=agreement.id.hex))
    return agreement


def print_paper(actor: Actor, client: Client, agreement: Agreement) -> None:
    """Order the paper that is shown at signing."""
    paper, _job = order_paper(
        actor,
        client,
        AGREEMENT_PAPER,
        agreement.id,
        file_name=FILE_NAMES[AGREEMENT_PAPER],
        permission=Permission.AGREEMENT_SIGN,
    )
    agreement.paper_id = paper.id
    session().flush()


def _stored(client: Client, talk: Talk, agreement_id: UUID) -> Agreement | None:
    stored = queries.find_agreement(agreement_id)
    if stored is None:
        return None
    if stored.client_id != client.id or stored.review_on != talk.review_on:
        raise AlreadyStoredError(
            _(
                "Mit diesem Formular ist schon eine Fassung gespeichert. "
                "Wenn Sie jetzt speichern, entsteht eine weitere."
            )
        )
    return stored


def _record(actor: Actor, client: Client, talk: Talk) -> UUID | None:
    """The contact first, then what was said of each goal, then new goals: all name the contact."""
    contact_id = None
    if talk.contact is not None:
        contact_id = counselling.save_contact(actor, client, talk.contact, contact_id=new_id()).id
    for place, reviewed in enumerate(talk.reviews):
        with _placed("goals", place):
            goal = goals.get_goal(reviewed.goal_id)
            if goal.client_id != client.id:
                raise RuleError(_("Dieses Ziel gehört nicht zu dieser Akte. Laden Sie die Seite neu."))
            goal_service.review_goal(
                actor, client, goal, reviewed.review, version=reviewed.version, contact_id=contact_id
            )
    for place, new in enumerate(talk.new_goals):
        with _placed("new_goals", place):
            goal_service.add_goal(actor, client, new, contact_id=contact_id)
    return contact_id


@contextmanager
def _placed(grid: str, place: int) -> Iterator[None]:
    try:
        yield
    except RuleError as refusal:
        raise TalkError(refusal, grid, place) from refusal
    except ConflictError as conflict:
        raise GoalConflictError(conflict, place) from conflict


def _written(actor: Actor, client: Client, terms: Terms, before: Agreement | None, agreement_id: UUID) -> Agreement:
    text = canonical(terms)
    return Agreement(
        id=agreement_id,
        client_id=client.id,
        organisation_id=client.organisation_id,
        number=terms.number,
        state=AgreementState.DRAFTED.value,
        language=terms.language,
        phrase_version=terms.phrase_version,
        digest=digest_of(text),
        goals_digest=goals_digest(terms.goals),
        replaces_id=before.id if before else None,
        made_on=terms.made_on,
        review_on=terms.review_on,
        created_by=actor.user_id,
        created_at=clock.now(),
        text=AgreementText(canonical=text),
        decision=Decision(),
    )
