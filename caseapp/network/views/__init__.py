"""Pages of the directory."""

from caseapp.network.views import changing, dwellings, index, merging, notes, rents, shown
from caseapp.network.views.area import area

__all__ = ["area", "changing", "dwellings", "index", "merging", "notes", "rents", "shown"]
