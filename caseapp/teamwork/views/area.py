"""The area of the teamwork pages."""

from caseapp.web.area import Area

area = Area("teamwork", __name__)
