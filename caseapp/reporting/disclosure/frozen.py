"""A release as bytes that never change: what is stored, hashed and signed, and read again for the next period.

Canonical JSON: sorted names, no white space, ASCII, whole numbers (three parameters have a fraction, written as
Python's shortest). Two files: the published one, and the memory, which must be sealed by whoever keeps it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from caseapp.reporting.disclosure.catalogue import Catalogue, Dimension, Grid, Table
from caseapp.reporting.disclosure.errors import DisclosureError
from caseapp.reporting.disclosure.geography import Geography, Level
from caseapp.reporting.disclosure.lattice import Lattice, bases, build
from caseapp.reporting.disclosure.preferences import Memory
from caseapp.reporting.disclosure.published import Deviation, Parameters, Published


def freeze(published: Published) -> bytes:
    """The release as canonical JSON."""
    return _canonical(published.document())


def digest(published: Published) -> str:
    """SHA-256 of the frozen release, in hexadecimal digits."""
    return hashlib.sha256(freeze(published)).hexdigest()


def thaw(frozen: bytes) -> Published:
    """The release of `freeze`; DisclosureError if it cannot be one."""
    try:
        found = json.loads(frozen)
        lattice = _lattice(found["catalogue"], found["geography"])
        grids = {str(grid): grid for grid in lattice.grids}
        flat = {grid: found["values"][name] for name, grid in grids.items()}
        return Published(
            found["period"],
            found["funding_period"],
            lattice,
            bases(lattice),
            {grid: _array(lattice, grid, [value or 0 for value in flat[grid]], np.int64) for grid in lattice.grids},
            {grid: _array(lattice, grid, [value is None for value in flat[grid]], bool) for grid in lattice.grids},
            tuple(
                Deviation(grids[name], area, tuple(classes), most) for name, area, classes, most in found["deviations"]
            ),
            {code: tuple(members) for code, members in found["merged"].items()},
            Parameters(**found["parameters"]),
            found["previous"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DisclosureError("This is no frozen release.") from error


def freeze_memory(memory: Memory, published: Published) -> bytes:
    """What the next period needs, bound to its release by the hash. Secret: to be sealed."""
    return _canonical(
        {
            "release": digest(published),
            "key_check": memory.key_check,
            "values": {str(grid): memory.values[grid].ravel().tolist() for grid in memory.lattice.grids},
            "counts": {str(grid): memory.counts[grid].ravel().tolist() for grid in memory.lattice.grids},
            "fingerprints": {str(grid): memory.fingerprints[grid].ravel().tolist() for grid in memory.lattice.grids},
        }
    )


def thaw_memory(frozen: bytes, published: Published) -> Memory:
    """The memory of `freeze_memory`; DisclosureError if it belongs to another release."""
    try:
        found = json.loads(frozen)
        key_check, release = found["key_check"], found["release"]
        lattice = published.lattice
        values, counts, prints = (
            {grid: _array(lattice, grid, found[name][str(grid)], kind) for grid in lattice.grids}
            for name, kind in (("values", np.int64), ("counts", np.int64), ("fingerprints", np.uint64))
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DisclosureError("This is no memory of a release.") from error
    if release != digest(published):
        raise DisclosureError("This memory belongs to another release.")
    return Memory(published.period, published.funding_period, key_check, lattice, values, counts, prints)


def _lattice(catalogue: Mapping[str, Any], geography: Mapping[str, Any]) -> Lattice:
    dimensions = tuple(
        Dimension(each["name"], tuple(each["classes"]), frozenset(each["sensitive"]), each["rest"], each["outcome"])
        for each in catalogue["dimensions"]
    )
    tables = tuple(
        Table(each["name"], tuple(each["dimensions"]), Level(each["finest"])) for each in catalogue["tables"]
    )
    numbers = {name: catalogue[name] for name in ("name", "version", "base", "sensitive_base")}
    return build(
        Catalogue(dimensions=dimensions, tables=tables, **numbers),
        Geography(
            geography["state"],
            tuple(geography["districts"]),
            tuple(geography["municipalities"]),
            tuple(geography["district_of"]),
        ),
    )


def _array(lattice: Lattice, grid: Grid, flat: list[Any], kind: type) -> Any:
    return np.array(flat, dtype=kind).reshape(lattice.shape(grid))


def _canonical(document: object) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
