"""Applications for flats, and their checklist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from caseapp import clock, i18n
from caseapp.catalogue import queries as catalogue
from caseapp.catalogue.rules import Code
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.housing.models import HousingApplication, HousingCheck
from caseapp.housing.rules.states import OPEN, State
from caseapp.network import queries as network
from caseapp.network.models import Dwelling
from caseapp.referrals.models import Referral

CHECKLIST, REASONS = "housing_checklist", "housing_reasons"
_NOT_ASKED = frozenset({"proposed", "withdrawn"})


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """An application with its dwelling; `state` is the present one, "asked" included."""

    application: HousingApplication
    dwelling: Dwelling
    landlord: str
    state: State


@dataclass(frozen=True, slots=True)
class Check:
    """A point of the checklist. `before_signing`: it belongs before the signature."""

    code: str
    label: str
    before_signing: bool
    task: str  # what is to be done where it is still open
    days: int  # until when, from today
    done_on: dt.date | None


def get_application(application_id: UUID) -> HousingApplication:
    """The application. Raises NotFoundError for a missing and for a foreign one alike."""
    found = session().get(HousingApplication, application_id)
    if found is None:
        raise NotFoundError
    return found


def list_applications(client_ids: Collection[UUID]) -> list[ApplicationLine]:
    """All applications of a household, given as its people, as far as the actor can read their files.

    The running ones first, then the latest; five statements at most.
    """
    found = (
        session()
        .scalars(
            select(HousingApplication)
            .where(HousingApplication.client_id.in_(tuple(client_ids)))
            .order_by(HousingApplication.changed_at.desc(), HousingApplication.id)
        )
        .all()
    )
    if not found:
        return []
    dwellings = dwellings_now({each.dwelling_id for each in found})
    names = network.names_of({each.landlord_id for each in dwellings.values() if each.landlord_id})
    asked = _asked(found)
    lines = [
        ApplicationLine(
            each,
            dwellings[each.dwelling_id],
            _landlord(dwellings[each.dwelling_id], names),
            _state(each, asked),
        )
        for each in found
    ]
    return sorted(lines, key=lambda line: line.state not in OPEN)


def list_open_for_dwelling(client_ids: Collection[UUID], dwelling_id: UUID) -> Sequence[HousingApplication]:
    """The household's running applications for this dwelling."""
    return (
        session()
        .scalars(
            select(HousingApplication)
            .where(
                HousingApplication.client_id.in_(tuple(client_ids)),
                HousingApplication.dwelling_id == dwelling_id,
                HousingApplication.state.in_([state.value for state in OPEN]),
            )
            .order_by(HousingApplication.created_at, HousingApplication.id)
        )
        .all()
    )


def dwellings_now(dwelling_ids: Collection[UUID]) -> Mapping[UUID, Dwelling]:
    """These dwellings as they are now, by id."""
    rows = session().scalars(select(Dwelling).where(Dwelling.id.in_(tuple(dwelling_ids))).order_by(Dwelling.id))
    return {each.id: each for each in rows}


def state_now(application: HousingApplication) -> State:
    """Where the application stands, "asked" once our inquiry has left."""
    return _state(application, _asked([application]))


def list_checks(application_id: UUID) -> list[Check]:
    """The checklist with the days on which its points were done; points that ended stay where they are ticked."""
    rows = session().execute(
        select(HousingCheck.code, HousingCheck.done_on)
        .where(HousingCheck.application_id == application_id)
        .order_by(HousingCheck.code)
    )
    done = {row.code: row.done_on for row in rows}
    today = clock.today()
    return [
        _check(code, done.get(code.code))
        for code in catalogue.rows_of(CHECKLIST)
        if code.is_valid(today) or code.code in done
    ]


def find_check(application_id: UUID, code: str) -> Sequence[HousingCheck]:
    """The tick at this point of the checklist: one row or none."""
    return (
        session()
        .scalars(
            select(HousingCheck)
            .where(HousingCheck.application_id == application_id, HousingCheck.code == code)
            .order_by(HousingCheck.id)
        )
        .all()
    )


def checklist() -> Mapping[str, Code]:
    """The points that are valid today, by code."""
    return {code.code: code for code in catalogue.catalogue().choices(CHECKLIST, clock.today())}


def reason_codes() -> dict[str, str]:
    """Why an application ends, for a form: code to label."""
    locale = i18n.current_locale()
    return {code.code: code.label(locale) for code in catalogue.catalogue().choices(REASONS, clock.today())}


def reasons_by_side(*, landlord: bool) -> dict[str, str]:
    """The reasons of the landlord, or those of the household and the offices."""
    codes = catalogue.catalogue().choices(REASONS, clock.today())
    locale = i18n.current_locale()
    return {
        code.code: code.label(locale)
        for code in codes
        if (code.extra["said_by"] == "landlord") == landlord or code.code == "SON"
    }


def _check(code: Code, done_on: dt.date | None) -> Check:
    return Check(
        code=code.code,
        label=code.label(i18n.current_locale()),
        before_signing=code.extra["before_signing"] == "yes",
        task=code.extra["task_de"],
        days=int(code.extra["days"]),
        done_on=done_on,
    )


def _landlord(dwelling: Dwelling, names: Mapping[UUID, str]) -> str:
    return names.get(dwelling.landlord_id, "") if dwelling.landlord_id else ""


def _asked(applications: Collection[HousingApplication]) -> frozenset[UUID]:
    """Referrals of these applications that have left the house."""
    ids = tuple(each.referral_id for each in applications if each.referral_id)
    if not ids:
        return frozenset()
    rows = session().execute(
        select(Referral.id).where(Referral.id.in_(ids), Referral.state.not_in(_NOT_ASKED)).order_by(Referral.id)
    )
    return frozenset(row[0] for row in rows)


def _state(application: HousingApplication, asked: frozenset[UUID]) -> State:
    state = State(application.state)
    return State.ASKED if state is State.PROPOSED and application.referral_id in asked else state
