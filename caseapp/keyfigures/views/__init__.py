"""Pages of keyfigures."""

from caseapp.keyfigures.views import index
from caseapp.keyfigures.views.area import area

__all__ = ["area", "index"]
