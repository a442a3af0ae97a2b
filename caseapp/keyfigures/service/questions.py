"""What is missing in the own files for the Kennzahlen, and answering it in place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid4

import msgspec

from caseapp import audit, clock
from caseapp.clients import queries as clients
from caseapp.clients import service as files
from caseapp.clients.models import Birth, Client, FactBox, FactKind, TitleFact
from caseapp.clients.queries.heads import find_heads
from caseapp.clients.service.editing import require_revisions
from caseapp.db import session, stored_before
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.keyfigures import queries
from caseapp.keyfigures.models import AnswerNote, KeyfigureAnswer
from caseapp.keyfigures.rules import counting
from caseapp.keyfigures.rules.fields import IN_THE_FILE
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tallies import queries as tallies


@dataclass(frozen=True, slots=True)
class Question:
    """A file in which a value is missing that a field of the year is broken down by."""

    client_id: UUID
    file_number: str
    name: str
    dimension: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What was typed: a code, a birthday or a municipality, as the breakdown asks. `from_on`: since when, of a title.

    `head_rev` and `body_rev`: the revisions that the form was filled from.
    """

    code: str = ""
    birth: Birth | None = None
    ags: str = ""
    from_on: dt.date | None = None
    head_rev: int = 0
    body_rev: int = 0
    entry_id: UUID | None = None


def open_questions(actor: Actor, organisation_id: UUID, year: int) -> list[Question]:
    """What is missing in the own open files of the carrier that were counselled in the year, by file; without what has
    no answer."""
    policy.require_in(actor, Permission.KENNZAHLEN_PREPARE, organisation_id)
    own = dict(queries.list_own_clients(actor, organisation_id))
    courses = tallies.courses_of(list(own))
    asked = counting.missing(queries.book_of(year), courses, queries.context_of(year))
    answered = queries.answered(list(asked), year)
    heads = find_heads(list(asked))
    return [
        Question(client_id, number, head.full_name if (head := heads.get(client_id)) else number, dimension)
        for client_id, number in own.items()
        for dimension in asked.get(client_id, ())
        if (client_id, dimension) not in answered
    ]


def answer(actor: Actor, client: Client, dimension: str, value: Value) -> None:
    """Put the value into the file, through the services of the file.

    Raises ConflictError when somebody else saved the file in between, RuleError on `value` or `from_on`.
    """
    policy.require(actor, Permission.KENNZAHLEN_PREPARE, client)
    policy.require(actor, Permission.CLIENT_EDIT, client)
    _require_dimension(dimension)
    if dimension == "title":
        _answer_title(actor, client, value)
    else:
        files.edit_file(actor, client, _change(client, dimension, value))
    audit.record("answer:given", client_id=client.id, detail=audit.Detail(note=dimension))


def answer_unknown(actor: Actor, client: Client, year: int, dimension: str, *, answer_id: UUID) -> KeyfigureAnswer:
    """Nobody knows it, or the person does not say it: asked, and off the list for this year. Sent twice, kept once."""
    policy.require(actor, Permission.KENNZAHLEN_PREPARE, client)
    policy.require(actor, Permission.CLIENT_EDIT, client)
    _require_dimension(dimension)
    before = queries.find_answer(client.id, year, dimension)
    if before is not None:
        return before
    made = KeyfigureAnswer(
        id=answer_id,
        client_id=client.id,
        organisation_id=client.organisation_id,
        year=year,
        answered_by=actor.user_id,
        answered_at=clock.now(),
        note=AnswerNote(dimension=dimension),
    )
    stored = stored_before(made, "client_id", "year", "note")
    if stored is not None:
        return stored
    session().add(made)
    session().flush()
    audit.record("answer:unknown", client_id=client.id, detail=audit.Detail(note=dimension))
    return made


def take_back(actor: Actor, given: KeyfigureAnswer) -> None:
    """Ask again."""
    client = clients.get_client(given.client_id)
    policy.require(actor, Permission.KENNZAHLEN_PREPARE, client)
    policy.require(actor, Permission.CLIENT_EDIT, client)
    session().delete(given)
    session().flush()
    audit.record("answer:take_back", client_id=client.id)


def _require_dimension(dimension: str) -> None:
    if dimension not in IN_THE_FILE:
        raise RuleError(_("Diese Angabe wird nicht gefragt."))


def _change(client: Client, dimension: str, value: Value) -> files.FileChange:
    head, body, ags = client.head, client.body, client.ags
    if dimension == "sex":
        head = msgspec.structs.replace(head, sex=_chosen(value.code))
    elif dimension == "age":
        if value.birth is None or value.birth.day is None:
            raise RuleError(_("Geben Sie das Geburtsdatum ein, oder das Jahr allein."), field="value")
        head = msgspec.structs.replace(head, birth=value.birth)
    elif dimension == "nationality":
        rest = body.nationalities[1:] if body.nationalities[:1] == ("999",) else body.nationalities
        chosen = (_chosen(value.code), *rest)
        body = msgspec.structs.replace(body, nationalities=tuple(dict.fromkeys(chosen)))
    else:
        ags = _chosen(value.ags)
    return files.FileChange(head=head, body=body, ags=ags, head_rev=value.head_rev, body_rev=value.body_rev)


def _answer_title(actor: Actor, client: Client, value: Value) -> None:
    require_revisions(client, head_rev=value.head_rev, body_rev=value.body_rev)
    box = FactBox(fact=TitleFact(code=_chosen(value.code)))
    try:
        files.add_fact(actor, client, FactKind.TITLE, box, value.from_on, entry_id=value.entry_id or uuid4())
    except RuleError as refusal:
        raise RuleError(str(refusal), field="from_on" if refusal.field == "from_on" else "value") from None


def _chosen(code: str) -> str:
    if not code:
        raise RuleError(_("Wählen Sie einen Wert, oder „Weiß ich nicht / keine Angabe“."), field="value")
    return code
