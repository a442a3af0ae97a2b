"""From exact counts to a release: the one function that a report calls."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from caseapp.reporting.disclosure.counts import Counts
from caseapp.reporting.disclosure.errors import CountsError, KeyMissingError, PeriodError
from caseapp.reporting.disclosure.frozen import digest
from caseapp.reporting.disclosure.geography import Merged
from caseapp.reporting.disclosure.keys import StatisticsKey
from caseapp.reporting.disclosure.lattice import Lattice, bases
from caseapp.reporting.disclosure.preferences import Before, Memory, preferences
from caseapp.reporting.disclosure.published import Parameters, Published, deviations
from caseapp.reporting.disclosure.quality import Quality, assess
from caseapp.reporting.disclosure.rounding import round_lattice
from caseapp.reporting.disclosure.withholding import withheld

_PERIOD = re.compile(r"\d{4}(-Q[1-4])?")


@dataclass(frozen=True)
class Release:
    """`published` may leave the house; `memory` is kept secret for the next period; `quality` is for who decides.

    `together`: tables that had to be rounded together with their margins (rare, no loss).
    """

    published: Published
    memory: Memory
    quality: Quality
    together: tuple[str, ...]


def control(
    counts: Counts,
    *,
    key: StatisticsKey,
    period: str,
    funding_period: str,
    previous: tuple[Published, Memory] | None = None,
    merged: Merged | None = None,
    parameters: Parameters | None = None,
) -> Release:
    """Round a period's counts for publication.

    `period` is "2026-Q3" or "2026"; `previous` is the last release of the same catalogue, `merged` says which
    municipalities `counts` holds together. The same arguments give the same release, byte by byte (`frozen`).
    PeriodError if the period does not come after the previous one, KeyMissingError if the key is not the one of the
    funding period, CountsError if the counts contradict each other, UnroundableError if nothing fits.
    """
    chosen = parameters or Parameters()
    _check_counts(counts)
    memory = _usable(previous, counts.lattice, key, period, funding_period)
    fingerprints = {grid: key.fingerprints(counts.counts[grid], counts.keys[grid]) for grid in counts.lattice.grids}
    before = Before.of(memory, counts, fingerprints) if memory else Before.nothing(counts.lattice)
    cell_bases = bases(counts.lattice)
    wanted = preferences(counts, cell_bases, before, sticky=chosen.sticky)
    rounded = round_lattice(counts.lattice, counts.counts, cell_bases, wanted)
    masks = withheld(counts, rounded.values, cell_bases, chosen)
    published = Published(
        period,
        funding_period,
        counts.lattice,
        cell_bases,
        {grid: np.where(masks[grid], 0, rounded.values[grid]) for grid in counts.lattice.grids},
        masks,
        deviations(counts.lattice, counts.counts, rounded.values, cell_bases, masks),
        merged.members if merged else {},
        chosen,
        digest(previous[0]) if previous else "",
    )
    kept = Memory(period, funding_period, key.check, counts.lattice, rounded.values, counts.counts, fingerprints)
    quality = assess(counts, rounded.values, cell_bases, masks, before)
    return Release(published, kept, quality, tuple(rounded.together))


def _check_counts(counts: Counts) -> None:
    if any((counts.counts[grid] < 0).any() for grid in counts.lattice.grids):
        raise CountsError("A count is negative.")
    if counts.lattice.mismatches(counts.counts):
        raise CountsError("The counts of the linked tables do not add up.")


def _usable(
    previous: tuple[Published, Memory] | None, lattice: Lattice, key: StatisticsKey, period: str, funding_period: str
) -> Memory | None:
    """The memory to hold on to; None in the first period of a funding period, which has a key of its own."""
    if not _PERIOD.fullmatch(period):
        raise PeriodError(f"{period} is no quarter (2026-Q3) and no year (2026).")
    if previous is None:
        return None
    memory = previous[1]
    if memory.lattice.catalogue.name != lattice.catalogue.name or len(memory.period) != len(period):
        raise PeriodError("The release before is one of another catalogue or another kind of period.")
    if memory.period >= period:
        raise PeriodError(f"{period} does not come after {memory.period}: periods are released in order, each once.")
    if memory.funding_period != funding_period:
        return None
    if memory.key_check != key.check:
        raise KeyMissingError("The statistics key changed within the funding period.")
    return memory
