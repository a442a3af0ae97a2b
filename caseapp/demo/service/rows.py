"""One household as rows, sealed, ready for the bulk insert."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import (
    Caseload,
    Client,
    ClientGrant,
    ClientHead,
    FactBox,
    GrantReason,
    HistoryEntry,
    HouseholdMember,
    MemberRole,
)
from caseapp.clients.models import Household as HouseholdRow
from caseapp.clients.rules import histories, kept
from caseapp.counselling.models import Contact, ContactDetail, ContactParticipant
from caseapp.counselling.queries import with_client_kinds
from caseapp.demo.rules.agreed import GoalWords
from caseapp.demo.rules.agreeing import draw_plans
from caseapp.demo.rules.courses import Course, draw_course
from caseapp.demo.rules.households import Household
from caseapp.demo.rules.lives import Spell
from caseapp.demo.rules.referrals import draw_referrals
from caseapp.demo.rules.steps import Step, draw_steps
from caseapp.demo.rules.talks import Talk, draw_talks
from caseapp.demo.rules.vocabulary import Vocabulary
from caseapp.demo.service import files
from caseapp.demo.service.cases import Book, Case, Member, draw_id, moment
from caseapp.demo.service.planned import add_plan
from caseapp.demo.service.referred import Partners, add_referral
from caseapp.demo.service.versions import Papers
from caseapp.security.vault import Key


@dataclass(frozen=True, slots=True)
class Shelf:
    """What all households draw from. `partners`: those of the district, by kind."""

    words: Vocabulary
    goals: GoalWords
    papers: Papers
    partners: Partners
    today: dt.date
    contacts: int


class RowMaker:
    """Collects the rows of many households."""

    def __init__(self, shelf: Shelf, keys: Mapping[UUID, Key]) -> None:
        self._shelf, self._today = shelf, shelf.today
        self._rules = catalogue.title_rules()
        self._with_client = frozenset(with_client_kinds())
        self.book = Book(keys)

    def add(self, case: Case, household: Household) -> None:
        """All rows of one household."""
        shelf, words, today = self._shelf, self._shelf.words, self._today
        course = draw_course(case.rng, household, words.streets, today)
        talks = draw_talks(case.rng, words, household, today, a_file=shelf.contacts)
        self._household(case, household)
        ends, members = None, []
        for place, spells in enumerate(course.spells):
            head = self._client(case, household, course, place)
            facts = self._histories(case, place, spells)
            ends = facts["title_ends_on"] if place == 0 else ends
            caseload = self._caseload(case, place, facts, talks)
            members.append(Member(case, case.client_ids[place], case.numbers[place], head, caseload))
        self._talks(case, household, talks)
        for step in draw_steps(case.rng, words, household, ends, today):
            self._step(members[step.member], step)
        for plan in draw_plans(case.rng, shelf.goals, household, course, today):
            add_plan(self.book, shelf.papers, members[plan.member], plan)
        for referral in draw_referrals(case.rng, household, today):
            add_referral(self.book, members[referral.member], referral, shelf.partners)

    def _household(self, case: Case, household: Household) -> None:
        if case.frame.size == 1:
            return
        row_id = draw_id(case.rng)
        organisation_id = case.desk.organisation_id
        self.book.rows[HouseholdRow].append(
            {"id": row_id, "organisation_id": organisation_id, "created_at": moment(case.frame.opened_on)}
        )
        for place, person in enumerate(household.members):
            member_id, client_id = draw_id(case.rng), case.client_ids[place]
            role = MemberRole(relation=person.relation)
            self.book.rows[HouseholdMember].append(
                {
                    "id": member_id,
                    "household_id": row_id,
                    "client_id": client_id,
                    "organisation_id": organisation_id,
                    "anchor": place == 0,
                    "from_on": None,
                    "until_on": None,
                    **self.book.seal(HouseholdMember.role, "household_member", client_id, member_id, role),
                }
            )

    def _client(self, case: Case, household: Household, course: Course, place: int) -> ClientHead:
        frame, desk, client_id = case.frame, case.desk, case.client_ids[place]
        head = files.make_head(case.rng, household, place)
        body = files.make_body(case.rng, household, course, place)
        self.book.rows[Client].append(
            {
                "id": client_id,
                "organisation_id": desk.organisation_id,
                "team_id": desk.team_id,
                "worker_id": None if frame.waiting else desk.worker_id,
                "ags": frame.town.ags,
                "file_number": case.numbers[place],
                "protected": frame.protected,
                "opened_on": frame.opened_on,
                "closed_on": frame.closed_on,
                "closing_reason": frame.closing_reason,
                "import_id": None,
                "created_at": moment(frame.opened_on),
                **self.book.seal(Client.head, "client", client_id, client_id, head),
                **self.book.seal(Client.body, "client", client_id, client_id, body),
            }
        )
        if frame.protected:
            self._grant(case, client_id)
        return head

    def _grant(self, case: Case, client_id: UUID) -> None:
        """A protected file names the people who may open it."""
        row_id, reason = draw_id(case.rng), GrantReason(text="Auskunftssperre")
        self.book.rows[ClientGrant].append(
            {
                "id": row_id,
                "client_id": client_id,
                "organisation_id": case.desk.organisation_id,
                "user_id": case.desk.worker_id,
                "kind": "protection",
                "from_at": moment(case.frame.opened_on),
                "until_at": None,
                "granted_by": None,
                **self.book.seal(ClientGrant.reason, "client_grant", client_id, row_id, reason),
            }
        )

    def _histories(self, case: Case, place: int, spells: tuple[Spell, ...]) -> dict[str, dt.date | None]:
        """The rows of all histories of one person; what the caseload row keeps of them."""
        by_kind: dict[str, list[tuple[histories.Row, Spell]]] = defaultdict(list)
        for spell in spells:
            row = histories.Row(
                id=draw_id(case.rng), kind=spell.kind, from_on=spell.from_on, until_on=spell.ends_on, code=spell.code
            )
            by_kind[spell.kind].append((row, spell))
        confirmed: list[dt.date | None] = []
        titles: list[kept.DatedTitle] = []
        for kind, pairs in by_kind.items():
            by_id = {row.id: spell for row, spell in pairs}
            for placed in histories.arrange(row for row, _spell in pairs):
                spell = by_id[placed.id]
                self._entry(case, place, spell, placed)
                if not placed.superseded and (placed.until_on is None or kind == "title"):
                    confirmed.append(spell.confirmed_on)
                if kind == "title" and not placed.superseded:
                    titles.append(kept.DatedTitle(spell.code, spell.from_on, placed.until_on))
        return {
            "title_ends_on": kept.title_end(titles, self._rules),
            "confirmed_on": kept.oldest_confirmation(confirmed),
        }

    def _entry(self, case: Case, place: int, spell: Spell, placed: histories.Placed) -> None:
        client_id = case.client_ids[place]
        box = FactBox(fact=files.make_fact(spell), until_on=spell.ends_on)
        self.book.rows[HistoryEntry].append(
            {
                "id": placed.id,
                "client_id": client_id,
                "organisation_id": case.desk.organisation_id,
                "kind": spell.kind,
                "from_on": spell.from_on,
                "until_on": placed.until_on,
                "confirmed_on": spell.confirmed_on,
                "superseded": placed.superseded,
                "cancelled_at": None,
                "created_at": moment(max(case.frame.opened_on, spell.from_on)),
                **self.book.seal(HistoryEntry.box, "history_entry", client_id, placed.id, box),
            }
        )

    def _caseload(self, case: Case, place: int, facts: dict[str, dt.date | None], talks: list[Talk]) -> dict[str, Any]:
        frame, desk = case.frame, case.desk
        self.book.rows[Caseload].append(
            {
                "id": draw_id(case.rng),
                "client_id": case.client_ids[place],
                "organisation_id": desk.organisation_id,
                "team_id": desk.team_id,
                "worker_id": None if frame.waiting else desk.worker_id,
                "ags": frame.town.ags,
                "open": frame.closed_on is None,
                "last_contact_on": self._last_contact(talks, place),
                "next_step_on": None,
                "open_tasks": 0,
                "open_goals": 0,
                "review_on": None,
                "answer_due_on": None,
                "clock_ends_on": kept.counselling_ends(frame.opened_on, files.EARLIER_MONTHS),
                **facts,
            }
        )
        return self.book.rows[Caseload][-1]

    def _last_contact(self, talks: list[Talk], place: int) -> dt.date | None:
        days = [
            talk.on
            for talk in talks
            if talk.kind in self._with_client and (talk.member == place or place in talk.present)
        ]
        return max(days, default=None)

    def _talks(self, case: Case, household: Household, talks: list[Talk]) -> None:
        organisation_id, worker_id = case.desk.organisation_id, case.desk.worker_id
        for talk in talks:
            client_id, row_id = case.client_ids[talk.member], draw_id(case.rng)
            detail = ContactDetail(
                note=talk.note,
                topics=talk.topics,
                language="" if talk.kind in {"NVE", "DRI", "BRF"} else household.members[talk.member].language,
                interpreter=talk.interpreter,
                participants=tuple(case.client_ids[place] for place in talk.present),
                third_party_kind="BEH" if talk.kind == "DRI" else "",
                slip_left=talk.kind == "NVE" and "Karte" in talk.note,
                started_at=talk.started_at,
            )
            self.book.rows[Contact].append(
                {
                    "id": row_id,
                    "client_id": client_id,
                    "organisation_id": organisation_id,
                    "worker_id": worker_id,
                    "on_day": talk.on,
                    "kind": talk.kind,
                    "minutes": talk.minutes,
                    "state": "valid",
                    "import_id": None,
                    "created_by": worker_id,
                    "created_at": moment(talk.on, talk.written_at),
                    "changed_at": None,
                    **self.book.seal(Contact.detail, "contact", client_id, row_id, detail),
                }
            )
            self._participants(case, row_id, talk)

    def _participants(self, case: Case, contact_id: UUID, talk: Talk) -> None:
        self.book.rows[ContactParticipant] += [
            {
                "id": draw_id(case.rng),
                "client_id": case.client_ids[place],
                "organisation_id": case.desk.organisation_id,
                "contact_id": contact_id,
                "on_day": talk.on,
                "kind": talk.kind,
                "recorded_at": moment(talk.on, talk.written_at),
            }
            for place in talk.present
        ]

    def _step(self, member: Member, step: Step) -> None:
        self.book.add_task(member, step.title, step.due_on, step.made_on, done_on=step.done_on, deadline=step.deadline)
