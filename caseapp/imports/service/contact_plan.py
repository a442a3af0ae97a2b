"""What the rows of a contact list become: contacts of files, contacts that wait for their client, reported rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping as ReadOnly
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from caseapp import clock
from caseapp.counselling import rules as contact_rules
from caseapp.counselling.models import ContactDetail
from caseapp.counselling.service.bulk import BulkContact
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.imports import queries
from caseapp.imports.models import Candidate, WaitingEntry
from caseapp.imports.queries import Known
from caseapp.imports.rules.cells import plain
from caseapp.imports.rules.counters import counted
from caseapp.imports.rules.findings import Finding, Level, Sample, mapped_columns, name_of, reported, unclear_cells
from caseapp.imports.rules.headings import Mapping
from caseapp.imports.rules.identify import Answer, Directory, Person
from caseapp.imports.rules.rows import ContactRow, keep_as_text, read_rows
from caseapp.imports.rules.tables import Sheet
from caseapp.imports.service.plans import Plan, Progress
from caseapp.imports.service.samples import SAMPLES, contact_sample
from caseapp.imports.service.targets import Target, WorkerFinder, lookups_of
from caseapp.security.actor import Actor

_EVERY = 200
_USUAL_KIND = "BUE"  # what a contact is taken for when the list does not say its kind; marked
_KEPT = frozenset({"birth", "family", "file_number"})

Told = tuple[dt.date, str, int | None, str]
"""Day, kind, minutes and note: with the client they tell a contact again."""


def plan_contacts(actor: Actor, target: Target, sheet: Sheet, mapping: Mapping, progress: Progress) -> Plan:
    """Every row decided. Reads heads and contacts of the carrier; the caller records that they were compared."""
    read = read_rows(sheet, mapping, lookups_of(target))
    rows = [row for row in read.rows if isinstance(row, ContactRow)]
    known = queries.list_known(target.organisation_id)
    sorting = _Sorting(actor, target, known, rows, mapped_columns(mapping))
    for place, row in enumerate(rows):
        if place % _EVERY == 0:
            progress(place, len(rows))
        sorting.add(row)
    progress(len(rows), len(rows))
    return Plan(
        mapping=mapping,
        counters=counted(read, also_reported=sum(not row.problems for row in rows) - sorting.taken),
        findings=sorting.findings,
        unmatched_workers=tuple(sorting.workers.unmatched.most_common()),
        known=frozenset(each.client_id for each in known),
        contacts=sorting.contacts,
        samples=sorting.samples(),
        waiting=sorting.waiting,
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """A contact row as it would be stored."""

    row: ContactRow
    on_day: dt.date
    kind: str
    worker_id: UUID | None
    detail: ContactDetail

    @property
    def told(self) -> Told:
        return self.on_day, self.kind, self.row.minutes, self.detail.note


class _Sorting:
    """Sorts rows into contacts, waiting ones and findings, one after the other."""

    def __init__(
        self,
        actor: Actor,
        target: Target,
        known: Sequence[Known],
        rows: Sequence[ContactRow],
        mapped: frozenset[int],
    ) -> None:
        self.workers = WorkerFinder(target)
        self._target, self._mapped = target, mapped
        self.contacts: list[BulkContact] = []
        self.waiting: list[WaitingEntry] = []
        self.findings: list[Finding] = []
        self._known = {each.client_id: each for each in known if each.findable}
        self._directory = Directory([each.card for each in self._known.values()], _numbers(self._known, rows))
        sound = [row for row in rows if not row.problems]
        self._there = _contacts_there([self._directory.identify(_person(row)) for row in sound], sound)
        self._waiting_there = Counter(
            (each.entry.name, _told_of_entry(each.entry)) for each in queries.list_known_waiting(actor)
        )

    @property
    def taken(self) -> int:
        """How many rows are stored."""
        return len(self.contacts) + len(self.waiting)

    def samples(self) -> list[Sample]:
        """Some contacts as they were understood."""
        shown = self.contacts[:SAMPLES]
        return [contact_sample(each, self._known[each.client_id].card, self._target) for each in shown]

    def add(self, row: ContactRow) -> None:
        """Decide about the next row."""
        refusal = "" if row.problems else self._refusal(row)
        if row.problems or refusal:
            self.findings.append(reported(row, row.problems or (refusal,)))

    def _refusal(self, row: ContactRow) -> str:
        """Take the row, or say why not."""
        reading = self._read(row)
        try:
            contact_rules.check_day(reading.on_day, clock.today())
        except RuleError as error:
            return str(error)
        answer = self._directory.identify(_person(row))
        if answer.certain is None and not answer.candidates:
            return _("Zu diesem Namen gibt es keine Akte, die Sie finden können. Bitte legen Sie zuerst die Akte an.")
        if answer.certain is not None and self._known[answer.certain].closed:
            return _("Die Akte %(number)s ist geschlossen.", number=self._known[answer.certain].card.file_number)
        if self._is_there(answer, reading):
            return _("Dieser Kontakt ist schon eingetragen.")
        self._take(answer, reading)
        return ""

    def _is_there(self, answer: Answer, reading: _Reading) -> bool:
        """Whether the row was stored before. Each stored contact explains one row: a list may hold two alike."""
        clients = [answer.certain] if answer.certain else [fit.client_id for fit in answer.candidates]
        for client_id in clients:
            if self._there[client_id, reading.told] > 0:
                self._there[client_id, reading.told] -= 1
                return True
        waits = (name_of(reading.row), reading.told)
        if answer.certain is None and self._waiting_there[waits] > 0:
            self._waiting_there[waits] -= 1
            return True
        return False

    def _read(self, row: ContactRow) -> _Reading:
        assert row.day is not None  # noqa: S101  # rows without a day have a problem
        on_day = row.day.exact
        assert on_day is not None  # noqa: S101
        worker_id = self.workers.find(row.worker)
        kept = keep_as_text(row, _KEPT | (frozenset() if worker_id else {"worker"}))
        detail = ContactDetail(
            note=row.note,
            topics=row.topics,
            language=row.languages[0] if len(row.languages) == 1 else "",
            interpreter=row.interpreter,
            started_at=f"{row.clock:%H:%M}" if row.clock else "",
            leftovers=tuple((cell.heading, cell.text) for cell in kept.leftovers),
        )
        # A name that nobody of the team bears: the contact was somebody else's, and is not counted for the importer.
        author = worker_id or (None if row.worker else self._target.fallback)
        return _Reading(row, on_day, row.contact_kind or _USUAL_KIND, author, detail)

    def _take(self, answer: Answer, reading: _Reading) -> None:
        row, certain = reading.row, answer.certain
        hints: list[str] = [] if row.contact_kind else [_("Die Art fehlt; übernommen als „Büro/Sprechstunde“.")]
        if certain is not None:
            self.contacts.append(_contact(certain, reading))
            known = self._known[certain]
            level = Level.HINT if hints else Level.MARK
            if hints or row.marks:
                self.findings.append(_finding(row, level, hints, known, self._mapped))
            return
        self.waiting.append(_entry(reading, answer))
        hints.insert(0, _("Passt zu %(count)s Akten; wartet auf Ihre Zuordnung.", count=len(answer.candidates)))
        self.findings.append(_finding(row, Level.WAITING, hints, None, self._mapped))


def _finding(
    row: ContactRow, level: Level, hints: Sequence[str], known: Known | None, mapped: frozenset[int]
) -> Finding:
    return Finding(
        number=row.number,
        level=level,
        name=name_of(row),
        reasons=tuple(hints),
        marks=row.marks,
        cells=unclear_cells(row, mapped) if row.marks else (),
        client_id=known.client_id if known else None,
        file_number=known.card.file_number if known else "",
    )


def _contact(client_id: UUID, reading: _Reading) -> BulkContact:
    return BulkContact(
        client_id=client_id,
        on_day=reading.on_day,
        kind=reading.kind,
        minutes=reading.row.minutes,
        worker_id=reading.worker_id,
        detail=reading.detail,
    )


def _entry(reading: _Reading, answer: Answer) -> WaitingEntry:
    row = reading.row
    return WaitingEntry(
        name=name_of(row),
        birth=_birth(row),
        row=row.number,
        on_day=reading.on_day,
        kind=reading.kind,
        minutes=row.minutes,
        worker_id=reading.worker_id,
        detail=reading.detail,
        candidates=tuple(Candidate(client_id=fit.client_id, why=fit.why) for fit in answer.candidates),
    )


def _birth(row: ContactRow) -> str:
    return next((cell.text for cell in (*row.taken, *row.leftovers) if cell.field == "birth"), row.birth_text)


def _person(row: ContactRow) -> Person:
    return Person(
        last_name=row.last_name,
        first_name=row.first_name,
        born_on=row.birth.exact if row.birth else None,
        number=plain(row.file_number),
    )


def _numbers(known: ReadOnly[UUID, Known], rows: Sequence[ContactRow]) -> dict[UUID, frozenset[str]]:
    """File numbers by client, with those of a former list: they stand in the "Übernommene Angaben"."""
    if not any(row.file_number for row in rows):
        return {}
    bodies = queries.read_bodies(list(known))
    return {
        client_id: frozenset((plain(known[client_id].card.file_number), *(plain(one.text) for one in body.leftovers)))
        for client_id, body in bodies.items()
    }


def _contacts_there(answers: Sequence[Answer], rows: Sequence[ContactRow]) -> Counter[tuple[UUID, Told]]:
    clients = {answer.certain for answer in answers if answer.certain}
    clients |= {fit.client_id for answer in answers for fit in answer.candidates}
    days = [row.day.first for row in rows if row.day]
    if not clients or not days:
        return Counter()
    there = queries.list_known_contacts(clients, min(days), max(days))
    return Counter((each.client_id, (each.on_day, each.kind, each.minutes, each.detail.note)) for each in there)


def _told_of_entry(entry: WaitingEntry) -> Told:
    return entry.on_day, entry.kind, entry.minutes, entry.detail.note
