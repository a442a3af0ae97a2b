"""Forms of signing a sheet and of taking a withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from wtforms import FormField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from caseapp import clock
from caseapp.attachments.queries import AttachmentLine
from caseapp.catalogue.queries import options
from caseapp.clients.models import Client
from caseapp.consents.models import DeclarationSheet, Mark
from caseapp.consents.service import SheetSignature
from caseapp.i18n import lazy_gettext as _l
from caseapp.web.fields import ChecksField, GermanDateField, LongTextField
from caseapp.web.forms import PageForm
from caseapp.web.signatures import SigningForm
from caseapp.web.templating import day_text

_SHORT = Length(max=200, message=_l("Kürzen Sie diese Angabe auf höchstens 200 Zeichen."))


class SignForm(PageForm):
    """How a sheet was signed. `version` is that of the sheet that was read."""

    version = HiddenField()
    client = FormField(SigningForm, _l("Klientin oder Klient"))
    representative = FormField(SigningForm, _l("Vertretung"))
    signed_on = GermanDateField(_l("Unterschrieben am"), [InputRequired(_l("Geben Sie den Tag der Unterschrift ein."))])
    attachment = SelectField(_l("Das unterschriebene Blatt"), [Optional()])
    read_aloud_by = StringField(_l("Vorgelesen durch"), [_SHORT])
    read_aloud_in = SelectField(_l("Vorgelesen in"), [Optional()])

    @property
    def given(self) -> SheetSignature:
        """The signatures as the service takes them."""
        marks = []
        for role in ("client", "representative"):
            signed = self[role].form.signed
            if signed is not None:
                marks.append(Mark(role=role, way=signed.way.value, name=signed.name, picture=signed.picture))
        return SheetSignature(
            marks=tuple(marks),
            signed_on=self.signed_on.data or clock.today(),
            attachment_id=UUID(self.attachment.data) if self.attachment.data else None,
            read_aloud_in=self.read_aloud_in.data or "" if self.read_aloud_by.data else "",
            read_aloud_by=self.read_aloud_by.data or "",
        )

    @property
    def revision(self) -> int:
        """The version as the service compares it; 0 for a forged one."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0


class WithdrawForm(PageForm):
    """What a person withdraws, and how it reached us."""

    declarations = ChecksField(_l("Was wird widerrufen?"), [InputRequired(_l("Kreuzen Sie an, was widerrufen wird."))])
    way = RadioField(_l("Wie hat die Person widerrufen?"), [InputRequired(_l("Wählen Sie, wie."))])
    note = LongTextField(
        _l("Notiz"), [Optional()], most=500, description=_l("Ein Grund ist nicht nötig. Fragen Sie nicht danach.")
    )

    @property
    def ids(self) -> list[UUID]:
        """The declarations that were ticked."""
        return [UUID(value) for value in self.declarations.data or ()]


def sign_form(client: Client, sheet: DeclarationSheet, files: Sequence[AttachmentLine]) -> SignForm:
    """Today, in the language of the sheet."""
    return SignForm(
        choices={
            "attachment": [
                (str(line.attachment_id), f"{line.head.name} ({day_text(clock.local(line.created_at).date())})")
                for line in files
                if line.head is not None and line.cancelled_at is None
            ],
            "read_aloud_in": options("languages", client.organisation_id, keep=(sheet.text.language,)),
        },
        data={
            "version": str(sheet.text_rev),
            "signed_on": clock.today(),
            "read_aloud_in": sheet.text.language,
        },
    )


def withdraw_form(client: Client, offered: Sequence[tuple[str, str]]) -> WithdrawForm:
    """Nothing ticked. `offered`: ids and words of what may be withdrawn."""
    ways = options("withdrawal_ways", client.organisation_id)
    return WithdrawForm(choices={"declarations": offered, "way": ways})
