"""The words of a paper in two languages: German, and that of the person whom it concerns beside it.

Where a phrase is missing in the language, only the German one is printed, and the paper says so.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup, escape

GERMAN = "de"
# Where a line may be broken before a value. WeasyPrint 70 tears a text from right to left after its first word when
# only the blank before the next element does not fit; a mark of no width behind the blank keeps it from that.
_BREAK = "\u200b"


class Phrase(Protocol):
    """A phrase in one language. `language` is "de" where the asked one lacks it; `checked_by` is "" for unchecked."""

    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def checked_by(self) -> str: ...


class Phrases(Protocol):
    """Where phrases come from. An unknown key raises KeyError."""

    @property
    def version(self) -> int: ...

    def phrase(self, key: str, language: str) -> Phrase: ...


@dataclass(frozen=True, slots=True)
class Said:
    """A value that is itself a phrase of the book: it is said in the language of the sentence around it."""

    key: str


class Words:
    """What a template asks for. It remembers what it gave, so that the paper can say what is missing or unchecked."""

    def __init__(self, book: Phrases, language: str = GERMAN) -> None:
        self.book = book
        self.language = language or GERMAN
        self._used: dict[str, Phrase] = {}

    @property
    def alone(self) -> bool:
        """Whether the paper is in German only."""
        return self.language == GERMAN

    @property
    def missing(self) -> list[str]:
        """The German texts of what was printed in German only, in the order of the paper."""
        return [phrase.text for phrase in self._used.values() if phrase.language == GERMAN and not self.alone]

    @property
    def checked(self) -> bool:
        """Whether somebody has checked every foreign phrase that was printed so far."""
        foreign = [phrase for phrase in self._used.values() if phrase.language != GERMAN]
        return bool(foreign) and all(phrase.checked_by for phrase in foreign)

    def german(self, key: str, **values: object) -> Markup:
        """The phrase in German, its placeholders filled in."""
        return self.spoken(self.book.phrase(key, GERMAN), values)

    def spoken(self, phrase: Phrase, values: dict[str, object]) -> Markup:
        """The phrase with its placeholders filled in; a value that is a phrase is said in the same language."""
        said = {
            name: self.book.phrase(value.key, phrase.language).text if isinstance(value, Said) else value
            for name, value in values.items()
        }
        return filled(phrase.text, said)

    def own(self, key: str) -> Phrase | None:
        """The phrase in the person's language; None where the paper is German only or the phrase is missing."""
        if self.alone:
            return None
        phrase = self._used.setdefault(key, self.book.phrase(key, self.language))
        return None if phrase.language == GERMAN else phrase


def filled(text: str, values: dict[str, object]) -> Markup:
    """The text with `{name}` replaced by the value, everything escaped and each value kept in its own direction.

    A date is written as TT.MM.JJJJ. A placeholder without a value raises KeyError.
    """
    parts: list[str] = []
    rest, turned = text, direction_of(text) == "rtl"
    while (start := rest.find("{")) >= 0 and (end := rest.find("}", start)) >= 0:
        before = rest[:start] + (_BREAK if turned and rest[:start].endswith(" ") else "")
        parts += [str(escape(before)), str(isolated(values[rest[start + 1 : end]]))]
        rest = rest[end + 1 :]
    return Markup("".join([*parts, str(escape(rest))]))  # noqa: S704 - every part is escaped


def dotted(text: str) -> str:
    """The text with dots for its placeholders, where it stands in a list of phrases."""
    return re.sub(r"\{\w+\}", "…", text)


def isolated(value: object) -> Markup:
    """A value that keeps its own order of letters inside any text: numbers, dates and telephones from left to right."""
    if isinstance(value, Markup):
        return value
    text = value.strftime("%d.%m.%Y") if isinstance(value, dt.date) else str(value)
    return Markup('<bdi dir="{}">{}</bdi>').format(direction_of(text), text)


def direction_of(text: str) -> str:
    """ "rtl" when the first letter with a direction is written from right to left, else "ltr"."""
    for letter in text:
        match unicodedata.bidirectional(letter):
            case "R" | "AL":
                return "rtl"
            case "L":
                return "ltr"
    return "ltr"
