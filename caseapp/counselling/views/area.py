"""The area of the counselling pages."""

from caseapp.web.area import Area

area = Area("counselling", __name__)
