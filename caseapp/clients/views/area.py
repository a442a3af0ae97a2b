"""The area of the client pages."""

from caseapp.web.area import Area

area = Area("clients", __name__)
