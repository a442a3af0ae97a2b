"""Reading declarations and their sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import undefer

from caseapp.clients.queries.milestones import MilestoneSelect
from caseapp.consents.models import (
    ConsentLine,
    Declaration,
    DeclarationContent,
    DeclarationKind,
    DeclarationSheet,
    DeclarationState,
    DeclarationTitle,
    Ending,
    Line,
    ReleaseLine,
)
from caseapp.consents.rules import ValidRelease
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.network.models import Partner
from caseapp.network.rules import resolve
from caseapp.sealed import keys_of, open_column

VALID, WITHDRAWN = DeclarationState.VALID.value, DeclarationState.WITHDRAWN.value


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationView:
    """A declaration with what it says. `line` is None where it cannot be read."""

    id: UUID
    client_id: UUID
    sheet_id: UUID
    place: int
    state: str
    line: Line | None
    from_on: dt.date | None
    ends_on: dt.date | None
    ended_on: dt.date | None
    ended_at: dt.datetime | None
    ended_by: UUID | None
    told_on: dt.date | None
    ending: Ending | None

    def holds_on(self, on: dt.date) -> bool:
        """Whether it is signed, not withdrawn, and the day lies within it."""
        begun = self.from_on is not None and self.from_on <= on
        return self.state == VALID and begun and (self.ends_on is None or on <= self.ends_on)

    def is_over(self, on: dt.date) -> bool:
        """Whether it has run out by itself and nobody has renewed it or laid it aside."""
        return self.state == VALID and self.ends_on is not None and self.ends_on < on


@dataclass(frozen=True, slots=True)
class TitledDeclaration:
    """A declaration as a colleague sees it who takes a withdrawal; `title` is "" where its name says too much."""

    id: UUID
    kind: str
    title: str
    from_on: dt.date | None
    ends_on: dt.date | None


def get_sheet(sheet_id: UUID) -> DeclarationSheet:
    """The sheet with its signatures. Raises NotFoundError for a missing and for a foreign one alike."""
    found = session().get(DeclarationSheet, sheet_id, options=[undefer(DeclarationSheet.signed_blob)])
    if found is None:
        raise NotFoundError
    return found


def list_sheets(client_id: UUID, states: Collection[str]) -> Sequence[DeclarationSheet]:
    """The client's sheets in these states, the latest first; without their signatures."""
    wanted = select(DeclarationSheet).where(
        DeclarationSheet.client_id == client_id, DeclarationSheet.state.in_(tuple(states))
    )
    return session().scalars(wanted.order_by(DeclarationSheet.made_at.desc(), DeclarationSheet.id)).all()


def get_declaration(declaration_id: UUID) -> Declaration:
    """The declaration, for those too who may find the client only. Raises NotFoundError."""
    found = session().get(Declaration, declaration_id)
    if found is None:
        raise NotFoundError
    return found


def list_declarations(client_id: UUID, ids: Collection[UUID]) -> Sequence[Declaration]:
    """Those of the client's declarations that are named, in the order of their sheets."""
    wanted = select(Declaration).where(Declaration.client_id == client_id, Declaration.id.in_(tuple(ids)))
    return session().scalars(wanted.order_by(Declaration.sheet_id, Declaration.place, Declaration.id)).all()


def list_on_sheet(sheet_id: UUID) -> Sequence[Declaration]:
    """The declarations of a sheet in their order."""
    wanted = select(Declaration).where(Declaration.sheet_id == sheet_id)
    return session().scalars(wanted.order_by(Declaration.place, Declaration.id)).all()


def list_views(client_id: UUID, *, sheet_id: UUID | None = None) -> list[DeclarationView]:
    """The client's declarations of all states, or those of one sheet: the next to end first; two statements."""
    condition = Declaration.client_id == client_id
    if sheet_id is not None:
        condition &= Declaration.sheet_id == sheet_id
    return [_view(row, line) for row, line in _opened(session().execute(_contents().where(condition)).all())]


def list_contents(ids: Collection[UUID]) -> Sequence[DeclarationContent]:
    """What these declarations say, for changing a prepared sheet."""
    wanted = select(DeclarationContent).where(DeclarationContent.declaration_id.in_(tuple(ids)))
    return session().scalars(wanted.order_by(DeclarationContent.id)).all()


def list_withdrawable(client_id: UUID) -> list[TitledDeclaration]:
    """What may be withdrawn of a client whose file one may not read: whom it names, and its days; two statements."""
    rows = (
        session()
        .execute(
            select(
                Declaration.id,
                Declaration.client_id,
                Declaration.title_rev,
                Declaration.title_blob,
                Declaration.kind,
                Declaration.from_on,
                Declaration.ends_on,
            )
            .where(Declaration.client_id == client_id, Declaration.state == VALID)
            .order_by(Declaration.from_on, Declaration.place, Declaration.id)
        )
        .all()
    )
    keys = keys_of(session(), {client_id} if rows else ())
    titles = open_column(Declaration.title, "declaration", [row[:4] for row in rows], keys)
    return [
        TitledDeclaration(row[0], row[4], (opened.record or DeclarationTitle()).text, row[5], row[6])
        for row, opened in zip(rows, titles, strict=True)
    ]


