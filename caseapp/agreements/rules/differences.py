"""How two versions differ, for the screen and for the paper."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator
from dataclasses import dataclass

from caseapp.agreements.rules.content import GoalTerms, StepTerms, Terms
from caseapp.i18n import gettext as _


class Change(enum.StrEnum):
    """What happened to a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs: where, and its text in both versions ("" where there was or is none)."""

    change: Change
    where: str
    before: str
    after: str


def differences(old: Terms, new: Terms) -> list[Difference]:
    """What is different, in the order of the paper; empty for the same agreement.

    Left out is what always differs and agrees nothing: number, day, scores, the book of phrases.
    """
    return [*_plain(old, new), *_goals(old, new)]


def _plain(old: Terms, new: Terms) -> Iterator[Difference]:
    for where, before, after in (
        (_("Sprache"), old.language_label, new.language_label),
        (_("Ansprechperson"), old.worker, new.worker),
        (_("Vertretung"), ", ".join(old.representatives), ", ".join(new.representatives)),
        (_("Dolmetschen"), old.interpreter, new.interpreter),
        (_("Meine Situation"), old.situation, new.situation),
        (_("Das kann ich gut"), old.strengths, new.strengths),
        (_("Schule"), old.school, new.school),
        (_("Abschlüsse und Zeugnisse"), old.degrees, new.degrees),
        (_("Arbeit"), old.work, new.work),
        (_("Sprachen"), old.languages, new.languages),
        (_("Hilfe von anderen"), "\n".join(old.helpers), "\n".join(new.helpers)),
        (_("Andere Pläne"), "\n".join(_plans(old)), "\n".join(_plans(new))),
        (_("Nächstes Gespräch"), _day(old.review_on), _day(new.review_on)),
        (_("Beratung bis"), _day(old.counselling_until), _day(new.counselling_until)),
    ):
        yield from _compared(where, before, after)


def _goals(old: Terms, new: Terms) -> Iterator[Difference]:
    before = {goal.id: goal for goal in old.goals}
    kept = {goal.follows if goal.follows in before and goal.id not in before else goal.id for goal in new.goals}
    for goal in new.goals:
        earlier = before.get(goal.id) or (before.get(goal.follows) if goal.follows else None)
        if earlier is None:
            yield Difference(Change.ADDED, _goal_name(goal), "", _goal_text(goal))
        else:
            yield from _goal(earlier, goal)
    for goal in old.goals:
        if goal.id not in kept:
            yield Difference(Change.REMOVED, _goal_name(goal), _goal_text(goal), "")


def _goal(old: GoalTerms, new: GoalTerms) -> Iterator[Difference]:
    name = _goal_name(new)
    yield from _compared(name, _goal_text(old), _goal_text(new))
    for party, heading in (("client", _("meine Schritte")), ("office", _("Schritte der Beratungsstelle"))):
        yield from _compared(f"{name} – {heading}", _steps(old.steps, party), _steps(new.steps, party))


def _compared(where: str, before: str, after: str) -> Iterator[Difference]:
    if before == after:
        return
    change = Change.ADDED if not before else Change.CHANGED if after else Change.REMOVED
    yield Difference(change, where, before, after)


def _goal_name(goal: GoalTerms) -> str:
    return _("Ziel: %(area)s", area=goal.area_label)


def _goal_text(goal: GoalTerms) -> str:
    until = _("bis %(day)s", day=_day(goal.due_on)) if goal.due_on else ""
    return "\n".join(filter(None, (goal.own_words, goal.wording, goal.noticed_by, until)))


def _steps(steps: tuple[StepTerms, ...], party: str) -> str:
    lines = (
        f"{step.text} ({_day(step.due_on)})" if step.due_on else step.text for step in steps if step.party == party
    )
    return "\n".join(sorted(lines))


def _plans(terms: Terms) -> list[str]:
    return [
        ", ".join(filter(None, (plan.kind, plan.office, _day(plan.agreed_on), plan.main_goal, plan.leads)))
        for plan in terms.plans
    ]


def _day(day: dt.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
