"""Some rows of a list as they were understood, in the words of the pages: for a preview that can be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from caseapp import clock
from caseapp.catalogue.queries import label
from caseapp.clients.models import BenefitFact, Fact, LanguageFact, SchoolFact, StayFact, TitleFact, WorkFact
from caseapp.clients.rules.matching import Card
from caseapp.clients.service import NewFact, NewFile
from caseapp.counselling.service.bulk import BulkContact
from caseapp.i18n import gettext as _
from caseapp.i18n import ngettext
from caseapp.imports.rules.cells import text_of
from caseapp.imports.rules.findings import Sample
from caseapp.imports.service.targets import Target

SAMPLES = 4
_LONGEST_NOTE = 80

Pair = tuple[str, str]


def client_sample(number: int, new: NewFile, target: Target) -> Sample:
    """The file that a row opens."""
    head, body = new.head, new.body
    values: list[Pair] = [
        (_("Geburtsdatum"), text_of(head.birth.day) if head.birth.day else head.birth.text),
        (_("Geschlecht"), label("sexes", head.sex)),
        (_("Staatsangehörigkeit"), ", ".join(label("nationalities", code) for code in body.nationalities)),
        (_("Sprache"), label("languages", head.language)),
        *(_fact(fact) for fact in new.facts),
        (_("Telefon"), ", ".join(head.phones)),
        (_("Bemerkung"), body.remarks[:_LONGEST_NOTE]),
        (
            _("Zuständig"),
            " ".join(target.workers.get(new.worker_id, ())) if new.worker_id else _("wartet auf Zuteilung"),
        ),
        (_("Übernommene Angaben"), ", ".join(one.heading for one in body.leftovers)),
    ]
    return Sample(number, head.full_name, tuple(_said(values)))


def contact_sample(contact: BulkContact, card: Card, target: Target) -> Sample:
    """The contact that a row becomes."""
    day, detail = contact.on_day, contact.detail
    minutes = ngettext("%(num)s Minute", "%(num)s Minuten", contact.minutes) if contact.minutes is not None else ""
    values: list[Pair] = [
        (_("Tag"), text_of(day)),
        (_("Akte"), card.file_number),
        (_("Art"), label("contact_kinds", contact.kind, day)),
        (_("Thema"), ", ".join(label("topics", code, day) for code in detail.topics)),
        (_("Dauer"), minutes),
        (_("Notiz"), detail.note[:_LONGEST_NOTE]),
        (_("Zuständig"), _worker(target, contact.worker_id)),
        (_("Übernommene Angaben"), ", ".join(heading for heading, _text in detail.leftovers)),
    ]
    return Sample(0, f"{card.family_name}, {card.given_names}", tuple(_said(values)))


def _worker(target: Target, worker_id: UUID | None) -> str:
    return " ".join(target.workers.get(worker_id, ())) if worker_id else ""


def _said(values: Iterable[Pair]) -> Iterable[Pair]:
    return (pair for pair in values if pair[1])


def _fact(new: NewFact) -> Pair:
    name, text = _described(new.fact)
    until = _("bis %(day)s", day=text_of(new.until_on)) if new.until_on else ""
    return name, " ".join(filter(None, (text, until)))


def _described(fact: Fact) -> Pair:
    today = clock.today()
    match fact:
        case TitleFact():
            return _("Aufenthaltstitel"), label("residence_titles", fact.code, today)
        case StayFact():
            place = f"{fact.postcode} {fact.place}".strip()
            parts = (label("housing_forms", fact.form, today), fact.street, place)
            return _("Wohnen"), ", ".join(filter(None, parts))
        case SchoolFact():
            return _("Kita/Schule"), label("school_stages", fact.stage, today)
        case LanguageFact():
            return _("Deutsch"), label("language_levels", fact.level, today)
        case WorkFact():
            return _("Arbeit und Ausbildung"), label("employment_kinds", fact.kind, today)
        case BenefitFact():
            return _("Leistung"), label("benefits", fact.kind, today)
