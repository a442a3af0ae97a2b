"""Contacts: which numbers are not shown at all, because one or two clients make most of them.

Every client adds at most the cap (`counts.from_records`) and the numbers are rounded to 10. On top of that a number
is shown only from ten clients on and if the two largest contribute less than 90 % (threshold and dominance rule:
Hundepool et al., Statistical Disclosure Control, 2012, section 4.2). Nobody is fewer than ten, too. A single number
left out of a sum could be found by subtraction, so the smallest of its sum is left out with it (complementary
suppression); what is left out is rounded all the same, so even a subtraction that succeeds ends at a rounded number.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.counts import Counts
from caseapp.reporting.disclosure.lattice import Relation

Masks = dict[Grid, NDArray[np.bool_]]


def withheld(counts: Counts, *, fewest: int, dominance: float) -> Masks:
    """True for each cell that is not shown. Nothing is withheld where persons are counted."""
    masks: Masks = {}
    for grid in counts.lattice.grids:
        count = counts.counts[grid]
        masks[grid] = np.zeros(count.shape, bool)
        if grid in counts.contributors:
            behind = counts.contributors[grid]
            # A 0 shown beside withheld numbers would say for certain that nobody is there, and the first who comes
            # would be seen.
            masks[grid] = (behind.clients < fewest) | (behind.two_largest >= dominance * count)
    while any(_complete(counts, relation, masks) for relation in counts.lattice.relations):
        pass
    return masks


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
