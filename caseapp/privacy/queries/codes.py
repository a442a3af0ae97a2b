"""Pseudonyms of people and of files: stable within an installation, made with a key that never leaves it."""

from __future__ import annotations

import base64
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from caseapp.accounts import queries as accounts
from caseapp.accounts.models import Membership
from caseapp.clients.models import Client
from caseapp.db import scope, session
from caseapp.keystore import KeyStore
from caseapp.privacy.models import Erasure
from caseapp.security.vault import keyed_digest

_LENGTH = 7


def person_code(user_id: UUID) -> str:
    """`P-7KQ2MXA`: the same for this person in every list of this installation, and in no other."""
    return "P-" + _code("person", user_id)


def file_code(client_id: UUID) -> str:
    """`A-7KQ2MXA`: the same for this file in every list of this installation. It is no file number."""
    return "A-" + _code("file", client_id)


def find_person(code: str, organisation_ids: Collection[UUID]) -> UUID | None:
    """Whose pseudonym this is among the present and former people of these carriers, or None."""
    wanted = code.strip().upper()
    statement = (
        select(Membership.user_id)
        .where(Membership.organisation_id.in_(organisation_ids))
        .distinct()
        .order_by(Membership.user_id)
    )
    return next((each for each in session().scalars(statement) if person_code(each) == wanted), None)


def find_file(code: str, organisation_ids: Collection[UUID]) -> UUID | None:
    """Which file of these carriers has this pseudonym, an erased one too, or None. Opens nothing."""
    wanted = code.strip().upper()
    current = session()
    with scope.everything(current):
        present = current.scalars(
            select(Client.id).where(Client.organisation_id.in_(organisation_ids)).order_by(Client.id)
        ).all()
    erased = current.scalars(
        select(Erasure.client_id).where(Erasure.organisation_id.in_(organisation_ids)).order_by(Erasure.client_id)
    ).all()
    return next((each for each in (*present, *erased) if file_code(each) == wanted), None)


def name_of(user_id: UUID) -> str:
    """The name behind a pseudonym: asked for by the pages of complaints only."""
    return accounts.names_of({user_id}).get(user_id, "–")


def _code(kind: str, row_id: UUID) -> str:
    known: dict[tuple[str, UUID], str] = session().info.setdefault("pseudonyms", {})
    if (kind, row_id) not in known:
        secret = session().info.get("pseudonym_secret")
        if secret is None:
            keystore: KeyStore = session().info["keystore"]
            secret = session().info["pseudonym_secret"] = keystore.keyring.secret("statistics")
        digest = keyed_digest(secret, f"pseudonym|{kind}|{row_id.hex}")
        known[kind, row_id] = base64.b32encode(digest).decode("ascii")[:_LENGTH]
    return known[kind, row_id]
