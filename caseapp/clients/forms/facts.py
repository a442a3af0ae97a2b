"""One form for each of the six histories. Each turns its fields into the record of the row and back."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from typing import Any
from uuid import UUID

from msgspec import structs
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields import HiddenField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from caseapp import clock
from caseapp.catalogue.queries import options
from caseapp.clients.forms.numbers import whole_number
from caseapp.clients.models import (
    BenefitFact,
    Fact,
    FactKind,
    HistoryEntry,
    LanguageFact,
    SchoolFact,
    StayFact,
    TitleFact,
    WorkFact,
)
from caseapp.i18n import lazy_gettext as _l
from caseapp.places.forms import PlaceField, place_text
from caseapp.web.fields import GermanDateField
from caseapp.web.forms import Choices, CreateForm

LONGEST = 500
_SHORT = Length(max=LONGEST, message=_l("Der Text ist zu lang: höchstens 500 Zeichen."))


class FactForm(CreateForm):
    """What all histories share. `box_rev` is the revision that a correction was filled from."""

    box_rev = HiddenField()
    code = SelectField()
    from_on = GermanDateField(_l("Seit wann?"), [Optional()])
    until_on = GermanDateField(_l("Bis wann?"), [Optional()])
    text = StringField(_l("Anmerkung"), [Optional(), _SHORT])

    lists: dict[str, str] = {}  # noqa: RUF012  # the code list of each select

    @abstractmethod
    def fact(self) -> Fact:
        """The record of the row."""

    @classmethod
    @abstractmethod
    def fields_of(cls, fact: Any) -> dict[str, Any]:
        """The fields of a stored record."""

    @property
    def revision(self) -> int:
        """The revision of the row when the form was filled."""
        return whole_number(self.box_rev.data)


class TitleForm(FactForm):
    """A residence title."""

    code = SelectField(_l("Titel"), [InputRequired(_l("Wählen Sie den Titel aus."))])
    from_on = GermanDateField(_l("Ausgestellt am"), [Optional()])
    until_on = GermanDateField(_l("Gültig bis"), [Optional()], description=_l("Unbefristet: leer lassen."))
    work_permission = SelectField(_l("Erwerbstätigkeit"), [Optional()])
    residence_obligation = BooleanField(_l("Wohnsitzauflage (§ 12a AufenthG)"))
    bamf_decision = SelectField(_l("Entscheidung des BAMF"), [Optional()])
    lawsuit_pending = BooleanField(_l("Klage anhängig"))
    issued_by = StringField(_l("Ausgestellt von"), [Optional(), _SHORT])

    lists = {  # noqa: RUF012
        "code": "residence_titles",
        "work_permission": "employment_permissions",
        "bamf_decision": "bamf_decisions",
    }

    def fact(self) -> Fact:
        return TitleFact(
            code=self.code.data or "",
            bamf_decision=self.bamf_decision.data or "",
            lawsuit_pending=self.lawsuit_pending.data,
            residence_obligation=self.residence_obligation.data,
            work_permission=self.work_permission.data or "",
            issued_by=self.issued_by.data or "",
            text=self.text.data or "",
        )

    @classmethod
    def fields_of(cls, fact: TitleFact) -> dict[str, Any]:
        return structs.asdict(fact)


class StayForm(FactForm):
    """Where and how somebody lives."""

    code = SelectField(_l("Wohnform"), [InputRequired(_l("Wählen Sie die Wohnform aus."))])
    legal_title = SelectField(_l("Rechtsgrund"), [Optional()])
    street = StringField(_l("Straße und Hausnummer"), [Optional(), _SHORT])
    place = PlaceField(_l("PLZ und Ort"), [Optional()])

    lists = {"code": "housing_forms", "legal_title": "housing_titles"}  # noqa: RUF012

    def fact(self) -> Fact:
        return StayFact(
            form=self.code.data or "",
            legal_title=self.legal_title.data or "",
            street=self.street.data or "",
            postcode=self.place.postcode,
            place=self.place.town,
            ags=self.place.ags,
            text=self.text.data or "",
        )

    @classmethod
    def fields_of(cls, fact: StayFact) -> dict[str, Any]:
        return {
            "code": fact.form,
            "legal_title": fact.legal_title,
            "street": fact.street,
            "place": place_text(fact.postcode, fact.place, fact.ags),
            "text": fact.text,
        }


class WorkForm(FactForm):
    """One occupation."""

    code = SelectField(_l("Erwerb"), [InputRequired(_l("Wählen Sie aus, was die Person tut."))])
    employer = StringField(_l("Arbeitgeber oder Schule"), [Optional(), _SHORT])
    hours = IntegerField(
        _l("Stunden in der Woche"),
        [Optional(), NumberRange(1, 80, _l("Geben Sie eine Zahl zwischen 1 und 80 ein."))],
    )

    lists = {"code": "employment_kinds"}  # noqa: RUF012

    def fact(self) -> Fact:
        return WorkFact(
            kind=self.code.data or "",
            employer=self.employer.data or "",
            hours=self.hours.data,
            text=self.text.data or "",
        )

    @classmethod
    def fields_of(cls, fact: WorkFact) -> dict[str, Any]:
        return {"code": fact.kind, "employer": fact.employer, "hours": fact.hours, "text": fact.text}


class BenefitForm(FactForm):
    """One benefit."""

    code = SelectField(_l("Leistung"), [InputRequired(_l("Wählen Sie die Leistung aus."))])
    office = StringField(_l("Amt"), [Optional(), _SHORT])
    supplementary = BooleanField(_l("ergänzend zum Einkommen"))

    lists = {"code": "benefits"}  # noqa: RUF012

    def fact(self) -> Fact:
        return BenefitFact(
            kind=self.code.data or "",
            supplementary=self.supplementary.data,
            office=self.office.data or "",
            text=self.text.data or "",
        )

    @classmethod
    def fields_of(cls, fact: BenefitFact) -> dict[str, Any]:
        return {"code": fact.kind, "supplementary": fact.supplementary, "office": fact.office, "text": fact.text}


class LanguageForm(FactForm):
    """The German level."""

    code = SelectField(_l("Deutsch"), [InputRequired(_l("Wählen Sie das Sprachniveau aus."))])
    evidence = SelectField(_l("Woher bekannt?"), [Optional()])
    certificate = SelectField(_l("Zertifikat"), [Optional()])
    certified_on = GermanDateField(_l("Zertifikat vom"), [Optional()], future=False)

    lists = {  # noqa: RUF012
        "code": "language_levels",
        "evidence": "language_evidence",
        "certificate": "language_certificates",
    }

    def fact(self) -> Fact:
        return LanguageFact(
            level=self.code.data or "",
            evidence=self.evidence.data or "",
            certificate=self.certificate.data or "",
            certified_on=self.certified_on.data,
            text=self.text.data or "",
        )

    @classmethod
    def fields_of(cls, fact: LanguageFact) -> dict[str, Any]:
        return {
            "code": fact.level,
            "evidence": fact.evidence,
            "certificate": fact.certificate,
            "certified_on": fact.certified_on,
            "text": fact.text,
        }


class SchoolForm(FactForm):
    """Kita, school or studies."""

    code = SelectField(_l("Was besucht die Person?"), [InputRequired(_l("Wählen Sie aus, was die Person besucht."))])
    school = StringField(_l("Name der Einrichtung"), [Optional(), _SHORT])
    support = SelectField(_l("Begleitung"), [Optional()])

    lists = {"code": "school_stages", "support": "school_supports"}  # noqa: RUF012

    def fact(self) -> Fact:
        return SchoolFact(
            stage=self.code.data or "",
            support=self.support.data or "",
            school=self.school.data or "",
            text=self.text.data or "",
        )

    @classmethod
    def fields_of(cls, fact: SchoolFact) -> dict[str, Any]:
        return {"code": fact.stage, "support": fact.support, "school": fact.school, "text": fact.text}


FORMS: dict[FactKind, type[FactForm]] = {
    FactKind.TITLE: TitleForm,
    FactKind.STAY: StayForm,
    FactKind.WORK: WorkForm,
    FactKind.BENEFIT: BenefitForm,
    FactKind.LANGUAGE: LanguageForm,
    FactKind.SCHOOL: SchoolForm,
}


def new_form(kind: FactKind, organisation_id: UUID) -> FactForm:
    """An empty form that begins today, or the posted one."""
    form = FORMS[kind]
    return form(choices=_choices(form, organisation_id, clock.today(), {}), data={"from_on": clock.today()})


def correction_form(entry: HistoryEntry) -> FactForm:
    """The form filled from a row, or the posted one. Codes that are no longer offered stay choosable."""
    form = FORMS[FactKind(entry.kind)]
    stored = form.fields_of(entry.box.fact)
    values = {**stored, "from_on": entry.from_on, "until_on": entry.box.until_on, "box_rev": str(entry.box_rev)}
    on = entry.from_on or clock.today()
    return form(choices=_choices(form, entry.organisation_id, on, stored), data=values)


def _choices(form: type[FactForm], organisation_id: UUID, on: dt.date, stored: dict[str, Any]) -> dict[str, Choices]:
    return {
        field: options(name, organisation_id, on=on, keep=(stored.get(field, ""),))
        for field, name in form.lists.items()
    }
