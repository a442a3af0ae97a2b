"""The intake (flow F1): search first, then one page for a person or a family, possible duplicates before storing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit, clock
from caseapp.accounts import queries as accounts
from caseapp.clients import queries, service
from caseapp.clients.forms import intake as forms
from caseapp.clients.forms.intake import IntakeForm
from caseapp.clients.models import Client, Household
from caseapp.clients.queries import duplicates
from caseapp.clients.queries.search import search_people, term_digest
from caseapp.clients.views import doubles
from caseapp.clients.views.area import area
from caseapp.clients.views.search import shown_hits, typed_text
from caseapp.db import new_id
from caseapp.drafts.forms import DraftForm, fields_of
from caseapp.drafts.models import Draft, OfficeDraft
from caseapp.drafts.queries import get_draft, list_office_drafts
from caseapp.drafts.service import drop_on_save
from caseapp.errors import NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.places.models import CarrierProfile
from caseapp.places.queries import get_organisation, list_teams, municipality_name
from caseapp.security import policy
from caseapp.security.actor import Role
from caseapp.security.permissions import Permission
from caseapp.web import context

INTAKE = "intake"
_ROWS = {"person": 1, "familie": 4}


def _saved_file(draft_id: UUID) -> str | None:
    return url_for("clients.show", client_id=draft_id) if queries.find_client(draft_id) else None


def resume(draft: Draft) -> str:
    """Where a begun intake is continued."""
    if not isinstance(draft, OfficeDraft):
        raise NotFoundError
    return url_for("clients.intake", entwurf=draft.id, haushalt=draft.text.about or None)


DRAFT_FORMS = (DraftForm(INTAKE, Permission.CLIENT_CREATE, None, _saved_file, resume, _l("Aufnahme")),)


@dataclass(frozen=True, slots=True)
class Desk:
    """For whom and where this intake happens. `beside`: the file whose household the new people join."""

    organisation_id: UUID
    profile: CarrierProfile
    teams: dict[str, str]
    workers: dict[str, str]
    beside: Client | None


@area.page("/klienten/neu", permission=Permission.CLIENT_CREATE, methods=("GET", "POST"))
def intake() -> ResponseReturnValue:
    """`q` with `suchen` looks for hits first; `art` (person, familie), `haushalt` or `entwurf` open the form."""
    if request.method == "GET" and not {"art", "haushalt", "entwurf"} & request.args.keys():
        return _search_page()
    if "suchen" in request.form:
        return _search_page(*typed_text())
    desk = _desk()
    form = _form(desk)
    if "form_id" in request.form and form.validate_on_submit():
        if form.form_id.data and queries.find_client(form.form_id.data):
            return redirect(url_for("clients.show", client_id=form.form_id.data))
        found = _look_for_doubles(desk, form)
        if found:
            return _form_page(desk, form, found=found), 409
        try:
            return _stored(desk, form)
        except RuleError as refusal:
            form.refuse(refusal)
    return _form_page(desk, form), form.status


def _search_page(text: str = "", problem: str = "") -> ResponseReturnValue:
    actor = context.actor()
    found = search_people(actor, text) if text and not problem else None
    if found and found.searchable:
        audit.note_read("client:search", detail=audit.Detail(count=found.total, digest=term_digest(text)))
    drafts = list_office_drafts(actor.user_id, INTAKE)
    return render_template(
        "clients/intake_search.html",
        search_text=text,
        problem=problem,
        found=found,
        hits=shown_hits(actor, found.hits) if found else [],
        offers=[{"draft": draft, "resume": resume(draft), "start": _start_of(draft)} for draft in drafts],
    ), 422 if problem else 200


def _start_of(draft: OfficeDraft) -> str:
    """The first name in a begun intake, to tell drafts apart."""
    fields = dict(reversed(draft.text.fields))
    return " ".join(filter(None, (fields.get("people-0-given_names"), fields.get("people-0-family_name"))))


def _desk() -> Desk:
    actor = context.actor()
    beside = _beside()
    carrier = beside.organisation_id if beside else context.organisation_id(Permission.CLIENT_CREATE)
    teams = {
        str(team.id): team.profile.name
        for team in list_teams(carrier)
        if policy.allows_in(actor, Permission.CLIENT_CREATE, carrier, team.id)
    }
    workers: dict[str, str] = {}
    if any(duty.organisation_id == carrier for duty in actor.duties_as(Role.LEAD)):
        workers = {
            str(person.user_id): person.name for team in teams for person in accounts.list_workers(carrier, UUID(team))
        }
    return Desk(carrier, get_organisation(carrier).profile, teams, workers, beside)


def _beside() -> Client | None:
    named = request.args.get("haushalt")
    if not named:
        return None
    try:
        client = queries.get_client(UUID(named))
    except ValueError:
        raise NotFoundError from None
    policy.require(context.actor(), Permission.HOUSEHOLD_EDIT, client)
    return client


def _form(desk: Desk) -> IntakeForm:
    """The posted form, a draft's, or an empty one with what is known already."""
    offered = {**forms.choices_of(desk.organisation_id), "team": desk.teams, "worker": desk.workers}
    begun = request.args.get("entwurf")
    if request.method == "GET" and begun:
        draft = get_draft(context.actor().user_id, _draft_id(begun))
        form = IntakeForm(choices=offered, formdata=fields_of(draft))
        form.show_draft(draft)
    elif "form_id" in request.form:
        form = IntakeForm(choices=offered)
    else:
        form = IntakeForm(choices=offered, formdata=None, data=_start(desk))
    form.place.district = desk.profile.ags[:5] or None
    return form


