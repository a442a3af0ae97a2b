"""Pages of this slice."""

from caseapp.web.area import Area

area = Area("letters", __name__)
