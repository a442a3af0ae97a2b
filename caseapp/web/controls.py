"""The HTML of controls: the very text of WTForms' widgets, without wrapping each attribute as safe for a next step.

A contact form prints more than a thousand attributes; written here they cost a sixth. Tests hold the outputs equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup
from wtforms.fields import Field
from wtforms.widgets import CheckboxInput, Input, RadioInput, Select, TextArea

from caseapp.web.escaping import shown


def draw(field: Field, given: dict[str, Any]) -> Markup:
    """The control of the field with these attributes; False leaves one out, True writes its bare name."""
    widget = field.widget
    form = type(widget).__call__
    if form in _DRAWN:
        given = {"id": field.id, "name": field.name, **_flags(field), **given}
        return Markup(_DRAWN[form](field, given))  # noqa: S704 - every value has passed `shown`
    return widget(field, **given)


def _flags(field: Any) -> dict[str, Any]:
    allowed = field.widget.validation_attrs
    return {name: value for name, value in vars(field.flags).items() if name in allowed}


def _attributes(given: Mapping[str, Any]) -> str:
    parts = []
    for name in sorted(given):
        value = given[name]
        if value is True:
            parts.append(name)
        elif value is not False:
            parts.append(f'{name}="{shown(value)}"')
    return " ".join(parts)


def _input(field: Any, given: dict[str, Any]) -> str:
    given.setdefault("type", field.widget.input_type)
    if "value" not in given:
        given["value"] = field._value()  # noqa: SLF001 - what WTForms' widgets ask of every field
    return f"<input {_attributes(given)}>"


def _checkbox(field: Any, given: dict[str, Any]) -> str:
    if getattr(field, "checked", field.data):
        given.setdefault("checked", True)
    return _input(field, given)


def _textarea(field: Any, given: dict[str, Any]) -> str:
    return f"<textarea {_attributes(given)}>\r\n{shown(field._value())}</textarea>"  # noqa: SLF001 - as above


def _select(field: Any, given: dict[str, Any]) -> str:
    if field.widget.multiple:
        given["multiple"] = True
    if field.has_groups():
        groups = ((label, "".join(map(_option, choices))) for label, choices in field.iter_groups())
        options = "".join(
            inner if label is None else f'<optgroup label="{shown(label)}">{inner}</optgroup>'
            for label, inner in groups
        )
    else:
        options = "".join(map(_option, field.iter_choices()))
    return f"<select {_attributes(given)}>{options}</select>"


def _option(choice: Any) -> str:
    given = {"value": choice.value, **(choice.render_kw or {})}
    if choice.selected:
        given["selected"] = True
    return f"<option {_attributes(given)}>{shown(choice.label or choice.value)}</option>"


# By the method that writes the control: a widget that changes it (file, password, submit) writes its own.
_DRAWN: dict[Any, Callable[[Any, dict[str, Any]], str]] = {
    Input.__call__: _input,
    CheckboxInput.__call__: _checkbox,
    RadioInput.__call__: _checkbox,
    TextArea.__call__: _textarea,
    Select.__call__: _select,
}
