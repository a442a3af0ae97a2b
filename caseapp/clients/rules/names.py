"""Names as they are written: folded forms, keys, and what an import calls the same name.

Every function takes any text, reads at most ``LONGEST_TEXT`` characters of it
and never raises.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence

from caseapp.clients.rules import sounds
from caseapp.clients.rules.equivalents import family_key
from caseapp.clients.rules.scripts import LATIN, bare

LONGEST_TEXT = 200
"""Characters of a name or a search that are looked at; the rest is ignored."""

LOST = "?"
"""Stands in folded names for letters that an earlier export has destroyed."""

_DAMAGE = re.compile("[?\ufffd]")
_APOSTROPHES = re.compile("['’‘ʼʹʻʽʾʿ`´ʺ\u200b-\u200f\u0640\u064b-\u065f\u0670]")
_JOINERS = re.compile("[\u00ad\u2060\ufeff]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_PLAIN_ASCII = re.compile("[^a-z0-9?]+")
_ARTICLES = frozenset(
    ["al", "el", "ul", "as", "es", "ash", "ad", "ed", "an", "en", "ar", "er", "at", "et", "az", "ez", "il"]
)
_SMALL_WORDS = frozenset(
    [
        "bin",
        "ibn",
        "bint",
        "binti",
        "ben",
        "ould",
        "wuld",
        "von",
        "van",
        "der",
        "den",
        "de",
        "da",
        "do",
        "dos",
        "del",
        "della",
        "la",
        "le",
        "du",
        "zu",
        "zum",
        "i",
        "y",
        "e",
        "und",
    ]
)
_SERVANTS = frozenset(
    ["abd", "abdal", "abdel", "abdol", "abdul", "abdoul", "abdur", "abder", "abdus", "abdes", "ebdul", "ebd"]
)
_FAITH = frozenset(["din", "deen", "dine", "eddin", "eddine", "uddin", "udin", "aldin", "aldyn", "addin", "ad-din"])
_GOD = frozenset(["allah", "ullah", "ollah", "ulla", "olla", "alla"])
# First halves that are written with the next word or apart from it.
_FIRST_HALVES = frozenset(
    [
        "abu",
        "abou",
        "ebu",
        "abo",
        "bou",
        "bu",
        "oum",
        "umm",
        "um",
        "ait",
        "ben",
        "gebre",
        "ghebre",
        "gabre",
        "kibre",
        "wolde",
        "welde",
        "haile",
        "hayle",
        "tekle",
        "habte",
        "tesfa",
        "fikre",
        "amde",
        "kidane",
        "zere",
        "ali",
        "gholam",
        "ghulam",
        "golam",
        "gul",
        "gol",
        "mir",
        "sher",
        "shir",
        "nur",
        "noor",
        "nour",
        "mohammad",
        "mohammed",
        "muhammad",
        "mohamed",
    ]
)


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
    return frozenset(itertools.chain.from_iterable(sounding_words(text).values()))


def sounding_words(text: str) -> dict[str, tuple[str, ...]]:
    """Return the words that carry the name, joined where they belong together, with their sound keys."""
    written = _written_words(text)
    found: dict[str, tuple[str, ...]] = {}
    for word in _joined(written):
        if LOST not in word:
            found[word] = _word_keys(word)
    return found


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
        text = _APOSTROPHES.sub("", _JOINERS.sub("", unicodedata.normalize("NFKC", text).casefold()))
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


def _written_words(text: str) -> list[str]:
    text = unicodedata.normalize("NFKC", _DAMAGE.sub(LOST, text[:LONGEST_TEXT])).casefold()
    text = _APOSTROPHES.sub("", _JOINERS.sub("", text))
    return "".join(c if c.isalnum() or c == LOST or unicodedata.combining(c) else " " for c in text).split()


def _joined(words: list[str]) -> list[str]:
    """Drop articles and small words, and join what is one name: Abd al-Rahman, Nur ad-Din, Gebre Mariam."""
    bearing = [word for word in words if word not in _ARTICLES and word not in _SMALL_WORDS] or words
    out: list[str] = []
    servant = ""
    for word in bearing:
        form = normal_form(word)
        if servant:
            out.append(servant + word)
            servant = ""
        elif form in _SERVANTS and word is not bearing[-1]:
            servant = word
        elif out and (form in _FAITH or form in _GOD):
            out[-1] += word.removeprefix("ال")
        else:
            out.append(word)
    out.extend([servant] if servant else [])
    return out + [a + b for a, b in itertools.pairwise(out) if normal_form(a) in _FIRST_HALVES]


def _word_keys(word: str) -> tuple[str, ...]:
    """Return the likely keys first: of the word, of its family in other languages, of the rest after an article."""
    own = sounds.keys(word)
    family = family_key(normal_form(word))
    rest = _without_article(word)
    others = sounds.keys(rest) if rest else ()
    room = sounds.KEYS_PER_WORD - (family is not None)
    kept = own[: max(room // 2, room - len(others))]
    return tuple(dict.fromkeys([*kept, *([family] if family else []), *others]))[: sounds.KEYS_PER_WORD]


_FUSED_ARTICLE = re.compile("^(?:[ae]l(?=.{4})|[ae]([rsntdz])(?=\\1.{3})|ال(?=.{2}))")
_TWO_CONSONANTS = re.compile("[^aeiouy].*[^aeiouyh]")


def _without_article(word: str) -> str:
    """Return the rest of a word that may begin with a fused article (Alahmad, Ennaji, الخطيب), else ""."""
    found = _FUSED_ARTICLE.match(word)
    if found is None or not _TWO_CONSONANTS.search(word, found.end()):
        return ""
    return word[found.end() :]
