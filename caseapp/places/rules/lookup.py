"""From a place as people write it ("88069 Tettnang", "Stadt Wangen", "Rottenburg a.N.") to one AGS, or to a choice.

An answer is only given where one municipality can be meant. Names repeat in Baden-Württemberg (Neuhausen, Altheim,
Weingarten), so the postcode and the district of the office decide, and otherwise a person does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from caseapp.places.rules.records import District, Municipality

_POSTCODE = re.compile(r"(?:\bD\s*[-–]?\s*)?(?<!\d)(\d{5})(?!\d)")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_WORD = re.compile(r"[a-z]+")
_PARTING = re.compile(r"[,;/()\n–-]|\b(?:OT|Ortsteil|Teilort|Stadtteil)\b")
_OF_TOWN = re.compile(
    r"^\s*(?:Gro(?:ß|ss)e Kreisstadt|Universit[äa]tsstadt|Landeshauptstadt|Stadtkreis|Stadt)\s+", re.IGNORECASE
)
_OF_VILLAGE = re.compile(r"^\s*(?:Gemeinde|Gde\.?)\s+", re.IGNORECASE)
_OF_DISTRICT = re.compile(r"\b(?:Landkreis|Kreis|LK|Lkr|Land)\b", re.IGNORECASE)
_TOWN_BEHIND = re.compile(r"\b(?:Universit[äa]tsstadt|Landeshauptstadt|Stadt)\s*$", re.IGNORECASE)
_SMALL = frozenset({"am", "an", "auf", "bei", "dem", "den", "der", "i", "im", "in", "ob", "u", "unter", "vor"})
_LONG_ENOUGH = 5
_LONGEST = 200


class Match(Struct, frozen=True):
    """`candidates`: AGS of all places that can be meant, in order. None: unknown, or outside the state."""

    candidates: tuple[str, ...] = ()

    @property
    def ags(self) -> str | None:
        """The one that is meant, None when none or several fit."""
        return self.candidates[0] if len(self.candidates) == 1 else None

    @property
    def is_ambiguous(self) -> bool:
        """Whether a person has to choose among the candidates."""
        return len(self.candidates) > 1


class Gazetteer:
    """Names and postcodes as dictionaries: a lookup does not walk the list. Made once, then only read."""

    def __init__(
        self, districts: Iterable[District], municipalities: Iterable[Municipality], aliases: Mapping[str, str]
    ) -> None:
        self.districts = {district.ags: district for district in districts}
        self.municipalities = {town.ags: town for town in municipalities}
        self.words = {ags: _words(town.name) for ags, town in self.municipalities.items()}
        self.by_name: dict[str, frozenset[str]] = {}
        self.by_postcode: dict[str, frozenset[str]] = {}
        for ags, town in self.municipalities.items():
            for key in {" ".join(self.words[ags]), _short(town.name)}:
                _add(self.by_name, key, ags)
            for postcode in town.postcodes:
                _add(self.by_postcode, postcode, ags)
        for alias, ags in aliases.items():
            _add(self.by_name, " ".join(_words(alias)), ags)
        for name, ags in self._without_bad():
            if name not in self.by_name:
                _add(self.by_name, name, ags)
        self.regions = frozenset(postcode[:2] for postcode in self.by_postcode)

    def _without_bad(self) -> Iterator[tuple[str, str]]:
        return ((" ".join(words[1:]), ags) for ags, words in self.words.items() if words[0] == "bad")


def find_municipality(
    gazetteer: Gazetteer, text: str, postcode: str | None = None, district: str | None = None
) -> Match:
    """The municipality that is meant by a written place, with a postcode in front or apart, with a street or without.

    `postcode` decides between places of the same name; `district` (5 digits) only where the text leaves a choice.
    A postcode of another state answers with no candidate, a name and a postcode that contradict each other with both.
    """
    name, written = _split_postcode(text[:_LONGEST])
    near_code = (postcode or written or "").strip()
    if near_code and near_code[:2] not in gazetteer.regions:
        return Match()
    near = gazetteer.by_postcode.get(near_code, frozenset())
    found = _by_text(gazetteer, name, near)
    at_home = {ags for ags in found if ags[:5] == district}
    return Match(tuple(sorted(at_home or found)))


def find_district(gazetteer: Gazetteer, text: str) -> Match:
    """The district that is meant. "Heilbronn" alone fits two, "Landkreis Heilbronn" and "Stadtkreis Heilbronn" one."""
    bare = _OF_DISTRICT.sub(" ", _OF_TOWN.sub("", text[:_LONGEST]))
    kind = "Landkreis" if _OF_DISTRICT.search(text) else "Stadtkreis" if _OF_TOWN.search(text) else None
    wanted = _words(bare)
    fits = [
        ags
        for ags, district in gazetteer.districts.items()
        if wanted and wanted in (_words(district.name), _words(district.name)[:1]) and kind in (None, district.kind)
    ]
    return Match(tuple(fits))


def _by_text(gazetteer: Gazetteer, text: str, near: frozenset[str]) -> frozenset[str]:
    if _OF_DISTRICT.search(text):
        return near
    town, village = bool(_OF_TOWN.search(text)), bool(_OF_VILLAGE.search(text))
    name = _TOWN_BEHIND.sub("", _OF_VILLAGE.sub("", _OF_TOWN.sub("", text))).strip(" ,")
    parts = [name, *(part for part in _PARTING.split(name) if not re.search(r"\d", part))]
    hits = [found for part in parts if (found := _by_name(gazetteer, part))]
    if town or village:
        kind = "Stadt" if town else "Gemeinde"
        hits = [frozenset(a for a in found if gazetteer.municipalities[a].kind == kind) or found for found in hits]
    if near:
        hits = [found & near for found in hits if found & near] or [_contradicted(found, near) for found in hits]
    return next((found for found in hits if len(found) == 1), hits[0] if hits else near)


def _contradicted(found: frozenset[str], near: frozenset[str]) -> frozenset[str]:
    """A neighbour's postcode is an everyday slip (same district: the name counts); any other one leaves a choice."""
    districts = {ags[:5] for ags in near}
    return frozenset(ags for ags in found if ags[:5] in districts) or found | near


