"""Changing the phrase book. Each change makes a version; no version ever changes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from caseapp import audit, clock
from caseapp.catalogue.models import PhraseChange, PhraseVersion, PhraseVersionContent
from caseapp.catalogue.queries import phrases as queries
from caseapp.catalogue.rules import phrases as rules
from caseapp.catalogue.rules.phrases import Change, PhraseBook, Text
from caseapp.db import hold, session
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_LOCK = "phrase book"


def keep_book() -> PhraseBook:
    """The book in use, stored so that its number means these texts for ever. For whoever stores the number.

    Within a unit that writes. Once it is stored this costs a statement.
    """
    book = queries.book()
    if not _is_stored(book):
        _store(book, None, ())
    return book


def change_phrase(
    actor: Actor, organisation_id: UUID, key: str, language: str, said: Text, *, version: int
) -> PhraseBook | None:
    """Give a phrase another text or mark in a language; an empty text takes the translation out. None: nothing changed.

    `version` is that of the book which the form showed. Raises RuleError on `text`, `checked_by`, `checked_on`,
    ConflictError when the phrase was changed since, NotFoundError for an unknown key or language.
    """
    policy.require_in(actor, Permission.CODELIST_EDIT, organisation_id)
    hold(session(), _LOCK)
    now = queries.book()
    if not now.has(key) or language not in (rules.GERMAN, *rules.LANGUAGES):
        raise NotFoundError
    if queries.book(version).said(key, language) != now.said(key, language):
        raise ConflictError(_("Dieser Text wurde inzwischen von jemand anderem geändert."))
    new = _checked(now, key, language, said)
    if new == now.said(key, language):
        return None
    return _change(actor, organisation_id, now, [Change(key, language, new)], "phrase:change")


def import_phrases(actor: Actor, organisation_id: UUID, changes: Sequence[Change], *, version: int) -> PhraseBook:
    """Take over what a translator's file says, as one version.

    Raises RuleError when the book was changed since the preview, or when a text does not fit (then nothing is taken).
    """
    policy.require_in(actor, Permission.CODELIST_EDIT, organisation_id)
    hold(session(), _LOCK)
    now = queries.book()
    if now.version != version:
        raise RuleError(_("Das Satzbuch wurde inzwischen geändert. Lesen Sie die Datei noch einmal ein."))
    checked = [Change(each.key, each.language, _checked(now, each.key, each.language, each.said)) for each in changes]
    if not checked:
        raise RuleError(_("Die Datei ändert nichts."))
    return _change(actor, organisation_id, now, checked, "phrase:import")


def take_back(actor: Actor, organisation_id: UUID, number: int) -> PhraseBook:
    """Undo what that version changed, as a new version. Raises RuleError when one of its phrases was changed since."""
    policy.require_in(actor, Permission.CODELIST_EDIT, organisation_id)
    hold(session(), _LOCK)
    made = queries.get_version(number)
    now = queries.book()
    back = rules.inverse(queries.changes_of(made), queries.book(number - 1), now)
    return _change(actor, organisation_id, now, back, "phrase:undo")


def _checked(book: PhraseBook, key: str, language: str, said: Text) -> Text:
    if not book.has(key):
        raise NotFoundError
    text = rules.check_text(said.text, book.said(key, rules.GERMAN).text)
    if not text:
        if language == rules.GERMAN:
            raise RuleError(_("Der deutsche Text darf nicht leer sein."), field="text")
        return Text("")
    rules.check_mark(said.checked_by, said.checked_on, clock.today())
    return Text(text, " ".join(said.checked_by.split()), said.checked_on)


def _change(actor: Actor, organisation_id: UUID, now: PhraseBook, changes: Sequence[Change], action: str) -> PhraseBook:
    if not _is_stored(now):
        _store(now, None, ())
    new = now.with_changes(changes, version=now.version + 1)
    _store(new, actor, tuple(changes))
    audit.record(action, organisation_id=organisation_id, detail=audit.Detail(note=f"{new.version}"))
    return new


def _is_stored(book: PhraseBook) -> bool:
    return queries.is_stored(book.version)


def _store(book: PhraseBook, writer: Actor | None, changes: tuple[Change, ...]) -> None:
    base = queries.shipped()
    session().add(
        PhraseVersion(
            number=book.version,
            made_at=clock.now(),
            made_by=writer.user_id if writer else None,
            base_digest=base.digest,
            digest=book.digest,
            content=PhraseVersionContent(
                writer=writer.name if writer else "",
                base=b"" if changes else queries.packed(base),
                changes=tuple(
                    PhraseChange(
                        key=each.key,
                        language=each.language,
                        text=each.said.text,
                        checked_by=each.said.checked_by,
                        checked_on=each.said.checked_on,
                    )
                    for each in changes
                ),
            ),
        )
    )
    session().flush()
