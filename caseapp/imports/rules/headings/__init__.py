"""Finds the header row and maps columns to fields; a person may correct the mapping and an office saves it."""

from caseapp.imports.rules.headings.guess import Guess, find_header, guesses, headings_of, mapping_with_header
from caseapp.imports.rules.headings.mapping import (
    NUMBERING,
    Column,
    Mapping,
    MappingError,
    corrected,
    reapplied,
    saved_fields,
)

__all__ = [
    "NUMBERING",
    "Column",
    "Guess",
    "Mapping",
    "MappingError",
    "corrected",
    "find_header",
    "guesses",
    "headings_of",
    "mapping_with_header",
    "reapplied",
    "saved_fields",
]
