"""The area of imports."""

from caseapp.web.area import Area

area = Area("imports", __name__)
