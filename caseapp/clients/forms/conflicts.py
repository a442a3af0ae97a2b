"""Two people changed the same record: which fields differ, who changed them, and what was chosen.

A form carries a short mark of each value it was filled with, so that a field that only the other person changed is not
set back by a value that was merely shown.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, SelectMultipleField
from wtforms.fields import Field, HiddenField
from wtforms.fields.choices import SelectFieldBase
from wtforms.form import BaseForm

from caseapp.i18n import gettext as _

MINE, THEIRS = "mine", "theirs"
PREFIX = "keep-"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with two values. `keep` is what is proposed: one's own value only where one has changed it."""

    name: str
    label: str
    mine: str
    theirs: str
    keep: str


def base_of(form: BaseForm) -> str:
    """Marks of the values that the form shows, for a hidden field."""
    return ",".join(f"{field.name}:{_mark(field)}" for field in _fields(form))


def differences(mine: BaseForm, theirs: BaseForm, base: str) -> list[Difference]:
    """The fields in which the typed form differs from the stored record, in the order of the page."""
    shown = dict(pair.split(":", 1) for pair in base.split(",") if ":" in pair)
    found = []
    for field in _fields(mine):
        stored = theirs[field.name]
        if _mark(field) != _mark(stored):
            changed = _mark(field) != shown.get(field.name)
            found.append(
                Difference(
                    name=field.name,
                    label=str(field.label.text),
                    mine=value_text(field),
                    theirs=value_text(stored),
                    keep=MINE if changed else THEIRS,
                )
            )
    return found


def take_chosen(form: BaseForm, theirs: BaseForm, posted: Mapping[str, str]) -> None:
    """Put the stored value into each field for which it was chosen."""
    for field in _fields(form):
        if posted.get(f"{PREFIX}{field.name}") == THEIRS:
            field.data = theirs[field.name].data
            field.raw_data = None
            field.process_errors = []


def value_text(field: Field) -> str:
    """The value as the page shows it: labels for codes, a dash for nothing."""
    if isinstance(field, BooleanField):
        return _("ja") if field.data else _("nein")
    if isinstance(field, SelectFieldBase):
        chosen = field.data if isinstance(field, SelectMultipleField) else [field.data]
        labels = {str(value): str(label) for value, label in _pairs(field)}
        return ", ".join(labels.get(str(value), str(value)) for value in chosen or () if value) or "–"
    return _typed(field) or "–"


def _pairs(field: Any) -> Iterator[tuple[Any, Any]]:
    choices = field.choices or {}
    yield from choices.items() if isinstance(choices, Mapping) else choices


def _typed(field: Any) -> str:
    written = getattr(field, "_value", None)  # what WTForms writes into the input
    return str(written() if written else field.data or "")


def _mark(field: Field) -> str:
    if isinstance(field, SelectMultipleField):
        text = "|".join(sorted(str(value) for value in field.data or ()))
    elif isinstance(field, BooleanField | SelectFieldBase):
        text = str(field.data or "")
    else:
        text = _typed(field).strip().replace("\r\n", "\n")
    return f"{zlib.crc32(text.encode()):x}"


def _fields(form: BaseForm) -> Iterator[Field]:
    return (field for field in form if not isinstance(field, HiddenField) and field.name != "csrf_token")
