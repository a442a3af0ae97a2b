"""Bytes of a text file -> text. Knows what German offices have: UTF-8, UTF-16, Windows, Mac, DOS.

A file never says which 8-bit table it was written with; each candidate is tried and the text that looks most like
German wins: umlauts inside words speak for a table, symbols inside words against it.
"""

from __future__ import annotations

import codecs
import re
from itertools import islice

from charset_normalizer import from_bytes

from caseapp.i18n import gettext as _
from caseapp.imports.rules.tables.refusals import NotATableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = ("cp1252", "mac_roman", "cp1254", "cp1250", "cp850")
_SAMPLE = 1 << 21
_JUDGED = 5_000
"""So many characters outside ASCII are enough to tell the table."""
_MOST_CONTROLS = 0.01
_UTF16_ZEROS = 0.2
_UNCONVINCING = 0.5

_GERMAN = frozenset("äöüÄÖÜß§")
_NEIGHBOURS = frozenset("éèêëáàâåãíîïñóôõøúûçğıİşŞćčžšđńłęąőűřěů")
_TYPOGRAPHY = frozenset("–—„“”‚‘’…€•°²³´\u00a0")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
_DOUBLE_UTF8 = re.compile("Ã[¤¶¼Ÿ„–œ]|Â§")


def decoded(content: bytes) -> tuple[str, str]:
    """(text, name of the encoding). Raises NotATableError when the bytes are no text."""
    text, encoding = _decoded(content)
    sample = text[:_SAMPLE]
    if len(_CONTROLS.findall(sample)) > max(_MOST_CONTROLS * len(sample), 2):
        raise NotATableError(_("eine Datei ohne lesbaren Text"))
    if _DOUBLE_UTF8.search(sample):
        try:
            return text.encode("cp1252").decode("utf-8"), "utf-8 (doppelt)"
        except UnicodeError:
            pass
    return text, encoding


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), encoding
    wide = _wide_encoding(content)
    if wide:
        return content.decode(wide, errors="replace"), wide
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    text = content.decode("utf-8", errors="replace")
    if sum(map(text.count, "äöüÄÖÜß")) > 3 * text.count("\ufffd"):
        return text, "utf-8 (beschädigt)"
    return _eight_bit(content)


def _wide_encoding(content: bytes) -> str:
    """UTF-16 without its mark: every second byte of Western text is zero."""
    sample = content[:4096]
    half = len(sample) // 2
    if not half or len(content) % 2:
        return ""
    if sample[1::2].count(0) > max(_UTF16_ZEROS * half, 4 * sample[::2].count(0)):
        return "utf-16-le"
    if sample[::2].count(0) > max(_UTF16_ZEROS * half, 4 * sample[1::2].count(0)):
        return "utf-16-be"
    return ""


def _eight_bit(content: bytes) -> tuple[str, str]:
    best_score, best = -1e9, ""
    for encoding in _CANDIDATES:
        try:
            score = _likeness(content[:_SAMPLE].decode(encoding))
        except UnicodeDecodeError:
            continue
        if score > best_score:
            best_score, best = score, encoding
    if best_score < _UNCONVINCING:
        guess = from_bytes(content[:_SAMPLE]).best()
        best = guess.encoding if guess else best
    best = best or "latin-1"
    return content.decode(best, errors="replace"), best


def _likeness(text: str) -> float:
    """Mean weight of the characters outside ASCII: above 1 reads well, below 0 is the wrong table."""
    total = count = 0.0
    for found in islice(re.finditer(r"[^\x00-\x7f]", text), _JUDGED):
        letter, at = found[0], found.start()
        inside = text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha()
        after_small = text[at - 1 : at].islower()
        count += 1
        if letter in _GERMAN:
            total += 0 if letter.isupper() and after_small else 4
        elif letter in _NEIGHBOURS:
            total += 1
        elif letter in _TYPOGRAPHY:
            total += -2 if inside else 1
        else:
            total -= 3
    return total / count if count else 0.0
