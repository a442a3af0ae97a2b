"""`caseapp report …`: outcome reports by command."""

from __future__ import annotations

import click


@click.group("report")
def report() -> None:
    """Berichte an das Förderprogramm."""
