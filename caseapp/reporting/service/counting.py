"""From the courses of all carriers to a package: observed, rounded population by population, described."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.indicators import queries as indicators
from caseapp.indicators.rules import Observation, evaluate, prepare
from caseapp.places import queries as places
from caseapp.reporting import queries
from caseapp.reporting.disclosure.frozen import freeze_memory
from caseapp.reporting.disclosure.release import Release
from caseapp.reporting.models import MemoryBox, Remembered, ReportFacts
from caseapp.reporting.queries import Outlook
from caseapp.reporting.rules.catalogues import Engine, Population, dimension_texts, indicator_text, populations
from caseapp.reporting.rules.ground import Ground
from caseapp.reporting.rules.labels import scope_name
from caseapp.reporting.rules.package import CarrierState, Figures, Package, freeze_package
from caseapp.reporting.rules.quality import field_quality
from caseapp.reporting.rules.remarks import remarks_of
from caseapp.reporting.rules.sentences import proposals
from caseapp.reporting.service.facts import biggest_changes, population_facts
from caseapp.reporting.service.rounding import Rounder, open_last, statistics_key
from caseapp.tallies import queries as tallies
from caseapp.tallies.periods import Period

ACTIVE = "I1"  # whose people say how large a municipality is
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Built:
    """A draft that is not stored yet: the frozen package, its memory, and what the second person looks at."""

    frozen: bytes = field(repr=False)
    memory: MemoryBox = field(repr=False)
    facts: ReportFacts
    as_of: dt.datetime


def count_period(found: Outlook, as_of: dt.datetime, progress: Progress) -> Built:
    """Count and round the period as it stands at `as_of`. The same lines and moment give the same bytes.

    Needs the scope of all carriers. Raises RuleError: a reason of `rules.readiness`, damaged lines, a code without a
    class, an unknown municipality, a missing key, tables that cannot be rounded.
    """
    if found.reasons or found.standing.funding is None:
        raise RuleError(found.reasons[0])
    period = found.standing.period
    dimensions = indicators.list_dimensions(period.last)
    shown = populations(indicators.list_definitions(period.last), dimensions, period, found.scope)
    engine = Engine(
        Ground.of(found.districts, places.gazetteer(), towns=period.quarter is None),
        {each.organisation_id: each.ags[:5] for each in found.carriers},
        statistics_key(found.standing.funding),
    )
    rounder = Rounder(engine, period, found.standing.funding, open_last(found.scope, period))
    steps = len(shown) + 2
    progress(0, steps)
    observed = _observe(found, shown, as_of)
    active = observed.get(ACTIVE, [])
    if rounder.ground.towns:
        rounder = replace(rounder, merged=rounder.merge(active))
    rounded: list[tuple[Population, Release]] = []
    for each in shown:
        progress(len(rounded) + 1, steps)
        rounded.append((each, rounder.round(each, observed[each.definition.code])))
    package = _describe(found, rounder, rounded, as_of)
    facts = ReportFacts(
        populations=tuple(population_facts(each.definition.code, release) for each, release in rounded),
        changes=tuple(biggest_changes(package, rounder.before.package)),
        merged_share=rounder.merged.share if rounder.merged else 0.0,
        unknown_places=sum(rounder.ground.is_elsewhere(each.ags) for each in active),
        proposed=package.sentences,
    )
    progress(steps - 1, steps)
    return Built(freeze_package(package), _memory(rounded), facts, as_of)


def _observe(found: Outlook, shown: Sequence[Population], as_of: dt.datetime) -> dict[str, list[Observation]]:
    """The observations of each indicator, all carriers together."""
    period = found.standing.period
    counted = tallies.read([each.organisation_id for each in found.carriers])
    if counted.unreadable:
        raise RuleError(
            _(
                "%(count)s gezählte Einträge sind beschädigt. Führen Sie „caseapp report rebuild“ aus.",
                count=counted.unreadable,
            )
        )
    context = indicators.load_context(period, as_of, snapshots=_snapshots(found.scope, period))
    cases = prepare(counted.courses, context)
    codes = [each.definition.code for each in shown]
    return {code: evaluate(code, cases, counted.offices, period, context) for code in codes}


def _snapshots(scope: str, period: Period) -> dict[str, dt.datetime]:
    """When the figures of each released period of this kind were counted: what came later enters the next one."""
    return {
        each.period: each.as_of
        for each in queries.list_releases()
        if each.scope == scope
        and each.as_of is not None
        and (Period.parse(each.period).quarter is None) == (period.quarter is None)
    }


def _memory(rounded: Sequence[tuple[Population, Release]]) -> MemoryBox:
    return MemoryBox(
        parts=tuple(
            Remembered(name=each.name, memory=freeze_memory(release.memory, release.published))
            for each, release in rounded
        )
    )


def _describe(
    found: Outlook, rounder: Rounder, rounded: Sequence[tuple[Population, Release]], as_of: dt.datetime
) -> Package:
    period, before = rounder.period, rounder.before
    shown = [each for each, _release in rounded]
    bare = Package(
        number=f"{found.scope}-{period}",
        scope=found.scope,
        scope_name=scope_name(found.scope, places.gazetteer()),
        period=str(period),
        funding_period=rounder.funding.code,
        catalogue_version=max((int(f"{each.definition.valid_from:%Y%m%d}") for each in shown), default=0),
        as_of=as_of.replace(microsecond=0),
        areas=rounder.ground.areas(rounder.merged),
        dimensions=dimension_texts(shown, indicators.list_dimensions(period.last)),
        indicators=tuple(indicator_text(each.definition) for each in shown),
        figures=tuple(
            Figures(each.name, each.definition.code, str(each.definition.cohort(period)), release.published)
            for each, release in rounded
        ),
        carriers=tuple(CarrierState(each.name, each.confirmed_on) for each in found.carriers),
        previous=before.report.digest if before.report else "",
    )
    last = queries.released(before.report) if before.report else None
    described = replace(bare, quality=field_quality(bare), remarks=remarks_of(bare, last))
    return replace(described, sentences=proposals(described, before.package))
