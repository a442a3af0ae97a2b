"""Short advice without a file, and activities without a case."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.catalogue import queries as catalogue
from caseapp.counselling import queries, rules, service
from caseapp.counselling.forms import ActivityForm, AdviceForm, minutes_meant
from caseapp.counselling.views.area import area
from caseapp.counselling.views.drafts import ACTIVITY, resume_activity
from caseapp.db import new_id
from caseapp.drafts.forms import fields_of
from caseapp.drafts.queries import get_draft, list_office_drafts
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.places.queries import gazetteer, get_organisation
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

_ACTIVITY_MINUTES = (30, 60, 90, 120, 180, 240)
_WITHOUT_CLIENT = ("NVE", "FAL")


@area.page("/kurzberatung", permission=Permission.ADVICE_WRITE, methods=("GET", "POST"))
def advice() -> ResponseReturnValue:
    """Short advice without a file: four taps. The next one follows on the same page, as in office hours."""
    organisation_id = context.organisation_id(Permission.ADVICE_WRITE)
    towns, seat = _towns(organisation_id)
    form = AdviceForm(data={"ags": seat}, choices=_advice_choices(organisation_id, towns))
    if form.validate_on_submit():
        try:
            made = service.add_advice(
                context.actor(),
                organisation_id,
                advice_id=form.form_id.data or new_id(),
                on_day=form.on_day.data or clock.today(),
                kind=form.kind.data or "",
                minutes=minutes_meant(form.minutes.data, form.minutes_other.data),
                ags=form.ags.data,
                detail=form.detail,
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Kurzberatung gespeichert."), undo=url_for("counselling.undo_advice", advice_id=made.id))
            return redirect(request.full_path.rstrip("?"))
    return render_template(
        "counselling/advice.html",
        form=form,
        today=_advice_of_today(),
        prominent=queries.prominent_topics(),
        words=queries.topic_words(),
    ), form.status


@area.page("/taetigkeit", permission=Permission.ADVICE_WRITE, methods=("GET", "POST"))
def activity() -> ResponseReturnValue:
    """An activity without a case."""
    organisation_id = context.organisation_id(Permission.ADVICE_WRITE)
    form = _activity_form(organisation_id)
    if form.validate_on_submit():
        try:
            made = service.add_activity(
                context.actor(),
                organisation_id,
                activity_id=form.form_id.data or new_id(),
                on_day=form.on_day.data or clock.today(),
                minutes=minutes_meant(form.minutes.data, form.minutes_other.data),
                detail=form.detail,
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Tätigkeit gespeichert."), undo=url_for("counselling.undo_activity", activity_id=made.id))
            return redirect(url_for("counselling.activity"))
    return _activity_page(form, organisation_id)


@area.page("/kurzberatung/<uuid:advice_id>/zurueck", permission=Permission.ADVICE_WRITE, methods=("POST",))
def undo_advice(advice_id: UUID) -> ResponseReturnValue:
    """Take a short advice back."""
    service.undo_advice(context.actor(), advice_id)
    tell(_("Die Kurzberatung ist zurückgenommen."))
    return redirect(url_for("counselling.advice"))


@area.page("/taetigkeit/<uuid:activity_id>/zurueck", permission=Permission.ADVICE_WRITE, methods=("POST",))
def undo_activity(activity_id: UUID) -> ResponseReturnValue:
    """Take an activity back."""
    service.undo_activity(context.actor(), activity_id)
    tell(_("Die Tätigkeit ist zurückgenommen."))
    return redirect(url_for("counselling.activity"))


def _towns(organisation_id: UUID) -> tuple[dict[str, str], str]:
    """The municipalities of the carrier's district by key, and its own where it is one."""
    seat = get_organisation(organisation_id).profile.ags
    towns = {ags: town.name for ags, town in gazetteer().municipalities.items() if seat and ags.startswith(seat[:5])}
    return dict(sorted(towns.items(), key=lambda pair: pair[1])), seat if seat in towns else ""


def _advice_choices(organisation_id: UUID, towns: dict[str, str]) -> dict[str, dict[str, str]]:
    return {
        "kind": {
            code.code: queries.short_label(code) for code in queries.offered_kinds() if code.code not in _WITHOUT_CLIENT
        },
        "topic": dict(catalogue.options("topics", organisation_id)),
        "minutes": {str(number): _("%(number)s min", number=number) for number in rules.USUAL_MINUTES},
        "age_band": dict(catalogue.options("age_bands", organisation_id)),
        "language": dict(catalogue.options("languages", organisation_id)),
        "ags": towns,
    }


def _advice_of_today() -> list[dict[str, object]]:
    day = clock.today()
    return [
        {
            "text": catalogue.label("topics", each.detail.topic, day),
            "note": " · ".join(
                filter(
                    None,
                    (
                        f"{clock.local(each.created_at):%H:%M}",
                        catalogue.label("contact_kinds", each.kind, day),
                        _("%(number)s min", number=each.minutes) if each.minutes else "",
                    ),
                )
            ),
        }
        for each in queries.list_advice(context.actor().user_id, day)
    ]


def _activity_form(organisation_id: UUID) -> ActivityForm:
    choices = {
        "kind": dict(catalogue.options("activity_kinds", organisation_id)),
        "minutes": {str(number): _("%(number)s min", number=number) for number in _ACTIVITY_MINUTES},
    }
    begun = request.args.get("entwurf", type=UUID) if request.method == "GET" else None
    if begun is None:
        return ActivityForm(choices=choices)
    draft = get_draft(context.actor().user_id, begun)
    form = ActivityForm(formdata=fields_of(draft), choices=choices)
    form.show_draft(draft)
    return form


def _activity_page(form: ActivityForm, organisation_id: UUID) -> ResponseReturnValue:
    actor, day = context.actor(), clock.today()
    drafts = [each for each in list_office_drafts(actor.user_id, ACTIVITY) if each.id != form.form_id.data]
    form_id = form.form_id.data or new_id()
    return render_template(
        "counselling/activity.html",
        form=form,
        recent=[
            {
                "text": catalogue.label("activity_kinds", each.detail.kind, each.on_day),
                "note": " · ".join(
                    filter(None, (f"{each.on_day:%d.%m.}", _("%(number)s min", number=each.minutes or 0)))
                ),
            }
            for each in queries.list_activities(actor.user_id, day - dt.timedelta(days=7))
        ],
        offers=[{"draft": draft, "start": "", "resume": resume_activity(draft)} for draft in drafts],
        draft_url=url_for("drafts.save", draft_id=form_id, form=ACTIVITY, organisation=organisation_id),
    ), form.status
