"""A carrier with a head, who decides on erasures."""

from tests.privacy.conftest import house

__all__ = ["house"]
