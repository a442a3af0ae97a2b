"""Pages of this slice."""

from caseapp.web.area import Area

area = Area("consents", __name__)
