"""Changing agreements: one function an intent."""

from caseapp.agreements.service.composing import Said
from caseapp.agreements.service.deciding import (
    Signing,
    bind_scan,
    decline,
    present,
    print_again,
    print_steps,
    sign,
    withdraw,
)
from caseapp.agreements.service.plans import NewPlan, add_plan, cancel_plan, change_plan, restore_plan
from caseapp.agreements.service.talks import (
    AGREEMENT_PAPER,
    SIGNED_PAPER,
    STEPS_PAPER,
    GoalConflictError,
    GoalReviewed,
    Talk,
    TalkError,
    base_of,
    conclude,
)
from caseapp.agreements.service.verifying import Checked, verify

__all__ = [
    "AGREEMENT_PAPER",
    "SIGNED_PAPER",
    "STEPS_PAPER",
    "Checked",
    "GoalConflictError",
    "GoalReviewed",
    "NewPlan",
    "Said",
    "Signing",
    "Talk",
    "TalkError",
    "add_plan",
    "base_of",
    "bind_scan",
    "cancel_plan",
    "change_plan",
    "conclude",
    "decline",
    "present",
    "print_again",
    "print_steps",
    "restore_plan",
    "sign",
    "verify",
    "withdraw",
]
