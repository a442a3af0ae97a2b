"""Pages of agreements."""

from caseapp.agreements.views.area import area

__all__ = ["area"]
