"""Pages of reporting."""

from caseapp.reporting.views import afterwards, building, checking, downloads, index, report
from caseapp.reporting.views.area import area

__all__ = ["afterwards", "area", "building", "checking", "downloads", "index", "report"]
