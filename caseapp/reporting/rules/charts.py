"""The pictures of a report as SVG: the same on the page and on paper, with title and description, without colour alone.

On the page widths are per cent, so text keeps its size on every screen; on paper `width` gives them in pixels. Colours
stand as attributes for paper; on the page the style sheet (`report.css`) overrides them, for dark mode too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from caseapp.reporting.disclosure.rates import Rate
from caseapp.reporting.rules.cells import period_mark
from caseapp.reporting.rules.series import Outcome

_INK, _QUIET, _BAND, _FIRST, _GRID = "#171a2b", "#51577a", "#c9d5f2", "#2044aa", "#d5d8e5"
NO_RATE = "–"
_TOP, _FLOOR = 24, 164  # 100 % and 0 % in the picture of an outcome, in pixels from its upper edge
_LEFT = 17  # per cent of the width for the scale
_OUTCOME_HEIGHT = 202
_PANEL_HEIGHT = 40


@dataclass(frozen=True, slots=True)
class _Canvas:
    """Turns per cent of the width into what the picture is measured in."""

    width: int | None

    def x(self, share: float) -> str:
        return f"{_short(share)}%" if self.width is None else _short(share * self.width / 100)

    def open(self, name: str, height: int, title: str, description: str) -> Markup:
        """On paper the title becomes the alternative text, so it says all."""
        if self.width is None:
            return Markup(
                '<svg class="app-report__svg" role="img" aria-labelledby="{0}-t {0}-d" width="100%" height="{1}">'
                '<title id="{0}-t">{2}</title><desc id="{0}-d">{3}</desc>'
            ).format(name, height, title, description)
        return Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}"><title>{2}</title>'
        ).format(self.width, height, f"{title}. {description}")

    def text(self, share: float, y: float, text: str, *, kind: str = "small", anchor: str = "middle") -> Markup:
        look = {"small": (_QUIET, "400", 12), "value": (_INK, "700", 14)}[kind]
        return Markup(
            '<text class="app-report__{}" x="{}" y="{}" text-anchor="{}" fill="{}" font-weight="{}" font-size="{}" '
            'font-family="Noto Sans">{}</text>'
        ).format(kind, self.x(share), _short(y), anchor, *look, text)

    def rect(self, kind: str, fill: str, share: float, y: float, wide: float, high: float) -> Markup:
        return Markup('<rect class="app-report__{}" fill="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
            kind, fill, self.x(share), _short(y), self.x(wide), _short(high)
        )

    def line(self, kind: str, ink: str, ends: tuple[float, float, float, float], wide: float = 1) -> Markup:
        x1, y1, x2, y2 = ends
        return Markup(
            '<line class="app-report__{}" stroke="{}" stroke-width="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>'
        ).format(kind, ink, _short(wide), self.x(x1), _short(y1), self.x(x2), _short(y2))


def outcome_chart(
    name: str,
    title: str,
    description: str,
    points: Sequence[tuple[str, Outcome]],
    unknown: str,
    *,
    width: int | None = None,
) -> Markup:
    """The rate of each cohort from 0 to 100 %: a dot in a band from "all unknown no" to "all unknown yes".

    Nothing is drawn where the rate is None, but a dash. `unknown` is the word before the shares of unknown outcome.
    """
    canvas = _Canvas(width)
    parts = [canvas.open(name, _OUTCOME_HEIGHT, title, description)]
    for share in (0, 50, 100):
        y = _height(share)
        parts.append(canvas.line("grid", _GRID, (0, y, 100, y)))
        parts.append(canvas.text(0, y - 4, f"{share} %", anchor="start"))
    step = (100 - _LEFT) / max(1, len(points))
    last: tuple[float, float] | None = None
    dots: list[Markup] = []
    for place, (mark, outcome) in enumerate(points):
        middle, rate = _LEFT + step * (place + 0.5), outcome.rate
        if rate is None:
            parts.append(canvas.text(middle, _height(50) + 20, NO_RATE))
            last = None
        else:
            at = (middle, _height(rate.percent))
            parts.append(_band(canvas, middle, step, rate))
            if last is not None:
                parts.append(canvas.line("join", _FIRST, (*last, *at), 2))
            dots += [
                _dot(canvas, *at),
                canvas.text(middle, _height(rate.highest) - 6, f"{rate.percent} %", kind="value"),
            ]
            last = at
        parts += _foot(canvas, middle, mark, outcome)
    parts += dots
    parts.append(canvas.text(0, _FLOOR + 34, unknown, anchor="start"))
    return _joined(parts)


def _band(canvas: _Canvas, middle: float, step: float, rate: Rate) -> Markup:
    wide = min(step * 0.56, 9)
    top, floor = _height(rate.highest), _height(rate.lowest)
    edges = [canvas.line("edge", _QUIET, (middle - wide / 2, y, middle + wide / 2, y)) for y in (top, floor)]
    return _joined([canvas.rect("band", _BAND, middle - wide / 2, top, wide, max(1.0, floor - top)), *edges], "")


def _dot(canvas: _Canvas, share: float, y: float) -> Markup:
    return Markup('<circle class="app-report__dot" fill="{}" cx="{}" cy="{}" r="5"/>').format(
        _FIRST, canvas.x(share), _short(y)
    )


def _foot(canvas: _Canvas, middle: float, mark: str, outcome: Outcome) -> Iterable[Markup]:
    share = outcome.unknown_share
    yield canvas.text(middle, _FLOOR + 18, period_mark(mark))
    yield canvas.text(middle, _FLOOR + 34, NO_RATE if share is None else f"{share} %")


def _height(percent: float) -> float:
    return _FLOOR - percent * (_FLOOR - _TOP) / 100


def amount_panel(
    name: str, title: str, description: str, values: Sequence[int | None], top: int, *, width: int | None = None
) -> Markup:
    """Columns of one area on the scale of all areas, the last one strong. None: withheld, no column."""
    canvas = _Canvas(width)
    parts = [canvas.open(name, _PANEL_HEIGHT, title, description)]
    step = 100 / max(1, len(values))
    for place, value in enumerate(values):
        if value:
            high = max(1.0, (_PANEL_HEIGHT - 4) * value / max(1, top))
            latest = place == len(values) - 1
            kind, fill = ("now", _FIRST) if latest else ("before", "#8f97b8")
            parts.append(
                canvas.rect(kind, fill, place * step + step * 0.08, _PANEL_HEIGHT - 1 - high, step * 0.84, high)
            )
    parts.append(canvas.line("axis", _QUIET, (0, _PANEL_HEIGHT - 0.5, 100, _PANEL_HEIGHT - 0.5)))
    return _joined(parts)


def rate_panel(
    name: str, title: str, description: str, rates: Sequence[Rate | None], *, width: int | None = None
) -> Markup:
    """The rates of one area from 0 to 100 %, each as a mark in its band; nothing where a rate is None."""
    canvas = _Canvas(width)
    parts = [canvas.open(name, _PANEL_HEIGHT, title, description)]
    step = 100 / max(1, len(rates))
    for place, rate in enumerate(rates):
        if rate is not None:
            top, floor, at = (_low(percent) for percent in (rate.highest, rate.lowest, rate.percent))
            left, wide = place * step + step * 0.08, step * 0.84
            parts.append(canvas.rect("band", _BAND, left, top, wide, max(1.0, floor - top)))
            parts.append(canvas.line("mark", _FIRST, (left, at, left + wide, at), 3))
    parts.append(canvas.line("axis", _QUIET, (0, _PANEL_HEIGHT - 0.5, 100, _PANEL_HEIGHT - 0.5)))
    return _joined(parts)


def _low(percent: float) -> float:
    return _PANEL_HEIGHT - 1 - percent * (_PANEL_HEIGHT - 4) / 100


def _joined(parts: Iterable[Markup], end: str = "</svg>") -> Markup:
    return Markup("").join([*parts, Markup(end)])  # noqa: S704 - every part is escaped


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
