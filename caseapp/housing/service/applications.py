"""Applying for a flat, viewing it, and what came of it."""

from __future__ import annotations

import datetime as dt
import enum
from uuid import UUID

import msgspec

from caseapp import audit, clock
from caseapp.clients.models import Client
from caseapp.db import new_id, session
from caseapp.errors import AlreadyStoredError, ConflictError, RuleError
from caseapp.goals import queries as goals
from caseapp.goals import service as goal_service
from caseapp.goals.models import Goal
from caseapp.housing import queries
from caseapp.housing.models import ApplicationText, HousingApplication, HousingCheck
from caseapp.housing.rules import states
from caseapp.housing.rules.states import State
from caseapp.i18n import gettext as _
from caseapp.jobs import Job
from caseapp.network import queries as network
from caseapp.network import rules as network_rules
from caseapp.network.models import Dwelling
from caseapp.papers.models import Paper
from caseapp.papers.service import order_paper
from caseapp.referrals import service as referrals
from caseapp.referrals.rules.states import Way as ReferralWay
from caseapp.referrals.service import NewReferral
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks import service as tasks
from caseapp.tasks.service import NewTask

PROFILE_PAPER = "housing-profile"
HOUSING_AREA = "WOH"  # goal_areas and release_purposes call it alike
_SEARCHED = "SUC"  # goal_events
# What a landlord learns when we ask: name, telephone and the inquiry. Never origin, title or benefits.
TOLD = ("NAM", "TEL", "ANL")


class Way(enum.StrEnum):
    """How the landlord hears of the household."""

    CARRIED = "carried"  # a sheet in the client's hand: nothing leaves the house
    SENT = "sent"  # we ask, as far as the client released it


def add_application(
    actor: Actor,
    client: Client,
    dwelling: Dwelling,
    way: Way,
    *,
    goal_id: UUID | None = None,
    application_id: UUID | None = None,
) -> HousingApplication:
    """Apply for a dwelling. With `Way.SENT` a referral is prepared; nothing leaves before its preview is confirmed.

    `application_id` is that of the form: sent twice, it is stored once. An open goal counts one more inquiry. Raises
    RuleError where the residence obligation forbids the place, the dwelling is gone, or nobody could be asked.
    """
    policy.require(actor, Permission.CLIENT_EDIT, client)
    stored = session().get(HousingApplication, application_id) if application_id else None
    if stored is not None:
        return _same(stored, client, dwelling)
    _check_dwelling(client, dwelling)
    goal = _housing_goal(client, goal_id)
    now = clock.now()
    application = HousingApplication(
        id=application_id or new_id(),
        client_id=client.id,
        organisation_id=client.organisation_id,
        dwelling_id=dwelling.id,
        goal_id=goal.id if goal else None,
        referral_id=_ask(actor, client, dwelling) if way is Way.SENT else None,
        way=way.value,
        state=State.PROPOSED.value,
        created_by=actor.user_id,
        created_at=now,
        changed_at=now,
        text=ApplicationText(),
    )
    # A goal of another month, or one that a colleague sees only, is no reason to refuse.
    if goal is not None and goal.open and policy.allows(actor, Permission.GOAL_ASSESS, client):
        goal_service.count_event(actor, client, goal, _SEARCHED, clock.today())
    session().add(application)
    session().flush()
    audit.record("housing:apply", client_id=client.id, detail=audit.Detail(note=way.value))
    return application


def set_viewing(
    actor: Actor, client: Client, application: HousingApplication, on_day: dt.date, time: str, *, version: str
) -> None:
    """The day and time of the viewing, and a task that reminds of it.

    Raises ConflictError, RuleError on `time` and for an application that ended.
    """
    policy.require(actor, Permission.CLIENT_EDIT, client)
    require_version(application, version)
    states.check_step(application.state, State.VIEWING)
    at = states.read_time(time)
    application.text = msgspec.structs.replace(
        application.text, viewing_time=at, viewing_task=_remind(actor, client, application, on_day, at)
    )
    application.viewing_on = on_day
    move(application, State.VIEWING)
    audit.record("housing:viewing", client_id=client.id)


def record_result(
    actor: Actor, client: Client, application: HousingApplication, result: State, *, reason: str = "", version: str
) -> None:
    """Zusage, refused or withdrawn; the latter two with a reason. Raises ConflictError, RuleError on `reason`."""
    policy.require(actor, Permission.CLIENT_EDIT, client)
    require_version(application, version)
    states.check_step(application.state, result)
    if result not in {State.OFFERED, State.DECLINED, State.WITHDRAWN}:
        raise RuleError(_("Wählen Sie ein Ergebnis aus."), field="result")
    application.reason = states.check_reason(result, reason, queries.reason_codes())
    if application.text.viewing_task:
        tasks.finish_tasks(actor, client, [application.text.viewing_task])
    move(application, result)
    audit.record("housing:result", client_id=client.id, detail=audit.Detail(note=result.value))


def take_back_result(
    actor: Actor, client: Client, application: HousingApplication, before: State, *, version: str
) -> None:
    """Undo `record_result` or `set_viewing`. Raises ConflictError after another change."""
    policy.require(actor, Permission.CLIENT_EDIT, client)
    require_version(application, version)
    if State.LET in {before, State(application.state)}:
        raise RuleError(_("Ein Mietvertrag lässt sich nur als Ganzes zurücknehmen."))
    application.reason = None
    if application.text.viewing_task:
        change = tasks.reopen_tasks if before is State.VIEWING else tasks.cancel_tasks
        change(actor, client, [application.text.viewing_task])
    move(application, before)
    audit.record("housing:result_back", client_id=client.id)


