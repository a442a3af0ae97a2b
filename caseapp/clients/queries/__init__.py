"""Reading client files."""

from caseapp.clients.queries.files import (
    Member,
    find_by_number,
    find_client,
    get_client,
    get_fact,
    get_membership,
    list_facts,
    list_household,
)
from caseapp.clients.queries.grants import (
    NOTE,
    NoteAccess,
    find_note_access,
    granted_clients,
    has_note_access,
    list_note_accesses,
    list_note_accesses_for_worker,
)

__all__ = [
    "NOTE",
    "Member",
    "NoteAccess",
    "find_by_number",
    "find_client",
    "find_note_access",
    "get_client",
    "get_fact",
    "get_membership",
    "granted_clients",
    "has_note_access",
    "list_facts",
    "list_household",
    "list_note_accesses",
    "list_note_accesses_for_worker",
]
