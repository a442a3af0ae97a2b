"""Reading letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from caseapp.counselling.models import Contact
from caseapp.counselling.queries import VALID, with_client_kinds
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.letters.models import Letter
from caseapp.letters.rules import Template, load_templates
from caseapp.settings import PROJECT_ROOT

PAPER_KIND = "letter"
SLIP_KIND = "slip"


def templates() -> tuple[Template, ...]:
    """The shipped templates, in their order."""
    return load_templates(PROJECT_ROOT / "config" / "rules")


def get_template(code: str) -> Template:
    """The template. Raises NotFoundError."""
    found = next((each for each in templates() if each.code == code), None)
    if found is None:
        raise NotFoundError
    return found


def get_letter(letter_id: UUID) -> Letter:
    """The letter, within what the actor may see. Raises NotFoundError."""
    found = session().get(Letter, letter_id)
    if found is None:
        raise NotFoundError
    return found


def list_letters(client_id: UUID) -> Sequence[Letter]:
    """All letters of the file, cancelled ones too, the latest first."""
    wanted = select(Letter).where(Letter.client_id == client_id)
    return session().scalars(wanted.order_by(Letter.written_at.desc(), Letter.id)).all()


def list_telling(client_id: UUID) -> list[Letter]:
    """The valid letters from which somebody else learns something of the client, the latest first; one statement."""
    return [letter for letter in list_letters(client_id) if letter.state == VALID and letter.content.tells]


def find_last_phone(client_id: UUID, user_id: UUID) -> str:
    """The telephone that the person named in the last letter to this client; "" for none."""
    wanted = select(Letter).where(Letter.client_id == client_id, Letter.written_by == user_id)
    found = session().scalars(wanted.order_by(Letter.written_at.desc(), Letter.id).limit(1)).one_or_none()
    return found.content.phone if found else ""


def find_todays_contact(client_id: UUID, day: dt.date) -> Contact | None:
    """The latest valid contact of this day in which the client took part; None for none."""
    wanted = select(Contact).where(
        Contact.client_id == client_id,
        Contact.on_day == day,
        Contact.state == VALID,
        Contact.kind.in_(with_client_kinds()),
    )
    return session().scalars(wanted.order_by(Contact.created_at.desc(), Contact.id).limit(1)).one_or_none()
