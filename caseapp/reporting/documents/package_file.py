"""The signed package file of a release."""

from __future__ import annotations

from caseapp.reporting.rules import signed
from caseapp.reporting.rules.package import Released


def make(released: Released) -> bytes:
    """The frozen package with what proves it (`rules.signed`)."""
    return signed.write(released)
