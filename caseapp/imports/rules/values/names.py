"""Names of persons, and of the workers who look after them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from caseapp.imports.rules.cells import Cell, plain, text_of
from caseapp.imports.rules.values.reading import Mark, Reading, unread

K = TypeVar("K")

LONGEST_NAME = 100
_SALUTATION = re.compile(r"^(?:frau|herrn?|fr|hrn?|fam|familie|dr|prof)(?:\.\s*|\s+)", re.IGNORECASE)
_REMARK = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")
_PARTICLES = frozenset(
    (
        *("al", "el", "as", "ash", "ad", "an", "ar", "at", "abu", "abd", "bin", "ibn", "ben", "bint"),
        *("von", "van", "der", "den", "de", "da", "di", "dos", "du", "la", "le"),
    )
)
_NOBODY = frozenset(("", "n n", "nn", "unbekannt", "k a", "keine angabe", "name unbekannt", "xxx", "x"))
_FORMULA = re.compile(r"[=@]|[+-](?=[^\W\d])")
_ODD = re.compile(r"[?\ufffd\d=|<>{}@#!]")
_WORD_PART = re.compile(r"[^\W\d_]+")


class PersonName(msgspec.Struct, frozen=True):
    """Family name and given name; either may be empty, never both."""

    last: str = ""
    first: str = ""


def is_formula(text: str) -> bool:
    """True for a text that a spreadsheet would compute: it is kept as text and marked."""
    return bool(_FORMULA.match(text))


def read_name_part(cell: Cell) -> Reading[str]:
    """One name of a column of its own, in gentle capitals; marked when letters are destroyed or odd."""
    text = text_of(cell)
    bare = _REMARK.sub(" ", text).strip(" ,;") if "(" in text or "[" in text else text.strip(" ,;")
    if _is_nobody(bare):
        return unread()
    if len(bare) > LONGEST_NAME:
        return unread(Mark.NAME)
    return Reading(settled_case(bare), _name_marks(bare), whole=bare == text)


def read_full_name(cell: Cell, *, last_first: bool = True) -> Reading[PersonName]:
    """Both names of one column. A comma settles the order, capitals do ("AL-AHMAD Fatima"), else `last_first`."""
    text = " ".join(text_of(cell).split())
    if len(text) > LONGEST_NAME:
        return unread(Mark.NAME)
    bare = _REMARK.sub(" ", text).strip(" ,;")
    bare = _SALUTATION.sub("", bare)
    if _is_nobody(bare):
        return unread()
    if is_formula(bare):
        last, first = bare, ""
    elif "," in bare:
        last, first = (part.strip() for part in bare.split(",", 1))
    else:
        last, first = _cut(bare.split(" "), last_first=last_first)
    marks = _name_marks(bare)
    if not (last and first) and not marks:
        marks = (Mark.NAME,)
    return Reading(PersonName(settled_case(last), settled_case(first)), marks, whole=bare == text.strip(" ,;"))


def _cut(words: list[str], *, last_first: bool) -> tuple[str, str]:
    """(family name, given name) of words without a comma."""
    if len(words) == 1 or (len(words) == 2 and words[0].casefold() in _PARTICLES):
        return " ".join(words), ""
    shouted = [word for word in words if word.isupper() and len(word) > 1]
    if 0 < len(shouted) < len(words):
        return " ".join(shouted), " ".join(word for word in words if word not in shouted)
    if last_first:
        at = 1
        while at < len(words) - 1 and words[at - 1].casefold().strip(".") in _PARTICLES:
            at += 1
        return " ".join(words[:at]), " ".join(words[at:])
    at = len(words) - 1
    while at > 1 and words[at - 1].casefold() in _PARTICLES:
        at -= 1
    return " ".join(words[at:]), " ".join(words[:at])


def settled_case(name: str) -> str:
    """ "AL-AHMAD" -> "Al-Ahmad"; a name with small letters is left as it is written."""
    letters = sum(map(str.isalpha, name))
    return _WORD_PART.sub(lambda word: word[0].capitalize(), name) if letters > 1 and name.isupper() else name


def _is_nobody(text: str) -> bool:
    """Nothing, a placeholder, or the label of a form; a name of question marks is somebody."""
    return text.endswith(":") or (plain(text) in _NOBODY and "?" not in text and "\ufffd" not in text)


def _name_marks(text: str) -> tuple[Mark, ...]:
    if is_formula(text):
        return (Mark.NAME, Mark.FORMULA)
    return (Mark.NAME,) if _ODD.search(text) else ()


def read_worker(cell: Cell) -> Reading[str]:
    """The worker's name without salutation: "Fr. Maier" -> "Maier", "Maier, K." -> "K. Maier"."""
    text = " ".join(text_of(cell).split())
    if not plain(text) or len(text) > LONGEST_NAME:
        return unread()
    bare = _SALUTATION.sub("", _SALUTATION.sub("", text))
    if bare.count(",") == 1:
        last, first = (part.strip() for part in bare.split(","))
        bare = f"{first} {last}".strip()
    return Reading(bare, (), whole=True)


def matching_workers(worker: str, team: Mapping[K, tuple[str, str]]) -> list[K]:
    """Those of `team` (key -> given name, family name) whom the text can mean: by family name, then by the given
    name or its initial when one is written; a text of two or three capitals is read as initials.
    """
    words = plain(worker).split()
    if not words:
        return []
    named = {key: (plain(first), plain(last)) for key, (first, last) in team.items()}
    hits = [key for key, (_first, last) in named.items() if words[-len(last.split()) :] == last.split()]
    if not hits and worker.isupper() and 2 <= len(worker) <= 3:
        return [key for key, (first, last) in named.items() if (first[:1] + last[:1]) == worker.lower()]
    if len(hits) > 1:
        given = [key for key in hits if len(words) > 1 and named[key][0].startswith(words[0])]
        return given or hits
    return hits
