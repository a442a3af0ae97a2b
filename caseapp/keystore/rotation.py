"""Wrapping client keys anew, and new generations of them, while other processes create and read keys.

Every step is one transaction that leaves all keys openable; a run that was killed is continued by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, update

from caseapp import clock
from caseapp.keystore.store import CHUNK, LINGERING, KeyStore
from caseapp.keystore.tables import client_key, purpose
from caseapp.security.vault import UnreadableError

Progress = Callable[[int, int], None]
_BATCH = 2_000


def rotate_organisation(
    keystore: KeyStore, organisation_id: UUID, progress: Progress = lambda _done, _all: None
) -> int:
    """Wrap all client keys of an organisation with a new epoch and delete the old one. The number of keys wrapped.

    Raises UnreadableError, with nothing changed, when the organisation's present key is lost. A single key that does
    not open is damaged for good and does not keep the old epoch alive.
    """
    newest = keystore.keyring.begin_epoch(organisation_id)
    total = _count_old(keystore, organisation_id, newest)
    done = _rewrap(keystore, organisation_id, newest, lambda so_far: progress(so_far, total))
    while not _ended(keystore, organisation_id, newest):
        done += _rewrap(keystore, organisation_id, newest, lambda _so_far: None)
    keystore.forget()
    return done


def _old(organisation_id: UUID, newest: int) -> ColumnElement[bool]:
    return (client_key.c.organisation_id == organisation_id) & (client_key.c.epoch != newest)


def _count_old(keystore: KeyStore, organisation_id: UUID, newest: int) -> int:
    statement = select(func.count()).select_from(client_key).where(_old(organisation_id, newest))
    with keystore.engine.connect() as connection:
        return int(connection.execute(statement).scalar_one())


def _ended(keystore: KeyStore, organisation_id: UUID, newest: int) -> bool:
    """Delete the old epochs if no key that opens is left under them.

    The keystore's lock is held meanwhile. Whoever creates a key takes it, too, and then reads the ring: it finds the
    key before this look, or wraps with the new epoch after it.
    """
    with keystore.writing(alone=True) as connection:
        if _wrapped_anew(keystore, connection, organisation_id, newest, after=None)[0]:
            return False
        if len(keystore.keyring.epochs(organisation_id)) > 1:
            keystore.keyring.end_epochs(organisation_id)
        return True


def _rewrap(keystore: KeyStore, organisation_id: UUID, newest: int, progress: Callable[[int], None]) -> int:
    done, after = 0, UUID(int=0)
    while True:
        with keystore.writing(alone=True) as connection:
            rows, last = _wrapped_anew(keystore, connection, organisation_id, newest, after=after)
            if rows:
                connection.execute(
                    update(client_key)
                    .where(client_key.c.client_id == bindparam("of"), client_key.c.generation == bindparam("number"))
                    .values(epoch=newest, wrapped=bindparam("anew")),
                    rows,
                )
        if last is None:
            return done
        done, after = done + len(rows), last
        progress(done)


def _wrapped_anew(
    keystore: KeyStore, connection: Connection, organisation_id: UUID, newest: int, *, after: UUID | None
) -> tuple[list[dict[str, Any]], UUID | None]:
    """Keys under old epochs that open, wrapped anew, and the id of the last; `after` None: all of them at once."""
    statement = select(client_key).where(_old(organisation_id, newest)).order_by(client_key.c.client_id)
    if after is not None:
        # Where it cuts a client's generations apart, the look at the end finds what was left.
        statement = statement.where(client_key.c.client_id > after).limit(_BATCH)
    ring, found, last = keystore.keyring, [], None
    new = ring.wrapping(organisation_id, newest)
    for row in connection.execute(statement):
        last, tied = row.client_id, (organisation_id.bytes, row.epoch, row.generation)
        try:
            old = ring.wrapping(organisation_id, row.epoch)
            secret = old.unwrap(row.wrapped, purpose(*tied) + row.client_id.bytes)
        except UnreadableError:
            continue
        anew = new.wrap(secret, purpose(organisation_id.bytes, newest, row.generation) + row.client_id.bytes)
        found.append({"of": row.client_id, "number": row.generation, "anew": anew})
    return found, last


def begin_generation(keystore: KeyStore, wanted: ColumnElement[bool]) -> set[UUID]:
    """A new generation for each of these clients in one transaction; the ids of those to be sealed anew.

    Where an earlier change has not come to its end, only that one is continued.
    """
    with keystore.writing(alone=True) as connection:
        rows = connection.execute(
            select(client_key.c.client_id, client_key.c.organisation_id, func.max(client_key.c.generation))
            .where(wanted)
            .group_by(client_key.c.client_id, client_key.c.organisation_id)
            .order_by(client_key.c.client_id)
        ).all()
        begun = set(connection.execute(_unfinished().where(wanted)).scalars())
        if not begun and rows:
            keystore.insert_keys(connection, {row[0]: (row[1], row[2] + 1) for row in rows})
            begun = {row[0] for row in rows}
    return begun


def unfinished(keystore: KeyStore, *, lately: bool) -> set[UUID]:
    """Clients whose change to a new generation was interrupted; with `lately` those too who came to its end in the last

    days and may have a row that was written with an older key at that moment.
    """
    recent = select(client_key.c.client_id).where(client_key.c.superseded_at > clock.now() - LINGERING)
    with keystore.engine.connect() as connection:
        found = set(connection.execute(_unfinished()).scalars())
        return found | set(connection.execute(recent).scalars()) if lately else found


def _unfinished() -> Select[UUID]:
    return select(client_key.c.client_id).where(client_key.c.superseded_at.is_(None), _outdone())


def _outdone() -> ColumnElement[bool]:
    """Keys of which there is a newer generation."""
    newer = client_key.alias()
    return (
        select(newer.c.generation)
        .where(newer.c.client_id == client_key.c.client_id, newer.c.generation > client_key.c.generation)
        .exists()
    )


def supersede(keystore: KeyStore, client_ids: Iterable[UUID]) -> None:
    """Note that no row of these clients is sealed under their older generations any more."""
    ids = list(client_ids)
    with keystore.writing() as connection:
        for start in range(0, len(ids), CHUNK):
            connection.execute(
                update(client_key)
                .where(client_key.c.client_id.in_(ids[start : start + CHUNK]), client_key.c.superseded_at.is_(None))
                .where(_outdone())
                .values(superseded_at=clock.now())
            )
