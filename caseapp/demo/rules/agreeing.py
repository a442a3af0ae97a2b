"""Drawing what a household has agreed, look by look.

Where a history tells whether a goal was reached (a flat, work, a certificate, no benefits), the goal follows it.
"""

from __future__ import annotations

import datetime as dt
from random import Random

from caseapp.demo.rules.agreed import GoalWords, PastGoal, Plan, Question, Seen, Version
from caseapp.demo.rules.courses import Course
from caseapp.demo.rules.days import DAY, working
from caseapp.demo.rules.households import Household
from caseapp.demo.rules.lives import Spell

REACHED, PARTLY, MISSED, LAPSED, DROPPED = "ERR", "TEI", "NER", "ENT", "NVF"
_MEASURED = {"WOH": "stay", "ARB": "work", "AUS": "work", "SPR": "language", "UNA": "benefit"}
_WORKING = {"ARB": frozenset({"VZ", "TZ"}), "AUS": frozenset({"AUB"})}
_ASKED = frozenset({"WOH", "ARB", "AUS", "UNA"})  # what the office asks after once more
_OTHERS = ("TEI", "GES", "KIN", "SCH")
_HALF_YEAR, _YEAR = 183, 365
_VERSIONS = 3  # at most; further looks are reviews of goals
_ADULT = 18
_PLANNED = frozenset({"ZIE", "REG", "SEL"})  # closing reasons: as planned


def draw_plans(rng: Random, words: GoalWords, household: Household, course: Course, today: dt.date) -> list[Plan]:
    """The plans of the adult members, up to today or the closing; mostly of the anchor, now and then of others."""
    if household.frame.waiting:
        return []
    plans = []
    for place, person in enumerate(household.members):
        if person.age(household.frame.opened_on) >= _ADULT and rng.random() < (0.3 if place else 0.82):
            plan = _Drawing(rng, words, household, course.spells[place], place, today).draw()
            plans += [plan] if plan.goals else []
    return plans