def _by_name(gazetteer: Gazetteer, text: str) -> frozenset[str]:
    words = _words(text)
    whole = gazetteer.by_name.get(" ".join(words))
    if whole:
        return whole
    for end in range(len(words) - 1, 0, -1):
        hits = gazetteer.by_name.get(" ".join(words[:end]), frozenset())
        rest = words[end:]
        fitting = frozenset(ags for ags in hits if _abbreviates(rest, gazetteer.words[ags][end:]))
        if fitting:
            return fitting
        if len(hits) == 1 and len(words[0]) >= _LONG_ENOUGH and rest[0] not in _SMALL:
            return hits  # a part of the town behind its name: "Stuttgart Vaihingen"
    return frozenset()


def _abbreviates(written: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether the written words begin words of the name, in order: "a n" for "am neckar", "br" for "im breisgau"."""
    rest = iter(full)
    return all(any(word.startswith(start) for word in rest) for start in written)


def _split_postcode(text: str) -> tuple[str, str]:
    found = _POSTCODE.search(text)
    if not found:
        return text, ""
    behind = text[found.end() :].strip(" ,;-")
    return behind or text[: found.start()].strip(" ,;-"), found[1]


def _short(name: str) -> str:
    """The name without what only tells it apart: "Singen" of "Singen (Hohentwiel)", "Weil" of "Weil am Rhein"."""
    words = _words(re.split(r"[(/]", name)[0])
    end = next((place for place, word in enumerate(words) if place and word in _SMALL), len(words))
    return " ".join(words[:end])


def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple("sankt" if word == "st" else word for word in _WORD.findall(bare))


def _add(index: dict[str, frozenset[str]], key: str, ags: str) -> None:
    index[key] = index.get(key, frozenset()) | {ags}
