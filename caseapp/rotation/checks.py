"""Whether keys, data and the list of erased clients belong together."""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from caseapp import clock
from caseapp.audit import AuditEvent
from caseapp.db import Base, Database, everything
from caseapp.i18n import gettext as _
from caseapp.keystore import KeyStore, client_key
from caseapp.security.keyring import moment
from caseapp.security.vault import UnreadableError

_TOLERANCE = dt.timedelta(minutes=5)
_TRIES = 3


class Standing(NamedTuple):
    """Which clients there are in the data and in the keystore, by organisation, and which were erased."""

    files: dict[UUID, UUID]
    keys: dict[UUID, UUID]
    erased: set[UUID]

    @property
    def keyless(self) -> set[UUID]:
        """Files without a key that nobody has erased: the keystore is older than the data, or damaged."""
        return self.files.keys() - self.keys.keys() - self.erased

    @property
    def returned(self) -> set[UUID]:
        """Erased clients whose rows or keys are there: the data are older than the list."""
        return (self.files.keys() | self.keys.keys()) & self.erased

    @property
    def orphans(self) -> set[UUID]:
        """Keys without a file, left by work that was interrupted. Harmless."""
        return self.keys.keys() - self.files.keys()


def standing(database: Database, keystore: KeyStore) -> Standing:
    """All clients and keys; the data are read first, since a key is there before its file."""
    client = next(mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__tablename__ == "client")
    with database.unit(None, write=False) as unit, everything(unit):
        files: dict[UUID, UUID] = dict(
            unit.execute(select(client.id, client.organisation_id).order_by(client.id)).all()
        )
    with keystore.engine.connect() as connection:
        rows = select(client_key.c.client_id, client_key.c.organisation_id).distinct()
        keys = dict(connection.execute(rows.order_by(client_key.c.client_id)).all())
    return Standing(files, keys, keystore.erasures.ids())


def look(database: Database, keystore: KeyStore) -> Iterator[str]:
    """What is wrong, in sentences that say what to do."""
    found = standing(database, keystore)
    yield from _modes(keystore)
    yield from _clock(database, keystore)
    yield from notices(found)
    yield from _openable(keystore, found)


def notices(found: Standing) -> Iterator[str]:
    """What a restored backup of the wrong day would show."""
    if found.returned:
        yield _returned(found)
    if found.keyless:
        yield _(
            "%(number)s Akten haben keinen Schlüssel: Der Schlüsselspeicher ist älter als die Daten. "
            "Spielen Sie die jüngste Sicherung des Schlüsselspeichers zurück.",
            number=len(found.keyless),
        )


def refusals(keystore: KeyStore, found: Standing) -> Iterator[str]:
    """What forbids to serve: erased people would be seen, or new keys wrapped with an epoch that a later ring lacks."""
    if found.returned:
        yield _returned(found)
    for organisation_id in sorted(set(found.keys.values())):
        yield from _of_another_day(keystore, organisation_id)


def _returned(found: Standing) -> str:
    return _(
        "%(number)s gelöschte Akten sind wieder da: Die Daten sind älter als die Löschliste. "
        "Abhilfe: caseapp keys replay",
        number=len(found.returned),
    )


def _openable(keystore: KeyStore, found: Standing) -> Iterator[str]:
    """Keys that do not open, by organisation; a carrier whose key is lost does not touch the others."""
    for organisation_id in sorted(set(found.keys.values()) | set(found.files.values())):
        theirs = {each for each, owner in found.keys.items() if owner == organisation_id}
        # What was erased since the keys were counted is not lost.
        lost = len(keystore.owners(theirs - keystore.load(theirs).keys()))
        if not _has_key(keystore, organisation_id):
            yield _(
                "Der Schlüssel des Trägers %(organisation)s fehlt oder öffnet sich nicht. Seine %(files)s Akten sind "
                "nicht lesbar, die der anderen schon. Holen Sie den Schlüsselbund aus der Sicherung.",
                organisation=organisation_id,
                files=len(theirs),
            )
        elif different := list(_of_another_day(keystore, organisation_id)):
            yield from different
        elif lost:
            yield _(
                "%(lost)s Aktenschlüssel des Trägers %(organisation)s öffnen sich nicht. "
                "Spielen Sie Schlüssel und Daten gleichen Standes zurück.",
                lost=lost,
                organisation=organisation_id,
            )


def _has_key(keystore: KeyStore, organisation_id: UUID) -> bool:
    try:
        keystore.keyring.wrapping(organisation_id, keystore.keyring.epoch(organisation_id))
    except UnreadableError:
        return False
    return True


def _of_another_day(keystore: KeyStore, organisation_id: UUID) -> Iterator[str]:
    """Whether the keystore has keys under epochs that the ring does not know, or has forgotten."""
    for _attempt in range(_TRIES):
        used = _epochs_in_use(keystore, organisation_id)
        keystore.keyring.refresh()
        try:
            known = {key.epoch for key in keystore.keyring.epochs(organisation_id)}
        except UnreadableError:
            return
        if used <= known:
            return  # between the two readings a rotation may have ended an epoch: the next reading tells
    yield _(
        "Schlüsselspeicher und Schlüsselbund sind nicht vom gleichen Stand: Träger %(organisation)s. "
        "Spielen Sie beide aus derselben Sicherung zurück.",
        organisation=organisation_id,
    )


def _epochs_in_use(keystore: KeyStore, organisation_id: UUID) -> set[int]:
    used = select(client_key.c.epoch).where(client_key.c.organisation_id == organisation_id).distinct()
    with keystore.engine.connect() as connection:
        return set(connection.execute(used).scalars())


def _modes(keystore: KeyStore) -> Iterator[str]:
    folder = keystore.keyring.folder
    for path in (folder, *sorted(folder.iterdir())):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            yield _(
                "%(path)s ist für andere zugänglich. Abhilfe: chmod %(mode)s %(path)s",
                path=path,
                mode="0700" if path.is_dir() else "0600" if path == keystore.erasures.path else "0400",
            )


def _clock(database: Database, keystore: KeyStore) -> Iterator[str]:
    """A clock that was set back would keep old epochs and let deadlines pass unnoticed."""
    with database.unit(None, write=False) as unit:
        last = unit.scalar(select(func.max(AuditEvent.at)))
    begun = [
        moment(key)
        for each in keystore.keyring.organisation_ids()
        for key in keystore.keyring.epochs(each)
        if key.since
    ]
    latest = max((each for each in (last, *begun) if each is not None), default=None)
    if latest is not None and latest > clock.now() + _TOLERANCE:
        yield _(
            "Die Uhr dieses Rechners geht nach: Der jüngste Eintrag ist vom %(day)s. Stellen Sie die Uhr.",
            day=f"{clock.local(latest):%d.%m.%Y, %H:%M} Uhr",
        )


def summary(database: Database, keystore: KeyStore) -> str:
    """Counts for the operator, without anything about a person."""
    found = standing(database, keystore)
    return _(
        "%(files)s Akten, %(keys)s mit Schlüssel, %(orphans)s Schlüssel ohne Akte, %(erased)s gelöschte Akten.",
        files=len(found.files),
        keys=len(found.files.keys() & found.keys.keys()),
        orphans=len(found.orphans),
        erased=len(found.erased),
    )
