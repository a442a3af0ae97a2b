"""Pages of the client file: caseload, search, intake, the file itself, histories, household."""

from caseapp.clients.views import (
    around,
    caseload,
    confirming,
    editing,
    facts,
    files,
    household,
    intake,
    protection,
    search,
)
from caseapp.clients.views.area import area
from caseapp.clients.views.intake import DRAFT_FORMS

__all__ = [
    "DRAFT_FORMS",
    "area",
    "around",
    "caseload",
    "confirming",
    "editing",
    "facts",
    "files",
    "household",
    "intake",
    "protection",
    "search",
]
