"""Changing referrals."""

from caseapp.referrals.service.answers import ask_again, record_answer, undo_step, withdraw
from caseapp.referrals.service.referring import (
    LETTER_PAPER,
    ChangedError,
    NewReferral,
    Sent,
    UncoveredError,
    change,
    propose,
    send,
    uncovered_text,
)
from caseapp.referrals.service.stopping import stop_for_releases

__all__ = [
    "LETTER_PAPER",
    "ChangedError",
    "NewReferral",
    "Sent",
    "UncoveredError",
    "ask_again",
    "change",
    "propose",
    "record_answer",
    "send",
    "stop_for_releases",
    "uncovered_text",
    "undo_step",
    "withdraw",
]
