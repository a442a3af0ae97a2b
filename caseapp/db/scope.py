"""The second gate: every ORM statement is narrowed to what the actor may see. Without an actor nothing is visible.

Not covered by the hook, and therefore banned outside named places by an architecture test: statements on a bare
connection, selects on the table object of a class, literal SQL, bulk updates with a parameter list. Inserts are checked
at the flush.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, event, false, or_, select
from sqlalchemy.orm import (
    ORMExecuteState,
    Session,
    UOWTransaction,
    with_loader_criteria,
)
from sqlalchemy.orm.util import LoaderCriteriaOption

from caseapp.db.base import Base, ClientBound, ClientListed, OrganisationBound
from caseapp.db.narrowing import Narrowing, Value
from caseapp.db.postgres import LIFTED
from caseapp.db.types import Id
from caseapp.errors import ForbiddenError
from caseapp.security.actor import Actor, Duty, Role

_OPTIONS = "scope_options"
_EVERYTHING = LIFTED  # PostgreSQL is told, too
_BOUND: tuple[type[Any], ...] = (ClientBound, ClientListed, OrganisationBound)


def set_actor(session: Session, actor: Actor | None) -> None:
    """Bind the session to one actor. Criteria are built once an actor, not once a statement (425 us)."""
    session.info["actor"] = actor
    session.info[_OPTIONS] = _options(actor)
    session.info[_EVERYTHING] = False


@contextmanager
def everything(session: Session) -> Iterator[None]:
    """Lift the narrowing inside the block. Only `audit.everything` calls this, because each such read is recorded."""
    before = session.info.get(_EVERYTHING, False)
    session.info[_EVERYTHING] = True
    try:
        yield
        session.flush()
    finally:
        session.info[_EVERYTHING] = before


def install(session_class: type[Session]) -> None:
    """Hook the narrowing into every session of this class."""
    event.listen(session_class, "do_orm_execute", _narrow)
    event.listen(session_class, "before_flush", _check_inserts)


def _narrow(state: ORMExecuteState) -> None:
    # Loads of columns and relationships keep the criteria of the statement that loaded their parent.
    if state.is_column_load or state.is_relationship_load or state.session.info.get(_EVERYTHING):
        return
    options = state.session.info.get(_OPTIONS)
    state.statement = state.statement.options(*(options if options is not None else _options(None)))


def _check_inserts(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    if session.info.get(_EVERYTHING):
        return
    actor: Actor | None = session.info.get("actor")
    allowed = actor.organisation_ids if actor else frozenset()
    for record in session.new:
        if isinstance(record, _BOUND) and record.organisation_id not in allowed:
            raise ForbiddenError("Dieser Datensatz gehört zu einem anderen Träger.")


@cache
def _client_class() -> type[Any]:
    """The table of client files; it is declared in an upper storey and found by its name."""
    for mapper in Base.registry.mappers:
        if mapper.class_.__tablename__ == "client":
            return mapper.class_
    raise LookupError("the table of clients is not declared")


@lru_cache(maxsize=1024)
def _options(actor: Actor | None) -> tuple[LoaderCriteriaOption, ...]:
    if actor is None:
        return tuple(with_loader_criteria(kind, lambda _cls: false(), include_aliases=True) for kind in _BOUND)
    client = _client_class()
    findable, readable = _findable(client, actor), _readable(client, actor)
    listed_ids, readable_ids = select(client.id).where(findable), select(client.id).where(readable)
    carriers = [_id(organisation_id) for organisation_id in sorted(actor.organisation_ids)]

    def of_carriers(cls: Any) -> ColumnElement[bool]:
        return _any_of([cls.organisation_id == carrier for carrier in carriers])

    return (
        Narrowing(client, lambda _cls: findable, findable),
        Narrowing(ClientListed, lambda cls: cls.client_id.in_(listed_ids), listed_ids, but=client),
        Narrowing(ClientBound, lambda cls: cls.client_id.in_(readable_ids), readable_ids),
        Narrowing(OrganisationBound, of_carriers, of_carriers(client)),
    )


def _id(value: UUID) -> Value:
    return Value(value, Id())


def _named(client: type[Any], actor: Actor) -> ColumnElement[bool]:
    own: ColumnElement[bool] = client.worker_id == _id(actor.user_id)
    return or_(own, _one_of(client, actor.granted)) if actor.granted else own


def _one_of(client: type[Any], ids: frozenset[UUID]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = client.id.in_(Value(sorted(ids), Id(), several=True))
    return found


def _within(client: type[Any], duty: Duty) -> ColumnElement[bool]:
    organisation: ColumnElement[bool] = client.organisation_id == _id(duty.organisation_id)
    return organisation if duty.team_id is None else and_(organisation, client.team_id == _id(duty.team_id))


def _any_of(parts: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    return or_(*parts) if parts else false()


def _in_own_organisations(client: type[Any], actor: Actor) -> ColumnElement[bool]:
    carriers = {duty.organisation_id for duty in actor.duties_as(Role.CASEWORKER, Role.LEAD)}
    return _any_of([client.organisation_id == _id(organisation_id) for organisation_id in sorted(carriers)])


def _findable(client: type[Any], actor: Actor) -> ColumnElement[bool]:
    """Row 1 of the table of roles: the team, open files; protected files only for named persons.

    A lead who is asked to agree that the protection ends finds that file, too.
    """
    team = [_within(client, duty) for duty in actor.duties_as(Role.CASEWORKER)]
    lead = [_within(client, duty) for duty in actor.duties_as(Role.LEAD)]
    unprotected = client.protected.is_(False)
    return and_(
        _in_own_organisations(client, actor),
        or_(
            _named(client, actor),
            and_(unprotected, client.closed_on.is_(None), _any_of(team)),
            and_(unprotected, _any_of(lead)),
            *([and_(_one_of(client, actor.asked), _any_of(lead))] if actor.asked else []),
        ),
    )


def _readable(client: type[Any], actor: Actor) -> ColumnElement[bool]:
    """Row 2: the own and granted files; the team's only for a lead with the mark "fachliche Leitung"."""
    lead = [_within(client, duty) for duty in actor.duties_as(Role.LEAD) if duty.professional_lead]
    return and_(
        _in_own_organisations(client, actor),
        or_(_named(client, actor), and_(client.protected.is_(False), _any_of(lead))),
    )
