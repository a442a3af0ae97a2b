"""Pages of figures."""

from caseapp.figures.views import behind, comparing, counting, index, quality, works
from caseapp.figures.views.area import area

__all__ = ["area", "behind", "comparing", "counting", "index", "quality", "works"]
