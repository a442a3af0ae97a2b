"""Controls are drawn by our own lines for speed: they say exactly what WTForms' widgets say."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, HiddenField, PasswordField, RadioField, SelectField, StringField, SubmitField
from wtforms.fields import EmailField, FileField, IntegerField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from caseapp.web.controls import draw
from caseapp.web.fields import GermanDateField, LongTextField, PhoneField

CHOICES = [
    SelectChoice("a", "Wohnen & <Miete>", {"data-words": 'miete "kalt"'}),
    SelectChoice("b", 'Arbeit "sofort"'),
    SelectChoice("", ""),
]
GROUPS = [
    SelectChoice("ti", "Tigrinya", optgroup="Häufig"),
    SelectChoice("ar", "Arabisch", optgroup="Alle"),
    SelectChoice("fa", "Farsi <fa>", optgroup="Alle"),
]


class EveryKind(Form):
    name = StringField(validators=[InputRequired(), Length(min=2, max=80)])
    mail = EmailField(render_kw={"autocomplete": "off"})
    phone = PhoneField()
    born_on = GermanDateField()
    count = IntegerField(validators=[NumberRange(1, 9)])
    note = LongTextField(most=50)
    hidden = HiddenField()
    agreed = BooleanField()
    place = RadioField(choices=CHOICES)
    topics = SelectMultipleField(choices=CHOICES, option_widget=CheckboxInput(), widget=ListWidget())
    language = SelectField(choices=GROUPS)
    kind = SelectField(choices=CHOICES)
    several = SelectMultipleField(choices=CHOICES)
    secret = PasswordField()
    file = FileField()
    send = SubmitField("Speichern & schließen")


attributes = st.dictionaries(
    st.sampled_from(["class", "data-kind", "aria-describedby", "id", "value", "rows", "required", "checked"]),
    st.one_of(st.booleans(), st.integers(), st.text()),
)


@given(st.dictionaries(st.sampled_from(sorted(EveryKind()._fields)), st.text()), attributes)
def test_every_control_is_written_as_its_widget_writes_it(typed: dict[str, str], given: dict[str, Any]) -> None:
    form = EveryKind(MultiDict(typed))
    for field in [*form, *form.place, *form.topics]:
        assert draw(field, dict(given)) == field.widget(field, **given)
