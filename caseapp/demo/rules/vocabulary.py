"""The shipped building blocks of `config/demo`: names by origin, sentences by topic, street names."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from msgspec import Struct

from caseapp.errors import ConfigurationError


class Name(NamedTuple):
    """A name in Latin letters and in its own script ("" where that is the same)."""

    latin: str
    own: str


class Weighted(Struct, frozen=True):
    """Codes with their weights."""

    codes: tuple[str, ...]
    weights: tuple[int, ...]

    def draw(self, rng: Random) -> str:
        """One of the codes."""
        return rng.choices(self.codes, self.weights)[0]


class NameSet(Struct, frozen=True):
    """The names of one origin."""

    women: tuple[Name, ...]
    men: tuple[Name, ...]
    families: tuple[Name, ...]

    def given(self, sex: str) -> tuple[Name, ...]:
        """The given names for code W or M of the list sexes."""
        return self.women if sex == "W" else self.men


class Origin(Struct, frozen=True):
    """Where people come from, and what usually follows from it. `fictitious`: percent of births on 01.01."""

    nationality: str
    weight: int
    names: str
    languages: Weighted
    path: str
    fictitious: int
    literate: Weighted


class Vocabulary(Struct, frozen=True):
    """All building blocks, read once."""

    origins: tuple[Origin, ...]
    names: dict[str, NameSet]
    notes: dict[str, tuple[str, ...]]
    tasks: dict[str, tuple[str, ...]]
    streets: tuple[str, ...]

    def draw_origin(self, rng: Random) -> Origin:
        """An origin, the frequent ones more often."""
        return rng.choices(self.origins, [origin.weight for origin in self.origins])[0]


def load_vocabulary(folder: Path) -> Vocabulary:
    """The files of `config/demo`. Raises ConfigurationError when one is missing or incomplete."""
    try:
        return Vocabulary(
            origins=tuple(_origin(row) for row in _rows(folder / "origins.csv")),
            names=_name_sets(folder / "names.csv"),
            notes=_by_topic(folder / "notes.csv", "text"),
            tasks=_by_topic(folder / "tasks.csv", "title"),
            streets=tuple((folder / "streets.txt").read_text(encoding="utf-8").split("\n")[:-1]),
        )
    except (OSError, KeyError, ValueError) as error:
        raise ConfigurationError(f"Die Bausteine der Demo in {folder} sind unvollständig.") from error


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        yield from csv.DictReader(source)


def _origin(row: dict[str, str]) -> Origin:
    return Origin(
        nationality=row["nationality"],
        weight=int(row["weight"]),
        names=row["names"],
        languages=_weighted(row["languages"]),
        path=row["path"],
        fictitious=int(row["fictitious"]),
        literate=_weighted(row["literate"]),
    )


def _weighted(text: str) -> Weighted:
    pairs = [part.split(":") for part in text.split("|")]
    return Weighted(tuple(code for code, _weight in pairs), tuple(int(weight) for _code, weight in pairs))


def _name_sets(path: Path) -> dict[str, NameSet]:
    found: dict[str, dict[str, list[Name]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(path):
        found[row["names"]][row["kind"]].append(Name(row["latin"], row["own"]))
    return {key: NameSet(tuple(kinds["f"]), tuple(kinds["m"]), tuple(kinds["family"])) for key, kinds in found.items()}


def _by_topic(path: Path, column: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in _rows(path):
        found[row["topic"]].append(row[column])
    return {topic: tuple(texts) for topic, texts in found.items()}
