"""Versions of the agreement as rows: the content in its canonical form, chained and hashed as the talk would do it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from caseapp.agreements.models import Agreement, AgreementText, Decision, Signature
from caseapp.agreements.rules import (
    AgreementState,
    GoalTerms,
    LookBack,
    Party,
    Replaced,
    StepTerms,
    Terms,
    canonical,
    digest_of,
    goals_digest,
)
from caseapp.agreements.service.composing import printed_phrases
from caseapp.catalogue import queries as catalogue
from caseapp.clients.rules import kept
from caseapp.demo.rules.agreed import PastGoal, Plan, Version, title_of
from caseapp.demo.rules.agreeing import draw_strengths
from caseapp.demo.service import files
from caseapp.demo.service.cases import Book, Member, draw_id, moment
from caseapp.i18n import gettext as _
from caseapp.places import queries as places
from caseapp.places.models import CarrierProfile

_NOON = 12 * 60
_CONFIRMED = "confirmed"
_WORDS = ("Möchte erst mit der Schwester sprechen.", "Im Moment nicht.", "")


class Placed(NamedTuple):
    """A goal with its id, the id of the one that it was adjusted from, and the client's first step."""

    goal: PastGoal
    id: UUID
    follows: UUID | None
    step: StepTerms


class Papers:
    """What versions share: the phrases that they print, and the profiles of carriers, each opened once."""

    def __init__(self) -> None:
        self.version, self.digest, self.phrases = printed_phrases("")
        self._profiles: dict[UUID, CarrierProfile] = {}

    def profile(self, organisation_id: UUID) -> CarrierProfile:
        """The carrier's profile."""
        found = self._profiles.get(organisation_id)
        if found is None:
            found = self._profiles[organisation_id] = places.get_organisation(organisation_id).profile
        return found


class _Agreed(NamedTuple):
    """A version that was signed, for the next one to follow."""

    id: UUID
    number: int
    digest: str
    version: Version


def add_versions(book: Book, papers: Papers, member: Member, plan: Plan, goals: Sequence[Placed]) -> None:
    """All versions of one member. The latest signed one is in force; its next talk is a task while the file is open."""
    before: _Agreed | None = None
    strengths = draw_strengths(member.case.rng)
    latest = max((number for number, each in enumerate(plan.versions) if each.signed), default=None)
    for place, version in enumerate(plan.versions):
        row_id = draw_id(member.case.rng)
        terms = _terms(papers, member, version, place + 1, goals, before, strengths)
        text = canonical(terms)
        in_force = place == latest
        state = AgreementState.SIGNED if in_force else AgreementState.SUPERSEDED
        task_id = None
        if in_force:
            member.caseload["review_on"] = version.review_on
            if member.case.frame.closed_on is None:
                title = _("Gespräch zur Vereinbarung")
                task_id = book.add_task(member, title, version.review_on, version.made_on)
        book.rows[Agreement].append(
            {
                "id": row_id,
                **member.bound,
                "number": terms.number,
                "state": state.value if version.signed else AgreementState.DECLINED.value,
                "language": "",
                "phrase_version": papers.version,
                "digest": digest_of(text),
                "goals_digest": goals_digest(terms.goals),
                "paper_digest": None,
                "replaces_id": before.id if before else None,
                "made_on": version.made_on,
                "presented_at": moment(version.made_on, _NOON),
                "decision_made": "signed" if version.signed else "declined",
                "decided_on": version.made_on,
                "decided_at": moment(version.made_on, _NOON + 5),
                "review_on": version.review_on,
                "paper_id": None,
                "signed_paper_id": None,
                "scan_id": None,
                "contact_id": None,
                "task_id": task_id,
                "created_by": member.worker_id,
                "created_at": moment(version.made_on, _NOON),
                **book.seal(Agreement.text, "agreement", member.client_id, row_id, AgreementText(canonical=text)),
                **book.seal(Agreement.decision, "agreement", member.client_id, row_id, _decision(member, version)),
            }
        )
        if version.signed:
            before = _Agreed(row_id, terms.number, digest_of(text), version)


def _decision(member: Member, version: Version) -> Decision:
    if not version.signed:
        return Decision(words=member.case.rng.choice(_WORDS))
    return Decision(
        client=Signature(way=_CONFIRMED, name=member.head.full_name),
        worker=Signature(way=_CONFIRMED, name=member.case.desk.worker_name),
        copy_received=True,
    )


def _terms(
    papers: Papers,
    member: Member,
    version: Version,
    number: int,
    goals: Sequence[Placed],
    before: _Agreed | None,
    strengths: str,
) -> Terms:
    head, frame = member.head, member.case.frame
    profile = papers.profile(member.case.desk.organisation_id)
    return Terms(
        number=number,
        replaces=Replaced(number=before.number, digest=before.digest) if before else None,
        made_on=version.made_on,
        carrier=profile.name,
        controller=profile.controller,
        data_protection_officer=profile.data_protection_officer,
        supervisory_authority=profile.supervisory_authority,
        worker=member.case.desk.worker_name,
        client=Party(
            name=head.full_name, own_script=head.own_script, born=head.birth.written, file_number=member.file_number
        ),
        representatives=(),
        interpreter="",
        language="",
        language_label="",
        phrase_version=papers.version,
        phrase_digest=papers.digest,
        phrases=papers.phrases,
        read_aloud=None,
        situation="",
        strengths=strengths,
        school="",
        degrees="",
        work="",
        languages="",
        looking_back=tuple(_look_back(goals[place].goal, version.made_on) for place in before.version.goals)
        if before
        else (),
        goals=tuple(_goal(goals[place]) for place in version.goals),
        helpers=(),
        plans=(),
        review_on=version.review_on,
        counselling_until=kept.counselling_ends(frame.opened_on, files.EARLIER_MONTHS),
    )


def _goal(placed: Placed) -> GoalTerms:
    goal = placed.goal
    return GoalTerms(
        id=placed.id,
        area=goal.area,
        area_label=catalogue.label("goal_areas", goal.area),
        own_words=goal.own_words,
        wording=goal.wording.text,
        noticed_by=goal.wording.noticed_by,
        due_on=goal.due_on,
        follows=placed.follows,
        steps=(placed.step,),
    )


def _look_back(goal: PastGoal, on: dt.date) -> LookBack:
    """What had become of a goal of the version before, on the day of the next one."""
    ended = goal.closed_on is not None and goal.closed_on <= on
    adjusted = ended and not goal.result
    client, worker = goal.final if ended else goal.start
    return LookBack(
        goal=title_of(goal),
        result=goal.result if ended else "",
        result_label=_("angepasst") if adjusted else catalogue.label("goal_states", goal.result if ended else ""),
        client_score=client,
        worker_score=worker,
        steps_done=int(ended and not adjusted),
        steps=1,
    )
