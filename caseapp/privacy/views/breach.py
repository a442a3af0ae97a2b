"""The list of affected files after a data breach: from an account, a web session or a time span."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from caseapp import audit, clock
from caseapp.accounts.models import WebSession
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.privacy.forms import BreachForm
from caseapp.privacy.queries import access as events
from caseapp.privacy.queries.access import Affected, begin_of
from caseapp.privacy.queries.codes import file_code, find_person
from caseapp.privacy.rules.breach import as_csv
from caseapp.privacy.views.area import area
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.templating import moment_text


@dataclass(frozen=True, slots=True)
class _Span:
    """Whose accesses, and when."""

    person: UUID | None
    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class _Found:
    """What was affected in that time. `lists`: how many lists and searches were shown beside single files."""

    span: _Span
    files: list[Affected]
    lists: int


@area.page("/datenschutz/panne", permission=Permission.AUDIT_REGISTER, methods=("GET", "POST"), only_reads=True)
def breach() -> ResponseReturnValue:
    """Which files were touched; the same as a table for a spreadsheet."""
    carriers = policy.organisations(context.actor(), Permission.AUDIT_REGISTER)
    form = BreachForm(choices={"session": {"": _("Alle Sitzungen")}})
    sessions: list[WebSession] = []
    found: _Found | None = None
    if form.validate_on_submit():
        try:
            person = _person(form, carriers)
            sessions = list(events.list_sessions(person)) if person else []
            found = _search(_span(form, person, sessions), carriers)
        except RuleError as refusal:
            form.refuse(refusal)
    _offer(form, sessions)
    if found is not None and request.form.get("csv"):
        return _download(found)
    body = render_template("privacy/breach.html", form=form, found=found, file_code=file_code)
    return body, form.status


def _search(span: _Span, carriers: Collection[UUID]) -> _Found:
    named = {"person": span.person, "start": span.start, "end": span.end}
    files = events.list_affected(carriers, person=span.person, start=span.start, end=span.end)
    lists = events.count_lists(carriers, person=span.person, start=span.start, end=span.end)
    audit.note_read("breach:search", detail=audit.Detail(count=len(files), changed=tuple(map(str, named.values()))))
    return _Found(span, files, lists)


def _person(form: BreachForm, carriers: Collection[UUID]) -> UUID | None:
    code = (form.person.data or "").strip()
    if not code:
        return None
    found = find_person(code, carriers)
    if found is None:
        raise RuleError(_("Diese Kennung gibt es in diesem Träger nicht. Sie sieht so aus: P-7KQ2MXA."), field="person")
    return found


def _span(form: BreachForm, person: UUID | None, sessions: list[WebSession]) -> _Span:
    """What was asked for; days of Berlin, both included. Raises RuleError when nothing narrows the search."""
    chosen = next((each for each in sessions if str(each.id) == form.session.data), None)
    if chosen is not None:
        # The log keeps people and times, not browsers: another session of the account at that time counts as well.
        return _Span(person, chosen.created_at, chosen.ended_at or clock.now())
    if person is None and form.from_on.data is None:
        raise RuleError(_("Nennen Sie eine Person oder den ersten Tag."), field="person")
    first = form.from_on.data or dt.date(2000, 1, 1)
    last = form.to_on.data or clock.today()
    if last < first:
        raise RuleError(_("Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage."), field="to_on")
    end = begin_of(last + dt.timedelta(days=1)) - dt.timedelta(microseconds=1)
    return _Span(person, begin_of(first), end)


def _offer(form: BreachForm, sessions: list[WebSession]) -> None:
    offered = {
        str(each.id): _(
            "%(start)s bis %(end)s",
            start=moment_text(each.created_at),
            end=moment_text(each.ended_at) if each.ended_at else _("offen"),
        )
        for each in sessions
    }
    form.session.choices = {"": _("Alle Sitzungen"), **offered}


def _download(found: _Found) -> Response:
    heading = (_("Kennung der Akte"), _("Zugriffe"), _("Zuerst"), _("Zuletzt"))
    rows = (
        (file_code(each.client_id), each.times, moment_text(each.first), moment_text(each.last)) for each in found.files
    )
    answer = Response(as_csv(heading, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=betroffene-akten.csv"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
