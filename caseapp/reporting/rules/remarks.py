"""What a reader of the package must know besides the figures: where people count, and what was corrected. Pure."""

from __future__ import annotations

from caseapp.i18n import gettext as _
from caseapp.reporting.rules.labels import LAND
from caseapp.reporting.rules.package import Package, Released


def remarks_of(package: Package, last: Released | None) -> tuple[str, ...]:
    """Remarks of a new package; notes to the last release are told again, their figures are in this one."""
    found = [_elsewhere(package)]
    if any(area.members for area in package.areas):
        found.append(
            _("Gemeinden mit weniger als 20 beratenen Personen stehen je Kreis unter „Übrige Gemeinden“ zusammen.")
        )
    found += [
        _(
            "Hinweis vom %(day)s zum Bericht %(number)s: %(text)s",
            day=note.on_day.strftime("%d.%m.%Y"),
            number=last.package.number,
            text=note.text,
        )
        for note in (last.notes if last else ())
        if last
    ]
    return tuple(found)


def _elsewhere(package: Package) -> str:
    if package.scope == LAND:
        return _(
            "Wessen Gemeinde unbekannt ist oder außerhalb der gezeigten Kreise liegt, zählt beim Kreis des Trägers, "
            "nie bei einer einzelnen Gemeinde."
        )
    return _(
        "Wessen Gemeinde unbekannt ist oder außerhalb des Kreises liegt, zählt beim Kreis, nie bei einer einzelnen "
        "Gemeinde."
    )
