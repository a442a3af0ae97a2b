"""Where each datum stands in the file, in the words in which it is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from caseapp.catalogue import queries as catalogue
from caseapp.clients import queries as clients
from caseapp.clients.models import (
    BenefitFact,
    Client,
    FactKind,
    HistoryEntry,
    LanguageFact,
    StayFact,
    TitleFact,
    WorkFact,
)
from caseapp.clients.rules import histories
from caseapp.clients.rules.ages import age_on
from caseapp.clients.service.entries import row_of
from caseapp.goals import queries as goals
from caseapp.i18n import gettext as _
from caseapp.places.queries import municipality_name
from caseapp.web.parsing import phone_text

F = TypeVar("F")


@dataclass
class FileSources:
    """The file of one client, read only as far as somebody asks: at most one statement for facts, household, goals."""

    client: Client
    today: dt.date

    def all(self) -> Mapping[str, Callable[[], str]]:
        """Code of release_fields to what the file says of it; "" where it says nothing."""
        return {
            "TER": self.counselled,
            "NAM": self.name,
            "GEB": self.birth,
            "TEL": self.phones,
            "MAI": lambda: self.client.body.email,
            "ANS": self.address,
            "SPR": self.languages,
            "FAM": self.family,
            "STA": self.nationalities,
            "TIT": self.title,
            "WOH": self.housing,
            "ARB": self.work,
            "DEU": self.german,
            "LEI": self.benefits,
            "ZIE": self.goals,
        }

    def for_volunteers(self) -> Mapping[str, Callable[[], str]]:
        """What a volunteer learns of the file: the first name and the language."""
        return {
            "NAM": lambda: self.client.head.given_names,
            "SPR": lambda: catalogue.label("languages", self.client.head.language),
        }

    def counselled(self) -> str:
        return _("Wird von uns beraten.")

    def name(self) -> str:
        return self.client.head.spoken_name

    def birth(self) -> str:
        return self.client.head.birth.written

    def phones(self) -> str:
        return ", ".join(phone_text(phone) for phone in self.client.head.phones)

    def address(self) -> str:
        return "; ".join(filter(None, (_address(stay) for stay in self._facts(StayFact))))

    def languages(self) -> str:
        body = self.client.body
        interpreter = catalogue.label("interpreter_kinds", body.interpreter)
        return "; ".join(
            filter(
                None,
                (
                    catalogue.label("languages", self.client.head.language),
                    _("Dolmetschen: %(kind)s", kind=interpreter) if interpreter else "",
                ),
            )
        )

    def family(self) -> str:
        """How many live together and how old they are: no names, which belong to the others."""
        living = [member for member in clients.list_household(self.client.id) if member.link.until_on is None]
        if len(living) < 2:
            return _("Lebt allein, soweit bekannt.")
        ages = [
            age_on(member.client.head.birth.day, self.today)
            for member in living
            if member.client.head.birth.day is not None
        ]
        children = sorted(age for age in ages if age < 18)
        said = [_("%(number)s Personen", number=len(living))]
        if children:
            said.append(_("darunter Kinder im Alter von %(ages)s", ages=", ".join(map(str, children))))
        return ", ".join(said)

    def nationalities(self) -> str:
        return ", ".join(catalogue.label("nationalities", code) for code in self.client.body.nationalities)

    def title(self) -> str:
        return "; ".join(
            _("%(title)s, gültig bis %(day)s", title=label, day=f"{entry.until_on:%d.%m.%Y}")
            if entry.until_on
            else label
            for entry, fact in self._entries(TitleFact)
            if (label := catalogue.label("residence_titles", fact.code, entry.from_on) or fact.text)
        )

    def housing(self) -> str:
        return "; ".join(
            ", ".join(
                filter(
                    None,
                    (
                        catalogue.label("housing_forms", fact.form, entry.from_on),
                        catalogue.label("housing_titles", fact.legal_title, entry.from_on),
                    ),
                )
            )
            for entry, fact in self._entries(StayFact)
        )

    def work(self) -> str:
        return "; ".join(
            catalogue.label("employment_kinds", fact.kind, entry.from_on) or fact.text
            for entry, fact in self._entries(WorkFact)
        )

    def german(self) -> str:
        return "; ".join(
            ", ".join(
                filter(
                    None,
                    (
                        catalogue.label("language_levels", fact.level, entry.from_on),
                        catalogue.label("language_certificates", fact.certificate, entry.from_on),
                    ),
                )
            )
            for entry, fact in self._entries(LanguageFact)
        )

    def benefits(self) -> str:
        return "; ".join(
            catalogue.label("benefits", fact.kind, entry.from_on) or fact.text
            for entry, fact in self._entries(BenefitFact)
        )

    def goals(self) -> str:
        """What the open goals are called in the plan; what the client said in own words only where nothing else is."""
        found = goals.list_goals(self.client.id, open_only=True)
        return "; ".join(filter(None, (view.text.wording or view.text.own_words for view in found)))

    @cached_property
    def _present(self) -> list[HistoryEntry]:
        entries = list(clients.list_facts(self.client.id))
        by_id = {entry.id: entry for entry in entries}
        rows = [row_of(entry, number) for number, entry in enumerate(entries)]
        return [
            by_id[row.id]
            for kind in FactKind
            for row in histories.present([row for row in rows if row.kind == kind], self.today)
        ]

    def _entries(self, kind: type[F]) -> list[tuple[HistoryEntry, F]]:
        return [(entry, entry.box.fact) for entry in self._present if isinstance(entry.box.fact, kind)]

    def _facts(self, kind: type[F]) -> list[F]:
        return [fact for _entry, fact in self._entries(kind)]


def _address(stay: StayFact) -> str:
    place = stay.place or municipality_name(stay.ags)
    return ", ".join(filter(None, (stay.street, " ".join(filter(None, (stay.postcode, place))))))
