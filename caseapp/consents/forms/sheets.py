"""Forms of a sheet: a row for each recipient, a tick for each consent, and who signs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from caseapp import clock
from caseapp.catalogue import queries as catalogue
from caseapp.catalogue.queries import options
from caseapp.clients.models import Client
from caseapp.clients.rules.ages import age_on, is_minor
from caseapp.consents import rules
from caseapp.consents.models import ConsentLine, Direction, MandateLine, ReleaseLine, SheetText
from caseapp.consents.queries import DeclarationView
from caseapp.consents.service import NewLine, NewSheet
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.network import queries as network
from caseapp.web.fields import ChecksField, ChipsField, GermanDateField, LongTextField, MultiChipsField
from caseapp.web.forms import CreateForm
from caseapp.web.grids import RowForm, RowsField

# What counts where nothing is ticked; the form says so, and the sheet shows it before anybody signs.
USUAL_WAYS = ("GES", "TEL", "BRF")
BOTH, CLIENT, REPRESENTATIVE = "both", "client", "representative"
_LONGEST = 200
_UNDERSTANDS_FROM = 14  # years; proposed only: it is the person who counts, not the age
_SHORT = Length(max=_LONGEST, message=_l("Kürzen Sie diese Angabe auf höchstens 200 Zeichen."))


class _Ending:
    """Until when: a chip of months, or a day that was typed, which counts more."""

    until: ChipsField
    until_on: GermanDateField

    @property
    def ends_on(self) -> dt.date:
        """The last day."""
        if self.until_on.data:
            return self.until_on.data
        months = str(self.until.data or "")
        known = months if months in {value for value, _label in months_offered()} else str(rules.USUAL_MONTHS)
        return rules.months_after(clock.today(), int(known))


class ReleaseRow(RowForm, _Ending):
    """One recipient. Chosen in the directory or typed; not both."""

    partner = SelectField(_l("Stelle aus dem Verzeichnis"), [Optional()])
    recipient = StringField(_l("oder Name der Stelle"), [_SHORT])
    person = StringField(_l("Person oder Funktion"), [_SHORT])
    purpose = SelectField(_l("Wozu?"), [Optional()])
    told = MultiChipsField(_l("Welche Angaben?"), description=_l("Ohne Auswahl gelten die üblichen für den Zweck."))
    health = BooleanField(
        _l("Auch Angaben zur Gesundheit (ausdrücklich)"),
        description=_l("Besonders geschützt, Artikel 9 DSGVO: nur, wenn es wirklich nötig ist."),
    )
    direction = ChipsField(_l("Wer sagt wem etwas?"), [Optional()], default=Direction.TELL.value)
    ways = MultiChipsField(_l("Auf welchem Weg?"), description=_l("Ohne Auswahl: Gespräch, Telefon und Brief."))
    until = ChipsField(_l("Bis wann?"), [Optional()], default=str(rules.USUAL_MONTHS))
    until_on = GermanDateField(_l("oder bis zum"), [Optional()])
    use_note = LongTextField(_l("Was die Stelle damit tun darf"), [Optional()], most=500)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was chosen or typed; what has a default does not count."""
        said = (self.partner, self.recipient, self.person, self.purpose, self.told, self.health, self.use_note)
        return not any(field.data for field in said)

    @property
    def partner_id(self) -> UUID | None:
        """The partner of the directory, None for a recipient that was typed."""
        return UUID(self.partner.data) if self.partner.data else None

    @property
    def line(self) -> NewLine:
        """The release as the service takes it."""
        fields = tuple(self.told.data or ()) or usual_fields(self.purpose.data or "")
        return NewLine(
            ReleaseLine(
                recipient=self.recipient.data or "",
                partner_id=self.partner_id,
                person=self.person.data or "",
                direction=self.direction.data or Direction.TELL.value,
                fields=(*fields, rules.HEALTH) if self.health.data else fields,
                purpose=self.purpose.data or "",
                ways=tuple(self.ways.data or USUAL_WAYS),
                use_note=self.use_note.data or "",
            ),
            self.ends_on,
        )

    def validate_partner(self, _field: SelectField) -> None:
        if self.partner.data and self.recipient.data:
            raise StopValidation(_("Wählen Sie eine Stelle aus oder schreiben Sie eine, nicht beides."))
        if not self.partner.data and not self.recipient.data:
            raise StopValidation(_("Wählen oder schreiben Sie, gegenüber wem die Freigabe gilt."))

    def validate_recipient(self, field: StringField) -> None:
        if field.data:
            _as_stop(lambda: rules.check_recipient(field.data or ""))

    def validate_purpose(self, field: SelectField) -> None:
        if not field.data:
            raise StopValidation(_("Wählen Sie, wozu die Freigabe dient."))

    def validate_until_on(self, field: GermanDateField) -> None:
        if field.data:
            _as_stop(lambda: rules.check_end(field.data, clock.today()))  # type: ignore[arg-type]  # checked


