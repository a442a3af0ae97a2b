"""What a task may be, when it is due, and what a line of a note says about a task. Pure."""

from __future__ import annotations

import datetime as dt
import enum
import re
from dataclasses import dataclass

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.web import parsing

LONGEST_TITLE = 200
RECENT = dt.timedelta(days=7)
USUAL = dt.timedelta(days=7)  # a proposal without a day

_WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_SPAN = re.compile(r"in (\d{1,2}|einem|einer|zwei|drei|vier) (tag|woche|monat)(?:e[ns]?|n)?")
_NUMBERS = {"einem": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4}
_DAYS_OF = {"tag": 1, "woche": 7, "monat": 30}
# The day at the end of a line: after "bis" or "am" anything readable, without it only words that can be nothing else.
_NAMED_DAY = re.compile(r"[\s,:–-]+(?:bis(?: zum)?|am|zum)\s+(?P<day>[^\s].{2,20})$", re.IGNORECASE)
_PLAIN_DAY = re.compile(
    r"[\s,:–-]+(?P<day>heute|morgen|übermorgen|in \w+ \w+|\d{1,2}\.\d{1,2}\.(?:\d{2,4})?)$", re.IGNORECASE
)


class Bucket(enum.StrEnum):
    """Where a task stands on the page of tasks."""

    OVERDUE = "overdue"
    WEEK = "week"  # today and the six days after it
    LATER = "later"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A task read from a line of a note."""

    title: str
    due_on: dt.date


def due_choices() -> list[tuple[str, str]]:
    """The usual due days of a form, as days from today."""
    return [
        ("0", _("heute")),
        ("1", _("morgen")),
        ("7", _("in 1 Woche")),
        ("28", _("in 4 Wochen")),
        ("", _("ohne Termin")),
    ]


def bucket(due_on: dt.date | None, today: dt.date) -> Bucket:
    """Where an open task belongs."""
    if due_on is None:
        return Bucket.UNDATED
    if due_on < today:
        return Bucket.OVERDUE
    return Bucket.WEEK if due_on < today + dt.timedelta(days=7) else Bucket.LATER


def check_title(title: str) -> str:
    """The title as it is stored. Raises RuleError on `title`."""
    cleaned = " ".join(title.split())
    if not cleaned:
        raise RuleError(_("Schreiben Sie, was zu tun ist."), field="title")
    if len(cleaned) > LONGEST_TITLE:
        raise RuleError(
            _("Kürzen Sie die Aufgabe auf höchstens %(most)s Zeichen.", most=LONGEST_TITLE),
            field="title",
        )
    return cleaned


def check_new_due(old: dt.date | None, new: dt.date | None, *, deadline: bool) -> None:
    """A deadline (Frist) cannot be put off. Raises RuleError on `due_on`."""
    if deadline and old is not None and (new is None or new > old):
        raise RuleError(
            _("Das ist eine Frist. Sie lässt sich nicht verschieben, nur erledigen oder streichen."), field="due_on"
        )


def check_deadline(due_on: dt.date | None, *, deadline: bool) -> None:
    """A deadline without a day is none. Raises RuleError on `due_on`."""
    if deadline and due_on is None:
        raise RuleError(_("Eine Frist braucht einen Tag."), field="due_on")


def read_line(line: str, today: dt.date) -> Proposal | None:
    """The task meant by "@ Mietbescheinigung anfordern bis Freitag", None for a line that is no task.

    Without a day the task is due in a week.
    """
    text = line.strip()
    if not text.startswith("@") or len(text) < 3:
        return None
    title, due_on = _split_day(" ".join(text.lstrip("@ ").split()), today)
    return Proposal(title[:LONGEST_TITLE], due_on) if title else None


def read_note(note: str, today: dt.date) -> list[Proposal]:
    """The tasks that a note names, in their order, each once."""
    found = (read_line(line, today) for line in note.splitlines())
    return list({proposal.title.casefold(): proposal for proposal in found if proposal}.values())


def _split_day(text: str, today: dt.date) -> tuple[str, dt.date]:
    for pattern in (_NAMED_DAY, _PLAIN_DAY):
        match = pattern.search(text)
        due_on = _day(match["day"], today) if match else None
        if match and due_on:
            return text[: match.start()].rstrip(" ,:–-"), due_on
    return text, today + USUAL


def _day(words: str, today: dt.date) -> dt.date | None:
    cleaned = words.casefold().strip(" .") if words[-1:] != "." else words.casefold().strip()
    if cleaned in _WEEKDAYS:
        ahead = (_WEEKDAYS.index(cleaned) - today.weekday() - 1) % 7 + 1
        return today + dt.timedelta(days=ahead)
    if cleaned in {"nächste woche", "nächster woche"}:
        return today + dt.timedelta(days=7)
    if match := _SPAN.fullmatch(cleaned):
        number = _NUMBERS.get(match[1]) or int(match[1])
        return today + dt.timedelta(days=number * _DAYS_OF[match[2]])
    try:
        found = parsing.read_date(cleaned, today=today)
    except parsing.UnreadableError:
        return None
    if found >= today:
        return found
    # "Bescheid vom 3.11.2026" names a paper, not a day to do something; "bis 3.1." means the next one.
    return None if re.search(r"\d{4}$|\.\d{2}$", cleaned) else _next_year(found)


def _next_year(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)
