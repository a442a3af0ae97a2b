"""What the catalogue gives: `codes` of the lists for the running request, `phrases` of the papers."""

from caseapp.catalogue.queries.codes import (
    catalogue,
    choices,
    find_hidden,
    hidden_codes,
    label,
    options,
    rows_of,
    title_rules,
)

__all__ = [
    "catalogue",
    "choices",
    "find_hidden",
    "hidden_codes",
    "label",
    "options",
    "rows_of",
    "title_rules",
]
