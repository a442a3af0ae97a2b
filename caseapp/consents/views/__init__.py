"""Pages of this slice."""

from caseapp.consents.views import listing, sheets, signing, withdrawing
from caseapp.consents.views.area import HOOKS, area

__all__ = ["HOOKS", "area", "listing", "sheets", "signing", "withdrawing"]