def list_valid_releases(client_id: UUID, on: dt.date, *, partner_id: UUID | None = None) -> list[ValidRelease]:
    """The client's releases that hold on this day and are not withdrawn, whose end is near first; three statements.

    A withdrawn one is never among them, also not for a day before: what is not yet sent is not sent. Of a partner who
    was merged into another one the other's id is given; `partner_id` may be either.
    """
    rows = session().execute(
        _contents().where(_holding(client_id, on), Declaration.kind == DeclarationKind.RELEASE.value)
    )
    lines = [(row, line) for row, line in _opened(rows.all()) if isinstance(line, ReleaseLine)]
    merged = _merged(line.partner_id for _row, line in lines)
    wanted = resolve(partner_id, merged) if partner_id else None
    found = [
        ValidRelease(
            id=row.declaration_id,
            client_id=client_id,
            partner_id=resolve(line.partner_id, merged) if line.partner_id else None,
            recipient=line.recipient,
            direction=line.direction,
            fields=frozenset(line.fields),
            purpose=line.purpose,
            ways=frozenset(line.ways),
            from_on=row.from_on,
            ends_on=row.ends_on,
        )
        for row, line in lines
    ]
    return [each for each in found if wanted is None or each.partner_id == wanted]


def has_consent(client_id: UUID, kind: str, on: dt.date) -> bool:
    """Whether the client's consent of this kind (list consent_kinds) holds on this day; two statements at most."""
    rows = session().execute(
        _contents().where(_holding(client_id, on), Declaration.kind == DeclarationKind.CONSENT.value)
    )
    return any(isinstance(line, ConsentLine) and line.kind == kind for _row, line in _opened(rows.all()))


def earliest_end(client_id: UUID) -> ScalarSelect[dt.date | None]:
    """The earliest end among the client's valid declarations, to be counted inside an update.

    One that has run out counts until it is renewed or laid aside, so that it does not vanish unseen.
    """
    return (
        select(func.min(Declaration.ends_on))
        .where(Declaration.client_id == client_id, Declaration.state == VALID)
        .scalar_subquery()
    )


def earliest_ends() -> Mapping[UUID, tuple[dt.date | None]]:
    """`earliest_end` of all clients: for rebuilding the caseload."""
    rows = session().execute(
        select(Declaration.client_id, func.min(Declaration.ends_on))
        .where(Declaration.state == VALID, Declaration.ends_on.is_not(None))
        .group_by(Declaration.client_id)
        .order_by(Declaration.client_id)
    )
    return {client_id: (ends_on,) for client_id, ends_on in rows}


def select_decisions(client_id: UUID) -> MilestoneSelect:
    """The client's sheets that were signed or declined, for the timeline."""
    return select(
        DeclarationSheet.decided_on, DeclarationSheet.made_at, DeclarationSheet.id, DeclarationSheet.state
    ).where(DeclarationSheet.client_id == client_id, DeclarationSheet.decided_on.is_not(None))


def select_withdrawals(client_id: UUID) -> MilestoneSelect:
    """The client's declarations that were withdrawn, for the timeline."""
    return select(Declaration.ended_on, Declaration.ended_at, Declaration.id, Declaration.kind).where(
        Declaration.client_id == client_id, Declaration.state == WITHDRAWN
    )


def _contents() -> Select[*tuple[Any, ...]]:
    return (
        select(
            DeclarationContent.id,
            DeclarationContent.declaration_id,
            DeclarationContent.client_id,
            DeclarationContent.box_rev,
            DeclarationContent.box_blob,
            Declaration.sheet_id,
            Declaration.place,
            Declaration.state,
            Declaration.from_on,
            Declaration.ends_on,
            Declaration.ended_on,
            Declaration.ended_at,
            Declaration.ended_by,
            Declaration.told_on,
            Declaration.ending_rev,
            Declaration.ending_blob,
        )
        .join(Declaration, Declaration.id == DeclarationContent.declaration_id)
        .order_by(Declaration.ends_on.is_(None), Declaration.ends_on, Declaration.place, Declaration.id)
    )


def _holding(client_id: UUID, on: dt.date) -> ColumnElement[bool]:
    return (
        (Declaration.client_id == client_id)
        & (Declaration.state == VALID)
        & (Declaration.from_on <= on)
        & or_(Declaration.ends_on.is_(None), Declaration.ends_on >= on)
    )


def _opened(rows: Any) -> list[tuple[Any, Line | None]]:
    """Each row with its line, None where it cannot be read: such a line covers nothing."""
    keys = keys_of(session(), {row.client_id for row in rows})
    boxes = open_column(
        DeclarationContent.box, "declaration_content", [tuple(row[:1]) + tuple(row[2:5]) for row in rows], keys
    )
    return [(row, box.record.line if box.record else None) for row, box in zip(rows, boxes, strict=True)]


def _view(row: Any, line: Line | None) -> DeclarationView:
    keys = keys_of(session(), {row.client_id})
    sealed = [(row.declaration_id, row.client_id, row.ending_rev, row.ending_blob)]
    (ending,) = open_column(Declaration.ending, "declaration", sealed, keys)
    return DeclarationView(
        id=row.declaration_id,
        client_id=row.client_id,
        sheet_id=row.sheet_id,
        place=row.place,
        state=row.state,
        line=line,
        from_on=row.from_on,
        ends_on=row.ends_on,
        ended_on=row.ended_on,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        told_on=row.told_on,
        ending=ending.record,
    )


def _merged(partner_ids: Iterable[UUID | None]) -> Mapping[UUID, UUID]:
    """Merged entries of the directory and what they mean today; no statement where no release names any."""
    if not any(partner_ids):
        return {}
    rows = session().execute(
        select(Partner.id, Partner.merged_into_id).where(Partner.merged_into_id.is_not(None)).order_by(Partner.id)
    )
    return {merged: kept for merged, kept in rows if kept is not None}
