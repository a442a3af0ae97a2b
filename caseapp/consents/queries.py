"""Reading declarations and their sheets."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from caseapp.consents.models import (
    ConsentLine,
    Declaration,
    DeclarationContent,
    DeclarationKind,
    DeclarationState,
    ReleaseLine,
)
from caseapp.consents.rules import ValidRelease
from caseapp.db import session
from caseapp.sealed import keys_of, open_column


def list_valid_releases(client_id: UUID, on: dt.date, *, partner_id: UUID | None = None) -> list[ValidRelease]:
    """The client's releases that hold on this day and are not withdrawn, whose end is near first; two statements.

    A withdrawn one is never among them, also not for a day before: what is not yet sent is not sent.
    """
    rows = session().execute(
        _contents().where(_holding(client_id, on), Declaration.kind == DeclarationKind.RELEASE.value)
    )
    found = [
        ValidRelease(
            id=row[1],
            client_id=client_id,
            partner_id=line.partner_id,
            recipient=line.recipient,
            direction=line.direction,
            fields=frozenset(line.fields),
            purpose=line.purpose,
            ways=frozenset(line.ways),
            from_on=row[5],
            ends_on=row[6],
        )
        for row, line in _opened(rows.all())
        if isinstance(line, ReleaseLine)
    ]
    return [each for each in found if partner_id is None or each.partner_id == partner_id]


def has_consent(client_id: UUID, kind: str, on: dt.date) -> bool:
    """Whether the client's consent of this kind (list consent_kinds) holds on this day; two statements at most."""
    rows = session().execute(
        _contents().where(_holding(client_id, on), Declaration.kind == DeclarationKind.CONSENT.value)
    )
    return any(isinstance(line, ConsentLine) and line.kind == kind for _row, line in _opened(rows.all()))


def _contents() -> Select[*tuple[Any, ...]]:
    return (
        select(
            DeclarationContent.id,
            DeclarationContent.declaration_id,
            DeclarationContent.client_id,
            DeclarationContent.box_rev,
            DeclarationContent.box_blob,
            Declaration.from_on,
            Declaration.ends_on,
        )
        .join(Declaration, Declaration.id == DeclarationContent.declaration_id)
        .order_by(Declaration.ends_on.is_(None), Declaration.ends_on, Declaration.place, Declaration.id)
    )


def _holding(client_id: UUID, on: dt.date) -> ColumnElement[bool]:
    return (
        (Declaration.client_id == client_id)
        & (Declaration.state == DeclarationState.VALID.value)
        & (Declaration.from_on <= on)
        & or_(Declaration.ends_on.is_(None), Declaration.ends_on >= on)
    )


def _opened(rows: Any) -> list[tuple[Any, Any]]:
    """Each row with its line; a line that cannot be read covers nothing and is left out."""
    keys = keys_of(session(), {row[2] for row in rows})
    boxes = open_column(
        DeclarationContent.box, "declaration_content", [(row[0], row[2], row[3], row[4]) for row in rows], keys
    )
    return [(row, box.record.line) for row, box in zip(rows, boxes, strict=True) if box.record is not None]
