"""Find clients by what was typed: in any spelling or script, by date, file number, telephone; best hits first.

The expensive work is done once for the query; a client costs a few searches in
its ``search_line``. Only clients that are met are ranked. Where sounds and
prefixes find (almost) nobody, typing errors are forgiven.
"""

import datetime as dt
import enum
import uuid
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from caseapp.clients.rules import search_terms
from caseapp.clients.rules.lost_letters import could_be
from caseapp.clients.rules.names import LOST
from caseapp.clients.rules.search_terms import BirthTerm, NameTerm, Query, parse_query

__all__ = ["REASON_LABELS", "Card", "Hit", "Query", "Reason", "match", "parse_query"]

_FEW_HITS = 5
"""With fewer hits typing errors are forgiven as well."""
_MOST_FORGIVEN = 20
_LONG_WORD = 8
_SHORTEST_FORGIVEN = 4


class Card(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a client's head offers to a search; ``names.search_line`` makes ``search_line`` when the head is saved."""

    search_line: str
    client_id: uuid.UUID | None = None
    file_number: str = ""
    born_on: dt.date | None = None
    birth_is_fictitious: bool = False
    phones: tuple[str, ...] = ()
    family_name: str = ""
    given_names: str = ""


class Reason(enum.StrEnum):
    """Why a client was found; ordered from the strongest to the weakest."""

    FILE_NUMBER = "file_number"
    EXACT_NAME = "exact_name"
    OTHER_SPELLING = "other_spelling"
    OTHER_SCRIPT = "other_script"
    PREFIX = "prefix"
    SOUNDS_ALIKE = "sounds_alike"
    DAMAGED_NAME = "damaged_name"
    TYPING_ERROR = "typing_error"
    BIRTH_DATE = "birth_date"
    BIRTH_YEAR = "birth_year"
    PHONE = "phone"


REASON_LABELS = {
    Reason.FILE_NUMBER: "Aktenzeichen",
    Reason.EXACT_NAME: "Name",
    Reason.OTHER_SPELLING: "andere Schreibweise",
    Reason.OTHER_SCRIPT: "andere Schrift",
    Reason.PREFIX: "Name beginnt so",
    Reason.SOUNDS_ALIKE: "klingt ähnlich",
    Reason.DAMAGED_NAME: "beschädigter Name",
    Reason.TYPING_ERROR: "fast gleich geschrieben",
    Reason.BIRTH_DATE: "Geburtsdatum",
    Reason.BIRTH_YEAR: "Geburtsjahr",
    Reason.PHONE: "Telefon",
}
"""German labels; they are message ids, so whoever shows one puts it through gettext."""


class Cards:
    """Those a search looks through. Where reading one costs, a subclass reads only what it is asked for."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self._cards = cards

    def __getitem__(self, number: int) -> Card:
        """Return the card with this number."""
        return self._cards[number]

    def likely(self, query: Query) -> Iterable[int]:
        """Return the numbers of the cards that may meet the query; the others need not be read."""
        return range(len(self._cards))

    def lines(self) -> Sequence[str]:
        """Return the search lines of all cards."""
        return [card.search_line for card in self._cards]


class Hit(msgspec.Struct, frozen=True):
    """A found client, its reasons (strongest first) and a score from 0 to 1 that only orders hits of one search."""

    number: int
    card: Card
    score: float
    reasons: tuple[Reason, ...]


def match(query: Query, cards: Cards) -> list[Hit]:
    """Return the cards that meet every part of the query, best first; equal scores follow the name.

    An empty query finds nobody.
    """
    if query.is_empty():
        return []
    hits = [hit for number in cards.likely(query) if (hit := _met(query, number, cards[number])) is not None]
    if query.names and len(hits) < _FEW_HITS:
        hits += _forgiven(query, cards, {hit.number for hit in hits})
    return sorted(hits, key=lambda hit: (-hit.score, hit.card.search_line))


def _met(query: Query, number: int, card: Card) -> Hit | None:
    facts = _facts(query, card)
    if facts is None:
        return None
    return _named(query, number, card, facts) if query.names else Hit(number, card, 1.0, tuple(facts))


def _facts(query: Query, card: Card) -> list[Reason] | None:
    """Return the reasons other than names, or None when one of the dates and numbers is not met."""
    reasons = []
    for number in query.file_numbers:
        if search_terms.file_number_key(card.file_number) != number:
            return None
        reasons.append(Reason.FILE_NUMBER)
    for digits in query.digits:
        reason = _digits_met(digits, card)
        if reason is None:
            return None
        reasons.append(reason)
    for term in query.births:
        if card.born_on is None or not _born(term, card.born_on):
            return None
        reasons.append(Reason.BIRTH_DATE if term.day else Reason.BIRTH_YEAR)
    return reasons


def _digits_met(digits: str, card: Card) -> Reason | None:
    if card.file_number.replace("-", "").replace("/", "").endswith(digits):
        return Reason.FILE_NUMBER
    called = search_terms.without_trunk(digits)
    if len(called) >= search_terms.FEWEST_PHONE_DIGITS:
        for phone in card.phones:
            if search_terms.phone_digits(phone).endswith(called):
                return Reason.PHONE
    return None


def _born(term: BirthTerm, born_on: dt.date) -> bool:
    day, month, year = term
    if year is not None and year != (born_on.year % 100 if year < 100 else born_on.year):
        return False
    return month in {None, born_on.month} and day in {None, born_on.day}


def _named(query: Query, number: int, card: Card, facts: Sequence[Reason]) -> Hit | None:
    line = card.search_line
    damaged = LOST in line
    best: Hit | None = None
    for reading in query.names:
        for term in reading:
            for needle in term.needles:
                if needle in line:
                    break
            else:
                if not (damaged or term.damaged) or not _could_meet(term, line):
                    break
        else:
            score, reasons = _ranked(reading, card)
            if best is None or score > best.score:
                best = Hit(number, card, score, _ordered([*reasons, *facts]))
    return best


def _could_meet(term: NameTerm, line: str) -> bool:
    return any(could_be(form, word) for word in _words(line) for form in term.forms)


def _words(line: str) -> list[str]:
    """Return the written words of a line: of the name, other spellings, own script, without the keys."""
    return line.rpartition("|")[0].replace("|", " ").split()


def _ordered(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(dict.fromkeys(reasons), key=list(Reason).index))


def _ranked(reading: Iterable[NameTerm], card: Card) -> tuple[float, list[Reason]]:
    terms = list(reading)
    parts = [part.split() for part in card.search_line.split("|")[:3]]
    met = [_term_met(term, parts) for term in terms]
    score = sum(points for points, _ in met) / len(met)
    spelled = {form for term in terms for form in term.forms}
    if parts[0] and spelled.issuperset(parts[0]):
        score += 0.05  # nothing of the name is left over
    return round(score / 1.05, 4), [reason for _, reason in met]


def _term_met(term: NameTerm, parts: list[list[str]]) -> tuple[float, Reason]:
    """Return how well the best word of a card meets a typed word, and why."""
    whys = (Reason.EXACT_NAME, Reason.OTHER_SPELLING, Reason.OTHER_SCRIPT)
    for number, words in enumerate(parts):
        if any(form in words for form in term.forms):
            why = Reason.EXACT_NAME if number == 2 and not term.latin else whys[number]
            return 1.0 - 0.02 * number, Reason.OTHER_SCRIPT if number < 2 and not term.latin else why
    words = [word for part in parts for word in part]
    begun = [word for word in words if word.startswith(term.forms)]
    if begun:
        return 0.8 + 0.15 * len(term.forms[0]) / max(len(term.forms[0]), min(map(len, begun))), Reason.PREFIX
    likeness = max((JaroWinkler.similarity(term.forms[0], word) for word in words), default=0.0)
    if any(could_be(form, word) for word in words for form in term.forms if LOST in form + word):
        return 0.6, Reason.DAMAGED_NAME
    if not term.latin:
        return 0.5 + 0.3 * likeness, Reason.OTHER_SCRIPT
    return 0.4 + 0.4 * likeness, Reason.SOUNDS_ALIKE


def _forgiven(query: Query, cards: Cards, found: set[int]) -> list[Hit]:
    """Return hits with a letter wrong, missing, too many or swapped (two in a long word), the likest first."""
    owners: dict[str, list[int]] = {}
    for number, line in enumerate(cards.lines()):
        for word in _words(line):
            owners.setdefault(word, []).append(number)
    near = [_near(term, owners) for term in query.names[0]]
    hits = []
    for number in set().union(*near) - found:
        card = cards[number]
        facts = _facts(query, card)
        points = [_points(term, close.get(number), card) for term, close in zip(query.names[0], near, strict=True)]
        if facts is not None and all(points):
            score = round(0.6 * sum(points) / len(points), 4)
            hits.append(Hit(number, card, score, (Reason.TYPING_ERROR, *facts)))
    hits.sort(key=lambda hit: -hit.score)
    return hits[:_MOST_FORGIVEN]


def _near(term: NameTerm, owners: Mapping[str, Sequence[int]]) -> dict[int, float]:
    """Return the numbers of the cards that have a word close to the typed one, with the likeness."""
    close: dict[int, float] = {}
    words = list(owners)
    for form in term.forms:
        if len(form) < _SHORTEST_FORGIVEN:
            continue
        errors = 1 + (len(form) >= _LONG_WORD)
        for word, _, _ in process.extract(form, words, scorer=OSA.distance, score_cutoff=errors, limit=None):
            likeness = JaroWinkler.similarity(form, word)
            for number in owners[word]:
                close[number] = max(close.get(number, 0.0), likeness)
    return close


def _points(term: NameTerm, likeness: float | None, card: Card) -> float:
    if any(needle in card.search_line for needle in term.needles):
        return 1.0
    return likeness or 0.0
