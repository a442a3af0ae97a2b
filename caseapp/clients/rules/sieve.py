"""Pass by most people of a search unread: whoever can be met has the typed needles in the bytes of the record."""

from collections.abc import Iterable, Sequence

from caseapp.clients.rules.names import LOST
from caseapp.clients.rules.search_terms import BirthTerm, NameTerm, Query

_LOST = LOST.encode()


def sift(query: Query, records: Sequence[bytes | None]) -> Iterable[int]:
    """Return the numbers of the records that may meet the query. A None stands for one that nobody can read.

    A record is MessagePack: texts are UTF-8 in one piece, days stand as
    "1988-05-03". Who is left out cannot meet the query; who is left in still
    has to be compared.
    """
    if query.digits or any(term.damaged for reading in query.names for term in reading):
        return range(len(records))
    kept: Iterable[int] = range(len(records))
    for term in query.births:
        for part in _parts(term):
            kept = [number for number in kept if (raw := records[number]) is None or part in raw]
    return _named(query, records, kept) if query.names else kept


def _named(query: Query, records: Sequence[bytes | None], numbers: Iterable[int]) -> list[int]:
    readings = [_needles(reading) for reading in query.names]
    kept = []
    for number in numbers:
        raw = records[number]
        if raw is None or _LOST in raw:
            kept.append(number)
            continue
        for terms in readings:
            for needles in terms:
                for needle in needles:
                    if needle in raw:
                        break
                else:
                    break
            else:
                kept.append(number)
                break
    return kept


def _needles(reading: Iterable[NameTerm]) -> list[list[bytes]]:
    """What to look for, a list a word; first the word that is soonest told to be missing."""
    return sorted(([needle.encode() for needle in term.needles] for term in reading), key=len)


def _parts(term: BirthTerm) -> Iterable[bytes]:
    if term.year is not None:
        yield f"{term.year:02}-".encode()
    if term.month is not None:
        yield f"-{term.month:02}-".encode() if term.day is None else f"-{term.month:02}-{term.day:02}".encode()
