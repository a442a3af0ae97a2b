"""How well a heading names a field, by its words alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

from caseapp.imports.rules.cells import LONGEST_WORDS, plain
from caseapp.imports.rules.headings.words import SURE, VAGUE

EXACT, NEARLY, SHORTENED, SIMILAR, HINTED = 100.0, 95.0, 85.0, 75.0, 60.0
_LEAST_CONTAINED = 35.0
_CONTAINED_SPAN = 50.0
_SIMILAR_FROM = 86
_SHORTEST_SIMILAR = 5
_HYPHENATED = re.compile(r"(?<=\w)-\s*\n\s*(?=[a-zäöü])")
_LOST = re.compile(r"(?<=\w)[?\ufffd](?=\w)")
_IN_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")

_FIELDS: defaultdict[str, list[str]] = defaultdict(list)
_UNSPACED: defaultdict[str, list[str]] = defaultdict(list)
for _field, _texts in SURE.items():
    for _word in filter(None, map(plain, _texts.split("|"))):
        _FIELDS[_word].append(_field)
        _UNSPACED[_word.replace(" ", "")].append(_field)
_WORDS = tuple(_FIELDS)
_LONG_WORDS = tuple(word for word in _WORDS if len(word) >= _SHORTEST_SIMILAR)
_SYMBOLS = {word: field for field, words in SURE.items() for word in words.split("|") if not plain(word)}
_VAGUE = {field: frozenset(map(plain, words.split("|"))) for field, words in VAGUE.items()}


def heading_scores(heading: str) -> Mapping[str, float]:
    """Field -> score up to 100 for every field that the heading may name; 0 is left out."""
    # A cell of megabytes names no field, and remembered it would stay in memory for good.
    return _scores(heading) if len(heading) <= LONGEST_WORDS else {}


@lru_cache(maxsize=4096)
def _scores(heading: str) -> Mapping[str, float]:
    text = _HYPHENATED.sub("", heading)
    key, bare = plain(text), plain(_IN_BRACKETS.sub(" ", text))
    if not key:
        symbol = _SYMBOLS.get(heading.strip())
        return {symbol: EXACT} if symbol else {}
    scores: defaultdict[str, float] = defaultdict(float)
    for fields, score in _found(key, bare, _destroyed(text)):
        for field in fields:
            scores[field] = max(scores[field], score)
    return dict(scores)


def _destroyed(text: str) -> re.Pattern[str] | None:
    """What "Stra?e" or "G?ltig bis" may have been: a lost letter is one or two letters of the plain form."""
    parts = [plain(part) for part in _LOST.split(text)]
    return re.compile("[a-z ]{1,2}".join(map(re.escape, parts))) if len(parts) > 1 and any(parts) else None


def _found(key: str, bare: str, destroyed: re.Pattern[str] | None) -> Iterator[tuple[Iterable[str], float]]:
    """Fields with a score, by each way in which the heading's words can be known."""
    for word in _WORDS:
        if f" {word} " in f" {key} ":
            yield _FIELDS[word], _LEAST_CONTAINED + _CONTAINED_SPAN * len(word) / len(key)
        elif _shortens(bare or key, word):
            yield _FIELDS[word], SHORTENED
    if len(key) >= _SHORTEST_SIMILAR:
        for word, _ratio, _place in process.extract(key, _LONG_WORDS, scorer=fuzz.ratio, score_cutoff=_SIMILAR_FROM):
            yield _FIELDS[word], SIMILAR
    if destroyed:
        yield [field for word in _WORDS if destroyed.fullmatch(word) for field in _FIELDS[word]], NEARLY
    yield [field for field, hints in _VAGUE.items() if key in hints or bare in hints], HINTED
    yield _UNSPACED.get(key.replace(" ", ""), ()), NEARLY
    yield _FIELDS.get(bare, ()), NEARLY
    yield _FIELDS.get(key, ()), EXACT


def _shortens(key: str, word: str) -> bool:
    """ "staatsang" for "staatsangehoerigkeit", "geb dat" for "geburts datum"."""
    if key[:4] != word[:4] or len(key) <= 3:
        return False
    short, full = key.split(), word.split()
    return (
        len(short) == len(full)
        and len(short[0]) > 3
        and all(long.startswith(part) and len(part) > 1 for part, long in zip(short, full, strict=True))
    )
