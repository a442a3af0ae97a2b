"""The German order of names (DIN 5007-1: ä as a, ß as ss), for every Latin letter with a mark, without a library.

Letters of other scripts follow after z, in the order of their own alphabets.
"""

from __future__ import annotations

import unicodedata

_NO_LETTER = "'’‘ʼʹ`´.,"
_GAPS = "-–_/"
# Letters that do not fall apart into a base letter and a mark.
_WHOLE = {
    "ß": "ss",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ə": "a",
    "ŋ": "n",
    "ħ": "h",
}
_PLAIN = str.maketrans(_WHOLE | dict.fromkeys(_NO_LETTER, "") | dict.fromkeys(_GAPS, " "))
LAST = "\U0010ffff"


def letters(text: str) -> str:
    """The text as it counts for the order: small letters without marks, hyphens as spaces, apostrophes left out."""
    folded = text.casefold()
    if not folded.isascii():
        folded = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))
    return folded.translate(_PLAIN)


def sort_key(*texts: str) -> tuple[str, ...]:
    """A key that sorts by one text after the other (family, given names); marks count where all letters are equal."""
    return (*map(letters, texts), *(text.casefold() for text in texts))
