"""The base of every form: looks, wiring for screen readers, kept input, and what a submit button can mean.

A view reads: `form = XForm(choices={...})`, `if form.validate_on_submit(): ... return redirect(...)`, then
`return render_template(..., form=form), form.status`. Choices always come from the view. `InputRequired` is the
validator for a field that must be filled in; it leaves the message of an unreadable date or number standing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import FileField, Form, FormField
from wtforms.fields import Field
from wtforms.fields.choices import SelectFieldBase
from wtforms.form import BaseForm
from wtforms.widgets import HiddenInput, Select

from caseapp.errors import AlreadyStoredError, RuleError
from caseapp.i18n import gettext as _
from caseapp.web.fields import UuidField
from caseapp.web.grids import RowsField
from caseapp.web.kern import KernMeta

RESTORED = "_restored"
ADD_ROW = "add_row"
REMOVE_ROW = "remove_row"
_LONGEST_NUMBER = 5

# Value and label; a mapping of mappings makes groups.
Choices = Mapping[Any, Any] | Sequence[tuple[Any, Any]]


@dataclass(frozen=True)
class Problem:
    """One line of the error summary: the id of the control it links to (empty: the whole form) and the message."""

    target: str
    message: str


def _offer(field: SelectFieldBase, choices: Choices) -> None:
    """Give `field` its choices; a drop-down starts with an empty one, so that nothing is chosen by oversight."""
    pairs = choices.items() if isinstance(choices, Mapping) else choices
    offered = {value: _label(label) for value, label in pairs}
    if isinstance(field.widget, Select) and not field.widget.multiple and "" not in offered:
        offered = {"": _("Bitte auswählen"), **offered}
    field.choices = offered  # type: ignore[attr-defined]  # declared on both subclasses only


def _label(label: Any) -> Any:
    return {value: str(text) for value, text in label.items()} if isinstance(label, Mapping) else str(label)


def _offer_all(form: BaseForm, choices: Mapping[str, Choices]) -> None:
    for path, offered in choices.items():
        name, _dot, inner = path.partition(".")
        field = form[name]
        if isinstance(field, RowsField):
            for entry in field.entries:
                _offer_all(entry.form, {inner: offered})
        elif isinstance(field, FormField):
            _offer_all(field.form, {inner: offered})
        else:
            _offer(field, offered)  # type: ignore[arg-type]  # a path names a field with choices


def _problems(form: BaseForm) -> Iterator[Problem]:
    for message in form.form_errors:
        yield Problem("", str(message))
    for field in form:
        if isinstance(field, FormField):
            yield from _problems(field.form)
        elif isinstance(field, RowsField):
            yield from (Problem(field.id, str(error)) for error in field.errors if isinstance(error, str))
            for entry in field.entries:
                yield from _problems(entry.form)
        elif field.errors:
            yield Problem(_control_id(field), _said(field))


def _said(field: Field) -> str:
    """The message; of text that could not be read, with the name of its field, as several may say the same."""
    message = str(field.errors[0])
    return f"{str(field.label.text).rstrip('?')}: {message}" if field.process_errors else message


def _control_id(field: Field) -> str:
    """The id that takes the focus: the first option of a group, else the control itself."""
    if isinstance(field.widget, HiddenInput):
        return ""
    grouped = isinstance(field, SelectFieldBase) and not isinstance(field.widget, Select)
    return f"{field.id}-0" if grouped else field.id


class PageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form that a page posts. Errors answer 422 with the input kept (see `status`).

    `choices` maps field names to what they offer: `{"language": {"ti": "Tigrinya"}}`; inside a grid `"members.kind"`.
    """

    class Meta(KernMeta, FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: BaseForm, formdata: Any) -> Any:
            """What was posted: texts for texts, files only for fields that take one, never a JSON body."""
            if formdata is not _Auto:
                return formdata
            if not form.is_submitted():  # type: ignore[attr-defined]  # every form here is a FlaskForm
                return None
            taken = {field.name for field in form if isinstance(field, FileField)}
            files = MultiDict([(name, file) for name, file in request.files.items(multi=True) if name in taken])
            return CombinedMultiDict((files, request.form)) if files else request.form

    def __init__(self, *args: Any, choices: Mapping[str, Choices] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows_changed = self.is_submitted() and self._change_rows()
        _offer_all(self, choices or {})

    @property
    def restored(self) -> bool:
        """Whether this is input from before a sign-in: shown again for a look, never executed."""
        return bool(self.is_submitted() and request.form.get(RESTORED))

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong, in the order of the page, grids included."""
        return list(_problems(self))

    @property
    def status(self) -> int:
        """The status of the page that shows this form."""
        return 422 if self.problems else 200

    @property
    def grids(self) -> list[RowsField]:
        return [field for field in self if isinstance(field, RowsField)]

    def validate(self, extra_validators: Any = None) -> bool:
        if self.restored or self._rows_changed:
            return False
        return bool(super().validate(extra_validators))

    def refuse(self, error: RuleError | str, *, field: str | None = None) -> None:
        """Show the refusal of a service at its field, or above the form when it belongs to none."""
        name = error.field if isinstance(error, RuleError) else field
        if name is None or name not in self:
            self.form_errors.append(str(error))
        else:
            self[name].errors = [*self[name].errors, str(error)]

    def _change_rows(self) -> bool:
        """Carry out "Weitere Person" or "Entfernen"; True if that was the button."""
        added, removed = request.form.get(ADD_ROW), request.form.get(REMOVE_ROW, "")
        for grid in self.grids:
            if added == grid.name:
                grid.add_row()
                return True
            name, _dash, number = removed.rpartition("-")
            if name == grid.name and number.isdecimal() and len(number) < _LONGEST_NUMBER:
                grid.remove_row(int(number))
                return True
        return False


class CreateForm(PageForm):
    """A form that creates something. `form_id.data` is a UUID made when the page was shown.

    A service that uses it as the id of the new record, or keeps it beside, stores a double click once.
    """

    form_id = UuidField()

    def refuse(self, error: RuleError | str, *, field: str | None = None) -> None:
        if isinstance(error, AlreadyStoredError):
            self.renew()
        super().refuse(error, field=field)

    def renew(self) -> None:
        """Let the next click on "Speichern" store something of its own: what was stored with this form stays."""
        self.form_id.data = uuid4()


class FilterForm(Form):
    """A form that narrows a list: sent by GET (`FilterForm(request.args)`), without a token, never an error page."""

    class Meta(KernMeta):
        pass

    def __init__(self, *args: Any, choices: Mapping[str, Choices] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_all(self, choices or {})
