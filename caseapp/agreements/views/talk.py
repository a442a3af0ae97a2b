"""The review talk (flow F3): what happened since, goal by goal, then the paper."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.agreements import queries, rules, service
from caseapp.agreements.forms import ADJUSTED, TalkForm, scores
from caseapp.agreements.models import Agreement
from caseapp.agreements.rules import Terms
from caseapp.agreements.service import GoalConflictError, TalkError, base_of
from caseapp.agreements.views import said, shown
from caseapp.agreements.views.area import area
from caseapp.catalogue import phrases
from caseapp.catalogue import queries as catalogue
from caseapp.clients import frame
from caseapp.clients.frame import Opened
from caseapp.consents import queries as consents
from caseapp.counselling import queries as counselling
from caseapp.drafts.forms import fields_of
from caseapp.drafts.queries import get_draft
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.goals import queries as goals
from caseapp.goals.queries import OPEN, GoalView
from caseapp.goals.rules.states import RESULTS
from caseapp.i18n import gettext as _
from caseapp.network import queries as network
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

_KINDS = ("BUE", "HAU", "UNT", "VID", "TEL")


@dataclass(frozen=True, slots=True)
class _Page:
    """What the talk begins with."""

    opened: Opened
    views: list[GoalView]
    newest: Agreement | None
    last: Terms | None

    @property
    def open_goals(self) -> list[GoalView]:
        return [view for view in self.views if view.open]


@area.page(
    "/klienten/<uuid:client_id>/vereinbarung/gespraech", permission=Permission.AGREEMENT_SIGN, methods=("GET", "POST")
)
def talk(client_id: UUID) -> ResponseReturnValue:
    """The talk. `?entwurf=` goes on with a draft; `?ohne=kontakt` where the talk is recorded already."""
    page = _load(client_id)
    form = _form(page)
    if not form.validate_on_submit():
        return _shown(form, page), form.status
    assert form.form_id.data  # noqa: S101  # the form has checked it
    try:
        made = service.conclude(context.actor(), page.opened.client, said.talk_of(form), agreement_id=form.form_id.data)
    except TalkError as refusal:
        said.refuse_row(form, refusal)
    except RuleError as refusal:
        form.refuse(refusal)
    except GoalConflictError as conflict:
        return _conflict(form, client_id, str(conflict), place=conflict.place)
    except ConflictError as conflict:
        return _conflict(form, client_id, str(conflict))
    else:
        tell(_("Das Gespräch ist gespeichert. Die neue Fassung wird gedruckt."))
        onward = url_for("agreements.sign", agreement_id=made.id)
        return redirect(url_for("papers.show", paper_id=made.paper_id, weiter=onward))
    return _shown(form, page), form.status


def _load(client_id: UUID) -> _Page:
    opened = frame.open_file(client_id, Permission.AGREEMENT_SIGN)
    newest = queries.newest(client_id)
    last = newest if newest is None or newest.state == "signed" else queries.last_agreed(client_id) or newest
    return _Page(opened, goals.list_goals(client_id), newest, queries.terms_of(last) if last else None)


def _form(page: _Page) -> TalkForm:
    draft_id = request.args.get("entwurf", "")
    choices = _choices(page)
    if request.method == "GET" and draft_id:
        draft = get_draft(context.actor().user_id, _uuid(draft_id))
        form = TalkForm(formdata=fields_of(draft), choices=choices)
        form.show_draft(draft)
    else:
        form = TalkForm(data=_start(page), choices=choices)
    _offer_steps(form, page)
    return form


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError from None


def _start(page: _Page) -> dict[str, Any]:
    """What a new form holds: the client's language, the usual day, and what the last version said."""
    client, last = page.opened.client, page.last
    language = phrases.print_language(client.head.language)
    start: dict[str, Any] = {
        "base": base_of(page.newest),
        "goals": [{"goal_id": str(view.id), "version": view.version} | _successor(view) for view in page.open_goals],
        "language": language if language != "de" else "",
        "interpreter": client.body.interpreter,
        "review_on": rules.next_review(clock.today()),
        "kind": _KINDS[0],
        "log_contact": request.args.get("ohne") != "kontakt",
    }
    if last is not None:
        start |= {
            name: getattr(last, name) for name in ("situation", "strengths", "school", "degrees", "work", "languages")
        }
        start["helpers"] = "\n".join(last.helpers)
    return start


