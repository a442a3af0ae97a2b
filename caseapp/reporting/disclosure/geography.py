"""A tree of areas in three levels, and the merging of small municipalities."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caseapp.reporting.disclosure.errors import CountsError

Indices = NDArray[np.int64]
REST = "-rest"  # ends the code of the municipalities of a district that are shown together


class Level(enum.IntEnum):
    """How fine an area is: Land, Kreis, Gemeinde."""

    STATE = 0
    DISTRICT = 1
    MUNICIPALITY = 2


@dataclass(frozen=True)
class Geography:
    """A state, its districts and their municipalities by code; `district_of` holds an index for each municipality.

    A single district may be its own root: then `state` is its code, and both levels hold the same numbers.
    """

    state: str
    districts: tuple[str, ...]
    municipalities: tuple[str, ...]
    district_of: tuple[int, ...]

    def __post_init__(self) -> None:
        codes = [*self.districts, *self.municipalities]
        if self.districts != (self.state,):
            codes.append(self.state)
        if len(set(codes)) != len(codes):
            raise CountsError("An area stands in the geography twice.")
        if len(self.district_of) != len(self.municipalities):
            raise CountsError("Each municipality needs exactly one district.")
        if set(self.district_of) != set(range(len(self.districts))):
            raise CountsError("Each district needs at least one municipality, each municipality a known district.")

    def areas(self, level: Level) -> tuple[str, ...]:
        """The codes of a level, in their fixed order."""
        return ((self.state,), self.districts, self.municipalities)[level]

    def parents(self, level: Level) -> Indices:
        """For each area of a level (not the state) the index of the area above it."""
        if level is Level.MUNICIPALITY:
            return np.asarray(self.district_of, dtype=np.int64)
        return np.zeros(len(self.districts), dtype=np.int64)


@dataclass(frozen=True)
class Merged:
    """A geography whose small municipalities stand together, and where each old municipality went."""

    geography: Geography
    target: Indices
    members: dict[str, tuple[str, ...]]

    @property
    def share(self) -> float:
        """The share of municipalities that are not shown by themselves."""
        return sum(map(len, self.members.values())) / max(1, len(self.target))


def merge_small(geography: Geography, active: Indices, threshold: int) -> Merged:
    """Put municipalities with fewer than `threshold` active persons together, district by district.

    A rest of one municipality, or of fewer persons than the threshold, would be no protection: the next larger
    municipalities join it until it has two members and enough persons (or the whole district).
    """
    if len(active) != len(geography.municipalities):
        raise CountsError("There must be one number of active persons for each municipality.")
    codes: list[str] = []
    districts: list[int] = []
    target = np.zeros(len(active), dtype=np.int64)
    members: dict[str, tuple[str, ...]] = {}
    parents = geography.parents(Level.MUNICIPALITY)
    for district, code in enumerate(geography.districts):
        own = np.flatnonzero(parents == district)
        small = _rest(own, active, threshold)
        for index in own:
            if index not in small:
                target[index] = len(codes)
                codes.append(geography.municipalities[index])
                districts.append(district)
        if small:
            target[sorted(small)] = len(codes)
            codes.append(code + REST)
            districts.append(district)
            members[code + REST] = tuple(geography.municipalities[index] for index in sorted(small))
    merged = Geography(geography.state, geography.districts, tuple(codes), tuple(districts))
    return Merged(merged, target, members)


def _rest(own: Indices, active: Indices, threshold: int) -> set[int]:
    by_size = [int(index) for index in own[np.lexsort((own, active[own]))]]
    rest = [index for index in by_size if active[index] < threshold]
    if not rest:
        return set()
    for index in by_size[len(rest) :]:
        if len(rest) > 1 and sum(int(active[member]) for member in rest) >= threshold:
            break
        rest.append(index)
    return set(rest)
