"""Pages of the client file: caseload, search, intake, the file itself, histories, household."""

from caseapp.clients.views import caseload, search
from caseapp.clients.views.area import area

__all__ = ["area", "caseload", "search"]
