"""How lines follow their records: whatever writes a record through the session writes its line in the same transaction.

Objects are followed at the flush, and their lines written in one statement before the commit; statements that insert,
change or delete many rows at once, and what a foreign key deletes along with a row, when they are executed. Nobody
calls anything here, so nobody forgets it. What passes by the session is named in an architecture test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import delete, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, PassiveFlag, Session, SessionTransaction, UOWTransaction
from sqlalchemy.orm.attributes import get_history

from caseapp.db.postgres import LIFTED
from caseapp.db.unit import CaseSession
from caseapp.keystore import KeyStore
from caseapp.sealed import keys_of, seal_row
from caseapp.security.vault import Key, UnreadableError
from caseapp.tallies import keys, sources
from caseapp.tallies.lines import AnyLine, PersonLine
from caseapp.tallies.models import Tally, TallyBox
from caseapp.tallies.sources import CHUNK, Stored

_DUE, _MARKS = "tallies_due", "tallies_due_marks"  # in `Session.info`
_log = structlog.get_logger(__name__)


class Due(NamedTuple):
    """A line that is to be written: whose, what (None: it goes), and whether the row scope was lifted meanwhile."""

    stored: Stored
    line: AnyLine | None
    lifted: bool


def write_lines(session: Session, records: Iterable[Stored]) -> None:
    """Make the lines of these records what the records say, at once.

    A record that cannot be opened keeps the line that it has; the log says so, and so does a recount.
    """
    _write(session, list(_said(session, records)))


def settle(session: Session) -> None:
    """Write what this unit of work owes: one statement for all its flushes. Before a commit and before a look."""
    due = _due(session)
    if not due:
        return
    owed = list(due.values())
    due.clear()
    _write(session, [each for each in owed if not each.lifted])
    with _lifted(session):
        _write(session, [each for each in owed if each.lifted])


def _write(session: Session, owed: list[Due]) -> None:
    remove_lines(session, [each.stored.row_id for each in owed if each.line is None])
    put_lines(session, ((each.stored, each.line) for each in owed if each.line is not None))


def _said(session: Session, records: Iterable[Stored]) -> Iterator[Due]:
    lifted = bool(session.info.get(LIFTED))
    for stored in records:
        try:
            yield Due(stored, stored.record.tally(), lifted)
        except UnreadableError:
            _log.error("tally_unreadable")


def _due(session: Session) -> dict[UUID, Due]:
    """What is owed, by the record's id: of several flushes the last one counts."""
    due: dict[UUID, Due] = session.info.setdefault(_DUE, {})
    return due


@contextmanager
def _lifted(session: Session) -> Iterator[None]:
    """As `everything`, in the midst of a flush."""
    before = session.info.get(LIFTED, False)
    session.info[LIFTED] = True
    try:
        yield
    finally:
        session.info[LIFTED] = before


def put_lines(session: Session, lines: Iterable[tuple[Stored, AnyLine]]) -> None:
    """Store these lines in the place of those that the records had."""
    ring: dict[UUID, Key] = {}
    rows = [line_row(session, stored, line, ring) for stored, line in lines]
    if rows:
        session.execute(_upsert(session.get_bind().dialect.name), rows)


def remove_lines(session: Session, row_ids: Iterable[UUID]) -> None:
    """Take the lines of these records away, if they have any."""
    drop_lines(session, [keys.line_id(row_id) for row_id in row_ids])


def drop_lines(session: Session, line_ids: list[UUID]) -> None:
    """Delete lines by their own ids."""
    for start in range(0, len(line_ids), CHUNK):
        _run(session, delete(Tally).where(Tally.id.in_(line_ids[start : start + CHUNK])))


def line_row(session: Session, stored: Stored, line: AnyLine, ring: dict[UUID, Key]) -> dict[str, Any]:
    """The row of a line. `ring` keeps the carriers' keys: asking for one looks at a file each time."""
    carrier = stored.organisation_id
    key = ring.get(carrier)
    if key is None:
        keystore: KeyStore = session.info["keystore"]
        key = ring[carrier] = keystore.keyring.organisation(carrier)
    row_id = keys.line_id(stored.row_id)
    return {
        "id": row_id,
        "organisation_id": carrier,
        "person": person_of(stored),
        **seal_row(key, Tally.box, Tally.__tablename__, row_id, box_of(stored, line)),
    }


def person_of(stored: Stored) -> int | None:
    """Under which number the line stands; None for work without a file."""
    return keys.person_number(stored.client_id) if stored.client_id else None


def box_of(stored: Stored, line: AnyLine) -> TallyBox:
    """What is sealed."""
    if isinstance(line, PersonLine) and stored.client_id is not None:
        return TallyBox(line=line, key=keys.record_key(stored.client_id))
    return TallyBox(line=line)


