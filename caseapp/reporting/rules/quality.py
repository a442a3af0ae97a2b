"""I15 as the report shows it beside its figures: how many entries are missing or old, from published numbers. Pure."""

from __future__ import annotations

from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.geography import Level
from caseapp.reporting.disclosure.rates import percentage
from caseapp.reporting.rules.package import FieldQuality, Package

INDICATOR, FIELD, OUTCOME = "I15", "field", "outcome"
MISSING, OUTDATED = "missing", "outdated"


def field_quality(package: Package) -> tuple[FieldQuality, ...]:
    """The quality of each field in whole per cent; None where fewer than 50 persons are asked."""
    published = next((each.published for each in package.figures if each.indicator == INDICATOR), None)
    if published is None:
        return ()
    grid = Grid(Level.STATE, published.lattice.catalogue.ordered((FIELD, OUTCOME)))
    whole = Grid(Level.STATE, (FIELD,))
    if grid not in published.values:
        return ()
    fields, outcomes = published.lattice.catalogue.axes(grid)
    labels = {each.code: each for text in package.dimensions if text.name == FIELD for each in text.classes}
    found = []
    for place, code in enumerate(fields):
        asked = int(published.values[whole][0, place])
        parts = {
            outcome: percentage(int(published.values[grid][0, place, at]), asked) for at, outcome in enumerate(outcomes)
        }
        found.append(FieldQuality(code, labels[code].de, labels[code].en, parts.get(MISSING), parts.get(OUTDATED)))
    return tuple(found)
