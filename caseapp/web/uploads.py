"""Uploaded files stay in memory (Flask would write larger ones to a temporary file in the clear), up to a limit.

Pages that take large files (`Area.page(uploads=...)`) have them sealed while they arrive: one chunk of each is in
memory, nothing else is on the disk.
"""

from __future__ import annotations

import errno
from io import BytesIO
from typing import IO, Any, cast

import structlog
from flask import Flask, Request, current_app, g, request
from werkzeug.datastructures import FileStorage

from caseapp.sealed.files import FileStore, StoredFile
from caseapp.security import policy
from caseapp.web import context

_PIECE = 1 << 16
_SEALED = "sealed_uploads"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_log = structlog.get_logger(__name__)


class MemoryRequest(Request):
    """A request whose files never touch the disk in the clear; the limit of content bounds the memory."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # the signature is Werkzeug's
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        taken: list[SealedUpload] | None = g.get(_SEALED)
        if taken is None:
            return BytesIO()
        taken.append(SealedUpload(_store(), g.largest_upload))
        return cast(IO[bytes], taken[-1])


class SealedUpload:
    """One uploaded file on its way into a sealed one, as far as Werkzeug's parser uses a file.

    It lasts as long as the request, unless it is kept. `too_large`, `no_room`: nothing of it was stored.
    """

    def __init__(self, store: FileStore, largest: int) -> None:
        self._writer, self._largest = store.write(), largest
        self._stored: StoredFile | None = None
        self._kept = self.too_large = self.no_room = False

    def write(self, piece: bytes) -> int:
        """The next piece. After a problem the rest is read and forgotten, so that the other files arrive."""
        if self.too_large or self.no_room:
            return len(piece)
        if self._writer.size + len(piece) > self._largest:
            self.too_large = True
            self._writer.discard()
            return len(piece)
        try:
            self._writer.add(piece)
        except OSError as error:
            self._give_up(error)
        return len(piece)

    def seek(self, _offset: int, _whence: int = 0) -> int:
        """What the parser does at the end."""
        return 0

    def close(self) -> None:
        """What the request does at its end: a file that nobody has kept is gone."""
        if not self._kept:
            self._writer.discard()

    def finish(self) -> StoredFile | None:
        """The sealed file, on the disk; None after a problem."""
        if self._stored is None and not (self.too_large or self.no_room):
            try:
                self._stored = self._writer.finish()
            except OSError as error:
                self._give_up(error)
        return self._stored

    def keep(self) -> None:
        """The row that names it is committed."""
        self._kept = True

    def _give_up(self, error: OSError) -> None:
        self._writer.discard()
        if error.errno not in _FULL:
            raise error
        _log.error("disk_full")
        self.no_room = True


def sealed_upload(file: FileStorage) -> SealedUpload:
    """The sealed file behind a posted one, on pages that seal them."""
    return cast(SealedUpload, file.stream)


def install(app: Flask) -> None:
    """Let the pages that ask for it take more than others, from people who hold their permission."""

    @app.before_request
    def widen() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        wanted = getattr(view, "uploads", None)
        actor = context.find_actor()
        if wanted is not None and actor is not None and policy.may(actor, view.permission):  # type: ignore[union-attr]
            request.max_content_length, g.largest_upload = wanted.together, wanted.largest
            g.sealed_uploads = []

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        taken: list[Any] = g.pop(_SEALED, [])
        for upload in taken:
            upload.close()


def read_away() -> None:
    """Read the rest of a body that is too large and forget it: a browser shows no answer before it has sent all.

    At most ten times what is allowed, and for signed-in people only; the connection of others breaks off.
    """
    if context.find_actor() is None:
        return
    left = 10 * context.settings().upload_limit_bytes
    if request.content_length is not None:
        left = min(left, request.content_length)
    body = request.environ["wsgi.input"]
    while left > 0 and (piece := body.read(min(left, _PIECE))):
        left -= len(piece)


def _store() -> FileStore:
    return cast(FileStore, current_app.extensions["caseapp_files"])