class _AroundForm(CreateForm):
    """Who signs, in which language, with whose help."""

    version = HiddenField()
    signers = ChipsField(_l("Wer unterschreibt?"), [Optional()])
    representative = SelectField(_l("Vertretung"), [Optional()])
    language = SelectField(_l("Sprache des Blatts, neben Deutsch"), [Optional()])
    interpreter = SelectField(_l("Dolmetschen"), [Optional()])
    interpreter_name = StringField(_l("Wer dolmetscht"), [_SHORT])

    def text_for(self, client: Client) -> SheetText:
        """Who signs and how it is talked about."""
        chosen = self.signers.data or (REPRESENTATIVE if self.representative.data else CLIENT)
        people = client.body.representatives
        number = self.representative.data or ("0" if chosen != CLIENT and len(people) == 1 else "")
        speaks = people[int(number)] if chosen != CLIENT and number.isdecimal() and int(number) < len(people) else None
        return SheetText(
            language=self.language.data or "de",
            client_signs=chosen in {CLIENT, BOTH},
            representative=speaks.name if speaks else "",
            representative_kind=speaks.kind if speaks else "",
            interpreter=self.interpreter.data or "",
            interpreter_name=self.interpreter_name.data or "",
        )


class SheetForm(_AroundForm):
    """Releases and consents on one sheet, signed once."""

    rows = RowsField(
        ReleaseRow,
        _l("Freigaben"),
        max_rows=rules.MOST_LINES,
        add_label=_l("Weitere Stelle"),
        row_label=_l("Stelle"),
    )
    consents = ChecksField(_l("Einwilligungen"), description=_l("Jede für sich, keine ist nötig."))
    messenger = StringField(_l("Messenger: welcher Dienst, welche Nummer"), [_SHORT])
    photos = StringField(_l("Fotos: wofür"), [_SHORT])

    def new_sheet(self, client: Client) -> NewSheet:
        """The sheet as the service takes it."""
        details = {"MSG": self.messenger.data or "", "FOT": self.photos.data or ""}
        releases = tuple(row.line for row in self.rows.filled if isinstance(row, ReleaseRow))
        consents = tuple(
            NewLine(ConsentLine(kind=kind, detail=details.get(kind, "")), _usual_end(kind))
            for kind in self.consents.data or ()
        )
        return NewSheet("consent", self.text_for(client), (*releases, *consents))


class MandateForm(_AroundForm, _Ending):
    """A Vollmacht: who may act, towards whom, in what, until when."""

    holder = StringField(
        _l("Wer wird bevollmächtigt?"), [InputRequired(_l("Schreiben Sie, wer bevollmächtigt wird.")), _SHORT]
    )
    partner = SelectField(_l("Gegenüber welcher Stelle? Aus dem Verzeichnis"), [Optional()])
    recipient = StringField(_l("oder Name der Stelle"), [_SHORT])
    scopes = ChecksField(_l("Wofür?"), [InputRequired(_l("Kreuzen Sie an, was die Vollmacht umfasst."))])
    detail = LongTextField(_l("Genauer, zum Beispiel das Aktenzeichen der Stelle"), [Optional()], most=500)
    until = ChipsField(_l("Bis wann?"), [Optional()], default=str(rules.USUAL_MONTHS))
    until_on = GermanDateField(_l("oder bis zum"), [Optional()])

    def new_sheet(self, client: Client) -> NewSheet:
        """The sheet as the service takes it."""
        line = MandateLine(
            holder=self.holder.data or "",
            towards=self.recipient.data or "",
            partner_id=UUID(self.partner.data) if self.partner.data else None,
            scopes=tuple(self.scopes.data or ()),
            detail=self.detail.data or "",
        )
        return NewSheet("mandate", self.text_for(client), (NewLine(line, self.ends_on),))

    def validate_partner(self, _field: SelectField) -> None:
        if bool(self.partner.data) == bool(self.recipient.data):
            raise StopValidation(_("Wählen Sie eine Stelle aus, oder schreiben Sie eine."))


def months_offered() -> list[tuple[str, str]]:
    """The usual ends of a release."""
    return [("1", _("1 Monat")), ("3", _("3 Monate")), ("6", _("6 Monate")), ("12", _("12 Monate"))]


def usual_fields(purpose: str) -> tuple[str, ...]:
    """What is usually told for this purpose; never health."""
    found = catalogue.catalogue().find("release_purposes", purpose)
    return tuple(code for code in found.extra["fields"].split("|") if code) if found else ()


def sheet_form(client: Client, *, data: dict[str, Any] | None = None) -> SheetForm:
    """The posted form, or one with `data`; empty by default, nothing ticked."""
    organisation_id = client.organisation_id
    fields = [(code, label) for code, label in options("release_fields", organisation_id) if code != rules.HEALTH]
    return SheetForm(
        choices={
            **_around_choices(client),
            "rows.partner": network.partner_choices(),
            "rows.purpose": options("release_purposes", organisation_id),
            "rows.told": fields,
            "rows.direction": _directions(),
            "rows.ways": options("release_ways", organisation_id),
            "rows.until": months_offered(),
            "consents": options("consent_kinds", organisation_id),
        },
        data=_around_data(client) | (data or {}),
    )


