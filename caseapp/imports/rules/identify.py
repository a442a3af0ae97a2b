"""Whom a contact of a list is with: certain, possibly one of several, or nobody known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from caseapp.clients.rules.duplicates import WHY_LABELS, DuplicateFinder, Why
from caseapp.clients.rules.lost_letters import could_be
from caseapp.clients.rules.matching import Card
from caseapp.clients.rules.names import LOST, duplicate_key, is_damaged, normal_form, search_line
from caseapp.i18n import gettext as _

_MOST = 8


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """The client as the list names the person. `number`: a file number that stands beside the name, in plain form."""

    last_name: str = ""
    first_name: str = ""
    born_on: date | None = None
    number: str = ""


class Fit(msgspec.Struct, frozen=True):
    """A client who may be meant, and what speaks for it in German."""

    client_id: UUID
    why: str


class Answer(msgspec.Struct, frozen=True):
    """`certain`: the one client. Else the candidates, the likeliest first; none: nobody of that name is known."""

    certain: UUID | None = None
    candidates: tuple[Fit, ...] = ()


class Directory:
    """The clients whom a list may mean. Answers are remembered: a list names the same people again and again."""

    def __init__(self, cards: Sequence[Card], numbers: Mapping[UUID, frozenset[str]]) -> None:
        """`numbers`: for each client the file numbers in plain form, the former ones of an earlier list too."""
        self._by_name: defaultdict[str, list[Card]] = defaultdict(list)
        for card in cards:
            self._by_name[duplicate_key(card.family_name, card.given_names)].append(card)
        self._finder = DuplicateFinder(cards)
        self._cards = cards
        self._lost: list[Card] | None = None
        self._numbers = numbers
        self._answers: dict[Person, Answer] = {}

    def identify(self, person: Person) -> Answer:
        """Whom the list means. One client of this very name is certain unless the birth date speaks against it."""
        if person not in self._answers:
            self._answers[person] = self._identify(person)
        return self._answers[person]

    def _identify(self, person: Person) -> Answer:
        key = duplicate_key(person.last_name, person.first_name)
        named = self._by_name.get(key, []) if key else []
        agreeing = [card for card in named if _agrees(card.born_on, person.born_on)]
        numbered = [card for card in agreeing or named if self._has_number(card, person)]
        born = [card for card in agreeing if person.born_on and card.born_on == person.born_on]
        for group in (numbered, born, agreeing):
            if len(group) == 1:
                return Answer(group[0].client_id)
        if named:
            return Answer(None, tuple(self._fits(agreeing or named, person)))
        return Answer(None, (*self._alike(person), *self._damaged(person))[:_MOST])

    def _has_number(self, card: Card, person: Person) -> bool:
        assert card.client_id  # noqa: S101  # cards of files carry their id
        return bool(person.number) and person.number in self._numbers.get(card.client_id, frozenset())

    def _fits(self, cards: Iterable[Card], person: Person) -> Iterable[Fit]:
        for card in list(cards)[:_MOST]:
            assert card.client_id  # noqa: S101
            differs = not _agrees(card.born_on, person.born_on)
            yield Fit(card.client_id, _("gleicher Name, anderes Geburtsdatum") if differs else _("gleicher Name"))

    def _alike(self, person: Person) -> tuple[Fit, ...]:
        line = search_line(person.last_name, person.first_name)
        card = Card(
            search_line=line, family_name=person.last_name, given_names=person.first_name, born_on=person.born_on
        )
        found = self._finder.find(card)
        return tuple(
            Fit(each.other.client_id, _("ähnlicher Name") if each.why is Why.NO_BIRTH_DATE else _(WHY_LABELS[each.why]))
            for each in found[:_MOST]
            if each.other.client_id
        )

    def _damaged(self, person: Person) -> tuple[Fit, ...]:
        """Clients whose names lost letters on the way here, and whose surviving letters fit."""
        words = _words(person.last_name, person.first_name)
        if self._lost is None:
            self._lost = [card for card in self._cards if is_damaged(f"{card.family_name} {card.given_names}")]
        return tuple(
            Fit(card.client_id, _("Name beschädigt"))
            for card in self._lost
            if card.client_id and _agrees(card.born_on, person.born_on) and _survives(card, words)
        )


def _agrees(one: date | None, two: date | None) -> bool:
    return one is None or two is None or one == two


def _words(*names: str) -> list[str]:
    return normal_form(" ".join(names)).split()


def _survives(card: Card, words: Sequence[str]) -> bool:
    """Whether each word of the card is one of these or could be one; a word without any letter left could be all."""
    free = list(words)
    told = False
    for word in _words(card.family_name, card.given_names):
        if not word.strip(LOST):
            continue
        fitting = next((other for other in free if other == word or could_be(word, other)), None)
        if fitting is None:
            return False
        free.remove(fitting)
        told = True
    return told
