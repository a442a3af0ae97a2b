"""How controls look: KERN's classes and the wiring for screen readers, in one `Meta` for all forms."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from wtforms.fields import EmailField, Field, PasswordField, StringField, TextAreaField, URLField
from wtforms.fields.choices import SelectFieldBase
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta
from wtforms.widgets import CheckboxInput, HiddenInput, RadioInput, Select, SubmitInput

from caseapp.i18n import gettext as _
from caseapp.web import fields
from caseapp.web.controls import draw


def _kern_class(field: Field) -> str | None:
    """KERN's class for the control, None for controls without looks."""
    match field.widget:
        case HiddenInput() | SubmitInput():
            return None
        case Select():
            return "kern-form-input__select"
        case RadioInput():
            return "kern-form-check__radio"
        case CheckboxInput():
            return "kern-form-check__checkbox"
        case _:
            return "kern-form-input__input"


def _described_by(field: Field) -> str | None:
    ids = [f"{field.id}-hint"] if field.description else []
    ids += [f"{field.id}-error"] if field.errors else []
    return " ".join(ids) or None


def _typing_attributes(field: Field) -> dict[str, Any]:
    """Keyboards, direction and autocompletion that fit the kind of field. Browsers must not store clients' data."""
    if isinstance(field, fields.GermanDateField):
        return {"placeholder": _("TT.MM.JJJJ"), "autocomplete": "off", "dir": "ltr", "data-kind": "date"}
    if isinstance(field, fields.MinutesField):
        return {"autocomplete": "off", "dir": "ltr", "data-kind": "minutes"}
    if isinstance(field, fields.PhoneField | fields.MoneyField | EmailField | URLField | PasswordField):
        return {"autocomplete": "off", "dir": "ltr"}
    if isinstance(field, StringField):
        return {"autocomplete": "off", "dir": "auto"}
    return {}


class KernMeta(DefaultMeta):
    """German messages, tidy text and the one place where controls get their looks and aria wiring."""

    locales = ("de",)

    def get_translations(self, form: BaseForm) -> Any:
        # Flask-WTF would ask Flask-Babel, which is not used here.
        return DefaultMeta.get_translations(self, form)

    def bind_field(self, form: BaseForm, unbound_field: Any, options: Any) -> Any:
        kind = unbound_field.field_class
        if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
            options["filters"] = (fields.tidy, *unbound_field.kwargs.get("filters", ()))
        return unbound_field.bind(form=form, **options)

    def render_field(self, field: Field, render_kw: Any) -> Markup:
        given = {name.rstrip("_"): value for name, value in {**(field.render_kw or {}), **render_kw}.items()}
        base = _kern_class(field)
        if base is None:
            return draw(field, given)
        option = isinstance(field, SelectFieldBase._Option)  # noqa: SLF001  # WTForms gives options no public name
        wrong = bool(field.errors) and not option
        looks = [base, f"{base}--error" if wrong else "", given.pop("class", "")]
        wiring: dict[str, Any] = {"class": " ".join(filter(None, looks))}
        # Native bubbles speak the browser's language and hide the summary: the server checks, in German.
        wiring["required"] = False
        if not option:
            wiring["aria-required"] = "true" if field.flags.required else False
            wiring["aria-invalid"] = "true" if wrong else False
            wiring["aria-describedby"] = _described_by(field) or False
        if isinstance(field, TextAreaField):
            wiring |= {"maxlength": False, "rows": 4}
        return draw(field, {**wiring, **_typing_attributes(field), **given})
