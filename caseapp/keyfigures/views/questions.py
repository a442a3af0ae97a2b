""" "Fehlt noch": one question after the other, answered in place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast
from uuid import UUID, uuid4

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.catalogue import queries as catalogue
from caseapp.clients import queries as clients
from caseapp.clients.forms.numbers import whole_number
from caseapp.clients.models import Client
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.keyfigures import queries, service
from caseapp.keyfigures.forms import ANSWERS, AnswerForm, BirthAnswer, PlaceAnswer, TitleAnswer
from caseapp.keyfigures.service import Question, Value
from caseapp.keyfigures.views.area import Frame, area, frame, page
from caseapp.places.queries import get_organisation
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context, undo
from caseapp.web.messages import tell

_LISTS = {"sex": "sexes", "nationality": "nationalities", "title": "residence_titles"}
_NO_ANSWERS = frozenset({"N", "999", "UNB"})  # "nicht erhoben": that is what the other button says
_ASK_AGAIN = "ask_again"


@area.page("/kennzahlen/fehlt", permission=Permission.CLIENT_EDIT)
def missing() -> ResponseReturnValue:
    """The first question, or that nothing is missing."""
    shown = frame()
    found = service.open_questions(context.actor(), shown.carrier, shown.year)
    if found:
        return redirect(_address(shown, found[0]))
    return page("missing", shown, "missing", missing=0, question=None, rest=())


@area.page("/kennzahlen/fehlt/<uuid:client_id>/<dimension>", permission=Permission.CLIENT_EDIT, methods=("GET", "POST"))
def question(client_id: UUID, dimension: str) -> ResponseReturnValue:
    """One question; after its answer the next one comes up."""
    actor, shown, client = context.actor(), frame(), clients.get_client(client_id)
    policy.require(actor, Permission.CLIENT_EDIT, client)
    if dimension not in ANSWERS or dimension not in {each.code for each in shown.book.in_the_file}:
        raise NotFoundError
    form = _form(client, dimension)
    conflict = False
    if "unknown" in request.form and not form.restored:
        return _unknown(shown, client, dimension, form)
    if form.validate_on_submit():
        try:
            service.answer(actor, client, dimension, _value(form))
        except ConflictError:
            conflict = True
            form.head_rev.data, form.body_rev.data = str(client.head_rev), str(client.body_rev)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Gespeichert."))
            return redirect(_next(shown, client.id, dimension))
    return _shown(shown, client, dimension, form, conflict=conflict)


@area.page("/kennzahlen/fehlt/zurueck/<token>", permission=Permission.CLIENT_EDIT, methods=("POST",))
def ask_again(token: str) -> ResponseReturnValue:
    """Undo "weiß ich nicht / keine Angabe"."""
    try:
        (answer_id,) = undo.read(_ASK_AGAIN, token)
        given = queries.get_answer(UUID(hex=answer_id))
        service.take_back(context.actor(), given)
    except RuleError as refusal:
        tell(str(refusal), "danger")
    else:
        tell(_("Zurückgenommen. Die Frage steht wieder in der Liste."))
    return redirect(url_for("keyfigures.missing"))


def _unknown(shown: Frame, client: Client, dimension: str, form: AnswerForm) -> ResponseReturnValue:
    try:
        given = service.answer_unknown(
            context.actor(), client, shown.year, dimension, answer_id=form.form_id.data or uuid4()
        )
    except RuleError as refusal:
        form.refuse(refusal)
        return _shown(shown, client, dimension, form)
    token = undo.sign(_ASK_AGAIN, given.id.hex)
    tell(_("Als „keine Angabe“ festgehalten."), undo=url_for("keyfigures.ask_again", token=token))
    return redirect(_next(shown, client.id, dimension))


def _shown(
    shown: Frame, client: Client, dimension: str, form: AnswerForm, *, conflict: bool = False
) -> ResponseReturnValue:
    found = service.open_questions(context.actor(), shown.carrier, shown.year)
    asked = Question(client.id, client.file_number, client.head.full_name, dimension)
    rest = [each for each in found if (each.client_id, each.dimension) != (client.id, dimension)]
    audit.note_read("client:read", client_id=client.id)
    body = page(
        "missing",
        shown,
        "missing",
        missing=len(found),
        question=asked,
        form=form,
        conflict=conflict,
        theirs=_present(client, dimension) if conflict else "",
        skip=_next(shown, client.id, dimension) if rest else "",
        rest=rest,
        rest_href=lambda each: _address(shown, each),
        labels={each.code: each.de for each in shown.book.in_the_file},
    )
    return body, 409 if conflict else form.status


def _form(client: Client, dimension: str) -> AnswerForm:
    data = {"head_rev": str(client.head_rev), "body_rev": str(client.body_rev)}
    choices: dict[str, Any] = {}
    if dimension in _LISTS:
        offered = catalogue.options(_LISTS[dimension], client.organisation_id)
        choices["value"] = [(code, label) for code, label in offered if code not in _NO_ANSWERS]
    form = ANSWERS[dimension](data=data, choices=choices)
    if isinstance(form, PlaceAnswer):
        form.value.district = (get_organisation(client.organisation_id).profile.ags or "")[:5] or None
    return form


def _value(form: AnswerForm) -> Value:
    value = Value(
        head_rev=whole_number(form.head_rev.data),
        body_rev=whole_number(form.body_rev.data),
        entry_id=form.form_id.data,
    )
    if isinstance(form, BirthAnswer):
        return replace(value, birth=form.value.data)
    if isinstance(form, PlaceAnswer):
        if form.value.data and not form.value.ags:
            raise RuleError(_("Diese Gemeinde gibt es in Baden-Württemberg nicht."), field="value")
        return replace(value, ags=form.value.ags)
    from_on = form.from_on.data if isinstance(form, TitleAnswer) else None
    return replace(value, code=cast(Any, form).value.data or "", from_on=from_on)


def _present(client: Client, dimension: str) -> str:
    """What the file says now, for a person who typed something else."""
    if dimension == "sex":
        return catalogue.label("sexes", client.head.sex)
    if dimension == "age":
        return str(client.head.birth.written)
    if dimension == "nationality":
        return ", ".join(catalogue.label("nationalities", code) for code in client.body.nationalities)
    return ""


def _next(shown: Frame, client_id: UUID, dimension: str) -> str:
    """The question after this one in the list, round to the first; the list itself when nothing is left."""
    found = service.open_questions(context.actor(), shown.carrier, shown.year)
    keys = [(each.client_id, each.dimension) for each in found]
    here = keys.index((client_id, dimension)) + 1 if (client_id, dimension) in keys else _place(found, client_id)
    left = [
        each for each in (*found[here:], *found[:here]) if (each.client_id, each.dimension) != (client_id, dimension)
    ]
    return _address(shown, left[0]) if left else shown.href("missing")


def _place(found: list[Question], client_id: UUID) -> int:
    """Where the next one begins after an answered question: at the same file, or at the one after it."""
    number = clients.get_client(client_id).file_number
    return next((place for place, each in enumerate(found) if each.file_number >= number), 0)


def _address(shown: Frame, each: Question) -> str:
    # Inputs take the focus by themselves; chips are a group, so there the question does.
    anchor = "frage" if each.dimension == "sex" else None
    return shown.href("question", client_id=each.client_id, dimension=each.dimension, _anchor=anchor)
