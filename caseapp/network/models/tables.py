"""The tables of the directory. Those that the whole district shares hold nothing of a client."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, Id, OrganisationBound, Shared, UtcDateTime
from caseapp.network.models.records import (
    DwellingText,
    MergeBefore,
    NoteText,
    PartnerProfile,
    RentTableText,
    VolunteerProfile,
)
from caseapp.sealed import LONG, SHORT, Sealed


class Partner(Shared, Base):
    """A partner of the district. `merged_into_id`: it was a double; its id goes on meaning the partner named there.

    `confirmed_on` says when somebody last knew that phone and address are right, `confirmed_by_id` of which carrier.
    """

    __tablename__ = "partner"
    __table_args__ = (Index("ix_partner_kind", "kind", "state"),)

    kind: Mapped[str]  # code of the list partner_kinds
    state: Mapped[str] = mapped_column(default="active")  # active | struck | merged
    merged_into_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("partner.id"), index=True)
    confirmed_on: Mapped[dt.date | None]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("organisation.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    profile_blob: Mapped[bytes] = mapped_column("profile")
    profile_rev: Mapped[int]

    profile = Sealed(PartnerProfile, blob="profile_blob", revision="profile_rev", block=LONG)

    @property
    def volunteer(self) -> VolunteerProfile | None:
        """What the work with a volunteer needs; None for every other kind."""
        return self.profile.volunteer

    @property
    def version(self) -> str:
        """Another one after every change of kind or profile. A form carries it along, so that no change is lost."""
        return f"{self.profile_rev} {self.kind}"


class PartnerNote(OrganisationBound, Base):
    """What one carrier notes on a partner. No other carrier sees it, nor that it exists."""

    __tablename__ = "partner_note"

    partner_id: Mapped[UUID] = mapped_column(Id, ForeignKey("partner.id"), index=True)
    state: Mapped[str] = mapped_column(default="valid")  # valid | struck
    created_by: Mapped[UUID] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]

    text = Sealed(NoteText, blob="text_blob", revision="text_rev", block=SHORT)


class PartnerMerge(Shared, Base):
    """Two entries that were one partner, with the kept one as it was before: a merge can be taken back."""

    __tablename__ = "partner_merge"

    kept_id: Mapped[UUID] = mapped_column(Id, ForeignKey("partner.id"), index=True)
    merged_id: Mapped[UUID] = mapped_column(Id, ForeignKey("partner.id"), index=True)
    kept_rev: Mapped[int]  # revision of the kept profile right after the merge
    merged_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    before_blob: Mapped[bytes] = mapped_column("before")
    before_rev: Mapped[int]

    before = Sealed(MergeBefore, blob="before_blob", revision="before_rev", block=LONG)


class Dwelling(Shared, Base):
    """An offer of a landlord. Money in cents a month; the deposit once. No word of a client, ever.

    `held_by_id` is the carrier through which it is reserved or let.
    """

    __tablename__ = "dwelling"
    __table_args__ = (Index("ix_dwelling_state", "state", "available_on"),)

    landlord_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("partner.id"), index=True)
    state: Mapped[str] = mapped_column(default="offered")  # offered | reserved | let | withdrawn
    held_by_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("organisation.id"))
    ags: Mapped[str | None]
    half_rooms: Mapped[int | None]  # rooms times two: offices count half rooms
    square_metres: Mapped[int | None]
    rent_cold_cents: Mapped[int]
    rent_ancillary_cents: Mapped[int] = mapped_column(default=0)  # operating costs without heating
    rent_heating_cents: Mapped[int] = mapped_column(default=0)
    deposit_cents: Mapped[int] = mapped_column(default=0)
    available_on: Mapped[dt.date | None]
    persons_min: Mapped[int] = mapped_column(default=1)
    persons_max: Mapped[int | None]
    barrier_free: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]

    text = Sealed(DwellingText, blob="text_blob", revision="text_rev", block=SHORT)

    @property
    def version(self) -> str:
        """Another one after every change. A form carries it along, so that no change is lost and nothing let twice."""
        return f"{self.text_rev} {self.state}"

    @property
    def gross_cold_cents(self) -> int:
        """Rent with operating costs, without heating (Bruttokaltmiete): what rent limits are compared with."""
        return self.rent_cold_cents + self.rent_ancillary_cents


class RentTable(Shared, Base):
    """What counts as an appropriate rent somewhere and for a time (§ 22 Abs. 1 SGB II, § 35 SGB XII).

    Bruttokaltmiete in cents a month for one to five persons, and for each further one. Nothing is shipped: every
    district decides its own, and they change.
    """

    __tablename__ = "rent_table"

    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    cents_1: Mapped[int]
    cents_2: Mapped[int]
    cents_3: Mapped[int]
    cents_4: Mapped[int]
    cents_5: Mapped[int]
    cents_further: Mapped[int]
    state: Mapped[str] = mapped_column(default="valid")  # valid | struck
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]

    text = Sealed(RentTableText, blob="text_blob", revision="text_rev", block=SHORT)

    @property
    def version(self) -> str:
        """Another one after every change. A form carries it along, so that no change is lost."""
        return f"{self.text_rev} {self.state}"

    @property
    def limits(self) -> tuple[int, int, int, int, int]:
        """The limits for one to five persons, in cents."""
        return self.cents_1, self.cents_2, self.cents_3, self.cents_4, self.cents_5