def tick_check(
    actor: Actor, client: Client, application: HousingApplication, code: str, *, done_on: dt.date | None
) -> None:
    """A point of the checklist is done on this day, or open again (None). Twice changes nothing."""
    policy.require(actor, Permission.CLIENT_EDIT, client)
    known = {check.code: check for check in queries.list_checks(application.id)}
    if code not in known:
        raise RuleError(_("Diesen Punkt gibt es nicht."))
    if done_on is not None and done_on > clock.today():
        raise RuleError(_("Dieser Tag liegt in der Zukunft. Geben Sie einen vergangenen Tag ein."))
    if (known[code].done_on is None) == (done_on is None):
        return
    if done_on is None:
        for row in queries.find_check(application.id, code):
            session().delete(row)
    else:
        session().add(
            HousingCheck(
                client_id=client.id,
                organisation_id=client.organisation_id,
                application_id=application.id,
                code=code,
                done_on=done_on,
            )
        )
    session().flush()
    audit.record("housing:check", client_id=client.id, detail=audit.Detail(note=code))


def order_profile(actor: Actor, client: Client, application: HousingApplication) -> tuple[Paper, Job]:
    """The Steckbrief for the client's hand."""
    policy.require(actor, Permission.CLIENT_EDIT, client)
    return order_paper(
        actor,
        client,
        PROFILE_PAPER,
        application.id,
        file_name="steckbrief.pdf",
        permission=Permission.CLIENT_EDIT,
    )


def require_version(application: HousingApplication, version: str) -> None:
    """Raises ConflictError when the application was changed since the form was filled."""
    if application.version != version:
        raise ConflictError(_("Diese Bewerbung wurde inzwischen geändert. Sehen Sie sich den neuen Stand an."))


def move(application: HousingApplication, state: State) -> None:
    """Set the state; every form that was open before is out of date."""
    application.state = state.value
    application.edition += 1
    application.changed_at = clock.now()
    session().flush()


def _remind(actor: Actor, client: Client, application: HousingApplication, on_day: dt.date, at: str) -> UUID | None:
    """A task for the viewing in place of the one before; None for a viewing that was."""
    if application.text.viewing_task:
        tasks.cancel_tasks(actor, client, [application.text.viewing_task])
    if on_day < clock.today():
        return None
    address = network.get_dwelling(application.dwelling_id).text.address
    title = _("Besichtigung: %(address)s", address=address)
    if at:
        title = _("Besichtigung um %(time)s Uhr: %(address)s", time=at, address=address)
    (task,) = tasks.add_tasks(actor, client, [NewTask(title, on_day)])
    return task.id


def _same(stored: HousingApplication, client: Client, dwelling: Dwelling) -> HousingApplication:
    if (stored.client_id, stored.dwelling_id) != (client.id, dwelling.id):
        raise AlreadyStoredError(
            _("Mit diesem Formular ist schon ein Eintrag gespeichert. Wenn Sie jetzt speichern, entsteht ein weiterer.")
        )
    return stored


def _check_dwelling(client: Client, dwelling: Dwelling) -> None:
    network_rules.check_open(dwelling.state)
    household = [living.client.id for living in queries.list_living(client, clock.today())]
    if queries.list_open_for_dwelling(household, dwelling.id):
        raise RuleError(_("Für diese Wohnung läuft schon eine Bewerbung dieses Haushalts."))
    _household, hit = queries.find_hit(client, dwelling, clock.today())
    if hit.match.blocked:
        raise RuleError(hit.match.findings[0].text + " " + hit.match.findings[0].help)


def _housing_goal(client: Client, goal_id: UUID | None) -> Goal | None:
    """The goal for which a flat is looked for: the named one, else the only open one."""
    if goal_id is not None:
        goal = goals.get_goal(goal_id)
        if goal.client_id != client.id or goal.area != HOUSING_AREA:
            raise RuleError(_("Dieses Ziel gehört nicht zur Wohnungssuche."))
        return goal
    found = [each for each in goals.list_goals(client.id, open_only=True) if each.area == HOUSING_AREA]
    return goals.get_goal(found[0].id) if len(found) == 1 else None


def _ask(actor: Actor, client: Client, dwelling: Dwelling) -> UUID:
    if dwelling.landlord_id is None:
        raise RuleError(_("Zu dieser Wohnung ist niemand eingetragen, den wir fragen könnten."), field="way")
    household, _hit = queries.find_hit(client, dwelling, clock.today())
    wanted = household.move_in_on or dwelling.available_on
    text = _("Anfrage zur Wohnung %(address)s.", address=dwelling.text.address)
    text += "\n" + _("Personen im Haushalt: %(number)s", number=household.persons)
    if wanted:
        text += "\n" + _("Einzug: ab %(day)s", day=f"{max(wanted, clock.today()):%d.%m.%Y}")
    new = NewReferral(
        way=ReferralWay.SENT,
        partner_id=dwelling.landlord_id,
        purpose=HOUSING_AREA,
        fields=TOLD,
        text=text,
    )
    return referrals.propose(actor, client, new).id
