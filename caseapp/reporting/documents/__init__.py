"""The forms of a released report: what the job process makes of it after the release."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from caseapp.reporting.rules.package import Released

Maker = Callable[[Released], bytes]

FORMS: Mapping[str, Maker] = {}