class _Drawing:
    """Walks through the looks of one member, one after the other."""

    def __init__(
        self,
        rng: Random,
        words: GoalWords,
        household: Household,
        spells: tuple[Spell, ...],
        place: int,
        today: dt.date,
    ) -> None:
        self._rng, self._words, self._spells = rng, words, spells
        self._frame = household.frame
        self._end = self._frame.closed_on or today
        self._family = any(person.age(today) < _ADULT for person in household.members)
        self._plan = Plan(member=place)
        # Most sign, some later than at first; some speak of goals and never sign.
        self._signs = rng.choices(("yes", "later", "no", "never"), (74, 9, 5, 12))[0]

    def draw(self) -> Plan:
        """The plan; without goals where the file is too young."""
        looks = self._looks()
        for number, on in enumerate(looks):
            changed = self._look(on) if number else False
            if not number or (self._rng.random() < 0.3 and len(self._open()) < 3) or not self._open():
                changed |= self._agree(on, self._rng.choices((1, 2, 3), (35, 45, 20))[0] if not number else 1)
            following = looks[number + 1] if number + 1 < len(looks) else None
            if not number or changed or following is None:
                self._write(on, following, first=not number)
        if looks and self._frame.closed_on:
            self._finish(self._frame.closed_on)
        for goal in self._plan.goals:
            self._ask(goal)
        return self._plan

    def _looks(self) -> list[dt.date]:
        """The days on which plan and goals were spoken of; with some nobody has spoken for long."""
        rng = self._rng
        on = working(self._frame.opened_on + rng.randint(10, 85) * DAY)
        looks = []
        while on < self._end and on >= self._frame.opened_on:
            looks.append(on)
            if rng.random() < 0.1:
                break
            on = working(on + rng.randint(90, 185) * DAY)
        return looks

    def _open(self) -> list[PastGoal]:
        return [goal for goal in self._plan.goals if goal.open]

    def _agree(self, on: dt.date, number: int) -> bool:
        """New goals, each in an area of its own; those that come true are mostly among them."""
        rng = self._rng
        taken = {goal.area for goal in self._plan.goals}
        ahead = [area for area in _MEASURED if area not in taken and self._true_on(area, on)]
        rest = [area for area in (*_MEASURED, *_OTHERS) if area not in taken and area not in ahead]
        rest = [area for area in rest if self._family or area not in {"KIN", "SCH"}]
        for _goal in range(number):
            pool = ahead if ahead and (not rest or rng.random() < 0.55) else rest
            if pool:
                self._add(pool.pop(rng.randrange(len(pool))), on)
        return True

    def _add(self, area: str, on: dt.date, follows: int | None = None) -> None:
        rng = self._rng
        start = rng.randint(0, 2), rng.randint(0, 1)
        self._plan.goals.append(
            PastGoal(
                area=area,
                own_words=rng.choice(self._words.own.get(area, ("Das soll besser werden.",))),
                wording=rng.choice(self._words.office[area]),
                opened_on=on,
                due_on=on + rng.choice((183, 274, 365)) * DAY,
                start=start,
                final=start,
                follows=follows,
            )
        )

    def _look(self, on: dt.date) -> bool:
        """What has become of each open goal; whether one of them ended."""
        closed, spoken = False, False
        for place, goal in enumerate(self._plan.goals):
            if not goal.open:
                continue
            result = self._result(goal, on)
            if result:
                self._close(goal, on, result)
            elif (on - goal.opened_on).days > 200 and self._rng.random() < 0.06:
                # Another aim takes its place: no result.
                goal.closed_on = on
                goal.seen.append(Seen(on))
                self._add(goal.area, on, follows=place)
                result = "adjusted"
            elif not spoken:
                goal.seen.append(Seen(on))
                spoken = True
            closed |= bool(result)
        return closed

    def _result(self, goal: PastGoal, on: dt.date) -> str:
        came_true = self._true_on(goal.area, goal.opened_on)
        if came_true and came_true <= on:
            return REACHED
        days, chance = (on - goal.opened_on).days, self._rng.random()
        if days < 120:
            return ""
        if goal.area not in _MEASURED:
            return next((code for code, most in ((REACHED, 0.4), (PARTLY, 0.52), (MISSED, 0.58)) if chance < most), "")
        ends = ((PARTLY, 0.09), (MISSED, 0.15), (DROPPED, 0.19), (LAPSED, 0.24)) if not came_true else ((PARTLY, 0.04),)
        return next((code for code, most in ends if chance < most), "")

    def _true_on(self, area: str, since: dt.date) -> dt.date | None:
        """The first day after `since` on which the histories say what the goal is about."""
        found = None
        for spell in self._spells:
            if spell.kind != _MEASURED.get(area):
                continue
            day: dt.date | None = spell.from_on
            if area == "UNA":
                day = spell.ends_on if spell.code != "KIG" else None
            elif area == "WOH":
                day = day if spell.extra["legal_title"] == "MIV" else None
            elif area == "SPR":
                day = day if spell.extra["evidence"] == "ZER" else None
            elif spell.code not in _WORKING[area]:
                day = None
            if day and since < day < self._end and (found is None or day < found):
                found = day
        return found

    def _close(self, goal: PastGoal, on: dt.date, result: str) -> None:
        goal.seen.append(Seen(on, result))
        goal.closed_on, goal.result = on, result
        final = {REACHED: 4, PARTLY: 3}.get(result, max(goal.start))
        goal.final = final, max(0, final - self._rng.randint(0, 1))

    def _finish(self, on: dt.date) -> None:
        """The file is closed: every goal gets its result."""
        planned = self._frame.closing_reason in _PLANNED
        for goal in self._open():
            came_true = self._true_on(goal.area, goal.opened_on)
            chance = self._rng.random()
            if came_true or (planned and goal.area not in _MEASURED and chance < 0.7):
                self._close(goal, on, REACHED)
            else:
                self._close(goal, on, (PARTLY if chance < 0.5 else DROPPED) if planned else LAPSED)

    def _write(self, on: dt.date, following: dt.date | None, *, first: bool) -> None:
        """A version of what is open now, if somebody signs or declines it."""
        goals = tuple(place for place, goal in enumerate(self._plan.goals) if goal.open)
        declines = self._signs == "no" or (self._signs == "later" and first)
        unwilling = self._signs == "never" or (self._signs == "no" and not first)
        if not goals or unwilling or len(self._plan.versions) >= _VERSIONS:
            return
        ahead = working(min(following or on + self._rng.randint(60, 120) * DAY, on + 180 * DAY))
        version = Version(made_on=on, signed=not declines, goals=goals, review_on=max(ahead, on + DAY))
        self._plan.versions.append(version)

    def _ask(self, goal: PastGoal) -> None:
        """The questions after a reached goal: whoever looked at the history since has answered."""
        if goal.result != REACHED or goal.area not in _ASKED or goal.closed_on is None:
            return
        for after in (_HALF_YEAR, _YEAR):
            due = goal.closed_on + after * DAY
            answered = working(due + self._rng.randint(0, 21) * DAY)
            looked = max(s.confirmed_on for s in self._spells if s.kind == _MEASURED[goal.area] and s.confirmed_on)
            if answered < due or answered > min(looked, self._end - DAY):
                goal.questions.append(Question(after, goal.closed_on))
                return
            answer = "yes" if self._still(goal.area, answered) else "no"
            goal.questions.append(Question(after, goal.closed_on, answer, answered))
            if answer == "no" or goal.area not in _WORKING:
                return

    def _still(self, area: str, day: dt.date) -> bool:
        """Whether the histories say so on that day; a flat that was rented is not left in this demo."""
        holding = [spell for spell in self._spells if spell.kind == _MEASURED[area] and spell.covers(day)]
        if area == "UNA":
            return all(spell.code == "KIG" for spell in holding)
        return area == "WOH" or any(spell.code in _WORKING[area] for spell in holding)


def draw_strengths(rng: Random) -> str:
    """What the paper says of a person's strengths."""
    return rng.choice(
        (
            "Zuverlässig, pünktlich, hilft anderen",
            "Lernt schnell und fragt nach",
            "Handwerklich geschickt, viel Erfahrung",
            "Gut vernetzt im Ort, offen für Neues",
        )
    )
