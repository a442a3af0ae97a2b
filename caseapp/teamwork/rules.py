"""What the board counts: facts and due dates of a worker's cases. Nothing here ranks or compares people."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from caseapp.clients.rules.caseload import KeptDays, is_overdue, title_ends, without_contact

LONG_WITHOUT_CONTACT_DAYS = 60
UNCONFIRMED_DAYS = 180
NO_PLAN_DAYS = 90


class View(enum.StrEnum):
    """Which of the cases are shown; the value stands in addresses."""

    ALL = "alle"
    OVERDUE = "ueberfaellig"
    NO_CONTACT = "ohne-kontakt"
    LONG_NO_CONTACT = "lange-ohne-kontakt"
    TITLE_ENDS = "titel-endet"
    UNCONFIRMED = "stand-alt"
    REVIEW = "gespraech-ueberfaellig"
    NO_PLAN = "ohne-plan"


class Kept(KeptDays, Protocol):
    """The days that decide, with the oldest "Stand unverändert"."""

    @property
    def confirmed_on(self) -> dt.date | None: ...


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of some cases by view. `oldest_confirmed_on` None: no case has a confirmed state."""

    counts: dict[View, int]
    oldest_confirmed_on: dt.date | None


def stands_in(case: Kept, view: View, today: dt.date) -> bool:
    """Whether the case belongs into the view."""
    return _STANDS_IN[view](case, today)


def _long_without_contact(case: Kept, today: dt.date) -> bool:
    return (today - (case.last_contact_on or case.opened_on)).days > LONG_WITHOUT_CONTACT_DAYS


def _unconfirmed(case: Kept, today: dt.date) -> bool:
    return (today - (case.confirmed_on or case.opened_on)).days > UNCONFIRMED_DAYS


def _review_overdue(case: Kept, today: dt.date) -> bool:
    return case.review_on is not None and case.review_on < today


def _without_plan(case: Kept, today: dt.date) -> bool:
    return case.review_on is None and (today - case.opened_on).days > NO_PLAN_DAYS


_STANDS_IN: dict[View, Callable[[Kept, dt.date], bool]] = {
    View.ALL: lambda _case, _today: True,
    View.OVERDUE: is_overdue,
    View.NO_CONTACT: without_contact,
    View.LONG_NO_CONTACT: _long_without_contact,
    View.TITLE_ENDS: title_ends,
    View.UNCONFIRMED: _unconfirmed,
    View.REVIEW: _review_overdue,
    View.NO_PLAN: _without_plan,
}


def tally(cases: Iterable[Kept], today: dt.date) -> Tally:
    """What the board says of these cases."""
    listed = list(cases)
    return Tally(
        counts={view: sum(stands_in(case, view, today) for case in listed) for view in View},
        oldest_confirmed_on=min((case.confirmed_on for case in listed if case.confirmed_on), default=None),
    )
