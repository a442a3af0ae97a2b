"""Forms of dwellings and rent limits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from caseapp import clock
from caseapp.i18n import lazy_gettext as _l
from caseapp.network.models import Dwelling, DwellingText, RentTable, RentTableText
from caseapp.network.service import NewDwelling, NewRentTable
from caseapp.places.forms import PlaceField, place_text
from caseapp.web.fields import GermanDateField, LongTextField, MoneyField, MultiChipsField
from caseapp.web.forms import CreateForm

_SHORT = Length(max=200)
_AMOUNT = InputRequired(_l("Geben Sie einen Betrag ein."))


class DwellingForm(CreateForm):
    """An offer of a landlord. `version` is that of the offer when the form was filled."""

    version = HiddenField()
    landlord = SelectField(_l("Vermieterin oder Vermieter"), [Optional()])
    street = StringField(_l("Straße und Hausnummer"), [Optional(), _SHORT])
    place = PlaceField(_l("PLZ und Ort"), [InputRequired(_l("Geben Sie den Ort ein."))])
    floor = StringField(_l("Stockwerk"), [Optional(), _SHORT])
    rooms = SelectField(_l("Zimmer"), [Optional()])
    square_metres = IntegerField(
        _l("Größe in m²"), [Optional(), NumberRange(5, 999, _l("Geben Sie eine Zahl zwischen 5 und 999 ein."))]
    )
    rent_cold = MoneyField(_l("Kaltmiete im Monat"), [_AMOUNT])
    rent_ancillary = MoneyField(_l("Nebenkosten ohne Heizung"), [Optional()])
    rent_heating = MoneyField(_l("Heizung"), [Optional()])
    deposit = MoneyField(_l("Kaution"), [Optional()])
    available_on = GermanDateField(_l("Frei ab"), [Optional()])
    persons_min = IntegerField(
        _l("Für mindestens … Personen"),
        [Optional(), NumberRange(1, 20, _l("Geben Sie eine Zahl zwischen 1 und 20 ein."))],
        default=1,
    )
    persons_max = IntegerField(
        _l("Für höchstens … Personen"),
        [Optional(), NumberRange(1, 20, _l("Geben Sie eine Zahl zwischen 1 und 20 ein."))],
    )
    barrier_free = BooleanField(_l("Barrierefrei"))
    note = LongTextField(
        _l("Hinweis"),
        [Optional()],
        most=1000,
        description=_l("Nichts über Klientinnen und Klienten: Das lesen alle Träger."),
    )

    @property
    def new(self) -> NewDwelling:
        """What was typed, as it is stored."""
        return NewDwelling(
            landlord_id=UUID(self.landlord.data) if self.landlord.data else None,
            ags=self.place.ags,
            text=DwellingText(
                street=self.street.data or "",
                postcode=self.place.postcode,
                place=self.place.town,
                floor=self.floor.data or "",
                note=self.note.data or "",
            ),
            rent_cold_cents=self.rent_cold.data,
            rent_ancillary_cents=self.rent_ancillary.data,
            rent_heating_cents=self.rent_heating.data,
            deposit_cents=self.deposit.data,
            half_rooms=int(self.rooms.data) if self.rooms.data else None,
            square_metres=self.square_metres.data,
            available_on=self.available_on.data,
            persons_min=self.persons_min.data or 1,
            persons_max=self.persons_max.data,
            barrier_free=self.barrier_free.data,
        )


def dwelling_fields(dwelling: Dwelling) -> dict[str, Any]:
    """What stands in the form of a stored offer."""
    return {
        "version": dwelling.version,
        "landlord": str(dwelling.landlord_id or ""),
        "street": dwelling.text.street,
        "place": place_text(dwelling.text.postcode, dwelling.text.place, dwelling.ags),
        "floor": dwelling.text.floor,
        "rooms": str(dwelling.half_rooms or ""),
        "square_metres": dwelling.square_metres,
        "rent_cold": dwelling.rent_cold_cents,
        "rent_ancillary": dwelling.rent_ancillary_cents,
        "rent_heating": dwelling.rent_heating_cents,
        "deposit": dwelling.deposit_cents,
        "available_on": dwelling.available_on,
        "persons_min": dwelling.persons_min,
        "persons_max": dwelling.persons_max,
        "barrier_free": dwelling.barrier_free,
        "note": dwelling.text.note,
    }


class RentTableForm(CreateForm):
    """What a rent may be, somewhere and for a time. `version` is that of the table when the form was filled."""

    version = HiddenField()
    label = StringField(
        _l("Wofür gelten die Grenzen?"), [InputRequired(_l("Geben Sie an, wofür die Grenzen gelten.")), _SHORT]
    )
    ags = MultiChipsField(
        _l("Gemeinden"),
        [InputRequired(_l("Wählen Sie mindestens eine Gemeinde."))],
        description=_l("Der ganze Kreis steht vorn."),
    )
    valid_from = GermanDateField(_l("Gilt ab"), [InputRequired(_l("Geben Sie an, ab wann die Grenzen gelten."))])
    valid_to = GermanDateField(_l("Gilt bis"), [Optional()], description=_l("Leer: bis auf Weiteres."))
    cents_1 = MoneyField(_l("1 Person"), [_AMOUNT])
    cents_2 = MoneyField(_l("2 Personen"), [_AMOUNT])
    cents_3 = MoneyField(_l("3 Personen"), [_AMOUNT])
    cents_4 = MoneyField(_l("4 Personen"), [_AMOUNT])
    cents_5 = MoneyField(_l("5 Personen"), [_AMOUNT])
    further = MoneyField(_l("Jede weitere"), [_AMOUNT])
    source = StringField(
        _l("Quelle"),
        [InputRequired(_l("Geben Sie die Quelle an, zum Beispiel „Richtlinie des Kreises vom …“.")), _SHORT],
    )

    @property
    def new(self) -> NewRentTable:
        """What was typed in a valid form, as it is stored."""
        limits = (self.cents_1, self.cents_2, self.cents_3, self.cents_4, self.cents_5)
        one, two, three, four, five = (field.data or 0 for field in limits)
        return NewRentTable(
            text=RentTableText(
                label=self.label.data or "", ags=tuple(self.ags.data or ()), source=self.source.data or ""
            ),
            valid_from=self.valid_from.data or clock.today(),  # the field requires a day
            valid_to=self.valid_to.data,
            limits=(one, two, three, four, five),
            further=self.further.data or 0,
        )


def rent_fields(table: RentTable) -> dict[str, Any]:
    """What stands in the form of stored limits."""
    return {
        "version": table.version,
        "label": table.text.label,
        "ags": list(table.text.ags),
        "valid_from": table.valid_from,
        "valid_to": table.valid_to,
        "cents_1": table.cents_1,
        "cents_2": table.cents_2,
        "cents_3": table.cents_3,
        "cents_4": table.cents_4,
        "cents_5": table.cents_5,
        "further": table.cents_further,
        "source": table.text.source,
    }
