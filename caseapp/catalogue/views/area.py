"""The area of the catalogue."""

from __future__ import annotations

from caseapp.web.area import Area

area = Area("catalogue", __name__)
