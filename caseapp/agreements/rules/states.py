"""The states of a version. They only move forward."""

from __future__ import annotations

import enum

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _


class AgreementState(enum.StrEnum):
    """Where a version stands. Its content never changes, whatever the state."""

    DRAFTED = "drafted"  # written down; its paper is not printed yet
    PRESENTED = "presented"  # printed, and shown to the client
    SIGNED = "signed"  # in force
    DECLINED = "declined"  # the client said no: a state like others, no error
    WITHDRAWN = "withdrawn"  # taken back by the office, or ended by the client
    SUPERSEDED = "superseded"  # a later version took its place


class StateTransitionError(RuleError):
    """A version cannot go from its state to the wanted one; the message says why."""


def move(old: AgreementState, new: AgreementState) -> AgreementState:
    """The new state. Raises StateTransitionError for a step that does not exist."""
    state = AgreementState
    match old, new:
        case state.DRAFTED, state.PRESENTED | state.WITHDRAWN | state.SUPERSEDED:
            return new
        case state.PRESENTED, state.SIGNED | state.DECLINED | state.WITHDRAWN | state.SUPERSEDED:
            return new
        case state.SIGNED, state.SUPERSEDED | state.WITHDRAWN:
            return new
        case _:
            raise StateTransitionError(_why_not(old))


def _why_not(old: AgreementState) -> str:
    match old:
        case AgreementState.DRAFTED:
            return _("Das Papier zu dieser Fassung ist noch nicht gedruckt. Es kann erst danach unterschrieben werden.")
        case AgreementState.SIGNED:
            return _("Diese Fassung ist schon unterschrieben.")
        case AgreementState.DECLINED:
            return _("Diese Fassung wurde abgelehnt. Legen Sie eine neue Fassung vor.")
        case AgreementState.WITHDRAWN:
            return _("Diese Fassung wurde zurückgezogen. Legen Sie eine neue Fassung vor.")
        case AgreementState.SUPERSEDED:
            return _("Es gibt schon eine neuere Fassung. Öffnen Sie die neueste und unterschreiben Sie dort.")
        case _:
            return _("Diese Fassung ist schon vorgelegt.")
