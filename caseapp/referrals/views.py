"""Pages of this slice."""

from caseapp.web.area import Area

area = Area("referrals", __name__)
