"""The phrase book: the sentences of the papers in German and in the languages of the people who sign them.

Shipped as data: one CSV file a paper with a column for each language. An installation changes phrases and marks them as
checked; each change makes a new version, older ones stay readable. Pure.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from caseapp.errors import ConfigurationError, RuleError
from caseapp.i18n import gettext as _

GERMAN = "de"
# The languages of the papers, as the papers were asked for; codes of the list `languages`.
LANGUAGES = ("ar", "prs", "fa", "ps", "kmr", "ckb", "ti", "uk", "ru", "tr", "so", "fr", "en")
RIGHT_TO_LEFT = frozenset({"ar", "prs", "fa", "ps", "ckb"})
LONGEST = 1_000
PAPERS = ("common", "agreement", "release", "withdrawal", "attorney", "notice", "letters")
_KEY = re.compile(r"[a-z]+(\.[A-Za-z0-9_]+)+")
_SLOT = re.compile(r"\{([a-z_]+)\}")
_COLUMNS = ("key", GERMAN, *LANGUAGES)


class PhraseBookError(ConfigurationError):
    """The shipped book cannot be used; the message names file, line and reason."""


class Text(Struct, frozen=True):
    """What a phrase says in one language; `checked_by` is who checked the translation, "" for nobody."""

    text: str
    checked_by: str = ""
    checked_on: dt.date | None = None


class Phrase(Struct, frozen=True, kw_only=True):
    """A phrase as a paper prints it. `language` is "de" where the asked language lacks it."""

    key: str
    text: str
    language: str
    direction: str
    checked_by: str = ""
    checked_on: dt.date | None = None


class Change(Struct, frozen=True):
    """One phrase in one language, as it is from a version on. An empty text takes the translation out."""

    key: str
    language: str
    said: Text


Texts = dict[tuple[str, str], Text]


class PhraseBook:
    """One version of the book. It never changes. `digest` is the SHA-256 over everything that it says."""

    def __init__(self, texts: Mapping[tuple[str, str], Text], *, version: int) -> None:
        self._texts = dict(texts)
        self.version = version
        self.digest = digest_of(self._texts)

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys, in the order of the papers."""
        return tuple(key for key, language in self._texts if language == GERMAN)

    def keys_of(self, paper: str) -> tuple[str, ...]:
        """The keys of one paper, in its order."""
        return tuple(key for key in self.keys if key.partition(".")[0] == paper)

    def said(self, key: str, language: str) -> Text:
        """What the phrase says in the language, "" where it is missing. Raises KeyError for an unknown key."""
        if (key, GERMAN) not in self._texts:
            raise KeyError(key)
        return self._texts.get((key, language), Text(""))

    def phrase(self, key: str, language: str) -> Phrase:
        """The phrase in the language, in German where it is missing there. Raises KeyError for an unknown key."""
        found = self.said(key, language)
        spoken = language if found.text else GERMAN
        text = found if found.text else self.said(key, GERMAN)
        return Phrase(
            key=key,
            text=text.text,
            language=spoken,
            direction="rtl" if spoken in RIGHT_TO_LEFT else "ltr",
            checked_by=text.checked_by,
            checked_on=text.checked_on,
        )

    def has(self, key: str) -> bool:
        """Whether the book knows the key."""
        return (key, GERMAN) in self._texts

    def missing(self, keys: Iterable[str], language: str) -> list[str]:
        """Those of the keys that the language lacks, in their order."""
        return [] if language == GERMAN else [key for key in keys if not self.said(key, language).text]

    def texts(self) -> Texts:
        """Everything that it says, by key and language."""
        return dict(self._texts)

    def with_changes(self, changes: Iterable[Change], *, version: int) -> PhraseBook:
        """The book as these changes make it. A change of a key that is gone is passed over."""
        texts = dict(self._texts)
        for change in changes:
            if change.said.text:
                if self.has(change.key):
                    texts[change.key, change.language] = change.said
            elif change.language != GERMAN:
                texts.pop((change.key, change.language), None)
        return PhraseBook(texts, version=version)


