"""The area of these pages."""

from caseapp.web.area import Area

area = Area("keyfigures", __name__)
