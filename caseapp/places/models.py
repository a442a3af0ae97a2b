"""Carriers and their teams."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, Id, Shared, UtcDateTime
from caseapp.sealed import LONG, SHORT, Record, Sealed


class CarrierProfile(Record, frozen=True, kw_only=True):
    """What notices and forms of a carrier say, and which law it follows (domain.md, section 3)."""

    name: str
    kind: str = ""  # code of the list carrier_kinds
    ags: str = ""  # municipality (8 digits) or district (5 digits) of the carrier's seat
    controller: str = ""
    data_protection_officer: str = ""
    supervisory_authority: str = ""
    law: str = "DSGVO"  # DSGVO | SGB-X | KDG | DSG-EKD
    legal_basis: str = ""
    notice_version: str = "1"


class TeamProfile(Record, frozen=True, kw_only=True):
    """A team's name."""

    name: str


class Organisation(Shared, Base):
    """A carrier (Träger): wall between files and owner of a key. `last_file_number` counts within `file_year`."""

    __tablename__ = "organisation"

    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    file_year: Mapped[int] = mapped_column(default=0)
    last_file_number: Mapped[int] = mapped_column(default=0)
    profile_blob: Mapped[bytes] = mapped_column("profile")
    profile_rev: Mapped[int]

    profile = Sealed(CarrierProfile, blob="profile_blob", revision="profile_rev", block=LONG)


class Team(Shared, Base):
    """A team inside a carrier. Colleagues of a team see each other's heads of files."""

    __tablename__ = "team"

    organisation_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organisation.id"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    profile_blob: Mapped[bytes] = mapped_column("profile")
    profile_rev: Mapped[int]

    profile = Sealed(TeamProfile, blob="profile_blob", revision="profile_rev", block=SHORT)


class Installation(Shared, Base):
    """One row: what this database is. `demo` marks invented people; only there commands may leave out `--as`."""

    __tablename__ = "installation"

    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    demo: Mapped[bool] = mapped_column(default=False)
