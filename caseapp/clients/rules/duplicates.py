"""Whether a person already has a file: compared inside one organisation, before intake and on import."""

import datetime as dt
import enum
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler

from caseapp.clients.rules.lost_letters import could_be
from caseapp.clients.rules.matching import Card
from caseapp.clients.rules.names import (
    LOST,
    bearing_words,
    duplicate_key,
    is_damaged,
    joined_words,
    normal_form,
    word_keys,
)
from caseapp.clients.rules.search_terms import phone_digits

_VERY_LIKE = 0.92
_FEWEST_PHONE_DIGITS = 7
_MONTHS = 12


class Strength(enum.IntEnum):
    """How sure a duplicate is; a higher number is surer."""

    POSSIBLE = 1
    LIKELY = 2
    SAME = 3


class Why(enum.StrEnum):
    """What speaks for a duplicate."""

    NAME_AND_BIRTH_DATE = "name_and_birth_date"
    SOUND_AND_BIRTH_DATE = "sound_and_birth_date"
    SOUND_AND_PHONE = "sound_and_phone"
    DAY_AND_MONTH_SWAPPED = "day_and_month_swapped"
    BIRTH_YEAR = "birth_year"
    NO_BIRTH_DATE = "no_birth_date"
    DAMAGED_NAME = "damaged_name"


WHY_LABELS = {
    Why.NAME_AND_BIRTH_DATE: "gleicher Name, gleiches Geburtsdatum",
    Why.SOUND_AND_BIRTH_DATE: "ähnlicher Name, gleiches Geburtsdatum",
    Why.SOUND_AND_PHONE: "ähnlicher Name, gleiche Telefonnummer",
    Why.DAY_AND_MONTH_SWAPPED: "ähnlicher Name, Tag und Monat vertauscht",
    Why.BIRTH_YEAR: "ähnlicher Name, gleiches Geburtsjahr",
    Why.NO_BIRTH_DATE: "ähnlicher Name, Geburtsdatum fehlt",
    Why.DAMAGED_NAME: "Name beschädigt, gleiches Geburtsdatum",
}
"""German labels; they are message ids, so whoever shows one puts it through gettext."""


class Duplicate(NamedTuple):
    """Another client who may be the same person."""

    other: Card
    strength: Strength
    why: Why


class _Name(NamedTuple):
    """A name made ready for comparing; ``whole`` are the sounds of family and given names each written as one word."""

    key: str
    words: tuple[str, ...]
    sounds: tuple[frozenset[str], ...]
    whole: tuple[frozenset[str], ...]
    damaged: bool


def possible_duplicates(card: Card, others: Iterable[Card]) -> list[Duplicate]:
    """Return the others who may be the same person as ``card``, the surest first. A card is no duplicate of itself."""
    return DuplicateFinder(others).find(card)


class DuplicateFinder:
    """Many clients, ready to be asked for duplicates; an import adds its own rows as it goes.

    Only clients whose birth date allows it, who share a telephone, or who lack
    a date and share sounds are compared, so an import of thousands stays quick.
    """

    def __init__(self, cards: Iterable[Card] = ()) -> None:
        self._names: dict[int, _Name] = {}
        self._cards: list[Card] = []
        self._by_day: defaultdict[dt.date | None, list[int]] = defaultdict(list)
        self._by_year: defaultdict[int, list[int]] = defaultdict(list)
        self._placeholders: defaultdict[int, list[int]] = defaultdict(list)
        self._by_phone: defaultdict[str, list[int]] = defaultdict(list)
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)
        self._keyed = 0
        for card in cards:
            self.add(card)

    def add(self, card: Card) -> None:
        """Let later questions find this client as well."""
        number = len(self._cards)
        self._cards.append(card)
        self._by_day[card.born_on].append(number)
        if card.born_on is not None:
            self._by_year[card.born_on.year].append(number)
            if _is_placeholder(card, card.born_on):
                self._placeholders[card.born_on.year].append(number)
        for phone in _numbers(card):
            self._by_phone[phone].append(number)

    def find(self, card: Card) -> list[Duplicate]:
        """Return the clients who may be the same person, the surest first; equally sure ones as they were added."""
        name = _name(card)
        numbers = set().union(*(self._by_phone[phone] for phone in _numbers(card)))
        numbers |= self._near_in_time(card, card.born_on) if card.born_on else self._sharing_sounds(card, name)
        found = [
            Duplicate(self._cards[number], *verdict)
            for number in sorted(numbers)
            if not _is_itself(card, self._cards[number])
            and (verdict := _compare(card, name, self._cards[number], self._name_of(number)))
        ]
        return sorted(found, key=lambda duplicate: -duplicate.strength)

    def _near_in_time(self, card: Card, born_on: dt.date) -> set[int]:
        swapped = born_on.replace(day=born_on.month, month=born_on.day) if born_on.day <= _MONTHS else born_on
        same_year = self._by_year if _is_placeholder(card, born_on) else self._placeholders
        return {*self._by_day[born_on], *self._by_day[swapped], *self._by_day[None], *same_year[born_on.year]}

    def _sharing_sounds(self, card: Card, name: _Name) -> set[int]:
        """Return who shares sounds with enough words of the name, seen from either side."""
        for number in range(self._keyed, len(self._cards)):
            for key in _kept_sounds(self._cards[number]):
                self._by_key[key].append(number)
        self._keyed = len(self._cards)
        shared: Counter[int] = Counter()
        for keys in name.sounds:
            shared.update(set().union(*(self._by_key[key] for key in keys)))
        mine = set(_kept_sounds(card))
        return {
            number
            for number, words in shared.items()
            if _enough(words, name, self._name_of(number))
            and _enough(sum(bool(keys & mine) for keys in self._name_of(number).sounds), name, self._name_of(number))
        }

    def _name_of(self, number: int) -> _Name:
        if number not in self._names:
            self._names[number] = _name(self._cards[number])
        return self._names[number]


