"""The file of Zahra Rahimi, on which the pages of a file are tried, and the addresses of its pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from caseapp import clock
from caseapp.clients.models import (
    Agency,
    BenefitFact,
    ClientBody,
    Leftover,
    SafeContact,
    StayFact,
    TitleFact,
)
from caseapp.clients.service import NewFact
from tests.factories.browser import Browser

Browse = Callable[[str], Browser]

TODAY = clock.today()

FACTS = (
    NewFact(fact=StayFact(form="GU", street="Schützenstraße 12"), from_on=dt.date(2023, 1, 1)),
    NewFact(fact=BenefitFact(kind="SGB2"), from_on=dt.date(2023, 6, 1)),
    NewFact(fact=TitleFact(code="P25_2F"), from_on=dt.date(2022, 6, 1), until_on=TODAY + dt.timedelta(days=20)),
)

BODY = ClientBody(
    safe_contact=SafeContact(ways=("PER",), note="Nicht abends anrufen"),
    agencies=(Agency(office="Jobcenter Musterhausen", reference="43502//001"),),
    leftovers=(Leftover(heading="Hausmeister", text="Schlüssel Nr. 14"),),
    marks=("Geburtsdatum unklar: 31.02.1991",),
)


def address(client_id: UUID, rest: str = "") -> str:
    return f"/klienten/{client_id}{rest}"
