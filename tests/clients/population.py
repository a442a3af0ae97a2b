"""A seeded population of clients as a district office sees it, for honest candidate counts.

Names come from the origins that counselling in Baden-Württemberg meets, weighted
roughly as there; frequent names are frequent (weights fall with the place in the
list), Slavic surnames have a long tail, a part of the people carries the name in
another transcription, with a fused or separate article, or in its own script.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

UKRAINIAN_STEMS = (
    "Bondar Kravets Shevch Koval Tkach Honchar Melnyk Oliin Ponomar Vasyl Petr Ivan Pavl Mykhail Stepan Roman "
    "Levch Marchen Savch Kharch Rud Lys Moroz Bil Chorn Syd Havryl Klym Danyl Yakov Yurch Zakhar Tymosh Oleks "
    "Prykhod Kyrych Matvi Nazar Panas Hryts Fedor Demch Dmytr Onyshch Sav Tereshch Usach Vlas Zinch Khomen Didu "
    "Lytvyn Mazur Babych Hnat Kozach Kuz Luk Mys Ostap Palii Radch Sem Shul Sotnyk Stets Vovch Voit Yarem Zub"
)
UKRAINIAN_ENDINGS = ("enko", "uk", "chuk", "iuk", "skyi", "ets", "ko", "ak", "iv", "yshyn")
RUSSIAN_STEMS = (
    "Ivan Smirn Kuznets Pop Vasil Petr Sokol Mikhail Novik Fedor Moroz Volk Alekse Lebed Semen Egor Pavl Kozl "
    "Stepan Nikola Orl Andre Makar Nikit Zakhar Zaits Solovy Boris Yakovl Grigor Roman Vorob Serge Kuzm Frol "
    "Aleksandr Dmitri Korol Gus Kisel Ily Maksim Polyak Sorok Vinograd Koval Bel Medved Anton Taras Zhuk Baran"
)
_RESPELLINGS = (
    ("kh", "ch"), ("sh", "sch"), ("ou", "u"), ("ee", "i"), ("oo", "u"), ("y", "j"), ("j", "dj"), ("zh", "sch"),
    ("dd", "d"), ("mm", "m"), ("ss", "s"), ("iy", "y"), ("ii", "ij"), ("ei", "ai"), ("v", "w"), ("ş", "s"), ("ı", "i"),
    ("gh", "g"), ("q", "k"), ("e", "a"), ("u", "o"), ("Al-", "Al "), ("Al-", "Al"), ("Al-", "El "), ("Abdul", "Abdel"),
)  # fmt: skip


class Origin(NamedTuple):
    """A country or region with its share of the clients and its names, frequent ones first."""

    name: str
    weight: int
    given: list[str]
    family: list[str]


def people(number: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield ``number`` pairs of family name and given names; the same seed yields the same people."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret, and it must repeat
    origins = _read(Path(__file__).with_suffix(".txt").read_text("utf-8"))
    for origin in chance.choices(origins, [origin.weight for origin in origins], k=number):
        yield _respelled(chance, _surname(chance, origin)), _given(chance, origin.given)


def _read(text: str) -> list[Origin]:
    origins: list[Origin] = []
    for line in text.splitlines():
        if line.startswith("["):
            name, weight = line.strip("[]").split()
            origins.append(Origin(name, int(weight), [], []))
        elif line.startswith("given: "):
            origins[-1].given.extend(line.split()[1:])
        elif line.startswith("family: "):
            origins[-1].family.extend(line.split()[1:])
    return origins


def _surname(chance: random.Random, origin: Origin) -> str:
    if origin.name == "ukraine" and chance.random() < 0.7:
        return chance.choice(UKRAINIAN_STEMS.split()) + chance.choice(UKRAINIAN_ENDINGS)
    if origin.name in {"ukraine", "georgia_armenia_russia"} and chance.random() < 0.3:
        return chance.choice(RUSSIAN_STEMS.split()) + chance.choice(("ov", "ova", "ev", "eva", "in", "ina"))
    return _frequent_first(chance, origin.family)


def _given(chance: random.Random, listed: list[str]) -> str:
    first = _respelled(chance, _frequent_first(chance, listed))
    if chance.random() < 0.12:
        return f"{first} {_frequent_first(chance, listed)}"
    return first


def _frequent_first(chance: random.Random, listed: list[str]) -> str:
    return chance.choices(listed, [1 / (5 + place) ** 0.7 for place in range(len(listed))])[0]


def _respelled(chance: random.Random, name: str) -> str:
    if chance.random() < 0.75:
        return name
    old, new = chance.choice(_RESPELLINGS)
    return name.replace(old, new, 1)