def digest_of(texts: Mapping[tuple[str, str], Text]) -> str:
    """SHA-256, in hex, over all keys, languages, texts and marks in sorted order."""
    lines = [
        [key, language, said.text, said.checked_by, said.checked_on.isoformat() if said.checked_on else ""]
        for (key, language), said in sorted(texts.items())
    ]
    return hashlib.sha256(msgspec.json.encode(lines)).hexdigest()


def slots(text: str) -> frozenset[str]:
    """The placeholders of a phrase: `{date}` is the slot "date"."""
    return frozenset(_SLOT.findall(text))


def load_shipped(folder: Path) -> PhraseBook:
    """The book of the files `<paper>.csv`, version 1. Raises PhraseBookError naming file, line and reason."""
    texts: Texts = {}
    for paper in PAPERS:
        path = folder / f"{paper}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if tuple(rows.fieldnames or ()) != _COLUMNS:
                raise PhraseBookError(f"{path.name}: the columns must be {','.join(_COLUMNS)}")
            for row in rows:
                _take_row(texts, row, paper, f"{path.name}, line {rows.line_num}")
    return PhraseBook(texts, version=1)


def check_text(text: str, german: str) -> str:
    """A translation as it is stored. Raises RuleError on `text` when its placeholders are not the German ones."""
    cleaned = " ".join(text.split())
    if len(cleaned) > LONGEST:
        raise RuleError(_("Kürzen Sie den Text auf höchstens %(most)s Zeichen.", most=LONGEST), field="text")
    if cleaned and (slots(cleaned) != slots(german) or cleaned.count("{") != german.count("{")):
        wanted = ", ".join(f"{{{slot}}}" for slot in _SLOT.findall(german)) or _("keine")
        raise RuleError(
            _("Die Platzhalter müssen dieselben sein wie im deutschen Text: %(wanted)s.", wanted=wanted), field="text"
        )
    return cleaned


def check_mark(checked_by: str, checked_on: dt.date | None, today: dt.date) -> None:
    """A mark needs a name and a day that is not to come. Raises RuleError on `checked_by` or `checked_on`."""
    if checked_by and checked_on is None:
        raise RuleError(_("Geben Sie an, wann die Übersetzung geprüft wurde."), field="checked_on")
    if checked_on and not checked_by:
        raise RuleError(_("Geben Sie an, wer die Übersetzung geprüft hat."), field="checked_by")
    if checked_on and checked_on > today:
        raise RuleError(_("Dieser Tag liegt in der Zukunft."), field="checked_on")


def inverse(changes: Sequence[Change], before: PhraseBook, now: PhraseBook) -> list[Change]:
    """What takes these changes back. Raises RuleError when one of the phrases was changed again since."""
    back: list[Change] = []
    for change in changes:
        if now.said(change.key, change.language) != change.said:
            raise RuleError(_("Der Text wurde inzwischen noch einmal geändert. Ändern Sie ihn von Hand."))
        back.append(Change(change.key, change.language, before.said(change.key, change.language)))
    return back


def _take_row(texts: Texts, row: Mapping[str, str | None], paper: str, where: str) -> None:
    key, german = row["key"] or "", row[GERMAN] or ""
    if not _KEY.fullmatch(key) or key.partition(".")[0] != paper:
        raise PhraseBookError(f"{where}: {key!r} is no key of this paper")
    if (key, GERMAN) in texts:
        raise PhraseBookError(f"{where}: {key} is there twice")
    if not german or None in row.values():
        raise PhraseBookError(f"{where}: {key} needs a German text and a cell for each language")
    for language in (GERMAN, *LANGUAGES):
        text = row[language] or ""
        if text and slots(text) != slots(german):
            raise PhraseBookError(f"{where}: {language} has other placeholders than German")
        if text:
            texts[key, language] = Text(text)
