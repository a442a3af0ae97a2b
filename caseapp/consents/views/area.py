"""The area of this slice, and what its pages share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.consents import queries
from caseapp.consents.models import Declaration, DeclarationSheet
from caseapp.consents.service import WithdrawalHook
from caseapp.errors import NotFoundError
from caseapp.papers.models import Paper
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.area import Area

area = Area("consents", __name__)

# Under this name the factory hands over what a withdrawal stops.
HOOKS = "caseapp_withdrawal_hooks"


def hooks() -> Sequence[WithdrawalHook]:
    """What a withdrawal stops, of all slices."""
    return cast(Sequence[WithdrawalHook], current_app.extensions[HOOKS])


def load_sheet(sheet_id: UUID, permission: Permission) -> tuple[DeclarationSheet, Client]:
    """The sheet with its file. Raises NotFoundError, ForbiddenError."""
    sheet = queries.get_sheet(sheet_id)
    client = clients.get_client(sheet.client_id)
    policy.require(context.actor(), permission, client)
    return sheet, client


def load_declaration(declaration_id: UUID, permission: Permission) -> tuple[Declaration, Client]:
    """The declaration with its file, for readers of the file. Raises NotFoundError, ForbiddenError.

    A colleague finds the row, to withdraw it with others on the one page for that; here it is as if it were missing.
    """
    declaration = queries.get_declaration(declaration_id)
    client = clients.get_client(declaration.client_id)
    if not policy.allows(context.actor(), Permission.CLIENT_READ, client):
        raise NotFoundError
    policy.require(context.actor(), permission, client)
    return declaration, client


def to_list(client: Client) -> ResponseReturnValue:
    """The tab of this client."""
    return redirect(url_for("consents.index", client_id=client.id))


def to_paper(paper: Paper, onward: str) -> ResponseReturnValue:
    """Wait for the paper, then go on to this page of the application."""
    return redirect(url_for("papers.show", paper_id=paper.id, weiter=onward))
