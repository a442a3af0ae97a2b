"""Reading imports and what they are compared with."""

from caseapp.imports.queries.files import (
    count_parts,
    find_import,
    find_mapping,
    get_import,
    list_imports,
    list_stale,
    read_part,
    read_parts,
    read_stored_parts,
)
from caseapp.imports.queries.known import (
    Known,
    KnownContact,
    list_client_ids,
    list_known,
    list_known_contacts,
    read_bodies,
)
from caseapp.imports.queries.waiting import (
    FoundClient,
    count_waiting,
    find_client_by_number,
    find_clients,
    get_waiting,
    list_known_waiting,
    list_waiting,
)

__all__ = [
    "FoundClient",
    "Known",
    "KnownContact",
    "count_parts",
    "count_waiting",
    "find_client_by_number",
    "find_clients",
    "find_import",
    "find_mapping",
    "get_import",
    "get_waiting",
    "list_client_ids",
    "list_imports",
    "list_known",
    "list_known_contacts",
    "list_known_waiting",
    "list_stale",
    "list_waiting",
    "read_bodies",
    "read_part",
    "read_parts",
    "read_stored_parts",
]
