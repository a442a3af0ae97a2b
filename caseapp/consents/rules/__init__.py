"""What a declaration may be, how long it holds, and what it covers. Pure."""

from caseapp.consents.rules.covering import Gap, Missing, ValidRelease, covering, uncovered
from caseapp.consents.rules.sheets import (
    HEALTH,
    MOST_LINES,
    MOST_MONTHS,
    USUAL_MONTHS,
    check_end,
    check_fields,
    check_recipient,
    check_signed_on,
    check_signers,
    digest,
    hides_name,
    months_after,
)

__all__ = [
    "HEALTH",
    "MOST_LINES",
    "MOST_MONTHS",
    "USUAL_MONTHS",
    "Gap",
    "Missing",
    "ValidRelease",
    "check_end",
    "check_fields",
    "check_recipient",
    "check_signed_on",
    "check_signers",
    "covering",
    "digest",
    "hides_name",
    "months_after",
    "uncovered",
]
