"""Pages of agreements."""

from caseapp.agreements.views import listing, plans, talk, version
from caseapp.agreements.views.area import area
from caseapp.agreements.views.drafts import DRAFT_FORMS

__all__ = ["DRAFT_FORMS", "area", "listing", "plans", "talk", "version"]
