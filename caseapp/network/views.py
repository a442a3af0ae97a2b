"""Pages of this slice."""

from caseapp.web.area import Area

area = Area("network", __name__)
