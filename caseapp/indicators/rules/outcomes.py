"""What is achieved: I4 to I9 and I12. Outcomes of an entry cohort, three-valued, with competing events.

An event has a date and needs no confirmation. That nothing happened is only known if somebody looked: a row of the
history concerned (or the answer to a question after a reached goal) confirmed at most 33 days before the end of the
follow-up, or later. The pure rules on histories are those of single goals (`goals.rules.measures`): one truth.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from caseapp.goals.rules import measures
from caseapp.goals.rules.measures import CERTIFICATE, CONFIRMED_BEFORE, FREE_MONTHS, Known, Level, Span, whole_months
from caseapp.indicators.rules.cases import Case, Household, covers, draws, is_own, title_on
from caseapp.indicators.rules.context import UNKNOWN, Context
from caseapp.indicators.rules.observations import Asked, Observation
from caseapp.tallies.lines import FactLine, GoalLine, Mark, TitleLine

_GOAL_STATES = {"ERR": "reached", "TEI": "partly", "NER": "missed", "NVF": "missed", "ENT": "lapsed"}
_YOUNGEST, _OLDEST = 15, 64  # working age, both inclusive
_GROWN = 16  # I8
_HALF_YEAR = dt.timedelta(days=183)
_DAY = dt.timedelta(days=1)
_BEFORE = dt.timedelta(days=CONFIRMED_BEFORE)
_TOP = 6


def goals(asked: Asked) -> Iterator[Observation]:
    """I4: goals that began in the cohort, by their result on day 365. An adjusted one goes on in its successor."""
    areas = asked.cases.context.classes["area", "goal_areas"]
    for case in asked.cases.cases:
        by_mark = {goal.goal: goal for goal in case.course.goals}
        successors = {goal.successor for goal in by_mark.values() if goal.successor}
        for goal in by_mark.values():
            if asked.within(goal.opened_on) and goal.goal not in successors:
                outcome = _result(goal, by_mark, goal.opened_on + asked.follow_up)
                key = int.from_bytes(goal.goal, "big")
                yield asked.observe(case, outcome=outcome, key=key, extra={"area": areas[goal.area]})


def tenancies(asked: Asked) -> Iterator[Observation]:
    """I5, I5L: the first own tenancy of the person of reference since the household's first talk."""
    context = asked.cases.context
    forms = context.classes["housing", "housing_forms"]
    for household in _entered(asked):
        stays = [stay for stay in household.anchor.course.stays if forms[stay.form] != UNKNOWN]
        own = [stay for stay in stays if is_own(stay, context)]
        if not _known_since(stays, household.entry) or any(covers(stay, household.entry) for stay in own):
            continue
        end = household.entry + asked.follow_up
        happened = any(stay.from_on and household.entry < stay.from_on <= end for stay in own)
        outcome = _settle(household.anchor, context, stays, end, happened=happened, measure="housing")
        yield asked.observe(household.anchor, outcome=outcome, key=household.key)


def work_begun(asked: Asked) -> Iterator[Observation]:
    """I6, I6L: the first work that counts since the first talk."""
    context = asked.cases.context
    kinds = context.classes["occupation", "employment_kinds"]
    for case in asked.cases.cases:
        entry = case.entry
        if (
            entry is None
            or not asked.within(entry)
            or not _working_age(case, entry)
            or not _permitted(case, entry, context)
        ):
            continue
        works = [(kinds[work.kind], work) for work in case.course.works]
        works = [(kind, work) for kind, work in works if kind != UNKNOWN]
        begun = _known_since([work for _kind, work in works], entry)
        if not begun or any(kind == "work" and covers(work, entry) for kind, work in works):
            continue
        end = entry + asked.follow_up
        started = {kind for kind, work in works if work.from_on and entry < work.from_on <= end}
        outcome = _settle(
            case, context, [work for _kind, work in works], end, happened="work" in started, measure="employment"
        )
        if outcome == "yes":
            outcome = "work"
        elif outcome == "no":
            during = {kind for kind, work in works if _overlaps(work, entry, end)}
            outcome = next((kind for kind in ("minor", "subsidised") if kind in during), "no")
        yield asked.observe(case, outcome=outcome)


