"""What the named caseworkers have put on paper: agreements, releases, referrals, letters, applications for flats.

Everything goes through the services, in units of its own where a paper must be printed before it can be signed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from caseapp import jobs
from caseapp.accounts import queries as accounts
from caseapp.agreements import queries as agreements
from caseapp.agreements import service as agreeing
from caseapp.agreements.models import PlanText, Signature
from caseapp.agreements.service import NewPlan, Signing, Talk
from caseapp.agreements.service.composing import Said
from caseapp.agreements.service.talks import base_of
from caseapp.clients.models import Client
from caseapp.clients.queries import get_client
from caseapp.consents import queries as consents
from caseapp.consents import service as consenting
from caseapp.consents.models import ConsentLine, Line, MandateLine, Mark, ReleaseLine, SheetText
from caseapp.consents.service import NewLine, NewSheet, SheetSignature, Withdrawal
from caseapp.db import new_id
from caseapp.db.unit import Database
from caseapp.demo.rules.days import DAY
from caseapp.demo.service.agreed import LOGINS, own_adults
from caseapp.errors import RuleError
from caseapp.goals import queries as goals
from caseapp.housing import service as housing
from caseapp.housing.rules.states import State as Search
from caseapp.housing.service import Way as Asking
from caseapp.letters.service import NewLetter, print_letter, write_letter
from caseapp.network import queries as network
from caseapp.referrals import queries as referrals
from caseapp.referrals import service as referring
from caseapp.referrals.rules.states import State, Way
from caseapp.referrals.service import NewReferral, stop_for_releases
from caseapp.security.actor import Actor

_CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Desk:
    """One caseworker at work: `run` prints a paper at once."""

    database: Database
    actor: Actor
    run: Callable[[UUID, UUID], None]
    partners: dict[str, UUID]  # one that has an address, by kind
    today: dt.date

    @contextmanager
    def unit(self) -> Iterator[Session]:
        """A unit of work; what it ordered is printed after its commit."""
        with self.database.unit(self.actor, write=True) as unit:
            yield unit
            ordered = jobs.started(unit)
        for job_id in ordered:
            self.run(job_id, self.actor.user_id)


def sign_papers(
    database: Database, actor_of: Callable[[UUID], Actor], run: Callable[[UUID, UUID], None], today: dt.date
) -> None:
    """Papers in every state for the named caseworkers, with the partners of the directory."""
    for login in LOGINS:
        with database.unit(None, write=False):
            user = accounts.find_user_by_login(login)
        if user is None:
            continue
        actor = actor_of(user.id)
        with database.unit(actor, write=False):
            clients = [client.id for client in own_adults(user.id, today)]
            lines = network.list_partners()
        partners = {line.kind: line.id for line in reversed(lines) if line.profile.has_address}
        desk = Desk(database, actor, run, partners, today)
        _agree(desk, clients, first=login == LOGINS[0])
        if login == LOGINS[0]:
            _release(desk, clients)
            _refer(desk, clients)
            _write(desk, clients)
        _search(desk, clients)


def _agree(desk: Desk, clients: Sequence[UUID], *, first: bool) -> None:
    """Signed with a talk to come, signed and due within days, waiting for the signature, declined."""
    # Days until the next talk, and what becomes of the version.
    courses = ((84, "signed"), (5, "signed"), (90, "waiting"), (60, "declined")) if first else ((3, "signed"),)
    with_goals = [client_id for client_id in clients if _open_goals(desk, client_id)]
    for client_id, (ahead, course) in zip(with_goals, courses, strict=False):
        agreement_id = new_id()
        with desk.unit():
            client = get_client(client_id)
            talk = Talk(
                base=base_of(agreements.newest(client_id)),
                said=Said(language=client.head.language, strengths="Zuverlässig, pünktlich, hilft anderen"),
                review_on=desk.today + ahead * DAY,
            )
            agreeing.conclude(desk.actor, client, talk, agreement_id=agreement_id)
            if course == "signed" and first:
                plan = NewPlan(kind="KOP", agreed_on=desk.today - 70 * DAY, text=PlanText(office="Jobcenter"))
                agreeing.add_plan(desk.actor, client, plan)
        with desk.unit():
            client, made = get_client(client_id), agreements.get_agreement(agreement_id)
            said_yes = Signature(way=_CONFIRMED, name=client.head.full_name)
            by_worker = Signature(way=_CONFIRMED, name="Integrationsmanagement")
            signing = Signing(client=said_yes, worker=by_worker, copy_received=True, signed_on=desk.today)
            if course == "signed":
                agreeing.sign(desk.actor, client, made, signing, digest=made.digest)
            elif course == "declined":
                words = "Möchte erst mit der Schwester sprechen."
                agreeing.decline(desk.actor, client, made, words, digest=made.digest)


def _open_goals(desk: Desk, client_id: UUID) -> list[goals.GoalView]:
    with desk.database.unit(desk.actor, write=False):
        return goals.list_goals(client_id, open_only=True)


def _release(desk: Desk, clients: Sequence[UUID]) -> None:
    """Valid for months, ending within days, withdrawn with what rested on it, prepared and not signed; a Vollmacht."""
    partners = desk.partners
    jobcenter = _line(partners["JC"], "LEI", ("TER", "NAM", "TEL", "LEI", "ANL"))
    landlord = _line(partners["VER"], "WOH", ("NAM", "TEL", "FAM", "WOH", "ANL"))
    school = _line(partners["VHS"], "SPR", ("NAM", "TEL", "SPR", "DEU", "ANL"))
    _sheet(desk, clients[0], (jobcenter, landlord, ConsentLine(kind="NAC")), 170)
    _sheet(desk, clients[1], (school,), 8)
    mandate = MandateLine(holder="Integrationsmanagement", towards="", partner_id=partners["JC"], scopes=("AUS", "UNT"))
    _sheet(desk, clients[2], (mandate,), 90, kind="mandate")
    _sheet(desk, clients[3], (school,), 120, sign=False)
    _sheet(desk, clients[4], (jobcenter,), 120)
    with desk.unit():
        client = get_client(clients[4])
        referral = referring.propose(desk.actor, client, _referral(Way.SENT, partners["JC"], "LEI"))
        _send(desk, client, referral.id)
        referring.propose(desk.actor, client, _referral(Way.SENT, partners["JC"], "LEI"))
    with desk.unit():
        client, given = get_client(clients[4]), Withdrawal(way="TEL")
        ids = [each.id for each in consents.list_valid_releases(client.id, desk.today)]
        consenting.withdraw(desk.actor, client, ids, given, (stop_for_releases,))


def _line(partner_id: UUID, purpose: str, fields: tuple[str, ...]) -> ReleaseLine:
    return ReleaseLine(
        recipient="", partner_id=partner_id, direction="both", fields=fields, purpose=purpose, ways=("BRF", "TEL")
    )


def _sheet(
    desk: Desk, client_id: UUID, lines: Sequence[Line], days: int, *, kind: str = "consent", sign: bool = True
) -> None:
    with desk.unit():
        client = get_client(client_id)
        until = desk.today + days * DAY
        new = NewSheet(
            kind=kind,
            text=SheetText(language=client.head.language),
            lines=tuple(NewLine(line, None if isinstance(line, ConsentLine) else until) for line in lines),
        )
        sheet_id = consenting.prepare_sheet(desk.actor, client, new, sheet_id=new_id()).id
    if not sign:
        return
    with desk.unit():
        client, sheet = get_client(client_id), consents.get_sheet(sheet_id)
        mark = Mark(role="client", way=_CONFIRMED, name=client.head.full_name)
        given = SheetSignature(marks=(mark,), signed_on=desk.today)
        consenting.sign_sheet(desk.actor, client, sheet, given, version=sheet.text_rev)


def _refer(desk: Desk, clients: Sequence[UUID]) -> None:
    """A referral in every state."""
    partners = desk.partners
    answered: tuple[tuple[UUID, NewReferral, State | None], ...] = (
        (clients[0], _referral(Way.SENT, partners["JC"], "LEI"), State.ACCEPTED),
        (clients[1], _referral(Way.SENT, partners["VHS"], "SPR"), None),
        (clients[2], _referral(Way.CARRIED, partners["SLD"], "SDN"), State.DECLINED),
        (clients[3], _referral(Way.CARRIED, partners["VEI"], "TEI"), State.DONE),
        (clients[5], _referral(Way.CARRIED, partners["MBE"], "BER"), State.NO_ANSWER),
        (clients[6], _referral(Way.HINT, partners["EAK"], "EHR"), None),
    )
    for client_id, new, answer in answered:
        with desk.unit():
            client = get_client(client_id)
            referral = referring.propose(desk.actor, client, new)
            _send(desk, client, referral.id)
            if answer is not None:
                referring.record_answer(desk.actor, client, referral, answer, version=referral.version)
    with desk.unit():
        client = get_client(clients[7])
        referring.propose(desk.actor, client, _referral(Way.CARRIED, partners["KAM"], "ARB"))


def _referral(way: Way, partner_id: UUID, purpose: str) -> NewReferral:
    fields = () if way is Way.HINT else ("NAM", "ANL")
    return NewReferral(
        way=way,
        partner_id=partner_id,
        purpose=purpose,
        fields=fields,
        text="" if way is Way.HINT else "Bittet um einen Termin und um Hilfe beim Antrag.",
    )


def _send(desk: Desk, client: Client, referral_id: UUID) -> None:
    referral = referrals.get_referral(referral_id)
    shown = referrals.preview(client, referral, desk.today)
    referring.send(desk.actor, client, referral, version=referral.version, seen=shown.digest)


def _write(desk: Desk, clients: Sequence[UUID]) -> None:
    """A letter for the person, and a certificate."""
    ahead = (desk.today + 6 * DAY).isoformat()
    appointment = {"day": ahead, "from_time": "10:00", "place": "Rathaus, Zimmer 2.14"}
    letters = (
        (clients[0], "TER", appointment, True),
        (clients[5], "WAR", {"day": desk.today.isoformat(), "purpose": "school"}, False),
    )
    for client_id, template, values, own in letters:
        with desk.unit():
            client = get_client(client_id)
            language = client.head.language if own else "de"
            recipient = "" if own else "Zur Vorlage bei der Schule"
            new = NewLetter(template=template, values=values, language=language, recipient=recipient)
            print_letter(desk.actor, client, write_letter(desk.actor, client, new))


def _search(desk: Desk, clients: Sequence[UUID]) -> None:
    """Applications for flats by households that look for one: a viewing ahead, a promise, one just begun."""
    looking = [
        (client_id, goal.id)
        for client_id in clients
        for goal in _open_goals(desk, client_id)
        if goals.measure_of(goal.area) == "housing"
    ]
    outcomes = iter((Search.VIEWING, Search.OFFERED, Search.PROPOSED))
    with desk.database.unit(desk.actor, write=False):
        offered = [line.dwelling.id for line in network.list_dwellings()]
    for (client_id, goal_id), dwelling_id in zip(looking, offered, strict=False):
        with desk.unit() as unit:
            client, dwelling = get_client(client_id), network.get_dwelling(dwelling_id)
            try:
                with unit.begin_nested():
                    made = housing.add_application(desk.actor, client, dwelling, Asking.CARRIED, goal_id=goal_id)
            except RuleError:
                continue  # the residence obligation forbids the place
            outcome = next(outcomes, Search.PROPOSED)
            if outcome is Search.PROPOSED:
                continue
            day = desk.today + (3 if outcome is Search.VIEWING else -2) * DAY
            housing.set_viewing(desk.actor, client, made, day, "16:30", version=made.version)
            if outcome is Search.OFFERED:
                housing.record_result(desk.actor, client, made, Search.OFFERED, version=made.version)
