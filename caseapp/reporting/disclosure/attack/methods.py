"""Ways to publish: the engine, controls that must lose, and the engine with one part taken out.

A method gets the quarters in their order and gives what anybody then sees. It has its own statistics key, as an
installation has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from caseapp.reporting.disclosure.attack.synthetic import Quarter
from caseapp.reporting.disclosure.attack.view import View
from caseapp.reporting.disclosure.catalogue import Catalogue
from caseapp.reporting.disclosure.counts import Counts
from caseapp.reporting.disclosure.geography import Merged
from caseapp.reporting.disclosure.keys import StatisticsKey
from caseapp.reporting.disclosure.lattice import bases, build
from caseapp.reporting.disclosure.preferences import Before, Memory, preferences
from caseapp.reporting.disclosure.published import Parameters, Published, deviations
from caseapp.reporting.disclosure.release import control
from caseapp.reporting.disclosure.rounding import round_lattice

Previous = tuple[Published, Memory] | None
FIRST_YEAR = 2000


@dataclass(frozen=True)
class Shown:
    """One publication: what is seen, the truth behind it, and what the next one holds on to."""

    view: View
    truth: Counts
    previous: Previous = None


Method = Callable[[Quarter, Catalogue, Merged, Previous, int], Shown]


def key_of(seed: int) -> StatisticsKey:
    """A key for simulations."""
    return StatisticsKey(hashlib.sha256(f"simulated statistics key {seed}".encode()).digest())


def engine(seed: int) -> Method:
    """Disclosure control as it is."""
    return _controlled(lambda _: key_of(seed), Parameters(), remembers=True)


def forgetful(seed: int) -> Method:
    """Broken: does not hold on to what was released before."""
    return _controlled(lambda _: key_of(seed), Parameters(), remembers=False)


def reseeded(seed: int) -> Method:
    """Broken: a new key, fresh random rounding, in each period."""
    return _controlled(lambda period: key_of(seed * 1_000 + period), Parameters(), remembers=False)


def fine(seed: int, base: int = 2) -> Method:
    """Broken: rounds to a base that leaves next to no choice."""
    whole = engine(seed)

    def publish(quarter: Quarter, catalogue: Catalogue, merged: Merged, previous: Previous, period: int) -> Shown:
        return whole(quarter, replace(catalogue, base=base, sensitive_base=base), merged, previous, period)

    return publish


def suppression(seed: int, most: int = 2) -> Method:
    """The control: exact numbers without the small ones."""

    def publish(quarter: Quarter, catalogue: Catalogue, merged: Merged, _: Previous, __: int) -> Shown:
        counts = quarter.counted_over(catalogue, merged, key_of(seed))
        return Shown(View.suppressed(counts, most), counts)

    return publish


def apart(seed: int) -> Method:
    """Broken: each table is rounded by itself, with its own totals."""

    def publish(quarter: Quarter, catalogue: Catalogue, merged: Merged, _: Previous, __: int) -> Shown:
        whole = quarter.counted_over(catalogue, merged, key_of(seed))
        parts = [
            _alone(quarter.counted_over(replace(catalogue, tables=(table,)), merged, key_of(seed)))
            for table in catalogue.tables
        ]
        return Shown(View.together(build(catalogue, merged.geography), parts), whole)

    return publish


def _alone(counts: Counts) -> View:
    """One table with its totals rounded in one turn: its sums hold, but nothing ties its totals to another table's."""
    lattice = counts.lattice
    wanted = preferences(counts, bases(lattice), Before.nothing(lattice), sticky=0)
    rounded = round_lattice(lattice, counts.counts, bases(lattice), wanted, order=[lattice.grids])
    nothing = {grid: rounded.values[grid] < 0 for grid in lattice.grids}
    released = Published(
        "2000",
        "",
        lattice,
        bases(lattice),
        rounded.values,
        nothing,
        deviations(lattice, counts.counts, rounded.values, bases(lattice), nothing),
        {},
        Parameters(),
    )
    return View.of(released)


def _controlled(key: Callable[[int], StatisticsKey], parameters: Parameters, *, remembers: bool) -> Method:
    def publish(quarter: Quarter, catalogue: Catalogue, merged: Merged, previous: Previous, period: int) -> Shown:
        counts = quarter.counted_over(catalogue, merged, key(period))
        release = control(
            counts,
            key=key(period),
            period=str(FIRST_YEAR + period),
            funding_period="simulated",
            previous=previous if remembers else None,
            merged=merged,
            parameters=parameters,
        )
        return Shown(View.of(release.published), counts, (release.published, release.memory))

    return publish
