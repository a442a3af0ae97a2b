"""What the job process does for the log every few seconds, and how one notices that it does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import structlog

from caseapp import clock
from caseapp.audit.roots import keep_daily
from caseapp.audit.sealing import check_chain, seal_pending, signing_folder, waiting
from caseapp.db import Database
from caseapp.i18n import gettext as _
from caseapp.security.signing import BrokenChainError, look

_LONG = dt.timedelta(minutes=15)
_log = structlog.get_logger(__name__)


class SealKeeper:
    """Seals what waits and keeps the root of each day. A broken chain is told once, not every few seconds."""

    def __init__(self, database: Database, roots: Path) -> None:
        self._database, self._roots, self._told = database, roots, False

    def __call__(self) -> None:
        """One round; each may be repeated after any interruption."""
        try:
            seal_pending(self._database)
        except BrokenChainError as broken:
            if not self._told:
                _log.error("audit_chain_broken", message=str(broken))
            self._told = True
            return
        self._told = False
        line = keep_daily(self._database, self._roots)
        if line:
            _log.info("audit_root", root=line)


def problems(database: Database) -> Iterator[str]:
    """German sentences on what keeps the log from being sealed."""
    folder = signing_folder(database)
    before = look(folder)
    with database.unit(None, write=False) as unit:
        number, since = waiting(unit)
        try:
            check_chain(unit, before, look(folder))
        except BrokenChainError as broken:
            yield str(broken)
            return
    if since is not None and clock.now() - since > _LONG:
        yield _(
            "%(number)s Ereignisse warten seit %(since)s auf ihr Siegel. Läuft der Hintergrundprozess (caseapp jobs)?",
            number=number,
            since=f"{clock.local(since):%d.%m.%Y %H:%M}",
        )
