"""Texts that are no contents: labels of sums and footers, and the ways to write that nothing is known."""

from __future__ import annotations

import re

from caseapp.imports.rules.cells import Cell, plain, text_of

_SUM = re.compile(
    r"(?:(?:zwischen|gesamt|end|teil)?summen?|gesamt\w*|insgesamt|total|anzahl|(?:teil)?ergebnis|uebertrag|davon"
    r"|mittelwert|durchschnitt)\b.*|.* (?:summe|gesamt|insgesamt|ergebnis|anzahl)"
)
_FOOTER = re.compile(
    r"(?:stand|erstellt|quelle|legende|hinweise?|seite|gedruckt|ausdruck|export(?:iert)?|aktualisiert)\b.*"
)
_NOTHING = frozenset(
    (
        *("", "k a", "ka", "keine angabe", "keine angaben", "unbekannt", "nicht bekannt", "entfaellt", "n v", "n n"),
        *("fehlt", "n b", "nicht erhoben", "o a", "ohne angabe", "offen", "xx", "xxx", "folgt"),
    )
)


def is_sum_label(text: str) -> bool:
    """True for "Summe:", "Zwischensumme 2024", "Tettnang Ergebnis", "davon weiblich"."""
    return bool(_SUM.fullmatch(plain(text)))


def is_footer_label(text: str) -> bool:
    """True for "Stand: 30.09.", "erstellt von Maier", "Legende"."""
    return bool(_FOOTER.fullmatch(plain(text)))


def says_nothing(cell: Cell) -> bool:
    """True for a dash, a question mark, "k. A." and the like: filled, but without a statement."""
    text = text_of(cell)
    return len(text) <= _LONGEST_NOTHING and plain(text) in _NOTHING


_LONGEST_NOTHING = 30
