"""What a cell may hold, how it is written down word for word, and the form in which words are compared."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

Cell = str | int | float | bool | date | datetime | time | timedelta
Row = tuple[Cell, ...]

LONGEST_WORDS = 300
"""Texts above this length are notes: no reader of single values looks into them."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ı": "i", "ø": "o", "ł": "l", "đ": "d"})
_NOT_WORD = re.compile(r"[^0-9a-z\u0370-\uffff]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LARGEST_EXACT = 10**15


def text_of(cell: Cell) -> str:
    """The cell as a German reader would write it: `180.0` -> "180", a date -> "06.02.2020", a text unchanged."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int | float):
        return _number_text(cell)
    if isinstance(cell, date):
        return _day_text(cell)
    return _clock_text(cell) if isinstance(cell, time) else _span_text(cell)


def _day_text(day: date) -> str:
    text = f"{day:%d.%m.}{day.year:04d}"
    return f"{text} {_clock_text(day.time())}" if isinstance(day, datetime) and day.time() != time() else text


def _span_text(span: timedelta) -> str:
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")


def _clock_text(clock: time) -> str:
    return f"{clock:%H:%M:%S}" if clock.second else f"{clock:%H:%M}"


def _number_text(number: float) -> str:
    if isinstance(number, bool):
        return "WAHR" if number else "FALSCH"
    if abs(number) < _LARGEST_EXACT and number == int(number):
        return str(int(number))
    return f"{number:.12g}".replace(".", ",")


def clean_text(text: str) -> str:
    """`text` without outer blanks; characters that no text may hold become visible as U+FFFD instead of vanishing."""
    if not text.isprintable():
        text = _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.strip()


def is_blank(cell: Cell) -> bool:
    """True for an empty text; zero and FALSE are contents."""
    return isinstance(cell, str) and not cell


@lru_cache(maxsize=1 << 16)
def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", bare).strip()


def plain(text: str) -> str:
    """The form in which words are compared: lower case, "ä" as "ae", no accents, no marks, single blanks.

    Texts longer than `LONGEST_WORDS` are notes and answer "".
    """
    return _plain(text) if len(text) <= LONGEST_WORDS else ""
