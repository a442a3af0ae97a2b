"""Several telephone numbers in one field."""

from __future__ import annotations

import re
from typing import Any

from wtforms import StringField
from wtforms.validators import ValidationError
from wtforms.widgets import TelInput

from caseapp.i18n import gettext as _
from caseapp.web.parsing import UnreadableError, phone_text, read_phone

_MOST = 5
_PARTING = re.compile(r"[,;\n]+")


class PhonesField(StringField):
    """`0751 1234, +380 44 123`; `numbers` are the international forms, in order.

    A text that was stored as it stood in an imported sheet (`known`, set by the view) may stay.
    """

    widget = TelInput()
    known: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of a valid field."""
        return tuple(dict.fromkeys(self._read(part) for part in self._parts()))

    def pre_validate(self, form: Any) -> None:  # WTForms passes it
        """Raises ValidationError for a text that is no number, or too many."""
        parts = self._parts()
        if len(parts) > _MOST:
            raise ValidationError(_("Geben Sie höchstens %(most)s Nummern ein.", most=_MOST))
        for part in parts:
            try:
                self._read(part)
            except UnreadableError as error:
                raise ValidationError(str(error)) from None

    def _parts(self) -> list[str]:
        return [part.strip() for part in _PARTING.split(self.data or "") if part.strip()]

    def _read(self, text: str) -> str:
        if text in self.known:
            return text
        return read_phone(text)


def phones_text(phones: tuple[str, ...]) -> str:
    """What stands in the field for stored numbers."""
    return ", ".join(phone_text(phone) for phone in phones)
