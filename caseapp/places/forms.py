"""A place as people write it, understood as a municipality where one is meant."""

from __future__ import annotations

import re
from typing import Any

from wtforms import StringField
from wtforms.validators import ValidationError

from caseapp.i18n import gettext as _
from caseapp.places.queries import gazetteer
from caseapp.places.rules import find_municipality

_POSTCODE = re.compile(r"^\s*(?:D\s*[-–]\s*)?(\d{5})\b\s*(.*)$", re.DOTALL)
LONGEST = 200


class PlaceField(StringField):
    """`88069 Tettnang` or `Tettnang`. After validation `ags` is the municipality's key, "" outside of the state.

    `district` (5 digits, set by the view) decides between places of the same name.
    """

    district: str | None = None
    ags: str = ""

    @property
    def postcode(self) -> str:
        """The five digits in front, or ""."""
        found = _POSTCODE.match(self.data or "")
        return found[1] if found else ""

    @property
    def town(self) -> str:
        """The text without the postcode."""
        found = _POSTCODE.match(self.data or "")
        return (found[2] if found else self.data or "").strip()

    def pre_validate(self, form: Any) -> None:  # WTForms passes it
        """Find the municipality. Raises ValidationError where several can be meant."""
        self.ags = ""
        text = (self.data or "").strip()
        if len(text) > LONGEST:
            raise ValidationError(_("Der Ort ist zu lang: höchstens %(most)s Zeichen.", most=LONGEST))
        if text:
            match = find_municipality(gazetteer(), text, district=self.district)
            if match.is_ambiguous:
                names = ", ".join(_with_postcode(ags) for ags in match.candidates[:4])
                raise ValidationError(
                    _("Mehrere Orte heißen so: %(names)s. Schreiben Sie die Postleitzahl dazu.", names=names)
                )
            self.ags = match.ags or ""


def _with_postcode(ags: str) -> str:
    town = gazetteer().municipalities[ags]
    return " ".join(filter(None, (town.postcodes[0] if town.postcodes else "", town.name)))


def place_text(postcode: str, town: str, ags: str | None) -> str:
    """What stands in the field for a stored place: with a postcode, because names repeat."""
    if not town and (ags or "") in gazetteer().municipalities:
        return _with_postcode(ags or "")
    return " ".join(filter(None, (postcode, town)))
