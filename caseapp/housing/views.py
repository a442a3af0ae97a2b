"""Pages of this slice."""

from caseapp.web.area import Area

area = Area("housing", __name__)
