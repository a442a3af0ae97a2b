"""The doors of this slice."""

from caseapp.web.area import Area

area = Area("agreements", __name__)
