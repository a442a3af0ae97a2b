"""What a contact may say, what the form proposes, and how long it may be changed. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.web import parsing

HOME_VISIT, NOT_MET, OTHERS = "HAU", "NVE", "DRI"
NO_INTERPRETER, RELATIVE = "KEI", "ANG"
USUAL_MINUTES = (10, 15, 30, 45, 60, 90)
EARLIEST = dt.date(2015, 1, 1)  # before it nobody was in the programme
LOCKED_AFTER = dt.timedelta(days=30)  # the table of roles, row 10
UNDO = dt.timedelta(minutes=10)
_REMEMBERED = 5
# Fields without a default: what stands in them, somebody has typed or tapped.
_CONTENT = frozenset(
    {
        "note",
        "topics",
        "done",
        "steps",
        "confirmed",
        "participants",
        "others_present",
        "third_party",
        "minutes_other",
        "started_at",
        "slip_left",
        "child_interpreted",
        "reason",
    }
)


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier contact of the same client, newest first in every list."""

    kind: str
    minutes: int | None
    language: str
    interpreter: str


@dataclass(frozen=True, slots=True)
class Usual:
    """What a kind says about itself: its code, its length in minutes, and whether the client takes part."""

    kind: str
    minutes: int
    with_client: bool


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the form proposes for one kind."""

    minutes: int
    language: str
    interpreter: str


def defaults_for(usual: Usual, past: Sequence[Past], *, language: str, interpreter: str) -> Defaults:
    """The proposal for one kind: from this client's contacts of this kind, else from what the file says.

    Minutes: the commonest of the last five, the newer one where two are equally common. Language and interpreter: as
    the last time; `language` and `interpreter` are the file's own, used as long as there was no contact of this kind.
    """
    same = [each for each in past if each.kind == usual.kind][:_REMEMBERED]
    lengths = Counter(each.minutes for each in same if each.minutes)
    if not usual.with_client:
        return Defaults(_commonest(lengths, usual.minutes), "", "")
    last = same[0] if same else None
    return Defaults(
        minutes=_commonest(lengths, usual.minutes),
        language=(last.language if last else "") or language,
        interpreter=(last.interpreter if last else "") or interpreter or NO_INTERPRETER,
    )


def first_kind(past: Sequence[Past], offered: Sequence[str]) -> str:
    """The kind that the form starts with: the commonest of the client's last contacts, else the first of the list."""
    kinds = Counter(each.kind for each in past[: 2 * _REMEMBERED] if each.kind in offered and each.kind != NOT_MET)
    return kinds.most_common(1)[0][0] if kinds else next(iter(offered), "")


def check_day(on_day: dt.date, today: dt.date) -> None:
    """A contact lies neither ahead nor before the programme. Raises RuleError on `on_day`."""
    if on_day > today:
        raise RuleError(_("Dieser Tag liegt in der Zukunft. Für Vorhaben legen Sie eine Aufgabe an."), field="on_day")
    if on_day < EARLIEST:
        raise RuleError(_("Prüfen Sie das Jahr: Der Kontakt liegt vor 2015."), field="on_day")


def check_minutes(minutes: int | None) -> None:
    """At most a day. Raises RuleError on `minutes`."""
    if minutes is not None and not 0 <= minutes <= parsing.MINUTES_OF_A_DAY:
        raise RuleError(_("Prüfen Sie die Dauer: höchstens 24 Stunden."), field="minutes_other")


def check_interpreter(interpreter: str, *, child: bool) -> bool:
    """Whether to warn: a child interpreted."""
    return child and interpreter == RELATIVE


def main_first(topics: Sequence[str], main: str) -> tuple[str, ...]:
    """The topics with the main one in front, each once; `main` counts only if it is among them."""
    unique = tuple(dict.fromkeys(topics))
    return (main, *(each for each in unique if each != main)) if main in unique else unique


def holds_content(fields: Iterable[tuple[str, str]]) -> bool:
    """Whether posted fields of a contact form hold more than a kind and its defaults."""
    return any(value.strip() and (name in _CONTENT or name.endswith("-title")) for name, value in fields)


def needs_reason(created_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a change must be explained: 30 days after the entry."""
    return now - created_at > LOCKED_AFTER


def can_undo(done_at: dt.datetime, changed_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether an act of `done_at` can be taken back: within ten minutes, and nothing came after it."""
    return now - done_at <= UNDO and (changed_at is None or changed_at <= done_at)


def read_clock(text: str) -> str:
    """`9.30`, `930`, `9 Uhr`, `14:05` as `HH:MM`; "" for nothing. Raises RuleError on `started_at`."""
    digits = "".join(part for part in text.casefold().replace("uhr", "") if part.isdigit() or part in ":.h ").strip()
    if not text.strip():
        return ""
    parts = [part for part in digits.replace(".", ":").replace("h", ":").replace(" ", ":").split(":") if part]
    if len(parts) == 1 and len(parts[0]) in {3, 4}:
        parts = [parts[0][:-2], parts[0][-2:]]
    try:
        hour, minute = int(parts[0]), int(parts[1]) if len(parts) > 1 else 0
        return f"{dt.time(hour, minute):%H:%M}"
    except (IndexError, ValueError):
        raise RuleError(_("Geben Sie die Uhrzeit so ein: 14:30."), field="started_at") from None


def _commonest(lengths: Counter[int], otherwise: int) -> int:
    # `most_common` keeps the order of arrival among equals, and the newest came first.
    return lengths.most_common(1)[0][0] if lengths else otherwise
