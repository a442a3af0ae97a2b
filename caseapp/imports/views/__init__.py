"""The pages of imports."""

from caseapp.imports.views import columns, lists, preview, waiting
from caseapp.imports.views.area import area

__all__ = ["area", "columns", "lists", "preview", "waiting"]
