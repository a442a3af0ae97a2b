"""Pages that explain each figure in a sentence."""

from __future__ import annotations

from caseapp.web.area import Area

area = Area("indicators", __name__)
