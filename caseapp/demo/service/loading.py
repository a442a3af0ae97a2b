"""Filling an empty database that is marked `demo`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

from sqlalchemy import insert, select

from caseapp import audit, clock
from caseapp.agreements.models import Agreement
from caseapp.clients.models import Caseload, Client, ClientGrant, HistoryEntry, Household, HouseholdMember
from caseapp.counselling.models import Activity, Contact, ContactParticipant, ShortAdvice
from caseapp.db import Base, Database, session
from caseapp.demo.rules.households import draw_frames, draw_household
from caseapp.demo.rules.plan import CarrierPlan, Scope, plan_carriers
from caseapp.demo.rules.referrals import partner_kinds
from caseapp.demo.rules.vocabulary import Vocabulary, load_vocabulary
from caseapp.demo.service.cases import Case, Rows, new_case
from caseapp.demo.service.desks import desk_rows, draft_rows
from caseapp.demo.service.directory import add_directory, add_offices
from caseapp.demo.service.planned import goal_words
from caseapp.demo.service.referred import Partners, told
from caseapp.demo.service.rows import RowMaker, Shelf
from caseapp.demo.service.staff import Desk, Staff
from caseapp.demo.service.versions import Papers
from caseapp.drafts.models import ClientDraft
from caseapp.errors import RuleError
from caseapp.goals.models import Followup, Goal, GoalReview, GoalStep, Score
from caseapp.i18n import gettext as _
from caseapp.keystore import KeyStore
from caseapp.places import queries as places
from caseapp.places.models import Organisation
from caseapp.places.rules import Municipality, load_gazetteer
from caseapp.referrals.models import Disclosure, Referral, ReferralStep
from caseapp.settings import PROJECT_ROOT
from caseapp.tasks.models import Task

_CHUNK = 500  # households in memory at a time: about 15,000 rows
# Parents before children: foreign keys are checked at once.
_ORDER: tuple[type[Base], ...] = (
    Client,
    Household,
    HouseholdMember,
    ClientGrant,
    Caseload,
    HistoryEntry,
    Contact,
    ContactParticipant,
    Task,
    Goal,
    GoalStep,
    GoalReview,
    Score,
    Followup,
    Agreement,
    Referral,
    ReferralStep,
    Disclosure,
    ClientDraft,
    ShortAdvice,
    Activity,
)
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Loaded:
    """What was written."""

    carriers: int = 0
    workers: int = 0
    clients: int = 0
    contacts: int = 0


def made_on() -> dt.date:
    """The day on which this installation was set up; the dates of the demo stand around it."""
    installation = places.find_installation()
    return clock.local(installation.created_at).date() if installation else clock.today()


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: how many files, from which seed, as of which day, with how many contacts a file in the mean."""

    clients: int
    seed: int
    scope: Scope
    today: dt.date
    contacts: int = 10


def require_demo() -> None:
    """Refuse any database that is not marked as a demo. Raises RuleError."""
    installation = places.find_installation()
    if installation is None or not installation.demo:
        raise RuleError(
            _(
                "Diese Datenbank ist keine Demo: Erfundene Personen kommen nie zu echten. "
                "Wählen Sie mit CASEAPP_DATA einen leeren Ordner."
            )
        )


def is_empty() -> bool:
    """Whether there is no carrier yet."""
    return session().scalar(select(Organisation.id).limit(1)) is None


def load(database: Database, order: Order, password_hash: str, progress: Progress) -> Loaded:
    """Write the demo in one transaction: after an interruption the database is as empty as before.

    Raises RuleError for a database that is no demo or holds something. Same order, same people, dates and figures.
    """
    words = load_vocabulary(PROJECT_ROOT / "config" / "demo")
    plans = plan_carriers(load_gazetteer(PROJECT_ROOT / "config" / "places"), order.clients, order.seed, order.scope)
    with database.unit(None, write=True):
        require_demo()
        if not is_empty():
            raise RuleError(_("Diese Demo enthält schon Daten. Wählen Sie mit CASEAPP_DATA einen leeren Ordner."))
        with audit.everything("demo load"):
            staff = Staff(words.names["german"], password_hash, order.seed, order.today)
            return _load(_Loading(words, order, progress), plans, staff)


