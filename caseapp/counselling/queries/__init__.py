"""Reading contacts and what belongs to no client."""

from caseapp.counselling.queries.contacts import (
    CANCELLED,
    UNDONE,
    VALID,
    Recent,
    find_contact,
    get_contact,
    last_contacts,
    last_day_with_client,
    list_changes,
    list_contacts,
    list_links,
    list_recent_clients,
    note_readable,
)
from caseapp.counselling.queries.kinds import counts, offered_kinds, usual_of, with_client, with_client_kinds
from caseapp.counselling.queries.office import find_activity, find_advice, list_activities, list_advice
from caseapp.counselling.queries.page import FormPage, Member, load_page

__all__ = [
    "CANCELLED",
    "UNDONE",
    "VALID",
    "FormPage",
    "Member",
    "Recent",
    "counts",
    "find_activity",
    "find_advice",
    "find_contact",
    "get_contact",
    "last_contacts",
    "last_day_with_client",
    "list_activities",
    "list_advice",
    "list_changes",
    "list_contacts",
    "list_links",
    "list_recent_clients",
    "load_page",
    "note_readable",
    "offered_kinds",
    "usual_of",
    "with_client",
    "with_client_kinds",
]
