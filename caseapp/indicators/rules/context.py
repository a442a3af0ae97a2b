"""What evaluating needs besides the courses: definitions of the period, classes of all codes, dated rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from caseapp.catalogue.rules import Catalogue, Counting, TitleRule, effective_end
from caseapp.indicators.rules.definitions import Definition
from caseapp.indicators.rules.dimensions import ClassOf, CodeClasses, MappingError
from caseapp.tallies.periods import Period

_OLDEST = 130  # years; whoever would be older has a wrong birthday
UNKNOWN = "unk"
# The class of a missing code, where it is not `UNKNOWN`.
_MISSING = {"sex": "", "topic": "SON", "area": "SON", "ending": "", "partner": "oth"}


@dataclass(frozen=True, slots=True)
class Context:
    """Everything is looked up once and only read. `snapshots`: released period -> when its figures were counted (UTC).

    `partner_kinds`: entry of the directory -> its kind. Contacts recorded after `as_of` do not exist yet.
    """

    as_of: dt.datetime
    definitions: Mapping[str, Definition]
    snapshots: Mapping[str, dt.datetime]
    partner_kinds: Mapping[UUID, str]
    classes: Mapping[tuple[str, str], ClassOf]
    ages: Mapping[str, Sequence[str]]  # dimension -> class by full years of life
    ranks: Mapping[str, int | None]  # German level -> 0 to 6
    work_defaults: Mapping[str, str]  # residence title -> code of employment_permissions
    title_rules: Sequence[TitleRule]
    _counting: Mapping[str, Sequence[tuple[dt.date, dt.date, bool]]] = field(repr=False)
    kept: dict[str, object] = field(
        default_factory=dict, repr=False, compare=False
    )  # what `evaluate` keeps between codes
    _ends: dict[tuple[str, dt.date, dt.date | None], dt.date] = field(default_factory=dict, repr=False)

    def counts(self, kind: str, on: dt.date) -> bool:
        """Whether a contact of this kind on this day counts as a counselling talk. MappingError for a kind that the
        rules do not name at all."""
        rows = self._counting.get(kind)
        if rows is None:
            raise MappingError("contact_kind_counting", kind)
        return any(counts and begin <= on <= end for begin, end, counts in rows)

    def title_end(self, code: str, ends_on: dt.date, from_on: dt.date | None) -> dt.date:
        """The day on which a title really ends: the printed one, or later where it runs on by law."""
        asked = (code, ends_on, from_on)
        found = self._ends.get(asked)
        if found is None:
            found = self._ends[asked] = effective_end(self.title_rules, code, ends_on, valid_from=from_on)
        return found

    def age_class(self, dimension: str, born_on: dt.date | None, on: dt.date) -> str:
        """The class of an age dimension on a day."""
        if born_on is None or born_on > on:
            return UNKNOWN
        years = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
        return self.ages[dimension][years] if years < _OLDEST else UNKNOWN


def make_context(  # noqa: PLR0913 - each is a shipped file or a fact of the installation
    *,
    period: Period,
    as_of: dt.datetime,
    definitions: Iterable[Definition],
    mapping: CodeClasses,
    catalogue: Catalogue,
    counting: Iterable[Counting],
    title_rules: Sequence[TitleRule],
    snapshots: Mapping[str, dt.datetime],
    partner_kinds: Mapping[UUID, str],
) -> Context:
    """The context of a period, with the rules that are valid on its last day."""
    rows: dict[str, list[tuple[dt.date, dt.date, bool]]] = {}
    for rule in counting:
        rows.setdefault(rule.kind, []).append(
            (rule.valid_from or dt.date.min, rule.valid_to or dt.date.max, rule.counts)
        )
    return Context(
        as_of=as_of,
        definitions={each.code: each for each in definitions if each.is_valid(period.last)},
        snapshots=dict(snapshots),
        partner_kinds=partner_kinds,
        classes={
            (dimension, name): ClassOf(name, mapping.of(dimension, name), missing=_MISSING.get(dimension, UNKNOWN))
            for dimension in mapping.by_dimension
            for name in mapping.lists(dimension)
        },
        ages={name: _ages(mapping.of(name, "age_bands"), catalogue) for name in ("age", "age27")},
        ranks=_ranks(catalogue),
        work_defaults={code.code: code.extra["work_default"] for code in catalogue.rows("residence_titles")},
        title_rules=tuple(title_rules),
        _counting={kind: tuple(each) for kind, each in rows.items()},
    )


def _ages(classes: Mapping[str, str], catalogue: Catalogue) -> tuple[str, ...]:
    found = [UNKNOWN] * _OLDEST
    for band in catalogue.rows("age_bands"):
        if band.extra["from_age"]:
            begin, end = int(band.extra["from_age"]), int(band.extra["to_age"] or _OLDEST - 1)
            found[begin : end + 1] = [classes[band.code]] * (end + 1 - begin)
    return tuple(found)


def _ranks(catalogue: Catalogue) -> dict[str, int | None]:
    rows = catalogue.rows("language_levels")
    return {row.code: int(row.extra["rank"]) if row.extra["rank"] else None for row in rows} | {"": None}
