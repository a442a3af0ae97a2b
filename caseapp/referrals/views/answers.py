"""What came back, in two clicks; silence, withdrawal, and the way back."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.referrals import queries, service
from caseapp.referrals.forms import AnswerForm
from caseapp.referrals.models import Referral
from caseapp.referrals.rules.states import ANSWERS, LABELS, State
from caseapp.referrals.views.area import area, back, load, open_to
from caseapp.security.permissions import Permission
from caseapp.tasks import queries as tasks
from caseapp.web import context, undo
from caseapp.web.messages import tell

_AGAIN = dt.timedelta(days=14)


@area.page("/aufgaben/<uuid:task_id>/antwort", permission=Permission.REFERRAL_SEND)
def of_task(task_id: UUID) -> ResponseReturnValue:
    """From the task that asks after an answer to the referral where it is entered."""
    task = tasks.get_task(task_id)
    client = open_to(task.client_id, Permission.REFERRAL_SEND)
    found = queries.find_of_task(task.id)
    if found is None:
        return redirect(url_for("referrals.index", client_id=client.id))
    return redirect(url_for("referrals.show", referral_id=found.id, _anchor="antwort"))


@area.page("/vermittlung/<uuid:referral_id>/antwort", permission=Permission.REFERRAL_SEND, methods=("POST",))
def answer(referral_id: UUID) -> ResponseReturnValue:
    """One tap: what the partner said. The message offers to take it back."""
    referral, client = load(referral_id)
    form = AnswerForm(choices={"answer": [(each.value, LABELS[each]) for each in ANSWERS]})
    if not form.validate_on_submit():
        tell(form.problems[0].message if form.problems else _("Wählen Sie die Antwort aus."), "danger")
        return back(client)
    try:
        step_id = service.record_answer(
            context.actor(),
            client,
            referral,
            State(form.answer.data),
            version=form.version.data or "",
            reason=form.reason.data or "",
            on_day=form.on_day.data,
        )
    except (ConflictError, RuleError) as refusal:
        tell(str(refusal), "danger")
    else:
        _tell(_("Antwort eingetragen: %(state)s.", state=LABELS[State(form.answer.data)]), referral, step_id)
    return back(client)


@area.page("/vermittlung/<uuid:referral_id>/zurueckziehen", permission=Permission.REFERRAL_SEND, methods=("POST",))
def withdraw(referral_id: UUID) -> ResponseReturnValue:
    """End the referral from our side."""
    referral, client = load(referral_id)
    try:
        step_id = service.withdraw(context.actor(), client, referral, version=request.form.get("version", ""))
    except (ConflictError, RuleError) as refusal:
        tell(str(refusal), "danger")
    else:
        _tell(_("Zurückgezogen. Was schon weitergegeben wurde, bleibt im Verzeichnis."), referral, step_id)
    return back(client)


@area.page("/vermittlung/<uuid:referral_id>/nochmal", permission=Permission.REFERRAL_SEND, methods=("POST",))
def again(referral_id: UUID) -> ResponseReturnValue:
    """After silence: wait two more weeks."""
    referral, client = load(referral_id)
    try:
        service.ask_again(
            context.actor(),
            client,
            referral,
            clock.today() + _AGAIN,
            version=request.form.get("version", ""),
        )
    except (ConflictError, RuleError) as refusal:
        tell(str(refusal), "danger")
    else:
        tell(_("Die Vermittlung wartet wieder auf Antwort."))
    return back(client)


@area.page("/vermittlung/<uuid:referral_id>/rueckgaengig", permission=Permission.REFERRAL_SEND, methods=("POST",))
def undo_step(referral_id: UUID) -> ResponseReturnValue:
    """Take the last step back within ten minutes."""
    referral, client = load(referral_id)
    try:
        named, step_hex = undo.read("referral", request.args.get("token", ""))
        if named != referral.id.hex:
            raise NotFoundError
        state = service.undo_step(context.actor(), client, referral, UUID(step_hex))
    except RuleError as refusal:
        tell(str(refusal), "danger")
    else:
        tell(_("Zurückgenommen. Die Vermittlung ist wieder „%(state)s“.", state=LABELS[state]))
    return redirect(url_for("referrals.show", referral_id=referral.id))


def _tell(said: str, referral: Referral, step_id: UUID | None) -> None:
    if step_id is None:
        tell(said)
        return
    token = undo.sign("referral", referral.id.hex, step_id.hex)
    tell(said, undo=url_for("referrals.undo_step", referral_id=referral.id, token=token))
