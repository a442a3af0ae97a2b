"""The views of a caseload: which of the open cases stands in which, and since when something is due."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from typing import Protocol

NO_CONTACT_DAYS = 30
TITLE_ENDS_DAYS = 90
REVIEW_DAYS = 14
PAPERS_END_DAYS = 30
WEEK_DAYS = 7


class View(enum.StrEnum):
    """A view of the list; the value stands in addresses."""

    MINE = "meine"
    OVERDUE = "ueberfaellig"
    WEEK = "diese-woche"
    NO_CONTACT = "ohne-kontakt"
    TITLE_ENDS = "titel-endet"
    REVIEW = "gespraech-faellig"
    PAPERS_END = "freigabe-endet"
    ANSWER = "antwort-fehlt"
    TEAM = "team"


class Order(enum.StrEnum):
    """What a list is sorted by; the value stands in addresses."""

    NAME = "name"
    LAST_CONTACT = "kontakt"
    NEXT_STEP = "schritt"
    TITLE_END = "titel"


class KeptDays(Protocol):
    """The days that decide."""

    @property
    def opened_on(self) -> dt.date: ...
    @property
    def last_contact_on(self) -> dt.date | None: ...
    @property
    def next_step_on(self) -> dt.date | None: ...
    @property
    def title_ends_on(self) -> dt.date | None: ...
    @property
    def review_on(self) -> dt.date | None: ...
    @property
    def release_ends_on(self) -> dt.date | None: ...
    @property
    def answer_due_on(self) -> dt.date | None: ...


def is_overdue(case: KeptDays, today: dt.date) -> bool:
    """Whether the next step should have been done before today."""
    return case.next_step_on is not None and case.next_step_on < today


def is_due_this_week(case: KeptDays, today: dt.date) -> bool:
    """Whether the next step is due today or in the six days after it, as on the page of tasks."""
    return case.next_step_on is not None and 0 <= (case.next_step_on - today).days < WEEK_DAYS


def without_contact(case: KeptDays, today: dt.date) -> bool:
    """Whether the last contact is more than 30 days ago; a file without any contact counts from its opening."""
    return (today - (case.last_contact_on or case.opened_on)).days > NO_CONTACT_DAYS


def title_ends(case: KeptDays, today: dt.date) -> bool:
    """Whether the title ends within 90 days or has ended."""
    return case.title_ends_on is not None and (case.title_ends_on - today).days <= TITLE_ENDS_DAYS


def review_due(case: KeptDays, today: dt.date) -> bool:
    """Whether the review talk of the agreement is due within 14 days, or is overdue."""
    return case.review_on is not None and (case.review_on - today).days <= REVIEW_DAYS


def papers_end(case: KeptDays, today: dt.date) -> bool:
    """Whether a release, a consent or a power of attorney ends within 30 days, or has ended."""
    return case.release_ends_on is not None and (case.release_ends_on - today).days <= PAPERS_END_DAYS


def answer_missing(case: KeptDays, today: dt.date) -> bool:
    """Whether somebody should have answered a referral by now."""
    return case.answer_due_on is not None and case.answer_due_on <= today


def in_view(view: View) -> Callable[[KeptDays, dt.date], bool]:
    """Whether a case of the actor's own belongs into the view on a day; MINE and TEAM hold them all."""
    return _BELONGS.get(view, lambda _case, _today: True)


_BELONGS: dict[View, Callable[[KeptDays, dt.date], bool]] = {
    View.OVERDUE: is_overdue,
    View.WEEK: is_due_this_week,
    View.NO_CONTACT: without_contact,
    View.TITLE_ENDS: title_ends,
    View.REVIEW: review_due,
    View.PAPERS_END: papers_end,
    View.ANSWER: answer_missing,
}
