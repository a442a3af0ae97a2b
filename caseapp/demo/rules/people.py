"""Who lives together: people with names by the custom of their origin, ages that fit, and their relations."""

from __future__ import annotations

import datetime as dt
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from caseapp.demo.rules.vocabulary import Name, NameSet, Origin, Vocabulary

# About 45 % of households are single people; the largest families have nine members.
_SIZES = tuple(range(1, 10))
_SIZE_WEIGHTS = (450, 130, 120, 120, 80, 50, 30, 15, 5)
# Where children bear the father's given name behind their own.
_PATRONYMIC = frozenset({"eritrean", "tamil"})
# Where a married woman keeps the name of her own family.
_KEEPS_OWN = frozenset({"arabic", "iraqi", "sorani", "somali", "gambian", "eritrean", "iranian"})
_SPELLINGS = (("Shch", "Schtsch"), ("Sh", "Sch"), ("sh", "sch"), ("Kh", "Ch"), ("ch", "tsch"), ("Y", "J"), ("ou", "u"))
_YEAR = 365.25


class Person(Struct, frozen=True, kw_only=True):
    """An invented person. `relation` is a code of the list relationship_kinds, `sex` one of the list sexes."""

    family: Name
    given: Name
    sex: str
    born: dt.date
    fictitious: bool
    relation: str
    language: str
    literacy: str
    other_name: str = ""

    def age(self, on: dt.date) -> int:
        """Whole years on this day; negative before the birth."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))

    @property
    def own_script(self) -> str:
        """The name as the person writes it, "" in Latin letters."""
        return f"{self.given.own} {self.family.own}" if self.given.own and self.family.own else ""


def draw_size(rng: Random) -> int:
    """How many people live together."""
    return rng.choices(_SIZES, _SIZE_WEIGHTS)[0]


def draw_members(rng: Random, words: Vocabulary, origin: Origin, size: int, on: dt.date) -> tuple[Person, ...]:
    """The members of a household of `size` as of the day `on`, the anchor first."""
    if size == 1:
        return (_single(rng, words, origin, on),)
    maker = _Maker(rng, words.names[origin.names], origin, on)
    if size <= 3 and rng.random() < 0.1:
        return maker.siblings(size)
    displaced = origin.path == "displaced"
    couple = size >= 3 and rng.random() < (0.4 if displaced else 0.8)
    grandmother = size >= 4 and rng.random() < (0.25 if displaced else 0.08)
    return maker.family(size, couple=couple, grandmother=grandmother)


def _single(rng: Random, words: Vocabulary, origin: Origin, on: dt.date) -> Person:
    woman = rng.random() < (0.7 if origin.path == "displaced" else 0.3)
    elder = rng.random() < 0.1
    maker = _Maker(rng, words.names[origin.names], origin, on)
    # A few came alone and under age; they live with the help of the youth welfare office.
    age = rng.randint(16, 17) if rng.random() < 0.03 else rng.randint(55, 74) if elder else rng.randint(18, 48)
    return maker.person("W" if woman else "M", age, "BEZ")


class _Maker:
    """Makes the members of one household; no given name twice."""

    def __init__(self, rng: Random, names: NameSet, origin: Origin, on: dt.date) -> None:
        self._rng, self._names, self._origin, self._on = rng, names, origin, on
        self._family = rng.choice(names.families)
        self._language = origin.languages.draw(rng)
        self._taken: set[Name] = set()

    def siblings(self, size: int) -> tuple[Person, ...]:
        oldest = self._rng.randint(20, 32)
        ages = [oldest - 2 * place - self._rng.randint(0, 1) for place in range(size)]
        sexes = [self._rng.choice("WM") for _age in ages]
        pairs = zip(sexes, ages, strict=True)
        return tuple(self.person(sex, age, "GSW" if n else "BEZ") for n, (sex, age) in enumerate(pairs))

    def family(self, size: int, *, couple: bool, grandmother: bool) -> tuple[Person, ...]:
        children = size - 1 - couple - grandmother
        mother_age = min(46, self._rng.randint(21, 32) + 2 * children)
        mother_first = not couple or self._rng.random() < 0.4
        father = self.person("M", mother_age + self._rng.randint(0, 7), "PAR" if mother_first else "BEZ")
        own_name = couple and self._origin.names in _KEEPS_OWN
        family = self._rng.choice(self._names.families) if own_name else self._family
        mother = self.person("W", mother_age, "BEZ" if mother_first else "PAR", family=family)
        adults = [mother, father] if mother_first else [father, mother]
        members = adults if couple else [mother]
        family = father.given if self._origin.names in _PATRONYMIC else self._family
        for age in self._children_ages(children, mother_age):
            members.append(self.person(self._rng.choice("WM"), age, "KIN", family=family))
        if grandmother:
            members.append(self.person("W", mother_age + self._rng.randint(20, 27), "ELT"))
        return tuple(members)

    def person(self, sex: str, age: int, relation: str, *, family: Name | None = None) -> Person:
        rng, origin = self._rng, self._origin
        given = self._given(sex)
        # Not on the day of the intake itself: whoever is counselled has been born.
        born = self._on - dt.timedelta(days=int(age * _YEAR) + rng.randint(20, 360))
        fictitious = age >= 14 and rng.randrange(100) < origin.fictitious
        person = Person(
            family=family or self._family,
            given=given,
            sex=sex,
            born=born.replace(month=1, day=1) if fictitious else born,
            fictitious=fictitious,
            relation=relation,
            language=self._language,
            literacy=origin.literate.draw(rng) if age >= 10 else "",
        )
        if age < 16 or rng.random() > 0.12:
            return person
        return replace(person, other_name=_respelled(f"{person.given.latin} {person.family.latin}"))

    def _given(self, sex: str) -> Name:
        free = [name for name in self._names.given(sex) if name not in self._taken]
        name = self._rng.choice(free or self._names.given(sex))
        self._taken.add(name)
        return name

    def _children_ages(self, number: int, mother_age: int) -> list[int]:
        """Ages from the oldest to the youngest: the mother was at least 19, the youngest may be a baby."""
        span = mother_age - 19
        ages = sorted((self._rng.randint(0, min(span, 17)) for _child in range(number)), reverse=True)
        return [min(age, 17) for age in ages]


def _respelled(name: str) -> str:
    """The same name as a German office may have heard it; "" when it would be written the same."""
    other = name
    for written, heard in _SPELLINGS:
        other = other.replace(written, heard)
    return other if other != name else ""
