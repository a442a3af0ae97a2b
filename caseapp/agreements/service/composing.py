"""Putting the content of a version together from the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from caseapp.agreements import queries
from caseapp.agreements.models import Agreement
from caseapp.agreements.rules import (
    GoalTerms,
    LookBack,
    Party,
    PlanTerms,
    ReadAloud,
    Replaced,
    StepTerms,
    Terms,
)
from caseapp.catalogue import phrases
from caseapp.catalogue import queries as catalogue
from caseapp.catalogue.service.phrases import keep_book
from caseapp.clients.models import Client
from caseapp.clients.rules.kept import counselling_ends
from caseapp.consents import queries as consents
from caseapp.goals import queries as goals
from caseapp.goals.queries import GoalView
from caseapp.i18n import gettext as _
from caseapp.network import queries as network
from caseapp.places import queries as places
from caseapp.security.actor import Actor

_PAPERS = ("agreement", "common")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a talk adds to the file: the parts of the paper that stand nowhere else."""

    language: str = ""  # code of the list languages; "" for German only
    interpreter: str = ""
    read_aloud_in: str = ""  # code of the list languages
    read_aloud_by: str = ""
    situation: str = ""
    strengths: str = ""
    school: str = ""
    degrees: str = ""
    work: str = ""
    languages: str = ""
    helpers: tuple[str, ...] = ()  # without names, or after a release
    helper_partners: tuple[UUID, ...] = ()  # named with a valid release only


def compose(
    actor: Actor,
    client: Client,
    said: Said,
    *,
    number: int,
    review_on: dt.date,
    before: Agreement | None,
    today: dt.date,
) -> Terms:
    """The content of a new version as of today. `before` is the version in whose place it comes."""
    views = goals.list_goals(client.id)
    profile = places.get_organisation(client.organisation_id).profile
    language = phrases.print_language(said.language) if said.language else "de"
    printed = "" if language == "de" else language
    version, digest, words = printed_phrases(printed)
    earlier = queries.terms_of(before) if before else None
    return Terms(
        number=number,
        replaces=Replaced(number=before.number, digest=before.digest) if before else None,
        made_on=today,
        carrier=profile.name,
        controller=profile.controller,
        data_protection_officer=profile.data_protection_officer,
        supervisory_authority=profile.supervisory_authority,
        worker=actor.name,
        client=Party(
            name=client.head.full_name,
            own_script=client.head.own_script,
            born=client.head.birth.written,
            file_number=client.file_number,
        ),
        representatives=tuple(each.name for each in client.body.representatives),
        interpreter=said.interpreter.strip(),
        language=printed,
        language_label=catalogue.label("languages", printed),
        phrase_version=version,
        phrase_digest=digest,
        phrases=words,
        read_aloud=_read_aloud(said),
        situation=said.situation,
        strengths=said.strengths,
        school=said.school,
        degrees=said.degrees,
        work=said.work,
        languages=said.languages,
        looking_back=_looking_back(views, earlier),
        goals=goal_terms(views),
        helpers=_helpers(client, said, today),
        plans=_plans(client.id),
        review_on=review_on,
        counselling_until=counselling_ends(client.opened_on, client.body.earlier_counselling_months),
    )


def goal_terms(views: Sequence[GoalView]) -> tuple[GoalTerms, ...]:
    """The open goals as they are agreed, the oldest first, with the steps that are still to be done."""
    origin = {view.successor_id: view.id for view in views if view.successor_id}
    return tuple(
        GoalTerms(
            id=view.id,
            area=view.area,
            area_label=catalogue.label("goal_areas", view.area),
            own_words=view.text.own_words,
            wording=view.text.wording,
            noticed_by=view.text.noticed_by,
            due_on=view.due_on,
            follows=origin.get(view.id),
            steps=tuple(StepTerms(party=s.party, text=s.text, due_on=s.due_on) for s in view.open_steps()),
        )
        for view in views
        if view.open
    )


def printed_phrases(language: str) -> tuple[int, str, dict[str, tuple[str, str, str]]]:
    """Version and digest of the book in use, and all phrases that the paper may print, in both languages."""
    book = keep_book()
    words: dict[str, tuple[str, str, str]] = {}
    for key in (key for paper in _PAPERS for key in book.keys_of(paper)):
        own = book.said(key, language) if language else None
        words[key] = (book.said(key, "de").text, own.text if own else "", own.checked_by if own else "")
    return book.version, book.digest, words


def _read_aloud(said: Said) -> ReadAloud | None:
    if not said.read_aloud_in:
        return None
    return ReadAloud(language=catalogue.label("languages", said.read_aloud_in), by=said.read_aloud_by.strip())


def _looking_back(views: Sequence[GoalView], earlier: Terms | None) -> tuple[LookBack, ...]:
    """What became of the goals of the version before, in its order."""
    if earlier is None:
        return ()
    by_id = {view.id: view for view in views}
    return tuple(_look_back(by_id[goal.id], since=earlier.made_on) for goal in earlier.goals if goal.id in by_id)


def _look_back(view: GoalView, *, since: dt.date) -> LookBack:
    steps = [step for step in view.steps if step.state == goals.OPEN or (step.done_on and step.done_on >= since)]
    scored: Mapping[str, int | None] = {by: view.latest(by) for by in ("client", "worker")}
    ended = view.state if not view.open and not view.adjusted else ""
    return LookBack(
        goal=view.title,
        result=ended,
        result_label=_("angepasst") if view.adjusted else catalogue.label("goal_states", ended),
        client_score=scored["client"],
        worker_score=scored["worker"],
        steps_done=sum(step.state == goals.DONE for step in steps),
        steps=len(steps),
    )


def _helpers(client: Client, said: Said, today: dt.date) -> tuple[str, ...]:
    """Partners by name only where a release holds today, whatever the form says; then what was written."""
    released = (
        {release.partner_id for release in consents.list_valid_releases(client.id, today)}
        if (said.helper_partners)
        else set()
    )
    names = network.names_of([each for each in said.helper_partners if each in released])
    return (*names.values(), *(line.strip() for line in said.helpers if line.strip()))


def _plans(client_id: UUID) -> tuple[PlanTerms, ...]:
    return tuple(
        PlanTerms(
            kind=catalogue.label("other_plan_kinds", plan.kind, plan.agreed_on),
            office=plan.text.office,
            agreed_on=plan.agreed_on,
            main_goal=plan.text.main_goal,
            leads=plan.text.leads,
        )
        for plan in queries.list_plans(client_id)
        if plan.ended_on is None and plan.text
    )
