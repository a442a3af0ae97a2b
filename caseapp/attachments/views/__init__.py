"""The pages of a client's files."""

from caseapp.attachments.views import listing, opening, uploading
from caseapp.attachments.views.area import area

__all__ = ["area", "listing", "opening", "uploading"]
