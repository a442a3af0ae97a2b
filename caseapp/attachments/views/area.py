"""The area of attachments, and what its pages share."""

from __future__ import annotations

from uuid import UUID

import structlog
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp.attachments import queries
from caseapp.attachments.models import Attachment
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.security.vault import UnreadableError
from caseapp.web.area import Area

area = Area("attachments", __name__)
_log = structlog.get_logger(__name__)


def load(attachment_id: UUID) -> tuple[Attachment, Client]:
    """The attachment with its client. Raises NotFoundError."""
    attachment = queries.get_attachment(attachment_id)
    return attachment, clients.get_client(attachment.client_id)


def back(client: Client) -> ResponseReturnValue:
    """To the list of the client's files."""
    return redirect(url_for("attachments.index", client_id=client.id))


@area.errorhandler(UnreadableError)
def unreadable(_error: UnreadableError) -> ResponseReturnValue:
    """A file that was changed on the disk, or whose key is gone."""
    _log.error("sealed_file_unreadable")
    return render_template("attachments/unreadable.html"), 422