def _draft_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError from None


def _start(desk: Desk) -> dict[str, Any]:
    """What an empty form begins with: the searched name, the office's own place, or what the household shares."""
    kind = request.form.get("art") or request.args.get("art", "person")
    names = forms.names_in(typed_text()[0])
    values: dict[str, Any] = {
        "people": forms.people_rows(names, _ROWS.get(kind, 1)),
        "housing": forms.PROPOSED_HOUSING,
        "legal_title": forms.PROPOSED_LEGAL_TITLE,
        "notice_on": clock.today(),
        "team": next(iter(desk.teams), ""),
        "place": municipality_name(desk.profile.ags) if len(desk.profile.ags) == 8 else "",
    }
    return values | (forms.shared_values(desk.beside, _facts_of(desk.beside)) if desk.beside else {})


def _facts_of(client: Client) -> list[Any]:
    return [entry.box.fact for entry in service.present_facts(client.id, clock.today())]


def _look_for_doubles(desk: Desk, form: IntakeForm) -> list[doubles.Double]:
    """Possible duplicates that were not yet looked at. Nothing is found again for the people who were confirmed."""
    heads = [service.ready(head) for head in forms.heads_of(form)]
    mark = duplicates.people_digest(heads)
    if request.form.get("confirmed") == mark:
        return []
    found = duplicates.list_duplicates(desk.organisation_id, heads)
    shown = doubles.shown(context.actor(), heads, found)
    if shown:
        audit.note_read("client:duplicates", detail=audit.Detail(count=len(shown)))
    return shown


def _stored(desk: Desk, form: IntakeForm) -> ResponseReturnValue:
    actor = context.actor()
    files = forms.files_of(
        form,
        organisation_id=desk.organisation_id,
        team_id=_team(desk, form),
        worker_id=_worker(desk, form),
        notice_version=desk.profile.notice_version,
    )
    if desk.beside is not None or len(files) > 1:
        clients = service.open_family(actor, files, household=_household(desk))
    else:
        clients = [service.open_file(actor, files[0])]
    drop_on_save(clients[0].id, client_bound=False)
    return redirect(url_for("clients.show", client_id=clients[0].id, neu=1))


def _household(desk: Desk) -> Household | None:
    return service.household_of(context.actor(), desk.beside) if desk.beside else None


def _team(desk: Desk, form: IntakeForm) -> UUID:
    """The chosen team, or the only one. Raises RuleError where there is none or a choice."""
    chosen = form.team.data or (next(iter(desk.teams)) if len(desk.teams) == 1 else "")
    if not chosen:
        said = _("Wählen Sie das Team aus.") if desk.teams else _("Für Sie ist kein Team eingetragen. Fragen Sie nach.")
        raise RuleError(said, field="team")
    return UUID(chosen)


def _worker(desk: Desk, form: IntakeForm) -> UUID | None:
    """Leads choose, or leave the file in the queue; caseworkers take it themselves."""
    actor = context.actor()
    if form.worker.data:
        return UUID(form.worker.data)
    counsels = any(duty.organisation_id == desk.organisation_id for duty in actor.duties_as(Role.CASEWORKER))
    return actor.user_id if counsels and not desk.workers else None


def _form_page(desk: Desk, form: IntakeForm, *, found: list[doubles.Double] | None = None) -> str:
    beside = desk.beside.id if desk.beside else None
    heads = [service.ready(head) for head in forms.heads_of(form)] if found else []
    return render_template(
        "clients/intake.html",
        form=form,
        desk=desk,
        doubles=found or [],
        mark=duplicates.people_digest(heads) if found else "",
        draft_url=url_for(
            "drafts.save",
            draft_id=form.form_id.data or new_id(),
            form=INTAKE,
            organisation=desk.organisation_id,
            about=beside,
        ),
    )
