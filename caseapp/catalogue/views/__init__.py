"""Pages of the catalogue: the code lists, and the phrase book of the papers."""

from caseapp.catalogue.views import codes, phrases
from caseapp.catalogue.views.area import area

__all__ = ["area", "codes", "phrases"]
