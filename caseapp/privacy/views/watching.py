"""Pages of data protection and of the administrator: who read what, in pseudonyms, and the technical log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.accounts import queries as accounts
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.privacy import service
from caseapp.privacy.forms import ComplaintForm, RegisterFilter
from caseapp.privacy.queries import access as events
from caseapp.privacy.queries.access import Event, Narrowed
from caseapp.privacy.queries.codes import file_code, find_file, find_person, name_of, person_code
from caseapp.privacy.rules.actions import GROUPS, register_label, system_label
from caseapp.privacy.views.area import area
from caseapp.security import policy
from caseapp.security.actor import Role
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

_LAST_PAGE = 10_000


@area.page("/datenschutz/zugriffe", permission=Permission.AUDIT_REGISTER)
def watch() -> ResponseReturnValue:
    """Who read and changed what, in pseudonyms."""
    carriers = policy.organisations(context.actor(), Permission.AUDIT_REGISTER)
    groups = {"": _("Alle Vorgänge"), **{name: str(label) for name, (label, _names) in GROUPS.items()}}
    form = RegisterFilter(request.args, choices={"vorgang": groups})
    form.validate()
    page = _page()
    found, more = events.list_events(carriers, _narrowed(form, carriers), page=page)
    audit.note_read("access:register", detail=audit.Detail(count=len(found)))
    return render_template(
        "privacy/watch.html",
        form=form,
        rows=_rows(found, carriers),
        number=page,
        more=more,
        page_href=lambda wanted: url_for("privacy.watch", **{**request.args.to_dict(), "seite": wanted}),
        label=register_label,
        person_code=person_code,
        file_code=file_code,
        narrowed=any(field.raw_data and field.raw_data[0] for field in form),
    )


@area.page("/datenschutz/beschwerden", permission=Permission.AUDIT_REGISTER, methods=("GET", "POST"))
def complaints() -> ResponseReturnValue:
    """The complaints that opened a name; to open one more."""
    actor = context.actor()
    carrier = context.organisation_id(Permission.AUDIT_REGISTER)
    form = ComplaintForm()
    if not form.is_submitted():
        form.code.data = request.args.get("person", "")[:20]
    if form.validate_on_submit():
        try:
            service.open_name(
                actor,
                carrier,
                code=form.code.data or "",
                number=form.number.data or "",
                reason=form.reason.data or "",
                complaint_id=form.form_id.data or uuid4(),
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Der Name steht jetzt bei der Beschwerde. Nummer und Grund sind festgehalten."))
            return redirect(url_for("privacy.complaints", traeger=request.args.get("traeger")))
    found = events.list_complaints([carrier])
    accounts.names_of({each.user_id for each in found} | {each.opened_by for each in found})
    audit.note_read("complaint:list", organisation_id=carrier, detail=audit.Detail(count=len(found)))
    page = render_template(
        "privacy/complaints.html", form=form, complaints=found, name_of=name_of, person_code=person_code
    )
    return page, form.status


@area.page("/datenschutz/system", permission=Permission.AUDIT_SYSTEM)
def system() -> ResponseReturnValue:
    """The technical log: accounts, duties, carriers, keys; nothing of a client."""
    actor, page = context.actor(), _page()
    carriers = policy.organisations(actor, Permission.AUDIT_SYSTEM)
    found, more = events.list_system(carriers, page=page)
    audit.note_read("audit:system", detail=audit.Detail(count=len(found)))
    return render_template(
        "privacy/system.html",
        events=found,
        people=_shown_people(found, carriers),
        number=page,
        more=more,
        page_href=lambda wanted: url_for("privacy.system", seite=wanted),
        label=system_label,
    )


def _shown_people(found: Sequence[Event], carriers: Collection[UUID]) -> dict[UUID, str]:
    """Names for whoever runs the accounts; for data protection the same pseudonyms as in the register."""
    ids = {event.actor_id for event in found if event.actor_id}
    if any(duty.role is Role.ADMIN and duty.organisation_id in carriers for duty in context.actor().duties):
        return accounts.names_of(ids)
    return {each: person_code(each) for each in ids}


def _rows(found: Sequence[Event], carriers: Collection[UUID]) -> list[tuple[Event, str]]:
    """Each event with the function of its person on that day."""
    duties = events.functions_of({event.actor_id for event in found if event.actor_id}, carriers)
    return [(event, events.function_text(event, duties)) for event in found]


def _narrowed(form: RegisterFilter, carriers: Collection[UUID]) -> Narrowed:
    """What was asked for. A pseudonym that nobody has finds nothing, instead of everything."""
    nobody = uuid4()
    person, file = (form.person.data or "").strip(), (form.akte.data or "").strip()
    return Narrowed(
        from_on=form.von.data,
        to_on=form.bis.data,
        beginnings=GROUPS[form.vorgang.data][1] if form.vorgang.data in GROUPS else (),
        person=(find_person(person, carriers) or nobody) if person else None,
        client=(find_file(file, carriers) or nobody) if file else None,
    )


def _page() -> int:
    return min(max(1, request.args.get("seite", 1, type=int)), _LAST_PAGE)
