"""What an office hides of the shipped code lists. It may hide, not add: figures must add up over the state."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from caseapp.db import Base, OrganisationBound


class HiddenCode(OrganisationBound, Base):
    """A code that the forms of one carrier no longer offer. Stored records keep their label."""

    __tablename__ = "hidden_code"
    __table_args__ = (UniqueConstraint("organisation_id", "list_name", "code"),)

    list_name: Mapped[str]
    code: Mapped[str]
