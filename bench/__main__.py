"""`make bench`: everything measured in one run, with its floors and budgets. `--full`: up to a million files.

Trust the ratios; the absolute times are those of this machine at this moment.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial

from bench import (
    caseload,
    disclosure,
    documents,
    finding,
    growth,
    importing,
    indicators,
    load,
    pages,
    postgres,
    report,
    report_page,
    sealing,
    tallies,
)
from bench.table import Line, show

_PARTS: dict[str, Callable[[], list[Line]]] = {
    "sealing": sealing.measure,
    "caseload": caseload.measure,
    "pages": pages.measure,
    "search": finding.measure,
    "import": importing.measure,
    "growth": growth.measure,
    "documents": documents.measure,
    "indicators": indicators.measure,
    "tallies": tallies.measure,
    "disclosure": disclosure.measure,
    "report": report.measure,
    "report page": report_page.measure,
    "load": load.measure,
    "postgres": postgres.measure,
}
_MILLION = partial(growth.measure, small=10_000, large=1_000_000, contacts=10)


def reference() -> float:
    """Milliseconds of CPU for a fixed loop: it rises when others work on the same cores, and all times with it."""
    started = time.process_time()
    sum(range(6_000_000))
    return (time.process_time() - started) * 1_000


def main() -> int:
    """Measure the chosen parts (default: all) and print one table; 1 when a budget is missed."""
    options = argparse.ArgumentParser(prog="python -m bench")
    options.add_argument("parts", nargs="*", help=f"some of: {', '.join(_PARTS)}")
    options.add_argument("--full", action="store_true", help="growth to 1,000,000 files (an hour)")
    chosen = options.parse_args()
    parts = {**_PARTS, "growth": _MILLION} if chosen.full else _PARTS
    lines: list[Line] = []
    before = reference()
    for name in chosen.parts or parts:
        started = time.monotonic()
        lines += parts[name]()
        print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr)
    print(show(lines))
    print(f"A fixed loop took {before:.0f} ms before and {reference():.0f} ms after: the quieter, the truer the times.")
    return int(any(line.ok is False for line in lines))


sys.exit(main())
