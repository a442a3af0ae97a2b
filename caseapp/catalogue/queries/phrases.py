"""The phrase book: `book()` is the one in use, `book(3)` an older one.

    from caseapp.catalogue import phrases
    document = render("agreement", book=phrases.book(), language="ar", ...)

Whoever stores the number of a version calls `caseapp.catalogue.service.phrases.keep_book` for it: then that version
stays readable when a new release of the application ships other texts.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

import msgspec
from sqlalchemy import exists, select
from sqlalchemy.orm import undefer

from caseapp.catalogue.models import PhraseVersion
from caseapp.catalogue.rules.phrases import (
    LANGUAGES,
    Change,
    Phrase,
    PhraseBook,
    Text,
    load_shipped,
)
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.settings import PROJECT_ROOT

__all__ = ["LANGUAGES", "Phrase", "PhraseBook", "book", "get_version", "list_versions", "print_language", "shipped"]

# Made from rows that never change: by the id of the version's row, for all databases of the process.
_books: dict[tuple[UUID, str], PhraseBook] = {}
_MOST_BOOKS = 16


@lru_cache(maxsize=1)
def shipped() -> PhraseBook:
    """The shipped book, read once a process."""
    return load_shipped(PROJECT_ROOT / "config" / "phrases")


def book(version: int | None = None) -> PhraseBook:
    """The book in use, or that version of it. One statement when the process knows it, two otherwise.

    Raises NotFoundError for a version that does not exist.
    """
    latest = _latest()
    if latest is None:
        found = shipped()
    elif latest.base_digest != shipped().digest:  # a new release brought other texts, which nobody has kept yet
        found = _on_new_base(latest)
    else:
        found = _made(latest)
    if version is None or version == found.version:
        return found
    return _made(get_version(version))


def get_version(number: int) -> PhraseVersion:
    """The row of a version. Raises NotFoundError."""
    found = session().scalars(select(PhraseVersion).where(PhraseVersion.number == number)).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def is_stored(number: int) -> bool:
    """Whether the version has its row."""
    return bool(session().scalar(select(exists().where(PhraseVersion.number == number))))


def list_versions() -> Sequence[PhraseVersion]:
    """All versions that were made here, the latest first, with what they changed."""
    wanted = (
        select(PhraseVersion)
        .options(undefer(PhraseVersion.content_blob))
        .order_by(PhraseVersion.number.desc(), PhraseVersion.id)
    )
    return session().scalars(wanted).all()


def print_language(code: str) -> str:
    """The language in which papers for a person with this language are printed: "de" where there is none."""
    return code if code in LANGUAGES else "de"


def unpacked(base: bytes) -> PhraseBook:
    """The shipped book that a version kept."""
    rows = msgspec.json.decode(zlib.decompress(base), type=list[tuple[str, str, Text]])
    return PhraseBook({(key, language): said for key, language, said in rows}, version=1)


def packed(base: PhraseBook) -> bytes:
    """The inverse of `unpacked`."""
    rows = [(key, language, said) for (key, language), said in base.texts().items()]
    return zlib.compress(msgspec.json.encode(rows), 9)


def changes_of(row: PhraseVersion) -> list[Change]:
    """What the version changed."""
    return [
        Change(each.key, each.language, Text(each.text, each.checked_by, each.checked_on))
        for each in row.content.changes
    ]


def _latest() -> PhraseVersion | None:
    return session().scalars(select(PhraseVersion).order_by(PhraseVersion.number.desc()).limit(1)).one_or_none()


def _on_new_base(latest: PhraseVersion) -> PhraseBook:
    """The book with the number after the latest: the new texts, and what was changed here still holds."""
    key = latest.id, shipped().digest
    if key not in _books:
        rows = _rows_up_to(latest.number)
        changes = [change for row in rows for change in changes_of(row)]
        _remember(key, shipped().with_changes(changes, version=latest.number + 1))
    return _books[key]


def _made(row: PhraseVersion) -> PhraseBook:
    key = row.id, ""
    if key not in _books:
        rows = _rows_up_to(row.number)
        base = next(each.content.base for each in reversed(rows) if each.content.base)
        changes = [change for each in rows for change in changes_of(each)]
        made = unpacked(base).with_changes(changes, version=row.number)
        _remember(key, made)
    return _books[key]


def _rows_up_to(number: int) -> Sequence[PhraseVersion]:
    wanted = select(PhraseVersion).options(undefer(PhraseVersion.content_blob)).where(PhraseVersion.number <= number)
    return session().scalars(wanted.order_by(PhraseVersion.number, PhraseVersion.id)).all()


def _remember(key: tuple[UUID, str], made: PhraseBook) -> None:
    if len(_books) >= _MOST_BOOKS:
        _books.clear()
    _books[key] = made
