"""Tables of the lines."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, OrganisationBound
from caseapp.sealed import SHORT, Record, Sealed
from caseapp.tallies.lines import AnyLine


class TallyBox(Record, frozen=True, kw_only=True):
    """A line. `key` is the person's record key; it stands beside the line of the file only."""

    line: AnyLine
    key: int | None = None


class Tally(OrganisationBound, Base):
    """What one record says to the figures. `id` is `keys.line_id` of the record, `person` `keys.person_number`.

    No code, no day and no client stands in the clear: whoever steals the table learns how many lines there are for a
    number, not for whom. The log keeps no digests of lines: they can be made anew, and a recount finds a changed one.
    So the revision stays 1.
    """

    __tablename__ = "tally"

    person: Mapped[int | None] = mapped_column(BigInteger, index=True)  # None: work without a file
    box_blob: Mapped[bytes] = mapped_column("box")
    box_rev: Mapped[int]

    box = Sealed(TallyBox, blob="box_blob", revision="box_rev", block=SHORT, noted=False)


class TallyGap(OrganisationBound, Base):
    """A carrier whose lines are still to be made from its records: there is no report of it until then.

    Stored by a migration that lets more records count; `service.rebuild` takes it away.
    """

    __tablename__ = "tally_gap"