@cache
def _upsert(dialect: str) -> Any:
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(Tally)
    anew = {name: getattr(statement.excluded, name) for name in ("organisation_id", "person", "box", "box_rev")}
    return statement.on_conflict_do_update(index_elements=["id"], set_=anew).execution_options(render_nulls=True)


def _run(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))


# -- objects


def _forget_deleted(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Before the rows go: afterwards nobody can tell what a foreign key has taken along."""
    for row in session.deleted:
        table: Any = type(row)
        _forget(session, table, [row.id])


def _follow(session: Session, _context: UOWTransaction) -> None:
    """After the statements of the flush, when the defaults of columns stand in the objects, too."""
    changed = [row for row in session.new if sources.counts(type(row))]
    changed += [row for row in session.dirty if sources.counts(type(row)) and _may_differ(row)]
    for each in _said(session, map(sources.of_object, changed)):
        _due(session)[each.stored.row_id] = each._replace(stored=each.stored._replace(record=None))


def _may_differ(row: Any) -> bool:
    table: Any = type(row)
    return any(
        get_history(row, name, PassiveFlag.PASSIVE_NO_INITIALIZE).has_changes() for name in sources.watched(table)
    )


# -- statements


def _follow_statement(state: ORMExecuteState) -> Any:
    """Let a statement that changes many rows at once write their lines."""
    if state.bind_mapper is None or not (state.is_insert or state.is_update or state.is_delete):
        return None
    table: Any = state.bind_mapper.class_
    statement: Any = state.statement
    if state.is_delete:
        if sources.counts(table) or sources.children(table):
            _forget(state.session, table, _matched(state, table))
    elif sources.counts(table):
        if state.is_insert:
            return _follow_insert(state, table)
        found = _matched(state, table)
        result = state.invoke_statement(statement=statement)
        recount_rows(state.session, table, found)
        return result
    return None


def _matched(state: ORMExecuteState, table: Any) -> list[UUID]:
    """The rows that the statement is about."""
    statement: Any = state.statement
    where = () if statement.whereclause is None else (statement.whereclause,)
    return list(state.session.scalars(select(table.id).where(*where).order_by(table.id)))


def _follow_insert(state: ORMExecuteState, table: Any) -> Any:
    given: Any = state.parameters
    rows: list[Mapping[str, Any]] = given if isinstance(given, list) else [given] if given else []
    if not rows:
        raise TypeError("records that count are inserted with a list of parameters: their lines are made from it")
    result = state.invoke_statement()
    write_lines(state.session, _opened(state.session, table, rows))
    return result


def recount_rows(session: Session, table: Any, ids: list[UUID]) -> None:
    """Read these rows again and write their lines."""
    for row_id in ids:
        _due(session).pop(row_id, None)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        rows = session.execute(sources.select_values(table).where(table.id.in_(chunk)).order_by(table.id)).mappings()
        write_lines(session, _opened(session, table, list(rows)))


def _opened(session: Session, table: Any, rows: list[Any]) -> Iterator[Stored]:
    owner = sources.owner_name(table)
    held: Mapping[UUID, Key]
    if owner:
        held = keys_of(session, {row[owner] for row in rows})
    else:
        keystore: KeyStore = session.info["keystore"]
        held = {each: keystore.keyring.organisation(each) for each in {row["organisation_id"] for row in rows}}
    return sources.of_values(table, rows, held)


def _forget(session: Session, table: Any, ids: list[UUID]) -> None:
    """Take the lines of these rows and of all that goes with them; of a client's file everything under the person."""
    if not ids or not (sources.counts(table) or sources.children(table)):
        return
    with _lifted(session):
        gone = list(sources.doomed(session, table, ids))
        remove_lines(session, gone)
        if table is sources.client_table():
            people = [keys.person_number(client_id) for client_id in ids]
            for start in range(0, len(people), CHUNK):
                _run(session, delete(Tally).where(Tally.person.in_(people[start : start + CHUNK])))
    for row_id in gone:
        _due(session).pop(row_id, None)


# -- transactions


def _settle_first(session: Session) -> None:
    if not session.in_nested_transaction():
        session.flush()
        settle(session)


def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(_MARKS, {})[transaction] = dict(_due(session))


def _return(session: Session) -> None:
    """After a rollback only what was owed before it is owed, up to the savepoint if there is one."""
    savepoint = session.get_nested_transaction()
    session.info[_DUE] = dict(session.info.get(_MARKS, {}).get(savepoint, {}))


event.listen(CaseSession, "before_flush", _forget_deleted)
event.listen(CaseSession, "after_flush", _follow)
event.listen(CaseSession, "do_orm_execute", _follow_statement)
event.listen(CaseSession, "before_commit", _settle_first)
event.listen(CaseSession, "after_transaction_create", _mark)
event.listen(CaseSession, "after_rollback", _return)
