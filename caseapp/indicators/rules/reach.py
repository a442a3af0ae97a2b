"""Whom the work reaches: I1, I1H, I1K, I2, I3, I10, I11, I13."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence

from caseapp.indicators.rules.cases import Case, in_period
from caseapp.indicators.rules.observations import Asked, Observation
from caseapp.tallies.courses import Office
from caseapp.tallies.lines import AdviceLine, AgreementLine, Mark, ReferralStepLine, TitleLine

_EARLY = dt.timedelta(days=28)  # I2, I11
_DONE = dt.timedelta(days=90)  # I11
_ESTABLISHED = 90  # I3, I14: days of counselling
_CURRENT = dt.timedelta(days=183)  # I3: since the plan was last looked at together
_DAY = dt.timedelta(days=1)
_ACCEPTING = frozenset({"accepted", "done"})


def persons(asked: Asked) -> Iterator[Observation]:
    """I1: everybody with a counted talk, own or as a participant."""
    period, cases = asked.period, asked.cases
    for case in cases.cases:
        if case.entry is None or case.entry > asked.end:
            continue
        if cases.talks(case, period) or cases.presences(case, period):
            yield asked.observe(case)


def households(asked: Asked) -> Iterator[Observation]:
    """I1H: the households of those talks, at the place of the person of reference."""
    period, cases = asked.period, asked.cases
    met: dict[Mark, dt.date] = {}
    for case in cases.cases:
        if case.entry is None or case.entry > asked.end:
            continue
        days = {line.on_day for line in cases.talks(case, period)}
        days.update(line.on_day for line in cases.presences(case, period))
        links = [(day, case.household_on(day)) for day in days]
        if any(link is None for _day, link in links):
            yield asked.observe(case)
        for day, link in links:
            if link is not None:
                met[link.household] = max(day, met.get(link.household, day))
    for mark, day in met.items():
        yield asked.observe(cases.anchor(mark, day), key=int.from_bytes(mark, "big"))


def advice(asked: Asked, offices: Iterable[Office]) -> Iterator[Observation]:
    """I1K: short advice without a file, each talk by itself."""
    context = asked.cases.context
    belongs = in_period(asked.period, context)
    topics, ages = context.classes["topic", "topics"], context.classes["age", "age_bands"]
    for office in offices:
        for line in office.advice:
            if belongs(line):
                classes = {"topic": topics[line.topic], "age": ages[line.age_band]}
                yield Observation(
                    key=_number(office, line),
                    person=0,
                    ags=line.ags,
                    organisation_id=office.organisation_id,
                    worker_id=line.worker_id,
                    classes=classes,
                )


def early_contact(asked: Asked) -> Iterator[Observation]:
    """I2: first talk within 28 days of the allocation to municipal housing; a talk before it counts as early."""
    for case in asked.cases.cases:
        since = case.person.au_since
        if since is None or not asked.within(since):
            continue
        left = case.left_on(asked.cases.context)
        limit = since + _EARLY
        if case.entry is not None and case.entry <= limit:
            outcome = "early"
        elif left is not None and left <= limit:
            outcome = "left"
        else:
            outcome = "none" if case.entry is None or case.entry > asked.end else "late"
        yield asked.observe(case, outcome=outcome)


def plans(asked: Asked) -> Iterator[Observation]:
    """I3: a signed version, and whether it was looked at together in the last 183 days."""
    on = asked.last
    for case in asked.cases.cases:
        if case.is_counselled(on, _ESTABLISHED):
            yield asked.observe(case, outcome=_plan(case, on))


def titles(asked: Asked) -> Iterator[Observation]:
    """I10: titles that ended in the cohort, by their real end."""
    for case in asked.cases.cases:
        for title in case.course.titles:
            outcome = _extended(asked, case, title)
            if outcome:
                yield asked.observe(case, outcome=outcome)


def referrals(asked: Asked) -> Iterator[Observation]:
    """I11: what became of what was sent in the cohort within 90 days. A hint is no referral that is sent."""
    context = asked.cases.context
    kinds = context.classes["partner", "partner_kinds"]
    for case in asked.cases.cases:
        for referral in case.course.referrals:
            steps = [step for step in case.course.referral_steps if step.referral == referral.referral]
            outcome = "" if referral.way == "hint" else _answer(asked, steps)
            if outcome:
                kind = context.partner_kinds.get(referral.partner_id, "") if referral.partner_id else ""
                partner = "vol" if referral.kind == "volunteer" else kinds[kind]
                key = int.from_bytes(referral.referral, "big")
                yield asked.observe(case, outcome=outcome, key=key, extra={"partner": partner})


def talks(asked: Asked) -> Iterator[Observation]:
    """I13: own talks, in the municipality of their day; one observation for each person and municipality."""
    for case in asked.cases.cases:
        if case.entry is None or case.entry > asked.end:
            continue
        at: dict[str, int] = {}
        for line in asked.cases.talks(case, asked.period):
            ags = case.ags_on(line.on_day)
            at[ags] = at.get(ags, 0) + 1
        for ags, amount in sorted(at.items()):
            yield asked.observe(case, ags=ags, amount=amount)


def hours(asked: Asked) -> Iterator[Observation]:
    """I13H: recorded minutes of own talks, in whole hours a person, halves upwards."""
    for case in asked.cases.cases:
        if case.entry is None or case.entry > asked.end:
            continue
        lines = asked.cases.talks(case, asked.period)
        amount = (sum(line.minutes or 0 for line in lines) + 30) // 60
        if amount:
            yield asked.observe(case, amount=amount)


def months(asked: Asked) -> Iterator[Observation]:
    """I13M: ends of months in the period on which the episode runs."""
    period = asked.period
    firsts = [dt.date(period.first.year, month, 1) for month in range(period.first.month, period.last.month + 1)]
    ends = [*(first - _DAY for first in firsts[1:]), period.last]
    for case in asked.cases.cases:
        amount = sum(case.is_counselled(end) for end in ends)
        if amount:
            yield asked.observe(case, amount=amount)


def _plan(case: Case, on: dt.date) -> str:
    made = [line for line in case.course.agreements if line.made_on <= on]
    signed = [line for line in made if _signed_by(line, on)]
    if not signed:
        declined = any(line.decision == "declined" and _decided(line) <= on for line in made)
        return "declined" if declined else "none"
    looked = max(_decided(line) for line in signed)
    looked = max((review.on_day for review in case.course.reviews if looked < review.on_day <= on), default=looked)
    return "current" if looked + _CURRENT >= on else "outdated"


def _signed_by(line: AgreementLine, on: dt.date) -> bool:
    """One that was withdrawn is no plan any more; one that a later version replaced was one, and the later may be."""
    return line.decision == "signed" and _decided(line) <= on and line.state != "withdrawn"


def _decided(line: AgreementLine) -> dt.date:
    return line.decided_on or line.made_on


def _extended(asked: Asked, case: Case, title: TitleLine) -> str:
    """In time, late, not at all or unknown; "" for a title that is not asked about."""
    context = asked.cases.context
    holding = context.classes["holding", "residence_titles"]
    printed = title.ends_on or title.until_on
    if printed is None or holding[title.code] != "title":
        return ""
    end = context.title_end(title.code, printed, title.from_on)
    if not asked.within(end) or not case.is_open(end):
        return ""
    later = [other for other in case.course.titles if _begin(other) > _begin(title)]
    follows = min((_begin(other) for other in later if holding[other.code] in ("title", "application")), default=None)
    if follows is not None and follows <= end + _DAY:
        return "yes"
    if follows is not None and follows <= asked.end:
        return "late"
    # That nothing followed is only known if somebody looked after the end.
    return "no" if any((line.confirmed_on or dt.date.min) > end for line in case.course.titles) else "unknown"


def _begin(title: TitleLine) -> dt.date:
    return title.from_on or dt.date.min


def _answer(asked: Asked, steps: Sequence[ReferralStepLine]) -> str:
    """What became of a referral within 90 days; "" for one that was not sent in the cohort."""
    sent = _first(steps, ("sent",), dt.date.min)
    if sent is None or not asked.within(sent):
        return ""
    end = sent + _DONE
    accepted, done = _first(steps, _ACCEPTING, sent), _first(steps, ("done",), sent)
    in_time = accepted is not None and accepted <= sent + _EARLY
    if done is not None and done <= end:
        return "done" if in_time else "late_done"
    if accepted is not None and accepted <= end:
        return "accepted" if in_time else "late"
    for state in ("declined", "withdrawn"):
        day = _first(steps, (state,), sent)
        if day is not None and day <= end:
            return state
    return "none"


def _first(steps: Iterable[ReferralStepLine], states: Iterable[str], since: dt.date) -> dt.date | None:
    wanted = frozenset(states)
    return min((step.on_day for step in steps if step.state in wanted and step.on_day >= since), default=None)


def _number(office: Office, line: AdviceLine) -> int:
    """A number for a talk that has no id: nobody outside knows the moment of its entry."""
    said = f"{office.organisation_id} {line.recorded_at.isoformat()} {line.on_day} {line.worker_id} {line.topic}"
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), "big")
