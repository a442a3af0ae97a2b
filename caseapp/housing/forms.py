"""Forms of the search for a flat."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from caseapp.housing.models import WishText
from caseapp.housing.service import NewLease, Way
from caseapp.i18n import lazy_gettext as _l
from caseapp.web.fields import ChecksField, GermanDateField, LongTextField, MultiChipsField
from caseapp.web.forms import CreateForm, PageForm


class WishForm(PageForm):
    """What the household looks for. `version` is that of the wishes when the form was filled."""

    version = HiddenField()
    towns = MultiChipsField(_l("Orte"), [Optional()], description=_l("Ohne Auswahl: überall."))
    rooms = IntegerField(
        _l("Mindestens … Zimmer"), [Optional(), NumberRange(1, 10, _l("Geben Sie eine Zahl zwischen 1 und 10 ein."))]
    )
    barrier_free = BooleanField(_l("Muss barrierefrei sein"))
    move_in_on = GermanDateField(_l("Einzug ab"), [Optional()])
    note = LongTextField(_l("Notiz"), [Optional()], most=1000)

    @property
    def text(self) -> WishText:
        """What was typed, as it is stored."""
        return WishText(
            towns=tuple(self.towns.data or ()),
            rooms=self.rooms.data,
            barrier_free=self.barrier_free.data,
            move_in_on=self.move_in_on.data,
            note=self.note.data or "",
        )


def wish_fields(text: WishText, version: str) -> dict[str, Any]:
    """What stands in the form of stored wishes."""
    return {
        "version": version,
        "towns": list(text.towns),
        "rooms": text.rooms,
        "barrier_free": text.barrier_free,
        "move_in_on": text.move_in_on,
        "note": text.note,
    }


class ApplyForm(CreateForm):
    """Applying for a dwelling: how the landlord hears of the household."""

    goal = HiddenField()
    way = RadioField(_l("Wie erfährt die Vermieterin oder der Vermieter davon?"), default=Way.CARRIED.value)


class ViewingForm(PageForm):
    """Day and time of a viewing."""

    version = HiddenField()
    on_day = GermanDateField(_l("Besichtigung am"), [InputRequired(_l("Geben Sie den Tag der Besichtigung ein."))])
    time = StringField(_l("Uhrzeit"), [Optional(), Length(max=20)])


class ResultForm(PageForm):
    """What came of it: two buttons, `result` and, with a refusal, `reason`."""

    version = HiddenField()


class LeaseForm(PageForm):
    """The lease. `moving` offers the others of the household; all are chosen to begin with."""

    version = HiddenField()
    from_on = GermanDateField(_l("Mietvertrag ab"), [InputRequired(_l("Geben Sie an, ab wann der Mietvertrag gilt."))])
    moving = ChecksField(_l("Wer zieht mit ein?"), [Optional()])
    without_assurance = BooleanField(_l("Der Vertrag ist trotzdem schon unterschrieben"))

    @property
    def lease(self) -> NewLease | None:
        """What was typed in a valid form."""
        if self.from_on.data is None:
            return None
        return NewLease(
            from_on=self.from_on.data,
            moving=frozenset(UUID(each) for each in self.moving.data or ()),
            without_assurance=self.without_assurance.data,
        )