class _Loading:
    """One run: carrier by carrier, each in chunks, so that memory does not grow with the state."""

    def __init__(self, words: Vocabulary, order: Order, progress: Progress) -> None:
        self._words, self._order, self._progress = words, order, progress
        self._keystore: KeyStore = session().info["keystore"]
        self._rng = Random(f"{order.seed}|desks")
        self._households = 0
        self._partners: dict[str, Partners] = {}
        self._goals, self._papers = goal_words(order.today), Papers()
        self.loaded = Loaded()

    def directory(self, organisation: Organisation, desks: Sequence[Desk], district: str, *, first: bool) -> None:
        """The partners of a district, entered by the first caseworker of its first carrier; the very first has more."""
        if district in self._partners:
            return
        towns: list[Municipality] = list(dict.fromkeys(town for desk in desks for town in desk.plan.towns))
        today = self._order.today
        if first:
            rng = Random(f"{self._order.seed}|directory")
            partners = add_directory(rng, organisation, desks[0].worker_id, towns, today)
        else:
            rng = Random(f"{self._order.seed}|directory|{district}")
            partners = add_offices(rng, organisation, towns, today, partner_kinds())
        # Of several of a kind the first one that letters can reach.
        found = {partner.kind: told(partner) for partner in reversed(partners) if partner.profile.has_address}
        self._partners[district] = found

    def carrier(self, organisation: Organisation, desks: Sequence[Desk], district: str) -> None:
        """All files of a carrier, in chunks."""
        cases = [case for desk in desks for case in self._cases(desk)]
        number_files(organisation, cases, self._order.today.year)
        key = self._keystore.keyring.organisation(organisation.id)
        for desk in desks:
            insert_rows(desk_rows(self._rng, desk, self._order.today, key))
        waiting = iter(cases)
        while chunk := list(islice(waiting, _CHUNK)):
            self._write(organisation, chunk, self._partners[district])
        self.loaded.carriers += 1
        self.loaded.workers += len(desks)

    def _cases(self, desk: Desk) -> Iterator[Case]:
        first = self._households
        rng = Random(f"{self._order.seed}|desk|{first}")
        plan = desk.plan
        for frame in draw_frames(
            rng, plan.files, plan.towns, self._order.today, first=first, leads_team=desk.leads_team
        ):
            self._households += 1
            yield new_case(frame, desk, self._order.seed)

    def _write(self, organisation: Organisation, chunk: Sequence[Case], partners: Partners) -> None:
        owners = [(client_id, organisation.id) for case in chunk for client_id in case.client_ids]
        keys = self._keystore.create(owners)
        order = self._order
        shelf = Shelf(self._words, self._goals, self._papers, partners, order.today, order.contacts)
        maker = RowMaker(shelf, keys)
        for case in chunk:
            maker.add(case, draw_household(case.rng, self._words, case.frame))
        rows = maker.book.rows
        rows.update(draft_rows(chunk[0].rng, chunk, order.today, keys))
        insert_rows(rows)
        self.loaded.clients += len(owners)
        self.loaded.contacts += len(rows[Contact])
        self._progress(self.loaded.clients, order.clients)


def _load(loading: _Loading, plans: Sequence[CarrierPlan], staff: Staff) -> Loaded:
    for place, plan in enumerate(plans):
        organisation, desks = staff.enter(plan, first=not place)
        district = plan.ags[:5]
        loading.directory(organisation, desks, district, first=not place)
        loading.carrier(organisation, desks, district)
    return loading.loaded


def number_files(organisation: Organisation, cases: Sequence[Case], year: int) -> None:
    """File numbers in the order of opening, counted for each year; the carrier's counter stands behind them."""
    last: dict[int, int] = defaultdict(int)
    for case in sorted(cases, key=lambda case: (case.frame.opened_on, case.frame.number)):
        opened = case.frame.opened_on.year
        start = last[opened] + 1
        last[opened] += case.frame.size
        case.numbers = [f"{opened}-{number:05d}" for number in range(start, start + case.frame.size)]
    organisation.file_year, organisation.last_file_number = year, last[year]


def insert_rows(rows: Rows) -> None:
    """Insert in bulk, parents first."""
    session().flush()
    for table in _ORDER:
        if rows[table]:
            session().execute(insert(table), rows[table], execution_options={"render_nulls": True})
    audit.flush_notes(session())
