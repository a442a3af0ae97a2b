"""What may be written into a goal, a step and a score. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _

CLIENT, OFFICE = "client", "office"  # whose step
WORKER = "worker"  # who scores: client or worker
START, REVIEW, END = "start", "review", "end"
LOWEST, HIGHEST = 0, 4
STEP_SPAN = dt.timedelta(days=28)  # what a next step is given where nobody says otherwise (flow F3)
LONGEST = 2_000
LONGEST_STEP = 200
_EARLIEST = dt.date(2015, 1, 1)  # before it nobody was in the programme
_FARTHEST = dt.timedelta(days=6 * 366)  # longer than the longest counselling: a mistyped year


def check_words(own_words: str, wording: str, noticed_by: str) -> tuple[str, str, str]:
    """The three texts as they are stored. One of the first two must be there. Raises RuleError."""
    words, professional, notice = (text.strip() for text in (own_words, wording, noticed_by))
    if not words and not professional:
        raise RuleError(_("Schreiben Sie das Ziel auf, am besten in den Worten der Person."), field="own_words")
    for name, text in (("own_words", words), ("wording", professional), ("noticed_by", notice)):
        if len(text) > LONGEST:
            raise RuleError(_("Kürzen Sie den Text auf höchstens %(most)s Zeichen.", most=LONGEST), field=name)
    return words, professional, notice


def check_due(due_on: dt.date | None, today: dt.date) -> None:
    """A day until which a goal or a step is meant to be reached. Raises RuleError on `due_on`."""
    if due_on is not None and not _EARLIEST <= due_on <= today + _FARTHEST:
        raise RuleError(_("Prüfen Sie das Jahr des Tages."), field="due_on")


def check_past_day(on_day: dt.date, today: dt.date, *, since: dt.date | None = None) -> None:
    """A day on which something happened: not ahead, not before `since`. Raises RuleError on `on_day`."""
    if on_day > today:
        raise RuleError(_("Dieser Tag liegt in der Zukunft."), field="on_day")
    if on_day < (since or _EARLIEST):
        raise RuleError(_("Dieser Tag liegt vor dem Beginn des Ziels."), field="on_day")


def check_step(text: str) -> str:
    """The step as it is stored. Raises RuleError on `text`."""
    cleaned = " ".join(text.split())
    if not cleaned:
        raise RuleError(_("Schreiben Sie, was getan wird."), field="text")
    if len(cleaned) > LONGEST_STEP:
        raise RuleError(_("Kürzen Sie den Schritt auf höchstens %(most)s Zeichen.", most=LONGEST_STEP), field="text")
    return cleaned


def check_scores(scores: Mapping[str, int | None]) -> dict[str, int]:
    """The scores that were given, by side. Raises RuleError on `scores`."""
    given = {by: value for by, value in scores.items() if value is not None}
    if any(by not in {CLIENT, WORKER} or not LOWEST <= value <= HIGHEST for by, value in given.items()):
        raise RuleError(_("Eine Einschätzung liegt zwischen 0 und 4."), field="scores")
    return given
