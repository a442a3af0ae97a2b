"""Reading requests, erasures and what they take along."""

from caseapp.privacy.queries.erasures import (
    Request,
    WaitingRequest,
    find_erasure,
    find_request,
    find_request_grant,
    get_erasure,
    list_erasures,
    list_heads,
    list_unfinished,
    list_waiting,
)
from caseapp.privacy.queries.rows import bound_tables, count_events, count_rows, list_guests

__all__ = [
    "Request",
    "WaitingRequest",
    "bound_tables",
    "count_events",
    "count_rows",
    "find_erasure",
    "find_request",
    "find_request_grant",
    "get_erasure",
    "list_erasures",
    "list_guests",
    "list_heads",
    "list_unfinished",
    "list_waiting",
]