def mandate_form(client: Client, *, holder: str, data: dict[str, Any] | None = None) -> MandateForm:
    """The posted form, or one with `data`; `holder` is proposed."""
    return MandateForm(
        choices={
            **_around_choices(client),
            "partner": network.partner_choices(),
            "scopes": options("mandate_scopes", client.organisation_id),
            "until": months_offered(),
        },
        data=_around_data(client) | {"holder": holder} | (data or {}),
    )


def values_of_sheet(client: Client, text: SheetText, views: Sequence[DeclarationView]) -> dict[str, Any]:
    """What a prepared sheet says, for its form."""
    lines = [(view, view.line) for view in views]
    consents = [line for _view, line in lines if isinstance(line, ConsentLine)]
    details = {line.kind: line.detail for line in consents}
    return _values_around(client, text) | {
        "rows": [_values_of_row(view, line) for view, line in lines if isinstance(line, ReleaseLine)],
        "consents": [line.kind for line in consents],
        "messenger": details.get("MSG", ""),
        "photos": details.get("FOT", ""),
    }


def values_of_mandate(client: Client, text: SheetText, views: Sequence[DeclarationView]) -> dict[str, Any]:
    """What a prepared Vollmacht says, for its form."""
    for view in views:
        if isinstance(view.line, MandateLine):
            return _values_around(client, text) | {
                "holder": view.line.holder,
                **_who(view.line.partner_id, view.line.towards),
                "scopes": list(view.line.scopes),
                "detail": view.line.detail,
                "until": "",
                "until_on": view.ends_on,
            }
    return _values_around(client, text)


def _values_of_row(view: DeclarationView, line: ReleaseLine) -> dict[str, Any]:
    return {
        **_who(line.partner_id, line.recipient),
        "person": line.person,
        "purpose": line.purpose,
        "told": [code for code in line.fields if code != rules.HEALTH],
        "health": rules.HEALTH in line.fields,
        "direction": line.direction,
        "ways": list(line.ways),
        "until": "",
        "until_on": view.ends_on,
        "use_note": line.use_note,
    }


def _who(partner_id: UUID | None, typed: str) -> dict[str, str]:
    return {"partner": str(partner_id), "recipient": ""} if partner_id else {"partner": "", "recipient": typed}


def _values_around(client: Client, text: SheetText) -> dict[str, Any]:
    names = [person.name for person in client.body.representatives]
    known = text.representative in names
    both = BOTH if text.client_signs else REPRESENTATIVE
    return {
        "signers": both if text.representative else CLIENT,
        "representative": str(names.index(text.representative)) if known else "",
        "language": text.language,
        "interpreter": text.interpreter,
        "interpreter_name": text.interpreter_name,
    }


def _around_choices(client: Client) -> dict[str, Any]:
    organisation_id = client.organisation_id
    people = client.body.representatives
    return {
        "signers": [
            *([] if is_minor(client.head.birth.day, clock.today()) else [(CLIENT, _("Die Person selbst"))]),
            (REPRESENTATIVE, _("Die Vertretung")),
            (BOTH, _("Beide")),
        ],
        "representative": [(str(number), person.name) for number, person in enumerate(people)],
        "language": options("languages", organisation_id, keep=(client.head.language,)),
        "interpreter": options("interpreter_kinds", organisation_id, keep=(client.body.interpreter,)),
    }


def _around_data(client: Client) -> dict[str, Any]:
    return {
        "language": client.head.language or "de",
        "interpreter": client.body.interpreter,
        "signers": _usual_signers(client),
    }


def _usual_signers(client: Client) -> str:
    """An adult; for a child the representative; from 14 on, as a rule, the young person signs too."""
    day = client.head.birth.day
    if not client.body.representatives or not is_minor(client.head.birth.day, clock.today()):
        return CLIENT
    return BOTH if day is not None and age_on(day, clock.today()) >= _UNDERSTANDS_FROM else REPRESENTATIVE


def _directions() -> list[tuple[str, str]]:
    return [
        (Direction.TELL.value, _("Wir sagen der Stelle etwas")),
        (Direction.HEAR.value, _("Die Stelle sagt uns etwas")),
        (Direction.BOTH.value, _("Beides")),
    ]


def _usual_end(kind: str) -> dt.date | None:
    found = catalogue.catalogue().find("consent_kinds", kind)
    months = found.extra["months"] if found else ""
    return rules.months_after(clock.today(), int(months)) if months else None


def _as_stop(check: Callable[[], object]) -> None:
    """Say a refusal of a rule at the field that is being validated."""
    try:
        check()
    except RuleError as refusal:
        raise StopValidation(str(refusal)) from None
