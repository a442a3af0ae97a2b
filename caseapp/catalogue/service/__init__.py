"""What changes in the catalogue: `codes` hides and shows codes for one carrier, `phrases` changes the phrase book."""

from caseapp.catalogue.service.codes import hide_code, show_code

__all__ = ["hide_code", "show_code"]
