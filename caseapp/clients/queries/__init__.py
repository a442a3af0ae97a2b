"""Reading client files."""

from caseapp.clients.queries.grants import (
    NOTE,
    find_note_access,
    granted_clients,
    has_note_access,
    list_note_accesses,
    list_note_accesses_for_worker,
)

__all__ = [
    "NOTE",
    "find_note_access",
    "granted_clients",
    "has_note_access",
    "list_note_accesses",
    "list_note_accesses_for_worker",
]
