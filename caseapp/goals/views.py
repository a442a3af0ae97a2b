"""Pages of this slice."""

from caseapp.web.area import Area

area = Area("goals", __name__)
