"""Words -> codes of a code list: exact, abbreviated, with an ending, or with a slip of the pen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain

import msgspec
from rapidfuzz.distance import OSA

from caseapp.imports.rules.cells import LONGEST_WORDS, plain

CodeRow = Mapping[str, str]
"""One line of a code list as shipped: `code`, `de`, `aliases` (split by "|"), `valid_to` and what else it has."""

_SHORTEST_START = 3
_ONE_SLIP, _TWO_SLIPS = 5, 9
_MEMORY = 20_000
_INFLECTED = re.compile(r"isch(?:e[rsnm]?)\b")
_WORD_COLUMNS = ("de", "adjective_de", "iso3", "paragraph")


class Found(msgspec.Struct, frozen=True):
    """The code; `sure` is False when only a slip of the pen explains the text."""

    code: str
    sure: bool = True


class Lexicon:
    """Finds codes by words. Immutable in effect: it only remembers what it was asked before."""

    def __init__(
        self, words: Iterable[tuple[str, str]], *, former: Iterable[tuple[str, str]] = (), shortened: bool = False
    ) -> None:
        """`words`: (text, code) in order of preference; `former`: codes no longer valid, found by exact text only.

        `shortened` says that these words are cut short even without a dot ("Afgh", "ukrain"); with one all are.
        """
        self._codes: dict[str, str] = {}
        for text, code in words:
            self._codes.setdefault(plain(text), code)
        self._codes.pop("", None)
        self._living = tuple(self._codes)
        for text, code in former:
            self._codes.setdefault(plain(text), code)
        self._longest_first = sorted(self._codes, key=len, reverse=True)
        self._shortened = shortened
        self._memory: dict[str, Found | None] = {}

    def find(self, text: str) -> Found | None:
        """The one code that the whole text can mean."""
        if len(text) > LONGEST_WORDS:
            return None
        if text not in self._memory:
            if len(self._memory) > _MEMORY:
                self._memory.clear()
            self._memory[text] = self._find(plain(text), cut=self._shortened or text.rstrip().endswith("."))
        return self._memory[text]

    def within(self, text: str) -> str:
        """The code of the longest known words inside the text, "" when there are none."""
        key = f" {plain(text)} "
        words = (word for word in self._longest_first if len(word) >= _SHORTEST_START and f" {word} " in key)
        return next((self._codes[word] for word in words), "")

    def _find(self, key: str, *, cut: bool) -> Found | None:
        if not key:
            return None
        code = self._codes.get(key) or self._codes.get(_INFLECTED.sub("isch", key))
        if code:
            return Found(code)
        if cut and len(key) >= _SHORTEST_START:
            started = {self._codes[word] for word in self._living if word.startswith(key)}
            if started:
                return Found(started.pop()) if len(started) == 1 else None
        return self._misspelt(key)

    def _misspelt(self, key: str) -> Found | None:
        slips = 0 if len(key) < _ONE_SLIP else 1 if len(key) < _TWO_SLIPS else 2
        for distance in range(1, slips + 1):
            near = {
                self._codes[word]
                for word in self._living
                if word[0] == key[0] and OSA.distance(word, key, score_cutoff=distance) <= distance
            }
            if near:
                return Found(near.pop(), sure=False) if len(near) == 1 else None
        return None


def lexicon_of(
    rows: Sequence[CodeRow],
    today: date,
    extra: Mapping[str, Sequence[str]] | None = None,
    *,
    shortened: bool = False,
) -> Lexicon:
    """A lexicon of one code list; `extra` adds the slang of spreadsheets (code -> words). See `Lexicon`."""
    living: list[CodeRow] = []
    former: list[CodeRow] = []
    for row in rows:
        ended = row.get("valid_to", "")
        (former if ended and ended < today.isoformat() else living).append(row)
    more = ((word, code) for code, words in (extra or {}).items() for word in words)
    return Lexicon(
        chain(chain.from_iterable(map(_words, living)), more),
        former=chain.from_iterable(map(_words, former)),
        shortened=shortened,
    )


def _words(row: CodeRow) -> list[tuple[str, str]]:
    texts = [row[column] for column in _WORD_COLUMNS if row.get(column)]
    return [(text, row["code"]) for text in (*texts, *filter(None, row.get("aliases", "").split("|")))]
