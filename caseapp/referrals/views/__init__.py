"""Pages of referrals."""

from caseapp.referrals.views import answers, index, legal, outside, referring, volunteers
from caseapp.referrals.views.area import area

__all__ = ["answers", "area", "index", "legal", "outside", "referring", "volunteers"]
