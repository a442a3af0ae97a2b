"""The applicant collects: who has frozen, who is missing, what changed since last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from caseapp import audit
from caseapp.keyfigures import queries
from caseapp.keyfigures.models import (
    FrozenBox,
    KeyfigureHandover,
)
from caseapp.keyfigures.rules.comparing import Change, against_last_year
from caseapp.keyfigures.rules.fields import Book
from caseapp.keyfigures.rules.small import collected
from caseapp.keyfigures.rules.totals import Totals, summed
from caseapp.places.models import Organisation
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


@dataclass(frozen=True, slots=True)
class Part:
    """A carrier and what it has handed over; None: not yet."""

    organisation: Organisation
    handover: KeyfigureHandover | None
    totals: Totals
    changes: tuple[Change, ...]

    @property
    def name(self) -> str:
        """The carrier's name."""
        return self.organisation.profile.name

    @property
    def comments(self) -> dict[str, str]:
        """Field -> the carrier's words about a large change."""
        return dict(self.handover.box.comments) if self.handover else {}


@dataclass(frozen=True, slots=True)
class Collection:
    """What an applicant has of a year. `before`: last year's numbers of all, None where one of them is not known."""

    book: Book
    parts: tuple[Part, ...]
    totals: Totals
    before: dict[str, int] | None
    changes: tuple[Change, ...]

    @property
    def missing(self) -> tuple[Part, ...]:
        """The carriers that have not frozen."""
        return tuple(part for part in self.parts if part.handover is None)

    def unexplained(self, own: Mapping[str, str] | None = None) -> tuple[Change, ...]:
        """Changes of ±20 % of the whole about which nobody has said anything."""
        said = {code for part in self.parts for code, words in part.comments.items() if words}
        said |= {code for code, words in (own or {}).items() if words.strip()}
        return tuple(change for change in self.changes if change.needs_reason and change.field.code not in said)


def collect(actor: Actor, organisation_id: UUID, year: int) -> Collection:
    """What the carriers have handed over: numbers of fields only. Two statements beside the carriers themselves."""
    policy.require_in(actor, Permission.KENNZAHLEN_COLLECT, organisation_id)
    book = queries.book_of(year)
    carriers = {each.id: each for each in queries.list_applicant_carriers(actor, organisation_id)}
    found = queries.list_handovers(list(carriers), year)
    owing = queries.with_workers(list(carriers), year) | found.keys()
    parts = tuple(_part(book, carriers[each], found.get(each)) for each in carriers if each in owing)
    totals = summed(year, [part.totals for part in parts])
    before = _before(organisation_id, year, parts)
    audit.note_read("keyfigure:collection", organisation_id=organisation_id, detail=audit.Detail(count=year))
    return Collection(book, parts, totals, before, against_last_year(book, totals, before))


def _part(book: Book, organisation: Organisation, handover: KeyfigureHandover | None) -> Part:
    if handover is None:
        return Part(organisation, None, Totals(year=book.year), ())
    totals = queries.totals_of(handover.box)
    return Part(organisation, handover, totals, against_last_year(book, totals, handover.box.before))


def _before(organisation_id: UUID, year: int, parts: Sequence[Part]) -> dict[str, int] | None:
    """Last year's numbers of the applicant: what was sent, else the sum of what every carrier knows."""
    sent = [each for each in queries.list_submissions(organisation_id) if each.year == year - 1]
    if sent:
        return queries.numbers_of(queries.totals_of(sent[0].note))
    boxes: list[FrozenBox] = [part.handover.box for part in parts if part.handover]
    if not boxes or any(box.before is None for box in boxes):
        return None
    codes = {code for box in boxes for code in box.before or {}}
    return {code: sum((box.before or {}).get(code, 0) for box in boxes) for code in codes}


def numbers_to_send(actor: Actor, organisation_id: UUID, collection: Collection) -> Totals:
    """The applicant's numbers with breakdowns: exact for the own carrier, without small classes for a district.

    The exact breakdowns of other carriers are added up here and nowhere shown: no number of a single one leaves.
    """
    ids = [part.handover.freeze_id for part in collection.parts if part.handover]
    if not queries.is_district(actor, organisation_id):
        (own,) = queries.list_freezes_by_id(ids)
        return queries.totals_of(own.box)
    with audit.everything("keyfigures: sum of the carriers"):
        exact = [queries.totals_of(row.box) for row in queries.list_freezes_by_id(ids)]
    return collected(collection.book, summed(collection.book.year, exact))
