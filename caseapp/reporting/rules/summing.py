"""A report on a Land as the sum of signed reports on its Kreise, without any exact number.

Every Land number is the sum of the published numbers of the Kreise; these are taken over as they are and not rounded
again. What each number can be away from the truth adds up too: at most the sum of what the Kreise state, typically
much less, because their errors are independent (`bundle.typical_error`). Where one Kreis withholds a number, the Land
has none: a sum without it would be taken for the whole.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.geography import Geography, Indices, Level
from caseapp.reporting.disclosure.lattice import Lattice, bases, build
from caseapp.reporting.disclosure.published import Deviation, Published
from caseapp.reporting.rules import signed
from caseapp.reporting.rules.bundle import typical_error
from caseapp.reporting.rules.flat import limits
from caseapp.reporting.rules.package import Area, Figures, Package, Released, digest_of, freeze_package

_LAND_DIGITS, _KREIS_DIGITS, _FEWEST = 2, 5, 2
SUM = "summe"
_Key = tuple[str, str, str]


@dataclass(frozen=True)
class Land:
    """What the sum is about: key and name of the Land, and all its Kreise by key."""

    ags: str
    name: str
    districts: Mapping[str, str]


@dataclass(frozen=True)
class LargestError:
    """How far the Land's numbers of one population are from the truth: typically (a standard deviation) and at most.

    `at_most` is that of the total, `furthest` the largest of any number.
    """

    name: str
    typical: float
    at_most: int
    furthest: int


@dataclass(frozen=True)
class Summed:
    """The sum, the Kreise that are missing by key, and how far the Land's numbers can be away."""

    released: Released
    missing: tuple[str, ...]
    errors: tuple[LargestError, ...]


def sum_packages(sources: Sequence[Released], land: Land, trusted: Mapping[str, Collection[str]]) -> Summed:
    """The Land report of these Kreis reports, not signed itself; the same whatever their order.

    `trusted`: the public keys that may sign for a Kreis, by its key. RuleError, with the reason in German, for a report
    that does not prove itself, an unknown key, another period or catalogue, a Kreis that comes twice, an area of
    another kind, or fewer than two reports.
    """
    parts = sorted(sources, key=lambda each: each.package.scope)
    _check_each(parts, land, trusted)
    _check_together(parts)
    packages = [each.package for each in parts]
    first = packages[0]
    shared = [key for key in _populations(first) if all(key in _populations(each) for each in packages)]
    if not shared:
        raise RuleError(_("Die Berichte haben keine gemeinsamen Tabellen."))
    figures = tuple(
        Figures(*key, _added([_populations(each)[key].published for each in packages], land, first.period))
        for key in shared
    )
    missing = tuple(sorted(set(land.districts) - {each.scope for each in packages}))
    partly = sorted({key[0] for each in packages for key in _populations(each) if key not in shared})
    package = Package(
        number=f"{land.ags}-{first.period}-{SUM}",
        scope=land.ags,
        scope_name=land.name,
        period=first.period,
        funding_period=first.funding_period,
        catalogue_version=first.catalogue_version,
        as_of=max(each.as_of for each in packages),
        areas=(Area(land.ags, land.name, 0), *(area for each in packages for area in _areas(each, land))),
        dimensions=first.dimensions,
        indicators=first.indicators,
        figures=figures,
        carriers=tuple(carrier for each in packages for carrier in each.carriers),
        remarks=tuple(_remarks(packages, missing, partly, land)),
        sources={each.package.number: each.digest for each in parts},
    )
    errors = tuple(_largest(each, len(parts)) for each in figures)
    day = max(each.released_on for each in parts)
    return Summed(Released(package, digest_of(freeze_package(package)), "", "", "", day), missing, errors)


def _populations(package: Package) -> dict[_Key, Figures]:
    return {(each.name, each.indicator, each.cohort): each for each in package.figures}


def _check_each(parts: Sequence[Released], land: Land, trusted: Mapping[str, Collection[str]]) -> None:
    for each in parts:
        package, number = each.package, each.package.number[:40]
        if package.sources:
            raise RuleError(_("%(number)s ist selbst eine Summe. Nehmen Sie die Berichte der Kreise.", number=number))
        if package.scope not in land.districts or len(package.scope) != _KREIS_DIGITS:
            raise RuleError(_("%(number)s ist kein Bericht eines Kreises von %(land)s.", number=number, land=land.name))
        if any(figures.published.lattice.geography.districts != (package.scope,) for figures in package.figures):
            raise RuleError(_("%(number)s enthält Zahlen anderer Kreise als des eigenen.", number=number))
        for problem in signed.problems(each):
            raise RuleError(_("%(number)s ist nicht echt. %(problem)s", number=number, problem=problem))
        if each.public_key.casefold() not in {key.casefold() for key in trusted.get(package.scope, ())}:
            raise RuleError(
                _(
                    "Der Schlüssel von %(number)s ist nicht bestätigt: %(key)s. Vergleichen Sie ihn mit dem, den der "
                    "Kreis nennt, und geben Sie ihn als %(scope)s=%(key)s an.",
                    number=number,
                    scope=package.scope,
                    key=each.public_key,
                )
            )


