"""Pages of contacts, short advice and activities."""

from caseapp.counselling.views import absent, contact, edit, listing, office
from caseapp.counselling.views.area import area
from caseapp.counselling.views.drafts import DRAFT_FORMS

__all__ = ["DRAFT_FORMS", "absent", "area", "contact", "edit", "listing", "office"]
