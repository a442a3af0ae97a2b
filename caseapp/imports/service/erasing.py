"""What imports keep of a person whose file is erased: waiting contacts, findings, lists that wait to be imported.

Found by the client's id and, as long as the file can be read, by its exact name: a similar name is another person.
Outside the row scope; the caller has the right to erase.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from caseapp.counselling.models import Contact
from caseapp.db import session
from caseapp.imports.models import Import, ImportPart, ImportState, Packed, PartKind, WaitingContact
from caseapp.imports.rules.findings import Finding, Sample, unpack_findings, unpack_samples
from caseapp.imports.rules.stored import Stored, unpack_sheets, unpack_stored
from caseapp.privacy.service.traces import Subject, Trace
from caseapp.security.vault import UnreadableError

_encode = msgspec.msgpack.Encoder().encode
_OPEN = (ImportState.UPLOADED.value, ImportState.PREVIEWED.value)


def plain(text: str) -> str:
    """A name without signs and cases, for comparing the words of a list with those of a file."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())


def _names(subject: Subject) -> frozenset[str]:
    """`Rahimi Zahra` and `Zahra Rahimi`; nothing without both names: one name alone means many people."""
    head = subject.head
    if head is None or not head.family_name.strip() or not head.given_names.strip():
        return frozenset()
    family, given = plain(head.family_name), plain(head.given_names)
    return frozenset({f"{family} {given}", f"{given} {family}"})


def _waiting(subject: Subject) -> list[tuple[WaitingContact, bool]]:
    """The carrier's waiting contacts that name the person; whether the whole row is about nobody else."""
    names = _names(subject)
    rows = session().scalars(
        select(WaitingContact)
        .where(WaitingContact.organisation_id == subject.organisation_id)
        .order_by(WaitingContact.id)
    )
    own = select(Contact.id).where(Contact.client_id == subject.client_id)
    taken = set(session().scalars(own.order_by(Contact.id)))
    found = []
    for row in rows:
        try:
            entry = row.entry
        except UnreadableError:
            continue
        candidates = {each.client_id for each in entry.candidates}
        about = row.contact_id in taken or plain(entry.name) in names or candidates == {subject.client_id}
        if about or subject.client_id in candidates:
            found.append((row, about))
    return found


def _count_waiting(subject: Subject) -> int:
    return sum(1 for _row, about in _waiting(subject) if about)


def _clear_waiting(subject: Subject) -> int:
    count = 0
    for row, about in _waiting(subject):
        if about:
            session().delete(row)
            count += 1
        else:
            others = tuple(each for each in row.entry.candidates if each.client_id != subject.client_id)
            row.entry = msgspec.structs.replace(row.entry, candidates=others)
    return count


def _parts(subject: Subject, *kinds: PartKind) -> Iterator[ImportPart]:
    rows = session().scalars(
        select(ImportPart)
        .where(ImportPart.organisation_id == subject.organisation_id)
        .where(ImportPart.kind.in_([kind.value for kind in kinds]))
        .order_by(ImportPart.import_id, ImportPart.kind, ImportPart.number, ImportPart.id)
    )
    for row in rows.all():
        try:
            _readable = row.packed
        except UnreadableError:
            continue
        yield row


def _lines(part: ImportPart) -> Sequence[Any]:
    data = part.packed.data
    if part.kind == PartKind.FINDING:
        return unpack_findings(data)
    return unpack_samples(data) if part.kind == PartKind.SAMPLE else unpack_stored([data])


def _is_about(line: Finding | Sample | Stored, subject: Subject, names: frozenset[str]) -> bool:
    if isinstance(line, Sample):
        return plain(line.name) in names
    if isinstance(line, Stored):
        return line.client_id == subject.client_id
    return line.client_id == subject.client_id or plain(line.name) in names


def _kept(part: ImportPart, subject: Subject, names: frozenset[str]) -> tuple[list[Any], int]:
    lines = _lines(part)
    kept = [line for line in lines if not _is_about(line, subject, names)]
    return kept, len(lines) - len(kept)


def _count_findings(subject: Subject) -> int:
    names = _names(subject)
    parts = _parts(subject, PartKind.FINDING, PartKind.SAMPLE)
    return sum(_kept(part, subject, names)[1] for part in parts)


def _clear_findings(subject: Subject) -> int:
    names, count = _names(subject), 0
    for part in _parts(subject, PartKind.FINDING, PartKind.SAMPLE, PartKind.STORED):
        kept, gone = _kept(part, subject, names)
        if gone:
            part.packed = Packed(data=_encode(kept))
            count += gone if part.kind != PartKind.STORED else 0
    return count


def _uploads(subject: Subject) -> list[Import]:
    """Lists that nobody has imported yet and that name the person in one of their rows."""
    names = _names(subject)
    if not names:
        return []
    naming: set[UUID] = {
        part.import_id for part in _parts(subject, PartKind.CONTENT) if _names_somebody(part.packed.data, names)
    }
    rows = session().scalars(select(Import).where(Import.id.in_(naming), Import.state.in_(_OPEN)).order_by(Import.id))
    return list(rows)


def _names_somebody(data: bytes, names: frozenset[str]) -> bool:
    for sheet in unpack_sheets([data]):
        for row in sheet.rows:
            line = f" {' '.join(plain(cell) for cell in row if isinstance(cell, str))} "
            if any(f" {name} " in line for name in names):
                return True
    return False


def _count_uploads(subject: Subject) -> int:
    return len(_uploads(subject))


def _clear_uploads(subject: Subject) -> int:
    """The whole list goes: the office has the file and may upload it anew, without the person."""
    found = _uploads(subject)
    for owner in found:
        session().delete(owner)
    return len(found)


TRACES = (
    Trace("waiting", _count_waiting, _clear_waiting),
    Trace("finding", _count_findings, _clear_findings),
    Trace("upload", _count_uploads, _clear_uploads),
)
