"""Words for periods and areas, the same on every page and paper."""

from __future__ import annotations

from collections import Counter

from caseapp.i18n import gettext as _
from caseapp.places.rules import Gazetteer
from caseapp.tallies.periods import Period

LAND, LAND_NAME = "08", "Baden-Württemberg"


def period_label(period: Period) -> str:
    """ "3. Quartal 2026", "Jahr 2026"."""
    if period.quarter is None:
        return _("Jahr %(year)s", year=period.year)
    return _("%(quarter)s. Quartal %(year)s", quarter=period.quarter, year=period.year)


def scope_name(scope: str, gazetteer: Gazetteer) -> str:
    """The name of a Land or Kreis. Where a city and a district share a name, the kind stands behind it."""
    if scope == LAND:
        return LAND_NAME
    district = gazetteer.districts[scope]
    shared = Counter(each.name for each in gazetteer.districts.values())[district.name] > 1
    return f"{district.name} ({district.kind})" if shared else district.name