def _check_together(parts: Sequence[Released]) -> None:
    if len(parts) < _FEWEST:
        raise RuleError(_("Eine Summe braucht die Berichte von mindestens zwei Kreisen."))
    first = parts[0].package
    scopes = [each.package.scope for each in parts]
    twice = next((scope for scope in scopes if scopes.count(scope) > 1), None)
    if twice is not None:
        raise RuleError(_("Der Kreis %(scope)s kommt zweimal vor.", scope=twice))
    for each in (part.package for part in parts):
        for same, what in (
            (each.period == first.period, _("anderen Zeitraum")),
            (each.funding_period == first.funding_period, _("anderen Förderzeitraum")),
            (_catalogue(each) == _catalogue(first), _("anderen Katalog")),
        ):
            if not same:
                raise RuleError(
                    _("%(one)s und %(other)s haben einen %(what)s.", one=first.number, other=each.number, what=what)
                )


def _catalogue(package: Package) -> object:
    """What must be the same for numbers to mean the same: definitions, dimensions, tables, parameters of rounding."""
    tables = {
        key: (each.published.lattice.catalogue, each.published.parameters) for key, each in _shared(package).items()
    }
    meaning = [(each.code, each.version, each.unit, each.kind) for each in package.indicators]
    return (
        package.catalogue_version,
        meaning,
        [(each.name, _codes(each.classes)) for each in package.dimensions],
        tables,
    )


def _shared(package: Package) -> dict[tuple[str, str], Figures]:
    """The populations by name; cohorts of one name have one catalogue."""
    return {(each.name, each.indicator): each for each in package.figures}


def _codes(classes: Sequence[object]) -> list[str]:
    return [getattr(each, "code", "") for each in classes]


def _areas(package: Package, land: Land) -> list[Area]:
    """The Kreis below the Land, and what lies below the Kreis."""
    found = [area for area in package.areas if area.level > Level.STATE]
    return [
        Area(area.ags, area.name, area.level, area.parent if area.level > 1 else land.ags, area.members)
        for area in found
    ]


def _added(parts: Sequence[Published], land: Land, period: str) -> Published:
    """One population of all Kreise: sums for the Land, the areas of the Kreise beside each other."""
    lattice = build(parts[0].lattice.catalogue, _geography(parts, land))
    values: dict[Grid, Indices] = {}
    withheld: dict[Grid, NDArray[np.bool_]] = {}
    for grid in lattice.grids:
        hidden, shown = [each.withheld[grid] for each in parts], [each.values[grid] for each in parts]
        if grid.level is Level.STATE:
            withheld[grid] = np.logical_or.reduce(hidden)
            values[grid] = np.where(withheld[grid], 0, np.add.reduce(shown))
        else:
            withheld[grid], values[grid] = np.concatenate(hidden), np.concatenate(shown)
    return Published(
        period,
        parts[0].funding_period,
        lattice,
        bases(lattice),
        values,
        withheld,
        _deviations(parts, lattice),
        {code: members for each in parts for code, members in each.merged.items()},
        parts[0].parameters,
    )


def _geography(parts: Sequence[Published], land: Land) -> Geography:
    own = [each.lattice.geography for each in parts]
    return Geography(
        land.ags,
        tuple(each.districts[0] for each in own),
        tuple(code for each in own for code in each.municipalities),
        tuple(place for place, each in enumerate(own) for _code in each.municipalities),
    )


def _deviations(parts: Sequence[Published], lattice: Lattice) -> tuple[Deviation, ...]:
    """Those of the Kreise, and for each number of the Land the sum of what the Kreise can be away."""
    found = [entry for each in parts for entry in each.deviations if entry.grid.level is not Level.STATE]
    for grid in (grid for grid in lattice.grids if grid.level is Level.STATE):
        axes = lattice.catalogue.axes(grid)
        together = np.sum([limits(each, grid) for each in parts], axis=0)
        for _area, *places in np.ndindex(*lattice.shape(grid)):
            names = tuple(axis[place] for axis, place in zip(axes, places, strict=True))
            found.append(Deviation(grid, lattice.geography.state, names, int(together[0, *places])))
    return tuple(sorted(found))


def _remarks(packages: Sequence[Package], missing: Sequence[str], partly: Sequence[str], land: Land) -> list[str]:
    found = [
        _(
            "Summe aus %(count)s signierten Kreisberichten. Landeswerte sind Summen gerundeter Zahlen: Bei Basis 5 "
            "weichen sie typischerweise um %(typical)s ab, höchstens um %(most)s oder mehr, wo es dabeisteht.",
            count=len(packages),
            typical=math.ceil(typical_error(5, len(packages))),
            most=4 * len(packages),
        )
    ]
    if missing:
        names = ", ".join(f"{land.districts[code]} ({code})" for code in missing)
        found.append(_("Es fehlen %(count)s Kreise: %(names)s.", count=len(missing), names=names))
    if partly:
        found.append(_("Nicht summiert, weil sie in einem Bericht fehlen: %(names)s.", names=", ".join(partly)))
    return found


def _largest(figures: Figures, parts: int) -> LargestError:
    published = figures.published
    total = Grid(Level.STATE, ())
    furthest = max(int(limits(published, grid).max()) for grid in published.lattice.grids if grid.level is Level.STATE)
    base = int(published.bases[total][0])
    return LargestError(figures.name, typical_error(base, parts), int(limits(published, total)[0]), furthest)
