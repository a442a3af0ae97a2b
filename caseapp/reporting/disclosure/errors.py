"""Why no release can be made. Each message is a full sentence for the person who asked for the release."""

from __future__ import annotations


class DisclosureError(ValueError):
    """The release is refused: nothing was rounded, nothing may be published."""


class KeyMissingError(DisclosureError):
    """There is no statistics key, it is too short, or it changed within a funding period."""


class CatalogueError(DisclosureError):
    """A table asks for more detail than its level allows, or names what the catalogue does not know."""


class CountsError(DisclosureError):
    """The counts contradict each other or the catalogue."""


class PeriodError(DisclosureError):
    """The period does not follow the one released before."""


class UnroundableError(DisclosureError):
    """No table within the permitted deviations has right sums: areas or classes must be merged first."""
