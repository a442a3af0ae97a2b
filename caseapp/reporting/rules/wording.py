"""How the figures of a report are said in German: with their uncertainty, and never more than they can say."""

from __future__ import annotations

from caseapp.i18n import gettext as _
from caseapp.reporting.disclosure.rates import Rate
from caseapp.reporting.rules.cells import Cell, grouped, period_text
from caseapp.reporting.rules.headlines import Headline
from caseapp.reporting.rules.package import Package
from caseapp.reporting.rules.series import Change, Direction


def among(unit: str, number: str) -> str:
    """ "von 1.590 Haushalten": the whole that a number belongs to."""
    words = {
        "person": _("von %(number)s Personen", number=number),
        "household": _("von %(number)s Haushalten", number=number),
        "goal": _("von %(number)s Zielen", number=number),
        "referral": _("von %(number)s Vermittlungen", number=number),
        "closing": _("von %(number)s Abschlüssen", number=number),
        "title": _("von %(number)s Aufenthaltstiteln", number=number),
    }
    return words.get(unit, _("von %(number)s", number=number))


def uncertainty(cell: Cell) -> str:
    """ "± höchstens 4": how far the exact number can be away from the one shown."""
    if cell.value is None:
        return _("nicht gezeigt: zu wenige Personen dahinter")
    return _("± höchstens %(number)s", number=grouped(cell.at_most))


def rate_text(rate: Rate | None) -> str:
    """ "29 % (26 bis 36 %)": the share among the known, and its bounds; why there is none."""
    if rate is None:
        return _("Anteil nicht gezeigt, zu wenige bekannt")
    return _(
        "%(percent)s %% (%(lowest)s bis %(highest)s %%)", percent=rate.percent, lowest=rate.lowest, highest=rate.highest
    )


def short_rate(rate: Rate | None) -> str:
    """ "29 % (26–36)", for the cells of tables."""
    return f"{rate.percent} % ({rate.lowest}–{rate.highest})" if rate else _("zu wenige")


def percent_text(percent: int | None) -> str:
    """ "29 %", or a dash."""
    return "–" if percent is None else _("%(percent)s %%", percent=percent)


def change_text(found: Headline) -> str:
    """What may be said of the number before. A difference that rounding can make is none."""
    if found.redefined:
        return _("Kein Vergleich: Die Definition wurde geändert.")
    changed = found.change
    if changed is None or changed.direction is Direction.UNKNOWN:
        return _("Kein Vergleich: Es gibt keinen früheren Wert.")
    if changed.direction is Direction.SAME:
        return _("unverändert (im Rahmen der Rundung)")
    return _moved(changed, found)


def _moved(changed: Change, found: Headline) -> str:
    values = {
        "number": grouped(abs(changed.difference)),
        "before": period_text(found.before),
        "most": grouped(changed.at_most),
    }
    more = changed.direction is Direction.MORE
    if found.entered:
        return (
            _("↑ %(number)s mehr als beim Zugang im %(before)s (± höchstens %(most)s)", **values)
            if more
            else _("↓ %(number)s weniger als beim Zugang im %(before)s (± höchstens %(most)s)", **values)
        )
    return (
        _("↑ %(number)s mehr als im %(before)s (± höchstens %(most)s)", **values)
        if more
        else _("↓ %(number)s weniger als im %(before)s (± höchstens %(most)s)", **values)
    )


def rounding_text(package: Package) -> list[str]:
    """What was done to the numbers, in sentences; from the parameters that are published with them."""
    catalogues = [figures.published.lattice.catalogue for figures in package.figures]
    usual = min((each.base for each in catalogues), default=5)
    coarse = max((each.sensitive_base for each in catalogues), default=10)
    parameters = package.figures[0].published.parameters if package.figures else None
    found = [
        _(
            "Zahlen sind auf %(base)s gerundet, die Abweichung je Wert beträgt höchstens %(most)s. Summen stimmen.",
            base=usual,
            most=usual - 1,
        ),
        _(
            "Empfindliche Merkmale, Gespräche und Summen daraus: auf %(base)s gerundet, höchstens %(most)s daneben.",
            base=coarse,
            most=coarse - 1,
        ),
    ]
    if parameters is not None:
        found.append(
            _(
                "Je Person zählen höchstens %(cap)s Gespräche; Zahlen zu weniger als %(few)s Personen fehlen.",
                cap=parameters.cap,
                few=parameters.fewest_contributors,
            )
        )
    found += [
        _("Eine 0 sagt nicht, dass es niemanden gibt: Sehr kleine Zahlen können auf 0 gerundet sein."),
        _("Anteile sind aus den gerundeten Zahlen gerechnet, erst ab 50, und nur wenn höchstens 20 % unbekannt sind."),
        _("Die Grenzen eines Anteils schließen Rundung und Unbekannte ein."),
    ]
    return found
