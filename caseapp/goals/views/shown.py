"""A goal as its card shows it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import HistoryEntry
from caseapp.db import new_id
from caseapp.goals import queries
from caseapp.goals.queries import FollowupView, GoalView, Measured
from caseapp.goals.rules.checks import CLIENT, WORKER
from caseapp.goals.rules.measures import Benefits, Employment, Housing, Known, Language, StillAt
from caseapp.i18n import gettext as _
from caseapp.i18n import ngettext
from caseapp.web.templating import day_text


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that can be counted towards the goal, and how often it was. `form_id`: one tap counts once."""

    kind: str
    label: str
    number: int
    form_id: UUID


@dataclass(frozen=True, slots=True)
class Card:
    """A goal in words. `measured` are label and text; `course` a day with the scores of both sides."""

    goal: GoalView
    area: str
    state: str
    tone: str
    measure: str
    measured: list[tuple[str, str]]
    counted: list[Counted]
    course: list[tuple[str, list[int | None]]]
    asked: FollowupView | None
    successor: GoalView | None
    predecessor: GoalView | None

    @property
    def late(self) -> bool:
        """Whether the day of the goal has passed."""
        return self.tone == "danger"


def card(goal: GoalView, goals: Sequence[GoalView], entries: Sequence[HistoryEntry], today: dt.date) -> Card:
    """The card of one of these goals."""
    kind = queries.measure_of(goal.area, goal.opened_on)
    until = today if goal.open else max(today, goal.closed_on or today)
    measured = queries.measure(kind, entries, since=goal.opened_on, today=until)
    return Card(
        goal=goal,
        area=catalogue.label("goal_areas", goal.area, goal.opened_on),
        state=_("angepasst") if goal.adjusted else catalogue.label("goal_states", goal.state, goal.closed_on),
        tone=_tone(goal, today),
        measure=kind,
        measured=measured_text(measured),
        counted=_counted(goal, kind, today),
        course=course(goal),
        asked=next((each for each in goal.followups if not each.answer and each.due_on <= today), None),
        successor=next((each for each in goals if each.id == goal.successor_id), None),
        predecessor=next((each for each in goals if each.successor_id == goal.id), None),
    )


def course(goal: GoalView) -> list[tuple[str, list[int | None]]]:
    """The scores by day: the client's, the worker's; the later one where a side scored twice on a day."""
    days: dict[dt.date, dict[str, int]] = {}
    for score in goal.scores:
        days.setdefault(score.on_day, {})[score.by] = score.value
    return [(day_text(day), [given.get(CLIENT), given.get(WORKER)]) for day, given in sorted(days.items())]


def measured_text(measured: Measured | None) -> list[tuple[str, str]]:
    """What the histories say, as label and text; nothing for an area without a history."""
    match measured:
        case Housing():
            return _housing(measured)
        case Employment():
            return _employment(measured)
        case Language():
            return _language(measured)
        case Benefits():
            return _benefits(measured)
        case _:
            return []


def known_text(known: Known) -> str:
    """An answer of three values in words."""
    return {Known.YES: _("ja"), Known.NO: _("nein"), Known.UNKNOWN: _("noch nicht bekannt")}[known]


def _tone(goal: GoalView, today: dt.date) -> str:
    if goal.open:
        return "danger" if goal.due_on and goal.due_on < today else "info"
    return {"ERR": "success", "TEI": "warning"}.get(goal.state, "plain")


def _counted(goal: GoalView, kind: str, today: dt.date) -> list[Counted]:
    numbers = Counter(event.kind for event in goal.events)
    offered = {code.code for code in queries.event_kinds(kind, today)}
    kinds = [code for code in offered | set(numbers) if goal.open or numbers[code]]
    lines = [Counted(code, catalogue.label("goal_events", code, today), numbers[code], new_id()) for code in kinds]
    return sorted(lines, key=lambda line: line.label)


def _housing(found: Housing) -> list[tuple[str, str]]:
    lines = [(_("Eigener Mietvertrag heute"), known_text(found.own_today))]
    if found.contract_on is not None:
        months = ngettext("nach einem Monat", "nach %(num)s Monaten", found.months or 0)
        lines.insert(0, (_("Mietvertrag ab"), f"{day_text(found.contract_on)}, {months}"))
    return lines


def _employment(found: Employment) -> list[tuple[str, str]]:
    if found.started_on is None:
        return [(_("Arbeit aufgenommen"), _("noch nicht eingetragen"))]
    lines = [(_("Arbeit aufgenommen am"), day_text(found.started_on))]
    for label, still in ((_("nach 6 Monaten"), found.half_year), (_("nach 12 Monaten"), found.year)):
        if still is not None:
            lines.append((label, _still(still)))
    if found.changes:
        lines.append((_("Wechsel der Arbeit"), str(found.changes)))
    return lines


def _still(still: StillAt) -> str:
    if not still.due:
        return _("am %(day)s zu prüfen", day=day_text(still.on))
    if still.working == Known.YES and still.same == Known.NO:
        return _("ja, bei einem anderen Betrieb")
    return known_text(still.working)


def _language(found: Language) -> list[tuple[str, str]]:
    lines = [(_("Niveau zu Beginn"), _level(found.start, certified=found.start_certified))]
    lines.append((_("Niveau heute"), _level(found.now, certified=False)))
    if found.now_certified is not None:
        lines.append((_("höchstes Zertifikat"), _level(found.now_certified, certified=True)))
    if found.gain is not None:
        gain = ngettext("eine Stufe", "%(num)s Stufen", found.gain) if found.gain else _("noch keine Stufe")
        lines.append((_("von Zertifikat zu Zertifikat gewonnen"), gain))
    return lines


def _level(rank: int | None, *, certified: bool) -> str:
    if rank is None:
        return _("nicht bekannt")
    rows = catalogue.rows_of("language_levels")
    label = next(
        (catalogue.label("language_levels", code.code) for code in rows if code.extra["rank"] == str(rank)), ""
    )
    return _("%(level)s mit Zertifikat", level=label) if certified else label


def _benefits(found: Benefits) -> list[tuple[str, str]]:
    lines = []
    if found.from_on is not None:
        span = day_text(found.from_on) + (f" – {day_text(found.until_on)}" if found.until_on else "")
        lines.append((_("SGB II, SGB XII oder AsylbLG"), span if found.until_on else _("seit %(day)s", day=span)))
    lines.append((_("heute ohne diese Leistungen"), known_text(found.free)))
    if found.free_since is not None:
        lines.append((_("ohne seit"), day_text(found.free_since)))
        lines.append((_("drei Monate am Stück"), known_text(found.three_months)))
    return lines
