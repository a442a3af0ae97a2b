"""From courses to observations: the one function that reports, own figures and key figures call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from caseapp.errors import NotFoundError
from caseapp.indicators.rules import data, outcomes, reach
from caseapp.indicators.rules.cases import Cases, prepare
from caseapp.indicators.rules.context import Context
from caseapp.indicators.rules.observations import Asked, Observation
from caseapp.tallies.courses import Course, Office
from caseapp.tallies.periods import Period

_RULES: Mapping[str, Callable[[Asked], Iterator[Observation]]] = {
    "I1": reach.persons,
    "I1H": reach.households,
    "I2": reach.early_contact,
    "I3": reach.plans,
    "I4": outcomes.goals,
    "I5": outcomes.tenancies,
    "I5L": outcomes.tenancies,
    "I6": outcomes.work_begun,
    "I6L": outcomes.work_begun,
    "I7": outcomes.work_kept,
    "I7Y": outcomes.work_kept,
    "I8": outcomes.certificates,
    "I8S": outcomes.assessments,
    "I9": outcomes.independence,
    "I9L": outcomes.independence,
    "I10": reach.titles,
    "I11": reach.referrals,
    "I12": outcomes.closings,
    "I13": reach.talks,
    "I13H": reach.hours,
    "I13M": reach.months,
    "I14K": data.day_care,
    "I14S": data.school,
    "I15": data.quality,
}
CODES = frozenset({*_RULES, "I1K"})


def evaluate(
    code: str, courses: Sequence[Course] | Cases, offices: Iterable[Office], period: Period, context: Context
) -> list[Observation]:
    """The observations of an indicator for a report of `period`, in no certain order.

    Courses are prepared once for all indicators, as long as the same list comes with the same context; it must not
    change in between. Raises NotFoundError for a code that no definition of the period has, MappingError for a stored
    code without a class.
    """
    definition = context.definitions.get(code)
    if definition is None:
        raise NotFoundError
    cases = courses if isinstance(courses, Cases) else _prepared(courses, context)
    asked = Asked.of(definition, period, cases)
    if code == "I1K":
        return list(reach.advice(asked, offices))
    return list(_RULES[code](asked))


def _prepared(courses: Sequence[Course], context: Context) -> Cases:
    known = context.kept.get("cases")
    if not isinstance(known, tuple) or known[0] is not courses:
        known = context.kept["cases"] = (courses, prepare(courses, context))
    cases: Cases = known[1]
    return cases