def work_kept(asked: Asked) -> Iterator[Observation]:
    """I7, I7Y: whether the first work since the first talk, begun in the cohort, went on after 183 or 365 days."""
    context = asked.cases.context
    kinds = context.classes["occupation", "employment_kinds"]
    year = asked.definition.follow_up_days == measures.YEAR
    for case in asked.cases.cases:
        entry = case.entry
        if entry is None or entry > asked.last:
            continue
        if not any(asked.within(work.from_on) for work in case.course.works):
            continue
        answered = _answers(case, "employment")
        works = sorted(case.course.works, key=lambda work: work.employer)  # two from one day: no order of rows decides
        spans = [_work_span(work, kinds[work.kind] == "work", work.employer, answered) for work in works]
        found = measures.employment(spans, since=entry, today=asked.end)
        still = found.year if year else found.half_year
        if found.started_on is None or found.started_on < entry or not asked.within(found.started_on) or still is None:
            continue
        if still.working is Known.UNKNOWN:
            left = case.left_on(context)
            outcome = "left" if left is not None and left <= still.on else "unknown"
        elif still.working is Known.NO:
            outcome = "no"
        else:
            outcome = "same" if still.same is Known.YES else "other"
        yield asked.observe(case, outcome=outcome)


def certificates(asked: Asked) -> Iterator[Observation]:
    """I8: a higher certificate than the one held at the first talk."""
    for case, levels, entry in _learners(asked):
        held = [level.rank for level in levels if level.certified and _known_by(level, entry)]
        if not held or max(held) >= _TOP:
            continue
        end = entry + asked.follow_up
        found = measures.language(levels, since=entry, today=end)
        happened = found.gain is not None and found.gain > 0
        outcome = _settle(case, asked.cases.context, case.course.languages, end, happened=happened, measure="language")
        yield asked.observe(case, outcome=outcome)


def assessments(asked: Asked) -> Iterator[Observation]:
    """I8S: a level known without a certificate at the first talk, and the latest one of the follow-up."""
    for case, levels, entry in _learners(asked):
        before = [level for level in levels if _known_by(level, entry)]
        if not before or any(level.certified for level in before):
            continue
        end = entry + asked.follow_up
        found = measures.language(levels, since=entry, today=end)
        if found.start is None or found.now is None or found.start >= _TOP:
            continue
        outcome = _settle(
            case, asked.cases.context, case.course.languages, end, happened=found.now > found.start, measure="language"
        )
        yield asked.observe(case, outcome=outcome)


def independence(asked: Asked) -> Iterator[Observation]:
    """I9, I9L: three months running without SGB II, SGB XII and AsylbLG."""
    context = asked.cases.context
    for household in _entered(asked):
        anchor, entry = household.anchor, household.entry
        drawn = [row for row in anchor.course.benefits if draws(row, context)]
        if not _working_age(anchor, entry) or not any(covers(row, entry) for row in drawn):
            continue
        end = entry + asked.follow_up
        looked = _looked(anchor, anchor.course.benefits, "benefits")
        frees = [free for begin, until in _gaps(drawn, entry, end) if (free := _three_months(begin, until))]
        if any(looked >= day for day in frees):
            outcome = "yes"
        elif frees:
            outcome = _open_end(anchor, context, end)
        else:
            outcome = "no" if looked >= end - _BEFORE else _open_end(anchor, context, end)
        yield asked.observe(anchor, outcome=outcome, key=household.key)


def closings(asked: Asked) -> Iterator[Observation]:
    """I12: closings of the period but for death, departure and moving away."""
    endings = asked.cases.context.classes["ending", "closing_reasons"]
    for case in asked.cases.cases:
        closed_on = case.person.closed_on
        if closed_on is None or not asked.within(closed_on) or case.entry is None or case.entry > closed_on:
            continue
        ending = endings[case.person.closing_reason]
        if ending != "left":
            yield asked.observe(case, outcome=ending or "unknown")


def _known_since(rows: Iterable[FactLine], entry: dt.date) -> bool:
    """Whether the state at the first talk is known. Rows that begin later do not tell it: were they enough, people of
    whom nothing was known would count if something happened, and not if nothing did."""
    return any(row.from_on is None or row.from_on <= entry for row in rows)


def _entered(asked: Asked) -> Iterator[Household]:
    return (household for household in asked.cases.households if asked.within(household.entry))


def _result(goal: GoalLine, by_mark: dict[Mark, GoalLine], end: dt.date) -> str:
    seen = {goal.goal}
    while goal.successor in by_mark and goal.successor not in seen and _closed_by(goal, end):
        goal = by_mark[goal.successor]
        seen.add(goal.goal)
    return _GOAL_STATES.get(goal.state, "open") if _closed_by(goal, end) else "open"


def _closed_by(goal: GoalLine, end: dt.date) -> bool:
    return goal.closed_on is not None and goal.closed_on <= end


