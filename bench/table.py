"""The lines of the table that `python -m bench` prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_HEADINGS = ("work", "measured", "floor or peer", "ratio", "budget", "ok")


@dataclass(frozen=True, slots=True)
class Line:
    """One measured piece of work. `ok` None: no budget is set for it."""

    work: str
    measured: str
    against: str = ""
    ratio: str = ""
    budget: str = ""
    ok: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """The line as the table shows it."""
        verdict = "" if self.ok is None else "yes" if self.ok else "NO"
        return (self.work, self.measured, self.against, self.ratio, self.budget, verdict)


def against_floor(work: str, measured: float, floor: float, name: str, budget: float | None = None) -> Line:
    """Microseconds against the floor of the same run; `budget` is the highest ratio."""
    ratio = measured / floor
    return Line(
        work,
        duration(measured),
        f"{name} {duration(floor)}",
        f"{ratio:.2f}",
        f"at most {budget:g} x" if budget else "",
        ratio <= budget if budget else None,
    )


def within(work: str, measured: float, limit: float) -> Line:
    """Microseconds against a limit in microseconds."""
    return Line(work, duration(measured), "", "", f"at most {duration(limit)}", measured <= limit)


def counted(work: str, number: int, limit: int, cpu: float) -> Line:
    """A number of statements against its limit; `cpu` are microseconds of the page."""
    return Line(work, f"{number} statements, {duration(cpu)}", "", "", f"at most {limit} statements", number <= limit)


def duration(microseconds: float) -> str:
    """`0.54 us`, `27 ms`, `3.1 s`."""
    for limit, unit in ((1_000, "us"), (1_000_000, "ms"), (float("inf"), "s")):
        if microseconds < limit:
            value = microseconds / (limit / 1_000 if unit != "s" else 1_000_000)
            return f"{value:.3g} {unit}"
    raise AssertionError("every number is below infinity")


def show(lines: Iterable[Line]) -> str:
    """The table as text."""
    rows = [_HEADINGS, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    rule = "-+-".join("-" * width for width in widths)
    texts = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([texts[0], rule, *texts[1:]])
