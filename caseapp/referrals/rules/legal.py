"""Telling by law: always two persons, and when that may be the wrong way round. Pure."""

from __future__ import annotations

import datetime as dt
import enum

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext


class LegalState(enum.StrEnum):
    """Where a request to tell by law stands."""

    ASKED = "asked"
    AGREED = "agreed"
    TOLD = "told"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    TOLD_FIRST = "told_first"  # urgent: told by one person, the second one is still to agree
    CONFIRMED = "confirmed"
    OBJECTED = "objected"


LABELS = {
    LegalState.ASKED: lazy_gettext("wartet auf die zweite Person"),
    LegalState.AGREED: lazy_gettext("zugestimmt, noch nicht weitergegeben"),
    LegalState.TOLD: lazy_gettext("weitergegeben"),
    LegalState.DECLINED: lazy_gettext("abgelehnt"),
    LegalState.TAKEN_BACK: lazy_gettext("zurückgezogen"),
    LegalState.TOLD_FIRST: lazy_gettext("dringend weitergegeben, Zustimmung steht aus"),
    LegalState.CONFIRMED: lazy_gettext("dringend weitergegeben, nachträglich bestätigt"),
    LegalState.OBJECTED: lazy_gettext("dringend weitergegeben, nachträglich beanstandet"),
}
OPEN = frozenset({LegalState.ASKED, LegalState.AGREED, LegalState.TOLD_FIRST})
WAITING = frozenset({LegalState.ASKED, LegalState.TOLD_FIRST})  # for the second person


class LegalTransitionError(RuleError):
    """A request to tell by law cannot go from this state to that one."""


def check_transition(old: LegalState, new: LegalState, *, urgent: bool) -> None:
    """Whether `new` may follow `old`. Only an urgent one is told before anybody agreed. Raises LegalTransitionError."""
    match old, new:
        case LegalState.ASKED, LegalState.AGREED | LegalState.DECLINED | LegalState.TAKEN_BACK:
            return
        case LegalState.ASKED, LegalState.TOLD_FIRST if urgent:
            return
        case LegalState.AGREED, LegalState.TOLD | LegalState.TAKEN_BACK:
            return
        case LegalState.TOLD_FIRST, LegalState.CONFIRMED | LegalState.OBJECTED:
            return
    raise LegalTransitionError(_("Das geht nicht: Der Antrag ist „%(old)s“. Laden Sie die Seite neu.", old=LABELS[old]))


def may_tell(state: LegalState, *, urgent: bool) -> bool:
    """Whether it may be told now."""
    return state is LegalState.AGREED or (state is LegalState.ASKED and urgent)


def confirm_by(told_on: dt.date, days: int) -> dt.date:
    """Until when the second person agrees to what was told urgently: that many days later, not counting the first."""
    return told_on + dt.timedelta(days=days)


def check_reason(reason: str) -> str:
    """The reason as it is stored. Raises RuleError on `reason`."""
    cleaned = reason.strip()
    if not cleaned:
        raise RuleError(
            _("Schreiben Sie in einem Satz, warum das Gesetz die Weitergabe hier verlangt oder erlaubt."),
            field="reason",
        )
    return cleaned
