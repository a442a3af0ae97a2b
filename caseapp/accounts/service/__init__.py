"""What changes accounts: people and their duties, signing in and out."""

from caseapp.accounts.service.duties import (
    DutyRequest,
    confirm_duty,
    decline_duty,
    end_duty,
    grant_at_setup,
    grant_by_operator,
    may_confirm,
    request_duty,
    resume_duty,
)
from caseapp.accounts.service.people import (
    add_user,
    change_password,
    open_account,
    reset_password,
    set_active,
)
from caseapp.accounts.service.signing_in import (
    SignInRefusedError,
    end_other_sessions,
    end_sessions,
    sign_in,
    sign_out,
    touch,
)

__all__ = [
    "DutyRequest",
    "SignInRefusedError",
    "add_user",
    "change_password",
    "confirm_duty",
    "decline_duty",
    "end_duty",
    "end_other_sessions",
    "end_sessions",
    "grant_at_setup",
    "grant_by_operator",
    "may_confirm",
    "open_account",
    "request_duty",
    "reset_password",
    "resume_duty",
    "set_active",
    "sign_in",
    "sign_out",
    "touch",
]