def _settle(
    case: Case, context: Context, rows: Iterable[FactLine], end: dt.date, *, happened: bool, measure: str
) -> str:
    """Yes for what happened; no where somebody looked near the end; left, or unknown."""
    if happened:
        return "yes"
    # A level that was learned stays: half a year of observation is enough (I8).
    needed = end - _HALF_YEAR if measure == "language" else end - _BEFORE
    return "no" if _looked(case, rows, measure) >= needed else _open_end(case, context, end)


def _open_end(case: Case, context: Context, end: dt.date) -> str:
    left = case.left_on(context)
    return "left" if left is not None and left <= end else "unknown"


def _looked(case: Case, rows: Iterable[FactLine], measure: str) -> dt.date:
    """When somebody last looked at a history: its latest confirmation, or a question answered with yes."""
    days = [row.confirmed_on for row in rows if row.confirmed_on]
    return max([*days, *_answers(case, measure)], default=dt.date.min)


_AREAS = {"housing": {"WOH"}, "employment": {"ARB", "AUS"}, "benefits": {"UNA"}, "language": {"SPR"}}


def _answers(case: Case, measure: str) -> list[dt.date]:
    """The days on which the question after a reached goal was answered with "still so"."""
    if not case.course.followups:
        return []
    own = {goal.goal for goal in case.course.goals if goal.area in _AREAS[measure]}
    return [
        followup.answered_on
        for followup in case.course.followups
        if followup.answered_on and followup.answer == "yes" and followup.goal in own
    ]


def _work_span(work: FactLine, counts: bool, employer: Mark, answered: Sequence[dt.date]) -> Span:  # noqa: FBT001
    said = [day for day in answered if covers(work, day)]
    confirmed = max([*said, *([work.confirmed_on] if work.confirmed_on else [])], default=None)
    return Span(
        from_on=work.from_on, until_on=work.until_on, confirmed_on=confirmed, counts=counts, name=employer.hex()
    )


def _working_age(case: Case, on: dt.date) -> bool:
    age = case.age_on(on)
    return age is not None and _YOUNGEST <= age <= _OLDEST


def _permitted(case: Case, on: dt.date, context: Context) -> bool:
    """Whether the title of the day permits to work. A "Fiktionsbescheinigung" says: as under the former title."""
    permissions = context.classes["permission", "employment_permissions"]
    title = title_on(case, on, context)
    former = sorted(case.course.titles, key=lambda line: line.from_on or dt.date.min, reverse=True)
    while title is not None:
        found = _permission(title, permissions, context)
        if found != "former":
            return found == "yes"
        begin = title.from_on or dt.date.min
        title = next((line for line in former if (line.from_on or dt.date.min) < begin), None)
    return False


def _permission(title: TitleLine, permissions: dict[str, str], context: Context) -> str:
    said = permissions[title.work_permission]
    return said if said != UNKNOWN else permissions[context.work_defaults.get(title.code, "")]


def _overlaps(row: FactLine, begin: dt.date, end: dt.date) -> bool:
    return (row.from_on is None or row.from_on <= end) and (row.until_on is None or row.until_on >= begin)


def _learners(asked: Asked) -> Iterator[tuple[Case, list[Level], dt.date]]:
    ranks = asked.cases.context.ranks
    for case in asked.cases.cases:
        entry = case.entry
        if entry is None or not asked.within(entry) or (case.age_on(entry) or 0) < _GROWN:
            continue
        levels = [
            Level(rank, line.certified_on or line.from_on, line.evidence == CERTIFICATE)
            for line in case.course.languages
            if (rank := ranks[line.level]) is not None
        ]
        yield case, sorted(levels, key=lambda level: (level.rank, level.certified)), entry


def _known_by(level: Level, on: dt.date) -> bool:
    return level.from_on is None or level.from_on <= on


def _gaps(drawn: Iterable[FactLine], entry: dt.date, end: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """The days from the first talk to the end of the follow-up without a row, as (first, last)."""
    free_from = entry
    for row in sorted(drawn, key=lambda row: row.from_on or dt.date.min):
        begin, until = row.from_on or dt.date.min, row.until_on
        if begin > end:
            break
        if begin > free_from:
            yield free_from, begin - _DAY
        if until is None:
            return
        free_from = max(free_from, until + _DAY)
    if free_from <= end:
        yield free_from, end


def _three_months(begin: dt.date, until: dt.date) -> dt.date | None:
    """The day on which three months without a gap are over; None where they are not."""
    if whole_months(begin, until + _DAY) < FREE_MONTHS:
        return None
    day = begin + dt.timedelta(days=88)
    while whole_months(begin, day + _DAY) < FREE_MONTHS:
        day += _DAY
    return day
