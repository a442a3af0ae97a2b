"""What every form of the application can rely on."""

from typing import Any

import pytest
from flask import Flask
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from caseapp.errors import RuleError
from caseapp.i18n import lazy_gettext as _l
from caseapp.web.fields import ChecksField, ChipsField, GermanDateField, LongTextField, MultiChipsField
from caseapp.web.forms import CreateForm, FilterForm, PageForm
from caseapp.web.grids import RowForm, RowsField

LANGUAGES = {"ti": "Tigrinya", "ar": "Arabisch"}


class MemberForm(RowForm):
    name = StringField(_l("Name"), [InputRequired(_l("Geben Sie den Namen ein."))])
    relation = SelectField(_l("Beziehung"), [Optional()])
    minor = BooleanField(_l("Kind"))


class PersonForm(CreateForm):
    name = StringField(_l("Name"), [InputRequired(_l("Geben Sie den Namen ein.")), Length(max=80)])
    born_on = GermanDateField(_l("Geburtsdatum"), [Optional()], future=False, description=_l("Zum Beispiel 27.03.1991"))
    language = SelectField(_l("Sprache"), [InputRequired(_l("Wählen Sie eine Sprache aus."))])
    place = ChipsField(_l("Ort"), [Optional()])
    topics = MultiChipsField(_l("Themen"))
    papers = ChecksField(_l("Unterlagen"))
    note = LongTextField(_l("Notiz"), [Optional()], most=20)
    members = RowsField(MemberForm, _l("Familie"), max_rows=3, add_label=_l("Weitere Person"))


class SecretForm(PageForm):
    secret = PasswordField("Passwort")


CHOICES: dict[str, Any] = {
    "language": LANGUAGES,
    "place": {"b": "Büro", "h": "Hausbesuch"},
    "topics": [("w", "Wohnen"), ("a", "Arbeit")],
    "papers": {"p": "Pass"},
    "members.relation": {"child": "Kind", "spouse": "Ehe"},
}
GOOD = {"name": " Selam  ", "language": "ti", "form_id": "7b4c8c0e-3f0c-4a5c-9d53-2f8f4c1f0c11"}


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="only for this test", WTF_CSRF_ENABLED=False)
    return app


def posted(app: Flask, **values: Any) -> PersonForm:
    with app.test_request_context(method="POST", data=values):
        form = PersonForm(choices=CHOICES)
        form.accepted = form.validate_on_submit()
        form.answer = form.status
        return form


def test_a_good_form_is_accepted_with_tidy_text(app: Flask) -> None:
    form = posted(app, **GOOD, note="a\r\nb\x00 ")
    assert form.accepted
    assert form.answer == 200
    assert form.name.data == "Selam"
    assert form.note.data == "a\nb"


def test_letters_are_stored_composed(app: Flask) -> None:
    assert posted(app, **{**GOOD, "name": "Mu\u0308ller"}).name.data == "M\u00fcller"


def test_passwords_are_left_as_typed(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"secret": " pass "}):
        assert SecretForm().secret.data == " pass "


def test_problems_answer_422_and_link_to_the_controls(app: Flask) -> None:
    form = posted(app, **{**GOOD, "name": "", "born_on": "31.02.1990", "place": "x"})
    assert not form.accepted
    assert form.answer == 422
    assert [problem.target for problem in form.problems] == ["name", "born_on", "place-0"]
    assert form.problems[0].message == "Geben Sie den Namen ein."


def test_the_summary_names_the_field_whose_text_could_not_be_read(app: Flask) -> None:
    form = posted(app, **GOOD | {"born_on": "31.02.1991"})
    assert [problem.message.partition(": ")[0] for problem in form.problems] == ["Geburtsdatum"]
    assert not form.born_on.errors[0].startswith("Geburtsdatum")


def test_messages_of_the_library_are_german(app: Flask) -> None:
    form = posted(app, **{**GOOD, "name": "x" * 81})
    assert form.problems[0].message == "Feld kann nicht länger als 80 Zeichen sein."


def test_a_refusal_of_a_service_lands_at_its_field(app: Flask) -> None:
    form = posted(app, **GOOD)
    form.refuse(RuleError("Diesen Namen gibt es schon.", field="name"))
    form.refuse(RuleError("Die Akte ist geschlossen."))
    assert [(p.target, p.message) for p in form.problems] == [
        ("", "Die Akte ist geschlossen."),
        ("name", "Diesen Namen gibt es schon."),
    ]
    assert form.status == 422


