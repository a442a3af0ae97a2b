"""The declarative base and the kinds of tables. Every table is exactly one kind; an architecture test refuses the rest.

The kind decides which rows a statement sees (`db.scope`) and which key seals the row (`sealed`).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from caseapp.db.types import Id

_NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """A random id. Never derived from anything, so it may stand in addresses and logs of the system."""
    return uuid4()


class Base(DeclarativeBase):
    """Base of all tables of the data database. `id` exists from construction on: sealing needs it before the flush."""

    metadata = MetaData(naming_convention=_NAMES)

    id: Mapped[UUID] = mapped_column(Id, primary_key=True, sort_order=-10)

    def __init__(self, **values: Any) -> None:
        self.id = values.pop("id", None) or new_id()
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no attribute {name}")
            setattr(self, name, value)


class OrganisationBound:
    """Rows of one organisation (carrier), sealed under its key, seen by people with a duty in it."""

    @declared_attr
    def organisation_id(cls) -> Mapped[UUID]:
        return mapped_column(Id, ForeignKey("organisation.id"), index=True)


class ClientBound:
    """Rows of one client file, sealed under the client's key, seen by those who may read the file."""

    @declared_attr
    def client_id(cls) -> Mapped[UUID]:
        return mapped_column(Id, ForeignKey("client.id", ondelete="CASCADE"), index=True)

    @declared_attr
    def organisation_id(cls) -> Mapped[UUID]:
        return mapped_column(Id, ForeignKey("organisation.id"), index=True)


class ClientListed:
    """Rows that lists need: seen by those who may find the client, the team included. No content beyond the head.

    The client's own table is of this kind; its rows carry who is responsible.
    """

    @declared_attr
    def organisation_id(cls) -> Mapped[UUID]:
        return mapped_column(Id, ForeignKey("organisation.id"), index=True)


class Shared:
    """Rows that everybody who is signed in may see: carriers, teams. Nothing of a client."""


class InstallationBound:
    """Rows of the installation itself (accounts, web sessions, audit), sealed under the installation's key.

    Read only through the queries of their own slice; nothing of a client is in the clear there.
    """
