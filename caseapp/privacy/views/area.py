"""The area of this slice, and what its pages share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import current_app

from caseapp.privacy.service import Trace
from caseapp.web.area import Area

area = Area("privacy", __name__)

# Under this name the factory hands over who finds a person outside the own file.
TRACES = "caseapp_erasure_traces"


def traces() -> Sequence[Trace]:
    """The finders of all slices."""
    return cast(Sequence[Trace], current_app.extensions[TRACES])
