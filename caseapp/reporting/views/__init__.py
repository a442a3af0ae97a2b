"""Pages of reporting."""

from caseapp.reporting.views import afterwards, building, checking, index, report
from caseapp.reporting.views.area import area

__all__ = ["afterwards", "area", "building", "checking", "index", "report"]
