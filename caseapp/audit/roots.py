"""Roots for outside: one line a day that nobody in the house can change any more."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp import clock
from caseapp.audit.models import AuditBatch
from caseapp.audit.proofs import chain_digest
from caseapp.audit.sealing import last_batch, signing_folder
from caseapp.db import Database
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.security.signing import look

_KEY = "key"


class Root(NamedTuple):
    """The digest of the chain of seals up to `number`, as it was on `day`, with the seal's signature."""

    day: dt.date
    number: int
    digest: bytes
    signature: bytes

    def line(self) -> str:
        """Day, number, root, signature."""
        return f"{self.day:%Y-%m-%d} {self.number} {self.digest.hex()} {self.signature.hex()}"


class Outside(NamedTuple):
    """What was kept outside: roots, and the public key of the first seal if it is there."""

    roots: tuple[Root, ...] = ()
    first_key: bytes | None = None


def todays_root(database: Database) -> Root | None:
    """The root of the latest seal; None before the first."""
    with database.unit(None, write=False) as unit:
        return present_root(unit)


def present_root(unit: Session) -> Root | None:
    """The root of the latest seal that this unit sees, for what is bound to the log; None before the first."""
    last = last_batch(unit)
    return Root(clock.today(), last.number, chain_digest(last), last.signature) if last else None


def first_key(database: Database) -> bytes | None:
    """The public key of the first seal; None before there is one."""
    with database.unit(None, write=False) as unit:
        first = unit.scalars(select(AuditBatch).order_by(AuditBatch.number, AuditBatch.id).limit(1)).first()
    if first is not None:
        return first.public_key
    signing = look(signing_folder(database))
    return signing.public_key if signing.number == 1 else None


def key_line(key: bytes) -> str:
    """The public key of the first seal as a line for outside."""
    return f"{_KEY} {key.hex()}"


def read_outside(lines: Iterable[str]) -> Outside:
    """What a file from outside says. Raises RuleError for a line that is none of ours."""
    roots, key = [], None
    for number, line in enumerate(lines, 1):
        words = line.split()
        try:
            if words[:1] == [_KEY]:
                key = bytes.fromhex(words[1])
            elif words:
                day, batch, digest, signature = words
                roots.append(
                    Root(dt.date.fromisoformat(day), int(batch), bytes.fromhex(digest), bytes.fromhex(signature))
                )
        except (ValueError, IndexError):
            raise RuleError(_("Zeile %(number)s der Wurzeln ist nicht lesbar.", number=number)) from None
    return Outside(tuple(roots), key)


def keep_daily(database: Database, path: Path) -> str | None:
    """Append today's root to the file unless today's stands there already; the line if it was appended."""
    if path.exists() and clock.today().isoformat() in _last_line(path):
        return None
    root = todays_root(database)
    if root is None:
        return None
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="ascii") as target:
        target.write(root.line() + "\n")
        target.flush()
        os.fsync(target.fileno())
    return root.line()


def _last_line(path: Path) -> str:
    lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    return lines[-1] if lines else ""
