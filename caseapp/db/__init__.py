"""The database: declarative base, the three kinds of tables, the row scope, units of work.

`session()` is the session of the running unit of work; queries and services call it and never open their own.
"""

from caseapp.db.base import (
    Base,
    ClientBound,
    ClientListed,
    InstallationBound,
    OrganisationBound,
    Shared,
    new_id,
)
from caseapp.db.once import stored_before
from caseapp.db.postgres import hold, hold_carrier
from caseapp.db.scope import everything
from caseapp.db.types import Id, UtcDateTime
from caseapp.db.unit import Database, session

__all__ = [
    "Base",
    "ClientBound",
    "ClientListed",
    "Database",
    "Id",
    "InstallationBound",
    "OrganisationBound",
    "Shared",
    "UtcDateTime",
    "everything",
    "hold",
    "hold_carrier",
    "new_id",
    "session",
    "stored_before",
]
