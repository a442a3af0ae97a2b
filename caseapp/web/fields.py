"""Form fields for what German offices type: tolerant on the way in, one clear type on the way out.

Every field keeps what was typed when it cannot be read, so that nobody types it twice.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import HiddenField
from wtforms.validators import Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TelInput

from caseapp import clock
from caseapp.i18n import gettext as _
from caseapp.web import parsing

LONGEST_TEXT = 100_000


def tidy(text: object) -> object:
    """Text as it is stored: NFC, no NUL, `\\n` line ends, no blanks around; other values untouched."""
    if not isinstance(text, str):
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return unicodedata.normalize("NFC", lines).strip()


class _TypedField(StringField):
    """A text input whose `data` is the value read from the text; `data` is None for an empty input."""

    data: Any

    def read(self, text: str) -> object:
        """The value meant by `text`, or UnreadableError."""
        raise NotImplementedError

    def written(self, value: Any) -> str:
        """`value` as it stands in the input."""
        return str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = self.read(valuelist[0])

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.written(self.data)


class GermanDateField(_TypedField):
    """A day typed as TT.MM.JJJJ or in any usual German way (see `parsing.read_date`); `data` is a date or None.

    `future=False` for days that have passed (birth, arrival): decides the century of two-digit years and refuses later
    days. `year_alone=True` accepts `1988` as 1 January 1988 and sets `year_only`, for birthdays known by year.
    """

    data: date | None

    def __init__(
        self,
        label: str | None = None,
        validators: list[Any] | None = None,
        *,
        future: bool = True,
        year_alone: bool = False,
        today: Callable[[], date] = clock.today,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.future = future
        self.year_alone = year_alone
        self.today = today
        self.year_only = False

    def read(self, text: str) -> date:
        year = parsing.read_year(text) if self.year_alone else None
        if year is not None:
            self.year_only = True
            text = f"{year}-01-01"
        return parsing.read_date(text, today=self.today(), future=self.future)

    def written(self, value: date) -> str:
        return f"{value:%d.%m.%Y}"


class MinutesField(_TypedField):
    """A duration typed as `45`, `1:15` or `1,5 h`; `data` is whole minutes or None."""

    data: int | None

    def __init__(
        self,
        label: str | None = None,
        validators: list[Any] | None = None,
        *,
        most: int = parsing.MINUTES_OF_A_DAY,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.most = most

    def read(self, text: str) -> int:
        return parsing.read_minutes(text, most=self.most)


class MoneyField(_TypedField):
    """An amount typed as `650`, `650,50` or `1.200 €`; `data` is whole cents or None."""

    data: int | None

    def read(self, text: str) -> int:
        return parsing.read_money(text)

    def written(self, value: int) -> str:
        return parsing.money_text(value).removesuffix(" €")


class PhoneField(_TypedField):
    """A phone number; `data` is its international form (`+49711123456`) or None."""

    widget = TelInput()
    data: str | None

    def read(self, text: str) -> str:
        return parsing.read_phone(text)

    def written(self, value: str) -> str:
        return parsing.phone_text(value)


class LongTextField(TextAreaField):
    """A text area of at most `most` characters, checked on the server: browsers cut a paste without a word."""

    def __init__(
        self,
        label: str | None = None,
        validators: list[Any] | None = None,
        *,
        most: int = LONGEST_TEXT,
        **kwargs: Any,
    ) -> None:
        message = _(
            "Der Text ist zu lang: höchstens %(most)s Zeichen. Kürzen Sie ihn oder teilen Sie ihn auf.",
            most=most,
        )
        super().__init__(label, [*(validators or []), Length(max=most, message=message)], **kwargs)
        self.most = most


class ChipsField(RadioField):
    """One choice out of few, shown as chips. They are radio buttons, so the keyboard works as everywhere."""


class MultiChipsField(SelectMultipleField):
    """Any number of choices, shown as chips. They are check boxes; `data` is a list, empty without a choice."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ChecksField(SelectMultipleField):
    """Any number of choices as a list of check boxes, for labels too long for chips."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class UuidField(HiddenField):
    """A hidden identifier, made anew for each form that is shown; `data` is a UUID."""

    data: UUID | None  # type: ignore[assignment]  # a hidden field is typed as text

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            self.data = UUID(valuelist[0]) if valuelist else None
        except ValueError:
            self.data = None

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        super().__init__(label, default=uuid4, **kwargs)  # type: ignore[arg-type]  # a hidden field is typed as text

    def pre_validate(self, _form: Any) -> None:
        if self.data is None:
            raise ValidationError(_("Das Formular ist unvollständig. Laden Sie die Seite neu."))
