"""A contact in words: the present version and the former ones of its history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from caseapp.accounts.queries import names_of
from caseapp.catalogue import queries as catalogue
from caseapp.clients.queries.heads import find_heads
from caseapp.counselling import queries
from caseapp.counselling.models import ChangeReason, Contact, ContactDetail
from caseapp.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Version:
    """One version. `facts` are label and value; `note` is "" where the reader may not see it."""

    facts: list[tuple[str, str]]
    note: str


@dataclass(frozen=True, slots=True)
class Change:
    """A former version, with when, by whom and why it was left behind."""

    at: dt.datetime
    by: str
    reason: str
    cancelled: bool
    before: Version | None


def version_of(contact: Contact, *, reads_note: bool) -> Version:
    """The contact as it stands."""
    return _version(contact.on_day, contact.kind, contact.minutes, contact.detail, reads_note=reads_note)


def versions(contact: Contact, *, reads_note: bool) -> list[Change]:
    """What the contact said before, the latest first."""
    changes = queries.list_changes(contact.id)
    names = names_of({change.by for change in changes})
    return [
        Change(
            at=change.at,
            by=names.get(change.by, ""),
            reason=change.reason.text,
            cancelled=change.reason.cancelled,
            before=_before(change.reason, contact, reads_note=reads_note),
        )
        for change in changes
    ]


def _before(reason: ChangeReason, contact: Contact, *, reads_note: bool) -> Version | None:
    if reason.before is None:
        return None
    on_day = reason.on_day or contact.on_day
    return _version(on_day, reason.kind, reason.minutes, reason.before, reads_note=reads_note)


def _version(on_day: dt.date, kind: str, minutes: int | None, detail: ContactDetail, *, reads_note: bool) -> Version:
    label = catalogue.label
    facts = [
        (_("Tag"), " ".join(filter(None, (f"{on_day:%d.%m.%Y}", detail.started_at)))),
        (_("Art"), label("contact_kinds", kind, on_day)),
        (_("Dauer"), _("%(number)s min", number=minutes) if minutes is not None else ""),
        (_("Themen"), ", ".join(label("topics", code, on_day) for code in detail.topics)),
        (_("Sprache"), label("languages", detail.language, on_day)),
        (_("Dolmetschen"), label("interpreter_kinds", detail.interpreter, on_day)),
        (_("Dabei"), _present(detail)),
    ]
    if reads_note:
        facts += [
            (_("Weitere Personen"), detail.others_present),
            (_("Adresse"), detail.address),
            (_("Mit"), _third(detail, on_day)),
            *detail.leftovers,
        ]
    return Version([(key, value) for key, value in facts if value], detail.note if reads_note else "")


def _present(detail: ContactDetail) -> str:
    heads = find_heads(detail.participants)
    named = [head.full_name for head in heads.values() if head]
    hidden = len(detail.participants) - len(named)
    more = [_("%(number)s weitere", number=hidden)] if hidden else []
    return "; ".join([*named, *more])


def _third(detail: ContactDetail, on_day: dt.date) -> str:
    kind = catalogue.label("third_party_kinds", detail.third_party_kind, on_day)
    return ", ".join(filter(None, (kind, detail.third_party)))
