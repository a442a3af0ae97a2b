"""Reading the search for a flat."""

from caseapp.housing.queries.applications import (
    ApplicationLine,
    Check,
    checklist,
    dwellings_now,
    find_check,
    get_application,
    list_applications,
    list_checks,
    list_open_for_dwelling,
    reason_codes,
    reasons_by_side,
    state_now,
)
from caseapp.housing.queries.households import Living, find_wish, list_living, version_of, wishes_of
from caseapp.housing.queries.matches import Hit, find_hit, list_hits

__all__ = [
    "ApplicationLine",
    "Check",
    "Hit",
    "Living",
    "checklist",
    "dwellings_now",
    "find_check",
    "find_hit",
    "find_wish",
    "get_application",
    "list_applications",
    "list_checks",
    "list_hits",
    "list_living",
    "list_open_for_dwelling",
    "reason_codes",
    "reasons_by_side",
    "state_now",
    "version_of",
    "wishes_of",
]
