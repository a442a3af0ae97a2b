"""Small pictures of images, and what is to be deleted for good: done in the job process."""

from __future__ import annotations

import subprocess
import sys

from caseapp import audit
from caseapp.attachments import queries, service
from caseapp.attachments.rules import pictures
from caseapp.db import Database
from caseapp.jobs import Handler, JobContext
from caseapp.sealed.files import FileStore, StoredFile, files
from caseapp.settings import PROJECT_ROOT

_DAY_SECONDS = 24 * 60 * 60
_DRAWING = [sys.executable, "-m", pictures.__name__]


def make_preview(context: JobContext) -> None:
    """Draw the small picture of an image. One that cannot be drawn keeps its sign."""
    with context.database.unit(context.actor, write=False):
        attachment, store = queries.get_attachment(context.target_id), files()
        content = b"".join(store.read(StoredFile(attachment.file_id, attachment.head.key, attachment.head.size)))
    picture = _drawn(content)
    if picture is None:
        return
    stored = store.store(picture.content)
    kept = False
    try:
        with context.database.unit(context.actor, write=True):
            kept = service.keep_preview(queries.get_attachment(context.target_id), picture, stored)
    finally:
        if not kept:
            store.delete((stored.file_id,))


def _drawn(content: bytes) -> pictures.Picture | None:
    """Drawn by a process of its own: whatever an image does to its decoder, it does it there, in its bounds."""
    try:
        done = subprocess.run(  # noqa: S603  # this project's own module, no shell, nothing of the environment
            _DRAWING,
            input=content,
            capture_output=True,
            timeout=2 * pictures.SECONDS,
            cwd=PROJECT_ROOT,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return pictures.unpacked(done.stdout) if done.returncode == 0 else None


def tidy(database: Database, store: FileStore) -> None:
    """Delete what was cancelled ten minutes ago, and files that no row knows of since a day."""
    with database.unit(None, write=True) as unit:
        with audit.everything("attachments:tidy"):
            doomed = service.purge()
            known = queries.list_all_file_ids()
        if not doomed:
            unit.rollback()  # nothing was seen but ids: no event every few minutes
    store.delete(doomed)
    # An empty table beside full folders is a wrong database rather than a thousand left files.
    if known:
        store.delete(store.left_behind(known, older_than=_DAY_SECONDS))


HANDLERS: dict[str, Handler] = {service.PREVIEW: make_preview}