def _successor(view: GoalView) -> dict[str, Any]:
    return {"new_own_words": view.text.own_words, "new_wording": view.text.wording, "new_due_on": view.due_on}


def _choices(page: _Page) -> dict[str, dict[str, str]]:
    """What every field offers."""
    client = page.opened.client
    organisation_id = client.organisation_id
    spoken = dict(catalogue.options("languages", organisation_id, keep=(client.head.language,)))
    return {
        "goals.result": {
            "": _("geht weiter"),
            **{code: catalogue.label("goal_states", code) for code in RESULTS},
            ADJUSTED: _("angepasst: ein neues Ziel tritt an die Stelle"),
        },
        "goals.client_score": scores(),
        "goals.worker_score": scores(),
        "new_goals.area": dict(goals.areas(organisation_id)),
        "new_goals.client_score": scores(),
        "new_goals.worker_score": scores(),
        "language": {"": _("nur Deutsch")} | {code: spoken[code] for code in phrases.LANGUAGES if code in spoken},
        "interpreter": {"": _("keine Angabe"), **dict(catalogue.options("interpreter_kinds", organisation_id))},
        "read_aloud_in": {"": _("nicht vorgelesen"), **spoken},
        "partners": _released(client.id, page.opened.today),
        "kind": {
            code.code: counselling.short_label(code) for code in counselling.offered_kinds() if code.code in _KINDS
        },
    }


def _offer_steps(form: TalkForm, page: _Page) -> None:
    """Give each row the steps of its goal; a goal that is closed by now has none to tick."""
    by_id = {str(view.id): view for view in page.views}
    for row in form.goal_rows:
        view = by_id.get(row.goal_id.data or "")
        row.done.choices = {str(step.id): step.text for step in view.open_steps()} if view else {}


def _released(client_id: UUID, today: dt.date) -> dict[str, str]:
    """Partners whom a release of today allows to be named."""
    ids = [each.partner_id for each in consents.list_valid_releases(client_id, today) if each.partner_id]
    return {str(each): name for each, name in network.names_of(ids).items()} if ids else {}


def _conflict(form: TalkForm, client_id: UUID, message: str, *, place: int | None = None) -> ResponseReturnValue:
    """Nothing was stored. What was typed stays; the next click counts on what is stored now."""
    page = _load(client_id)
    form.base.data = base_of(page.newest)
    theirs = None
    if place is not None:
        row = form.said[place]
        theirs = next((view for view in page.views if str(view.id) == row.goal_id.data), None)
        if theirs is not None:
            row.version.data = theirs.version
    _offer_steps(form, page)
    return _shown(form, page, conflict=message, theirs=theirs), 409


def _shown(form: TalkForm, page: _Page, *, conflict: str = "", theirs: GoalView | None = None) -> str:
    by_id = {str(view.id): view for view in page.views}
    rows = [(row, by_id[row.goal_id.data or ""]) for row in form.goal_rows if row.goal_id.data in by_id]
    return frame.shown(
        "agreements/talk.html",
        page.opened,
        "goals",
        form=form,
        rows=rows,
        last=page.last,
        since=shown.since_then(page.opened, page.views, page.last.made_on) if page.last else None,
        conflict=conflict,
        theirs=theirs,
        newest=page.newest,
        adjusted=ADJUSTED,
        open_state=OPEN,
        draft_url=url_for(
            "drafts.save", draft_id=form.form_id.data, form="agreement_talk", client=page.opened.client.id
        )
        if form.form_id.data
        else "",
    )
