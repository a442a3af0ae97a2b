"""What a district and a municipality are."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from caseapp.errors import ConfigurationError


class RegisterError(ConfigurationError):
    """A file of places cannot be used; the message names the place in the file and the reason."""


class District(Struct, frozen=True):
    """A Stadt- or Landkreis. `ags` has 5 digits, `nuts3` is the European key."""

    ags: str
    name: str
    kind: Literal["Stadtkreis", "Landkreis"]
    nuts3: str


class Municipality(Struct, frozen=True):
    """A municipality. `ags` has 8 digits, the first five are those of its district."""

    ags: str
    name: str
    kind: Literal["Stadt", "Gemeinde"]
    postcodes: tuple[str, ...] = ()

    @property
    def district_ags(self) -> str:
        """The key of its district."""
        return self.ags[:5]
