"""The area of the accounts pages."""

from caseapp.web.area import Area

area = Area("accounts", __name__)
