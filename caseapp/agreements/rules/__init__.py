"""What an agreement says, how it is fingerprinted, how two versions differ, and how its state moves. Pure."""

from caseapp.agreements.rules.content import (
    GoalTerms,
    LookBack,
    Party,
    PlanTerms,
    ReadAloud,
    Replaced,
    StepTerms,
    Terms,
    canonical,
    digest_of,
    goals_digest,
    read_terms,
)
from caseapp.agreements.rules.differences import Change, Difference, differences
from caseapp.agreements.rules.reviewing import (
    LATEST_MONTHS,
    check_review_day,
    months_later,
    next_review,
)
from caseapp.agreements.rules.states import AgreementState, StateTransitionError, move

__all__ = [
    "LATEST_MONTHS",
    "AgreementState",
    "Change",
    "Difference",
    "GoalTerms",
    "LookBack",
    "Party",
    "PlanTerms",
    "ReadAloud",
    "Replaced",
    "StateTransitionError",
    "StepTerms",
    "Terms",
    "canonical",
    "check_review_day",
    "differences",
    "digest_of",
    "goals_digest",
    "months_later",
    "move",
    "next_review",
    "read_terms",
]
