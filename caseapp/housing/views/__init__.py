"""Pages of the search for a flat."""

from caseapp.housing.views import applying, leasing, matching, shown
from caseapp.housing.views.area import area

__all__ = ["applying", "area", "leasing", "matching", "shown"]
