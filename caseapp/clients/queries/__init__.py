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
    list_note_accesses,
    list_note_accesses_for_worker,
    opened_clients,
)
from caseapp.clients.queries.protection import (
    Lift,
    WaitingLift,
    find_lift,
    list_second_persons,
    list_waiting_lifts,
)

__all__ = [
    "NOTE",
    "Lift",
    "Member",
    "NoteAccess",
    "WaitingLift",
    "find_by_number",
    "find_client",
    "find_lift",
    "find_note_access",
    "get_client",
    "get_fact",
    "get_membership",
    "list_facts",
    "list_household",
    "list_note_accesses",
    "list_note_accesses_for_worker",
    "list_second_persons",
    "list_waiting_lifts",
    "opened_clients",
]