def test_a_text_that_is_too_long_is_refused_with_its_limit_and_kept(app: Flask) -> None:
    form = posted(app, **GOOD, note="x" * 21)
    assert not form.accepted
    assert "höchstens 20 Zeichen" in form.problems[0].message
    assert "x" * 21 in form.note()
    assert "maxlength" not in form.note()


def test_restored_input_is_shown_but_never_executed(app: Flask) -> None:
    with app.test_request_context(method="POST", data={**GOOD, "_restored": "1"}):
        form = PersonForm(choices=CHOICES)
        assert form.restored
        assert not form.validate_on_submit()
        assert form.problems == []
        assert form.status == 200
        assert 'value=" Selam  "' in form.name() or 'value="Selam"' in form.name()


def test_controls_carry_looks_and_wiring(app: Flask) -> None:
    form = posted(app, **{**GOOD, "born_on": "nie"})
    html = form.born_on()
    assert 'class="kern-form-input__input kern-form-input__input--error"' in html
    assert 'aria-describedby="born_on-hint born_on-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="nie"' in html
    assert 'autocomplete="off"' in html
    assert 'aria-required="true"' in form.name()
    assert " required" not in form.name()
    assert 'class="kern-form-input__select"' in form.language()
    assert all('class="kern-form-check__radio"' in option() for option in form.place)
    assert all('class="kern-form-check__checkbox"' in option() for option in form.topics)


def test_a_drop_down_starts_with_nothing_chosen(app: Flask) -> None:
    with app.test_request_context():
        form = PersonForm(choices=CHOICES)
        assert form.language.choices[""] == "Bitte auswählen"


def test_a_filter_form_reads_the_address_and_needs_no_token(app: Flask) -> None:
    class ListFilter(FilterForm):
        language = SelectField("Sprache")

    with app.test_request_context("/?language=ar") as context:
        form = ListFilter(context.request.args, choices={"language": {"": "Alle", **LANGUAGES}})
        assert form.language.data == "ar"
        assert list(form.language.choices) == ["", "ti", "ar"]


def test_two_forms_shown_have_two_ids_and_a_posted_one_keeps_its_own(app: Flask) -> None:
    with app.test_request_context():
        assert PersonForm(choices=CHOICES).form_id.data != PersonForm(choices=CHOICES).form_id.data
    assert str(posted(app, **GOOD).form_id.data) == GOOD["form_id"]


def test_a_form_without_its_id_is_refused(app: Flask) -> None:
    form = posted(app, **{**GOOD, "form_id": "1"})
    assert not form.accepted
    assert form.problems[0].target == ""


def test_blank_rows_of_a_grid_do_not_count(app: Flask) -> None:
    row = {
        "members-0-name": "Yonas",
        "members-0-relation": "child",
        "members-1-name": " ",
        "members-1-relation": "child",
    }
    form = posted(app, **GOOD, **row)
    assert form.accepted
    assert [member.name.data for member in form.members.filled] == ["Yonas"]


def test_problems_inside_a_grid_link_to_their_cell(app: Flask) -> None:
    form = posted(app, **GOOD, **{"members-0-name": "Yonas", "members-0-relation": "aunt"})
    assert [problem.target for problem in form.problems] == ["members-0-relation"]


def test_one_more_row_is_a_button_that_keeps_the_input(app: Flask) -> None:
    form = posted(app, name="Selam", add_row="members", **{"members-0-name": "Yonas"})
    assert not form.accepted
    assert form.answer == 200
    assert [entry.form.name.data for entry in form.members] == ["Yonas", None]
    assert form.members[1].form.relation.choices["child"] == "Kind"
    assert form.members.added


def test_a_row_can_be_removed_without_script(app: Flask) -> None:
    rows = {f"members-{number}-name": name for number, name in enumerate(["Yonas", "Sara", "Abel"])}
    form = posted(app, **GOOD, remove_row="members-1", **rows)
    assert [(entry.form.name.name, entry.form.name.data) for entry in form.members] == [
        ("members-0-name", "Yonas"),
        ("members-1-name", "Abel"),
    ]


def test_a_grid_never_grows_beyond_its_limit(app: Flask) -> None:
    rows = {f"members-{number}-name": "x" for number in range(3)}
    form = posted(app, **GOOD, add_row="members", **rows)
    assert len(form.members) == 3
    assert not form.members.has_room
