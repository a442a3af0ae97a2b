"""What changes accounts: people and their duties, signing in and out."""

from caseapp.accounts.service.people import (
    DutyRequest,
    add_user,
    change_password,
    confirm_duty,
    end_duty,
    grant_at_setup,
    open_account,
    request_duty,
    reset_password,
    set_active,
)
from caseapp.accounts.service.signing_in import (
    SignInRefusedError,
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
    "end_duty",
    "end_sessions",
    "grant_at_setup",
    "open_account",
    "request_duty",
    "reset_password",
    "set_active",
    "sign_in",
    "sign_out",
    "touch",
]
