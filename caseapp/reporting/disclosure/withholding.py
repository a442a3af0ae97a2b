"""Which numbers are not shown at all: contacts that one or two clients make, and the breakdown of a handful of people.

Persons: an area whose published total is at most one step of its rounding (0 or 5) is not broken down. Who knows
that there are two of them would read from a class of 5 that it holds at least one, and from a single one everything.
The rule looks at published totals only, so what it leaves out says nothing new. A single such area could be found by
subtraction from the area above, so the next smaller one goes with it.

Contacts: every client adds at most the cap (`counts.from_records`) and the numbers are rounded to 10. On top of that
a number is shown only from ten clients on and if the two largest contribute less than 90 % (threshold and dominance
rule: Hundepool et al., Statistical Disclosure Control, 2012, section 4.2). Nobody is fewer than ten, too. A single
number left out of a sum could be found by subtraction, so the smallest of its sum is left out with it (complementary
suppression); what is left out is rounded all the same, so even a subtraction that succeeds ends at a rounded number.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.counts import Counts
from caseapp.reporting.disclosure.geography import Level
from caseapp.reporting.disclosure.lattice import Cells, Lattice, Relation
from caseapp.reporting.disclosure.published import Parameters

Masks = dict[Grid, NDArray[np.bool_]]


def withheld(counts: Counts, values: Cells, cell_bases: Cells, chosen: Parameters) -> Masks:
    """True for each cell that is not shown. `values` are the rounded numbers, `cell_bases` their bases."""
    masks: Masks = {}
    few = _few(counts.lattice, values, cell_bases, chosen.steps_without_breakdown)
    for grid in counts.lattice.grids:
        count = counts.counts[grid]
        masks[grid] = np.zeros(count.shape, bool)
        if grid in counts.contributors:
            behind = counts.contributors[grid]
            # A 0 shown beside withheld numbers would say for certain that nobody is there, and the first who comes
            # would be seen.
            masks[grid] = (behind.clients < chosen.fewest_contributors) | (
                behind.two_largest >= chosen.dominance * count
            )
        elif grid.dimensions:
            masks[grid][few[grid.level]] = True
    while any(_complete(counts, relation, masks) for relation in counts.lattice.relations):
        pass
    return masks


def _few(lattice: Lattice, values: Cells, cell_bases: Cells, steps: int) -> dict[Level, NDArray[np.bool_]]:
    """For each level the areas whose people are too few for a breakdown, and those that hide them."""
    found = {}
    for level in sorted({grid.level for grid in lattice.grids}):
        total = Grid(level, ())
        few = (values[total] <= steps * cell_bases[total]) & (steps > 0)
        if level is not Level.STATE:
            parents = lattice.geography.parents(level)
            for parent in np.unique(parents[few]):
                others = np.flatnonzero((parents == parent) & ~few)
                if (few & (parents == parent)).sum() == 1 and others.size:
                    few[others[np.argmin(values[total][others])]] = True
        found[level] = few
    return found


def _complete(counts: Counts, relation: Relation, masks: Masks) -> bool:
    """Leave out a second number of each equation that lacks exactly one; whether there was such an equation."""
    fine, coarse = masks[relation.fine].ravel(), masks[relation.coarse].ravel()
    missing = np.bincount(relation.fine_group[fine], minlength=relation.groups)
    missing += np.bincount(relation.coarse_group[coarse], minlength=relation.groups)
    sizes = counts.counts[relation.fine].ravel()
    found = False
    for group in np.flatnonzero(missing == 1):
        parts = np.flatnonzero((relation.fine_group == group) & ~fine & (sizes > 0))
        if parts.size:
            masks[relation.fine].flat[parts[np.argmin(sizes[parts])]] = True
        else:
            masks[relation.coarse].flat[np.flatnonzero(relation.coarse_group == group)] = True
        found = True
    return found
