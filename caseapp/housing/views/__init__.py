"""Pages of the search for a flat."""

from caseapp.housing.views.area import area

__all__ = ["area"]
