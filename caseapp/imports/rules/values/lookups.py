"""The code lists and places that the readers need, handed in by the caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from caseapp.imports.rules.values.lexicon import CodeRow, Lexicon, lexicon_of
from caseapp.imports.rules.values.titles import TitleReader
from caseapp.imports.rules.values.words import SLANG
from caseapp.places.rules import Gazetteer, Match, find_municipality

LISTS = (
    "sexes",
    "nationalities",
    "residence_titles",
    "housing_forms",
    "housing_titles",
    "language_levels",
    "literacy",
    "languages",
    "employment_kinds",
    "benefits",
    "contact_kinds",
    "topics",
    "interpreter_kinds",
)
"""Names of the code lists that an import reads."""

_SHORTENED = frozenset(("nationalities", "languages"))


class Lookups:
    """Words of the code lists on one day, and the places as one office sees them."""

    def __init__(
        self, lists: Mapping[str, Sequence[CodeRow]], gazetteer: Gazetteer, today: date, *, district: str | None = None
    ) -> None:
        """`lists`: for each name in `LISTS` its lines (`catalogue.rules.Code.as_row`); `district`: of the office.

        Raises KeyError for a missing list.
        """
        self.today = today
        self.titles = TitleReader(lists["residence_titles"], today)
        self.words: Mapping[str, Lexicon] = {
            name: lexicon_of(lists[name], today, SLANG.get(name), shortened=name in _SHORTENED)
            for name in LISTS
            if name != "residence_titles"
        }
        self._gazetteer = gazetteer
        self._district = district
        self._places: dict[tuple[str, str], Match] = {}

    def municipality(self, place: str, postcode: str) -> Match:
        """The municipalities that place and postcode can mean."""
        key = (place, postcode)
        if key not in self._places:
            self._places[key] = find_municipality(self._gazetteer, place, postcode or None, self._district)
        return self._places[key]
