"""The CSV form of a report: every file of its archive by name, each a pure function of the release.

So whoever has the signed package makes the same bytes again, and sees which file was changed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Iterable
from typing import Any

import msgspec

from caseapp.reporting.rules import signed
from caseapp.reporting.rules.flat import BEFORE, LEVELS, LINE_END, TOTAL, FlatTable, Row, csv_of, flat_tables
from caseapp.reporting.rules.package import Figures, Package, Released

FORMAT = "caseapp report tables 1"
MANIFEST, PACKAGE, LIMITS = "manifest.json", "report.json", "limits/"
LIMIT_COLUMNS = ("indicator", "base", "at_most", "typical")


def members(released: Released) -> dict[str, bytes]:
    """Name -> content: manifest and signed package first, then the tables, then their limits."""
    tables = flat_tables(released.package)
    files = {f"{each.name}.csv": csv_of(each) for each in tables}
    bounds = {f"{LIMITS}{each.name}.csv": limits_csv(each, released.package) for each in tables}
    report = signed.write(released)
    manifest = _manifest(released, tables, {PACKAGE: report, **files, **bounds})
    return {MANIFEST: _json(manifest), PACKAGE: report, **files, **bounds}


def limits_csv(table: FlatTable, package: Package) -> bytes:
    """The same rows as the table, in the same order; instead of the number how far the exact count can be from it."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator=LINE_END)
    writer.writerow((*BEFORE, *table.dimensions, *LIMIT_COLUMNS))
    parts, indicator = max(1, len(package.sources)), table.figures.indicator
    for row, base in zip(table.rows(), _bases(table), strict=True):
        error = typical_error(base, parts if row.level == 0 else 1)
        writer.writerow(
            (table.period, LEVELS[row.level], row.ags, *row.classes, indicator, base, row.at_most, f"{error:.1f}")
        )
    return target.getvalue().encode("ascii")


def typical_error(base: int, parts: int = 1) -> float:
    """The standard deviation of the rounding error of a number, or of the sum of so many that were rounded apart.

    Unbiased rounding to a multiple of b moves a count with the remainder r by r or b - r: the variance is r (b - r),
    on average over all remainders (b^2 - 1) / 6. Errors of different Kreise are independent: their keys are.
    """
    return math.sqrt(parts * (base * base - 1) / 6)


def _bases(table: FlatTable) -> Iterable[int]:
    for level in table.levels:
        yield from table.cube(level).bases.ravel().tolist()


def _manifest(released: Released, tables: list[FlatTable], files: dict[str, bytes]) -> dict[str, Any]:
    package = released.package
    return {
        "format": FORMAT,
        "number": package.number,
        "scope": package.scope,
        "scope_name": package.scope_name,
        "period": package.period,
        "funding_period": package.funding_period,
        "catalogue_version": package.catalogue_version,
        "as_of": msgspec.to_builtins(package.as_of),
        "released_on": released.released_on.isoformat(),
        "digest": released.digest,
        "signature": released.signature,
        "public_key": released.public_key,
        "audit_root": released.audit_root,
        "previous": package.previous,
        "sources": dict(package.sources),
        "notes": msgspec.to_builtins(released.notes),
        "remarks": list(package.remarks),
        "reading": {
            "total": TOTAL,
            "levels": list(LEVELS),
            "withheld": "value is empty",
            "exact_count": "value - at_most <= exact count <= value + at_most, at_most from the file in limits/",
        },
        "indicators": msgspec.to_builtins(package.indicators),
        "dimensions": msgspec.to_builtins(package.dimensions),
        "areas": msgspec.to_builtins(package.areas),
        "populations": [_population(each) for each in package.figures],
        "tables": [_described(each) for each in tables],
        "files": {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in files.items()
        },
    }


def _population(figures: Figures) -> dict[str, Any]:
    published = figures.published
    document = published.document()
    catalogue = published.lattice.catalogue
    return {
        "name": figures.name,
        "indicator": figures.indicator,
        "cohort": figures.cohort,
        "base": catalogue.base,
        "sensitive_base": catalogue.sensitive_base,
        "dimensions": document["catalogue"]["dimensions"],  # type: ignore[index]  # plain data
        "parameters": document["parameters"],
        "merged": document["merged"],
        "previous": published.previous,
    }


def _described(table: FlatTable) -> dict[str, Any]:
    rows = list(table.rows())
    return {
        "file": f"{table.name}.csv",
        "limits": f"{LIMITS}{table.name}.csv",
        "population": table.figures.name,
        "indicator": table.figures.indicator,
        "cohort": table.figures.cohort,
        "table": table.table.name,
        "levels": [LEVELS[level] for level in table.levels],
        "columns": list(table.columns),
        "rows": len(rows),
        "withheld": sum(row.value is None for row in rows),
        "deviations": [_deviation(row) for row in rows if row.deviating],
    }


def _deviation(row: Row) -> dict[str, Any]:
    return {"level": LEVELS[row.level], "ags": row.ags, "classes": list(row.classes), "at_most": row.at_most}


def _json(document: object) -> bytes:
    """For people and programs: sorted names, two spaces, words as they are."""
    return (json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
