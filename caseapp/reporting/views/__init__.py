"""Pages of reporting."""

from caseapp.reporting.views import index
from caseapp.reporting.views.area import area

__all__ = ["area", "index"]
