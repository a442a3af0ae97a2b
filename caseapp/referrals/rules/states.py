"""Where a referral stands, and what may come next. Pure."""

from __future__ import annotations

import enum

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext


class Way(enum.StrEnum):
    """The four ways (docs: domain, section 3). Logic hangs on them; their words are the list referral_ways."""

    HINT = "hint"  # an address or a leaflet for the client, no data
    CARRIED = "carried"  # a letter in the client's hand
    SENT = "sent"  # we tell the partner, with a release
    BY_LAW = "by_law"  # the law demands or allows it, with two persons


class State(enum.StrEnum):
    """Where a referral stands."""

    PROPOSED = "proposed"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    NO_ANSWER = "no_answer"


LABELS = {
    State.PROPOSED: lazy_gettext("vorbereitet"),
    State.SENT: lazy_gettext("wartet auf Antwort"),
    State.ACCEPTED: lazy_gettext("angenommen"),
    State.DECLINED: lazy_gettext("abgelehnt"),
    State.DONE: lazy_gettext("erledigt"),
    State.WITHDRAWN: lazy_gettext("zurückgezogen"),
    State.NO_ANSWER: lazy_gettext("keine Antwort"),
}
RUNNING = frozenset({State.PROPOSED, State.SENT, State.ACCEPTED, State.NO_ANSWER})
AWAITING = frozenset({State.SENT})  # an answer is due
ANSWERS = (State.ACCEPTED, State.DECLINED, State.DONE, State.NO_ANSWER)


class StateTransitionError(RuleError):
    """A referral cannot go from this state to that one."""


def check_transition(old: State, new: State) -> None:
    """Whether `new` may follow `old`. Raises StateTransitionError."""
    match old, new:
        case State.PROPOSED, State.SENT | State.DONE | State.WITHDRAWN:
            return
        case State.SENT, State.ACCEPTED | State.DECLINED | State.DONE | State.NO_ANSWER | State.WITHDRAWN:
            return
        # Somebody answers after all, or we ask once more.
        case State.NO_ANSWER, State.ACCEPTED | State.DECLINED | State.DONE | State.WITHDRAWN | State.SENT:
            return
        case State.ACCEPTED, State.DONE | State.DECLINED | State.WITHDRAWN:
            return
    raise StateTransitionError(
        _(
            "Das geht nicht mehr: Diese Vermittlung ist „%(old)s“ und kann nicht „%(new)s“ werden.",
            old=LABELS[old],
            new=LABELS[new],
        )
    )


def may_follow(old: State, new: State) -> bool:
    """Whether a page offers this step."""
    try:
        check_transition(old, new)
    except StateTransitionError:
        return False
    return True


def offered_answers(old: State) -> list[State]:
    """The answers that can be recorded now, the likeliest first."""
    return [answer for answer in ANSWERS if may_follow(old, answer)]