def _kept_sounds(card: Card) -> list[str]:
    """Return the sound keys of the card's search line."""
    return card.search_line.rpartition("|")[2].strip(".").split(".")


def _enough(words: int, name: _Name, other: _Name) -> bool:
    """Return whether so many words in common make two names worth comparing: two, or one where one has no second."""
    return words >= 2 or (words == 1 and min(len(name.sounds), len(other.sounds)) < 2)


def _is_itself(card: Card, other: Card) -> bool:
    return card is other or (card.client_id is not None and card.client_id == other.client_id)


def _numbers(card: Card) -> set[str]:
    return {digits for phone in card.phones if len(digits := phone_digits(phone)) >= _FEWEST_PHONE_DIGITS}


@lru_cache(maxsize=4_096)
def _name(card: Card) -> _Name:
    text = f"{card.family_name} {card.given_names}"
    words = joined_words(bearing_words(text))
    as_one = ["".join(bearing_words(part)) for part in (card.family_name, card.given_names)]
    return _Name(
        key=duplicate_key(card.family_name, card.given_names),
        words=tuple(sorted(form for word in words for form in normal_form(word).split())),
        sounds=tuple(frozenset(word_keys(word)) for word in words if LOST not in word),
        whole=tuple(frozenset(word_keys(word)) for word in as_one if word and LOST not in word),
        damaged=is_damaged(text),
    )


def _compare(card: Card, name: _Name, other: Card, other_name: _Name) -> tuple[Strength, Why] | None:
    same_day = card.born_on is not None and card.born_on == other.born_on
    if same_day and name.key == other_name.key and _says_something(name):
        return Strength.SAME, Why.NAME_AND_BIRTH_DATE
    if name.damaged or other_name.damaged:
        return (Strength.POSSIBLE, Why.DAMAGED_NAME) if same_day and _survivors_meet(name, other_name) else None
    alike = _sound_alike(name.sounds, other_name.sounds) or _sound_alike(name.whole, other_name.whole)
    if same_day and alike:
        return Strength.LIKELY, Why.SOUND_AND_BIRTH_DATE
    if alike and _numbers(card) & _numbers(other):
        return Strength.LIKELY, Why.SOUND_AND_PHONE
    why = _weak_date(card, other)
    if why is not None and (alike or _look_alike(name, other_name)):
        return Strength.POSSIBLE, why
    return None


def _says_something(name: _Name) -> bool:
    return sum(letter.isalnum() for letter in name.key) > 1


def _weak_date(card: Card, other: Card) -> Why | None:
    one, two = card.born_on, other.born_on
    if one is None or two is None:
        return Why.NO_BIRTH_DATE
    if one == two:
        return Why.SOUND_AND_BIRTH_DATE
    if one.year != two.year:
        return None
    if (one.day, one.month) == (two.month, two.day):
        return Why.DAY_AND_MONTH_SWAPPED
    return Why.BIRTH_YEAR if _is_placeholder(card, one) or _is_placeholder(other, two) else None


def _is_placeholder(card: Card, born_on: dt.date) -> bool:
    """Return whether only the year is known: authorities then write the first of January."""
    return card.birth_is_fictitious or (born_on.day, born_on.month) == (1, 1)


def _sound_alike(name: tuple[frozenset[str], ...], other: tuple[frozenset[str], ...]) -> bool:
    """Return whether each word of the shorter name sounds like a word of its own in the other one.

    One word alone is enough only where neither name has more: families share theirs.
    """
    fewer, more = sorted((name, other), key=len)
    if not fewer or (len(fewer) == 1 and len(more) > 1):
        return False
    free = list(more)
    for keys in fewer:
        partner = next((candidate for candidate in free if keys & candidate), None)
        if partner is None:
            return False
        free.remove(partner)
    return True


def _look_alike(name: _Name, other: _Name) -> bool:
    """Return whether both names have as many words and each is nearly spelled like its partner."""
    if not name.words or len(name.words) != len(other.words):
        return False
    free = list(other.words)
    for word in name.words:
        best = max(free, key=lambda candidate: JaroWinkler.similarity(word, candidate))
        if JaroWinkler.similarity(word, best) < _VERY_LIKE:
            return False
        free.remove(best)
    return True


def _survivors_meet(name: _Name, other: _Name) -> bool:
    """Return whether a whole word of one name is in the other, or a damaged word could be one of its words."""
    return any(
        could_be(word, candidate) or (word == candidate and LOST not in word)
        for word in name.words
        for candidate in other.words
    )
