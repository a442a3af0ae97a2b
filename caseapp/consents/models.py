"""Tables of declarations (releases from confidentiality, consents, powers of attorney) and of the sheets they stand on.

What a colleague needs who takes a withdrawal on the phone stands apart (`Declaration`: whom it names, since when) from
what was declared (`DeclarationContent`), which only readers of the file see.
"""

from __future__ import annotations

import datetime as dt
import enum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, ClientBound, ClientListed, Id, UtcDateTime
from caseapp.sealed import LONG, SHORT, Record, Sealed


class DeclarationKind(enum.StrEnum):
    """What a person declares."""

    RELEASE = "release"  # from confidentiality (§ 203 StGB), for one recipient
    CONSENT = "consent"  # to one thing (Art. 6(1)(a), 7, 9 DSGVO)
    MANDATE = "mandate"  # Vollmacht (§ 167 BGB), towards one office


class DeclarationState(enum.StrEnum):
    """How far a declaration is. Whether a valid one still holds on a day is what its days say."""

    PREPARED = "prepared"  # on a sheet that nobody has signed
    VALID = "valid"
    DONE = "done"  # its purpose is reached
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"  # the person did not want to sign
    DISCARDED = "discarded"  # prepared by mistake


class Direction(enum.StrEnum):
    """Who tells whom. The one who is released may tell."""

    TELL = "tell"
    HEAR = "hear"
    BOTH = "both"


class ReleaseLine(Record, frozen=True, kw_only=True, tag="release"):
    """A release for one recipient. `recipient` is the office as it is printed; `partner_id` that of the directory."""

    recipient: str
    partner_id: UUID | None = None
    person: str = ""  # or function
    direction: str = Direction.TELL.value
    fields: tuple[str, ...] = ()  # codes of the list release_fields
    purpose: str = ""  # code of the list release_purposes
    ways: tuple[str, ...] = ()  # codes of the list release_ways
    use_note: str = ""  # what the recipient may do with it, beyond the printed rule


class ConsentLine(Record, frozen=True, kw_only=True, tag="consent"):
    """A consent to one thing."""

    kind: str  # code of the list consent_kinds
    detail: str = ""  # which messenger, which photos


class MandateLine(Record, frozen=True, kw_only=True, tag="mandate"):
    """A power of attorney: who may act, towards whom, in what."""

    holder: str
    towards: str
    partner_id: UUID | None = None
    scopes: tuple[str, ...] = ()  # codes of the list mandate_scopes
    detail: str = ""


Line = ReleaseLine | ConsentLine | MandateLine


class LineBox(Record, frozen=True, kw_only=True):
    """The envelope's record: whichever line the row holds."""

    line: Line


class DeclarationTitle(Record, frozen=True, kw_only=True):
    """By what a colleague tells one declaration from another; "" where the name says too much (`rules.title_of`)."""

    text: str = ""


class Ending(Record, frozen=True, kw_only=True):
    """How a declaration was withdrawn; empty as long as it was not."""

    way: str = ""  # code of the list withdrawal_ways
    note: str = ""


class SheetText(Record, frozen=True, kw_only=True):
    """Who is to sign a sheet, and how it is talked about."""

    language: str = "de"  # code of the list languages
    client_signs: bool = True
    representative: str = ""  # who signs for or with the client
    representative_kind: str = ""  # code of the list representative_kinds
    interpreter: str = ""  # code of the list interpreter_kinds
    interpreter_name: str = ""
    digest: str = ""  # SHA-256 over sheet and lines, printed on every page


class Mark(Record, frozen=True, kw_only=True):
    """One signature. `picture` is a drawn one as PNG, nothing else of how it was drawn."""

    role: str  # client | representative
    way: str  # `documents.signing.SignatureWay`
    name: str = ""
    picture: bytes = b""


class SignedText(Record, frozen=True, kw_only=True):
    """How a sheet was signed; empty as long as it was not. `sha256` is that of the PDF that was shown at signing."""

    marks: tuple[Mark, ...] = ()
    attachment_id: UUID | None = None
    read_aloud_in: str = ""  # code of the list languages
    read_aloud_by: str = ""
    declined_note: str = ""
    sha256: str = ""


class DeclarationSheet(ClientBound, Base):
    """A paper with one or several declarations, signed once.

    `text_rev` is the optimistic lock of the forms: the text holds a digest over all lines, so each change raises it.
    """

    __tablename__ = "declaration_sheet"

    kind: Mapped[str]  # consent (releases and consents) | mandate
    state: Mapped[str]  # prepared | valid | declined | discarded
    paper_id: Mapped[UUID | None] = mapped_column(Id)  # the print of what stands there now
    decided_on: Mapped[dt.date | None]  # signed or declined
    made_by: Mapped[UUID] = mapped_column(Id)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]
    signed_blob: Mapped[bytes] = mapped_column("signed", deferred=True)
    signed_rev: Mapped[int]

    text = Sealed(SheetText, blob="text_blob", revision="text_rev", block=SHORT)
    signed = Sealed(SignedText, blob="signed_blob", revision="signed_rev", block=LONG)


class Declaration(ClientListed, Base):
    """One declaration with its life. What it says is in `DeclarationContent` of the same id."""

    __tablename__ = "declaration"
    __table_args__ = (Index("ix_declaration_client", "client_id", "state", "ends_on"),)

    client_id: Mapped[UUID] = mapped_column(Id, ForeignKey("client.id", ondelete="CASCADE"))
    sheet_id: Mapped[UUID] = mapped_column(Id, ForeignKey("declaration_sheet.id", ondelete="CASCADE"), index=True)
    place: Mapped[int]  # on the sheet, from 1
    kind: Mapped[str]
    state: Mapped[str]
    from_on: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]  # the last day on which it holds
    ended_on: Mapped[dt.date | None]  # withdrawn or done
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[UUID | None] = mapped_column(Id)
    told_on: Mapped[dt.date | None]  # when the recipient's notice of a withdrawal went out
    title_blob: Mapped[bytes] = mapped_column("title")
    title_rev: Mapped[int]
    ending_blob: Mapped[bytes] = mapped_column("ending")
    ending_rev: Mapped[int]

    title = Sealed(DeclarationTitle, blob="title_blob", revision="title_rev", block=SHORT)
    ending = Sealed(Ending, blob="ending_blob", revision="ending_rev", block=SHORT)


class DeclarationContent(ClientBound, Base):
    """What was declared. Written when the sheet is prepared, never again after it was signed."""

    __tablename__ = "declaration_content"

    declaration_id: Mapped[UUID] = mapped_column(Id, ForeignKey("declaration.id", ondelete="CASCADE"), unique=True)
    box_blob: Mapped[bytes] = mapped_column("box")
    box_rev: Mapped[int]

    box = Sealed(LineBox, blob="box_blob", revision="box_rev", block=LONG)
