"""Names as they are written: folded forms, keys, and what an import calls the same name.

Every function takes any text, reads at most ``LONGEST_TEXT`` characters of it
and never raises.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from caseapp.clients.rules import sounds
from caseapp.clients.rules.equivalents import family_key
from caseapp.clients.rules.name_parts import FIRST_HALVES, SECOND_HALVES, SERVANTS, UNBEARING
from caseapp.clients.rules.scripts import LATIN, bare

LONGEST_TEXT = 200
"""Characters of a name or a search that are looked at; the rest is ignored."""

LOST = "?"
"""Stands in folded names for letters that an earlier export has destroyed."""

_DAMAGE = re.compile("[?\ufffd]")
# Apostrophes, marks of no width, Arabic vowel signs: left out of a word, not parting it.
_UNSEEN = re.compile("['’‘ʼʹʻʽʾʿ`´ʺ\u00ad\u200b-\u200f\u2060\ufeff\u0640\u064b-\u065f\u0670]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_PLAIN_ASCII = re.compile("[^a-z0-9?]+")
_FUSED_ARTICLE = re.compile("^(?:[ae]l(?=.{4})|[ae]([rsntdz])(?=\\1.{3})|ال(?=.{2}))")
_TWO_CONSONANTS = re.compile("[^aeiouyw].*[^aeiouywh]")


def is_damaged(text: str) -> bool:
    """Return whether letters of the name were destroyed on the way ("Ay?e", "?????", U+FFFD)."""
    return _DAMAGE.search(text[:LONGEST_TEXT]) is not None


def normal_form(text: str) -> str:
    """Return the folded Latin form: small letters a-z and digits, words parted by one space.

    Umlauts are written out (ä -> ae), other marks fall away, other scripts are
    romanised; a destroyed letter becomes ``LOST``. Letters of scripts without
    a table stay as they are. Folding twice changes nothing.
    """
    return _fold(text, umlauts_written_out=True)


def spelled_forms(text: str) -> tuple[str, ...]:
    """Return the folded form, and after it the one with bare umlauts (Müller: mueller, muller) where it differs."""
    form = normal_form(text)
    if text.isascii():
        return (form,)
    return tuple(dict.fromkeys((form, _fold(text, umlauts_written_out=False))))


def duplicate_key(family_name: str, given_names: str) -> str:
    """Return what an import compares: two names have the same key when only case, order, hyphens or umlauts differ.

    The key of two empty names is "", which says nothing and equals nobody.
    """
    return " ".join(sorted(f"{normal_form(family_name)} {normal_form(given_names)}".split()))


def name_keys(text: str) -> frozenset[str]:
    """Return the sound keys of a name of several words, at most ``sounds.KEYS_PER_WORD`` for each word.

    Two names sound alike when their keys meet. Articles and small words (al-,
    bin, von) count only where there is nothing else; "Abdul Rahman" has the
    keys of "Abdulrahman". Words with destroyed letters have none.
    """
    words = joined_words(bearing_words(text))
    halves = [first + second for first, second in itertools.pairwise(words) if normal_form(first) in FIRST_HALVES]
    return frozenset(itertools.chain.from_iterable(word_keys(word) for word in words + halves))


def bearing_words(text: str) -> list[str]:
    """Return the words of a name in their own script, casefolded, without articles and small words.

    A text of nothing but small words ("De", "El") keeps them.
    """
    text = unicodedata.normalize("NFKC", _DAMAGE.sub(LOST, text[:LONGEST_TEXT])).casefold()
    text = _UNSEEN.sub("", text)
    words = "".join(c if c.isalnum() or c == LOST or unicodedata.combining(c) else " " for c in text).split()
    return [word for word in words if word not in UNBEARING] or words


def joined_words(words: Sequence[str]) -> list[str]:
    """Join what is one name however it is written: Abd al-Rahman, Nur ad-Din, Rahmat Allah."""
    out: list[str] = []
    servant = ""
    for place, word in enumerate(words):
        form = normal_form(word)
        if servant:
            out.append(servant + word)
            servant = ""
        elif form in SERVANTS and place + 1 < len(words):
            servant = word
        elif out and (form in SECOND_HALVES):
            out[-1] += word.removeprefix("ال")
        else:
            out.append(word)
    return out


@lru_cache(maxsize=1 << 14)
def word_keys(word: str) -> tuple[str, ...]:
    """Return the keys of one word, the likely ones first; none for a word with destroyed letters.

    They are the sound keys of the word, the key of its forms in other
    languages, and the sound keys of the rest after an article. Remembered:
    a list of thousands of people has far fewer different words.
    """
    if LOST in word:
        return ()
    own = sounds.keys(word)
    family = family_key(normal_form(word))
    rest = _without_article(word)
    others = sounds.keys(rest) if rest else ()
    room = sounds.KEYS_PER_WORD - (family is not None)
    kept = own[: max(room // 2, room - len(others))]
    return tuple(dict.fromkeys([*kept, *([family] if family else []), *others]))[: sounds.KEYS_PER_WORD]


def search_line(
    family_name: str,
    given_names: str,
    *,
    own_script: Sequence[str] = (),
    other_spellings: Sequence[str] = (),
) -> str:
    """Return the one line that a search reads of a client: words of the name, other spellings, own script, keys.

    The four parts are separated by ``|``; words stand between spaces, keys
    between full stops. It is made when the name is saved and kept, sealed, with it.
    """
    parts = ((family_name, given_names), other_spellings, own_script)
    keys: dict[str, None] = {}
    for text in itertools.chain.from_iterable(parts):
        keys.update(dict.fromkeys(sorted(name_keys(text))))
    return "|".join([*(_spaced(part) for part in parts), f".{'.'.join(keys)}."])


def _spaced(texts: Iterable[str]) -> str:
    words: dict[str, None] = {}
    for text in texts:
        for form in spelled_forms(text):
            words.update(dict.fromkeys(form.split()))
    return f" {' '.join(words)} "


def _fold(text: str, *, umlauts_written_out: bool) -> str:
    text = _DAMAGE.sub(LOST, text[:LONGEST_TEXT]).casefold()
    if not text.isascii():
        text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text).casefold())
        if umlauts_written_out:
            text = text.translate(_UMLAUTS)
        text = "".join(letter if letter.isascii() else _latin(letter) for letter in text)
        if not text.isascii():
            return " ".join("".join(c if c.isalnum() or c == LOST else " " for c in text).split())
    return _PLAIN_ASCII.sub(" ", text.replace("'", "").replace("`", "")).strip()


def _latin(letter: str) -> str:
    if letter in LATIN:
        return LATIN[letter]
    return "".join(LATIN.get(part, part) for part in bare(letter)).casefold()


def _without_article(word: str) -> str:
    """Return the rest of a word that may begin with a fused article (Alahmad, Ennaji, الخطيب), else ""."""
    found = _FUSED_ARTICLE.match(word)
    if found is None or not _TWO_CONSONANTS.search(word, found.end()):
        return ""
    return word[found.end() :]
