"""Whether a person of a list has a file already: with the files of the carrier, and with the list's other rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from caseapp.clients.rules.duplicates import WHY_LABELS, Duplicate, DuplicateFinder, Strength
from caseapp.clients.rules.matching import Card
from caseapp.clients.rules.names import search_line
from caseapp.i18n import gettext as _
from caseapp.imports.queries import Known
from caseapp.imports.rules.rows import ClientRow
from caseapp.imports.rules.stored import Stored
from caseapp.imports.service import client_files

_MOST_HINTS = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a row is not imported, or hints for one that is; with the file it is compared with, if that may be shown."""

    refusal: str = ""
    hints: tuple[str, ...] = ()
    client_id: UUID | None = None
    file_number: str = ""


class Comparison:
    """All that the rows of one list are compared with; each judged row joins it.

    A person with the same name and birth date is reported wherever in the carrier the file is, without a word about a
    file that the actor may not find. Of protected files nothing is told at all: such a row is imported. Weaker
    likenesses are hints, and only with files that the actor may find.
    """

    def __init__(self, known: Sequence[Known], stored: Sequence[Stored], rows: Sequence[ClientRow]) -> None:
        self._known = {each.client_id: each for each in known}
        self._files = DuplicateFinder(each.card for each in known if each.findable or not each.protected)
        self._rows = DuplicateFinder()
        self._digests = {one.digest: one.client_id for one in stored if one.digest}
        self._undated = any(client_files.head_of(row).birth.day is None for row in rows)
        self._earlier: dict[bytes, int] = {}

    def judge(self, row: ClientRow) -> Verdict:
        """What comparing says about the row, which counts as one of the list from now on."""
        card = self._card(row)
        in_list, among_files = self._rows.find(card), self._files.find(card)
        verdict = (
            self._told_again(row)
            or self._same_in_list(in_list)
            or self._same_among_files(among_files)
            or self._alike(in_list, among_files)
        )
        if not verdict.refusal:
            self._rows.add(card)
        return verdict

    def _card(self, row: ClientRow) -> Card:
        """The row as a card; in place of a file number it has the row's number."""
        head = client_files.head_of(row)
        # Only rows without a birth date are looked up by sound, and only then are the keys worth their time.
        line = search_line(head.family_name, head.given_names) if self._undated else ""
        return Card(
            search_line=line,
            file_number=str(row.number),
            born_on=head.birth.day,
            birth_is_fictitious=head.birth.fictitious,
            phones=head.phones,
            family_name=head.family_name,
            given_names=head.given_names,
        )

    def _told_again(self, row: ClientRow) -> Verdict | None:
        """A row that was imported before, or stands in the list twice, cell by cell, where nothing else tells it."""
        if not client_files.needs_digest(row):
            return None
        digest = client_files.digest_of(row)
        client_id = self._digests.get(digest)
        known = self._known.get(client_id) if client_id else None
        if known is not None and (known.findable or not known.protected):
            return _exists(known)
        first = self._earlier.setdefault(digest, row.number)
        return None if first == row.number else _twice(str(first))

    def _same_in_list(self, found: Sequence[Duplicate]) -> Verdict | None:
        same = next((each for each in found if each.strength is Strength.SAME), None)
        return _twice(same.other.file_number) if same else None

    def _same_among_files(self, found: Sequence[Duplicate]) -> Verdict | None:
        same = [self._known_of(each) for each in found if each.strength is Strength.SAME]
        shown = next((known for known in same if known.findable), None)
        return _exists(shown or same[0]) if same else None

    def _alike(self, in_list: Sequence[Duplicate], among_files: Sequence[Duplicate]) -> Verdict:
        files = [each for each in among_files if self._known_of(each).findable][:_MOST_HINTS]
        hints = [
            _("Ähnlich wie Akte %(number)s: %(why)s", number=each.other.file_number, why=_(WHY_LABELS[each.why]))
            for each in files
        ]
        hints += [
            _(
                "Ähnlich wie Zeile %(number)s der Liste: %(why)s",
                number=each.other.file_number,
                why=_(WHY_LABELS[each.why]),
            )
            for each in in_list[: _MOST_HINTS - len(hints)]
        ]
        first = files[0].other if files else None
        return Verdict("", tuple(hints), first.client_id if first else None, first.file_number if first else "")

    def _known_of(self, duplicate: Duplicate) -> Known:
        assert duplicate.other.client_id  # noqa: S101  # cards of files carry their id
        return self._known[duplicate.other.client_id]


def _twice(number: str) -> Verdict:
    return Verdict(_("Diese Person steht schon in Zeile %(number)s der Liste.", number=number))


def _exists(known: Known) -> Verdict:
    if not known.findable:
        return Verdict(_("Diese Person gibt es schon im Träger. Bitte wenden Sie sich an die Leitung."))
    number = known.card.file_number
    return Verdict(_("Diese Person hat schon die Akte %(number)s.", number=number), (), known.client_id, number)
