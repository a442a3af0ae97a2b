"""Pages of figures."""

from caseapp.figures.views import index
from caseapp.figures.views.area import area

__all__ = ["area", "index"]
