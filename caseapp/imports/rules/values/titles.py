"""Residence titles as offices write them: "§25(2) GFK", "AE § 25 Abs 3", "Duldung gem. § 60a", "subs. Schutz"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from caseapp.imports.rules.cells import Cell, plain, text_of
from caseapp.imports.rules.values.lexicon import CodeRow, lexicon_of
from caseapp.imports.rules.values.reading import Mark, Reading, unread

_LONGEST = 120
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_PARAGRAPH = re.compile(
    r"(?P<number>\d{1,3})(?:\s?(?P<letter>[a-g](?![a-z])))?"
    r"(?:\s*,?\s*(?:abs(?:atz|\.)?\s*|\(\s*|[./]\s*|\s(?=(?:i{1,3}|iv|v)\b))(?P<part>\d|i{1,3}|iv|v)\s?(?P<sub>[ab])?\b\)?)?"
    r"(?:\s*,?\s*(?:satz|s\.?)\s*(?P<sentence>\d))?",
    re.IGNORECASE,
)
_SAID_BY_THE_CODE = frozenset(
    (
        *("aufenthaltserlaubnis", "ae", "aufenthaltstitel", "at", "aufenthg", "asylg", "niederlassungserlaubnis", "ne"),
        *("duldung", "abs", "absatz", "satz", "s", "alt", "1", "gem", "gemaess", "nach", "i", "d", "titel"),
    )
)
_EXTRA = {
    "AGE": ("aufenthaltsgest", "asylsuchend", "asylbewerberin", "laufendes asylverfahren", "laufend"),
    "P24": ("ukraine", "massenzustrom", "24 fortgeltung"),
    "P25_2F": ("flüchtlingsanerkennung", "anerkannt", "flüchtling gfk", "§ 3 AsylG", "flüchtlingsschutz"),
    "P25_2S": ("subsidiärer", "subsidärer schutz", "§ 4 AsylG", "subs schutz"),
    "P25_3": ("abschiebungshindernis", "abschiebungsverbote"),
    "D60A": ("duldung 60a", "60a"),
    "NEX": ("niederlassung", "unbefristete niederlassungserlaubnis"),
    "F81": ("fiktionsbesch", "fb"),
    "FEU": ("eu bürger in", "unionsbürger"),
    "EIN": ("deutsche staatsangehörigkeit", "deutscher", "deutsche"),
    "UNB": ("in klärung", "ungeklärt"),
}

Key = tuple[str, str, str]


class TitleReader:
    """Knows the list of titles by words and by paragraph (number, subsection, sentence)."""

    def __init__(self, rows: Sequence[CodeRow], today: date) -> None:
        self._words = lexicon_of(rows, today, _EXTRA)
        self._by_key: defaultdict[Key, list[str]] = defaultdict(list)
        self._telling: dict[str, list[str]] = {}
        for row in rows:
            texts = [row.get("paragraph", ""), *row.get("aliases", "").split("|")]
            # "Alt. 2" of a paragraph names the code as "Alt. 1" does; in a cell the number has to be read.
            paragraphs = [text for text in texts if "§" in text and _words_beside(text) in ("", "2")]
            self._telling[row["code"]] = [_words_beside(text) for text in texts if text not in paragraphs]
            for key in {_key(text) for text in paragraphs}:
                if key:
                    self._by_key[key].append(row["code"])

    def read(self, cell: Cell) -> Reading[str]:
        """The title's code. The reading is whole when nothing else stands in the cell."""
        text = text_of(cell)
        if len(text) > _LONGEST:
            return unread(Mark.TITLE)
        exact = self._words.find(text)
        if exact:
            return Reading(exact.code, () if exact.sure else (Mark.TITLE,), whole=exact.sure)
        code = self._by_paragraph(text)
        if code:
            return Reading(code, (), whole=self._says_all(code, text))
        code = self._words.within(text)
        return Reading(code, (Mark.TITLE,)) if code else unread(Mark.TITLE)

    def _by_paragraph(self, text: str) -> str:
        key = _key(text)
        if not key:
            return ""
        number, part, _sentence = key
        fitting = {code for other, codes in self._by_key.items() if other[:2] == (number, part) for code in codes}
        told = [code for code in fitting if any(word and word in plain(text) for word in self._telling[code])]
        if len(told) == 1:
            return told[0]
        for wider in (key, (number, part, ""), (number, "", "")):
            codes = self._by_key.get(wider, [])
            if len(codes) == 1:
                return codes[0]
        return ""

    def _says_all(self, code: str, text: str) -> bool:
        rest = plain(_PARAGRAPH.sub(" ", text, count=1))
        for word in sorted(self._telling[code], key=len, reverse=True):
            rest = rest.replace(word, " ")
        key = _key(text)
        return key is not None and code in self._by_key.get(key, []) and set(rest.split()) <= _SAID_BY_THE_CODE


def _words_beside(text: str) -> str:
    """What a text says beside its paragraph: "§ 25(2) GFK" -> "gfk"."""
    words = plain(_PARAGRAPH.sub(" ", text, count=1) if "§" in text else text).split()
    return " ".join(word for word in words if word not in _SAID_BY_THE_CODE)


def _key(text: str) -> Key | None:
    found = _PARAGRAPH.search(text.casefold())
    if not found:
        return None
    part = found["part"] or ""
    part = _ROMAN.get(part, part) + (found["sub"] or "")
    return found["number"] + (found["letter"] or ""), part, found["sentence"] or ""
