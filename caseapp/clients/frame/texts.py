"""The words in which pages speak of a person and of the rows of a history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from babel.dates import format_date

from caseapp import i18n
from caseapp.catalogue import queries as catalogue
from caseapp.catalogue.rules import alarm_rule, effective_end
from caseapp.clients.models import (
    BenefitFact,
    Birth,
    Fact,
    FactKind,
    HistoryEntry,
    LanguageFact,
    SchoolFact,
    StayFact,
    TitleFact,
    WorkFact,
)
from caseapp.clients.rules.ages import age_on
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.places.queries import municipality_name
from caseapp.web.templating import day_text

KINDS = {
    FactKind.STAY: _l("Wohnen"),
    FactKind.WORK: _l("Arbeit"),
    FactKind.LANGUAGE: _l("Sprache"),
    FactKind.SCHOOL: _l("Kita/Schule"),
    FactKind.BENEFIT: _l("Leistungen"),
    FactKind.TITLE: _l("Aufenthaltstitel"),
}
SHORT_KINDS = {**KINDS, FactKind.TITLE: _l("Titel")}
ICONS = {
    FactKind.STAY: "home",
    FactKind.WORK: "group",
    FactKind.LANGUAGE: "language",
    FactKind.SCHOOL: "school",
    FactKind.BENEFIT: "euro",
    FactKind.TITLE: "flag",
}
TITLE_WARNING = dt.timedelta(days=60)


def born_text(birth: Birth, today: dt.date) -> str:
    """`geb. 27.03.1991 (35)`, `geb. 1991 (etwa 35)`, or what was written where it is no date; "" for nothing."""
    if birth.day is None:
        return _("geb. %(text)s", text=birth.text) if birth.text else ""
    age = age_on(birth.day, today)
    if birth.year_only:
        return _("geb. %(year)s (etwa %(age)s)", year=birth.day.year, age=age)
    if birth.fictitious:
        return _("geb. %(day)s (etwa %(age)s, Tag fiktiv)", day=day_text(birth.day), age=age)
    return _("geb. %(day)s (%(age)s)", day=day_text(birth.day), age=age)


@dataclass(frozen=True, slots=True)
class TitleEnd:
    """When the present title ends. `tone` is a kind of badge, "" while there is time; `note` says which law applies."""

    text: str
    tone: str
    note: str = ""


def title_end(entry: HistoryEntry, today: dt.date) -> TitleEnd | None:
    """The end of this title with the years that the law adds; None for a title without an end."""
    fact = entry.box.fact
    if not isinstance(fact, TitleFact):
        return None
    rules = catalogue.title_rules()
    alarm = alarm_rule(rules, fact.code, today)
    locale = i18n.current_locale()
    note = "" if alarm is None else (alarm.de if locale == "de" else alarm.en)
    if entry.until_on is None:
        return TitleEnd("", "warning", note) if note else None
    end = effective_end(rules, fact.code, entry.until_on, valid_from=entry.from_on)
    if end != entry.until_on:
        note = _("Auf der Karte steht %(day)s: Der Titel gilt ohne neue Karte fort.", day=day_text(entry.until_on))
    if end < today:
        return TitleEnd(_("abgelaufen am %(day)s", day=day_text(end)), "danger", note)
    return TitleEnd(_("gültig bis %(day)s", day=day_text(end)), "warning" if end - today <= TITLE_WARNING else "", note)


def fact_text(fact: Fact, on: dt.date | None) -> str:
    """What the row says, in one line: the label of its code, else what an imported sheet said."""
    match fact:
        case TitleFact():
            said = catalogue.label("residence_titles", fact.code, on)
        case StayFact():
            said = catalogue.label("housing_forms", fact.form, on)
        case WorkFact():
            said = catalogue.label("employment_kinds", fact.kind, on)
        case BenefitFact():
            said = catalogue.label("benefits", fact.kind, on)
        case SchoolFact():
            said = catalogue.label("school_stages", fact.stage, on)
        case LanguageFact():
            said = catalogue.label("language_levels", fact.level, on)
    return said or fact.text or _("ohne Angabe")


def fact_details(fact: Fact, on: dt.date | None) -> list[str]:
    """What else the row says, each as a short phrase."""
    match fact:
        case TitleFact():
            found = _title_details(fact, on)
        case StayFact():
            found = [catalogue.label("housing_titles", fact.legal_title, on), address_text(fact)]
        case WorkFact():
            found = [fact.employer, _("%(hours)s Std. in der Woche", hours=fact.hours) if fact.hours else ""]
        case BenefitFact():
            found = [fact.office, _("ergänzend") if fact.supplementary else ""]
        case SchoolFact():
            found = [fact.school, catalogue.label("school_supports", fact.support, on)]
        case LanguageFact():
            found = _language_details(fact, on)
    said = fact_text(fact, on)
    return [text for text in (*found, fact.text) if text and text != said]


def address_text(stay: StayFact) -> str:
    """`Musterstraße 2, 88069 Tettnang`, as far as known."""
    place = stay.place or municipality_name(stay.ags)
    return ", ".join(filter(None, (stay.street, " ".join(filter(None, (stay.postcode, place))))))


def _title_details(fact: TitleFact, on: dt.date | None) -> list[str]:
    return [
        catalogue.label("employment_permissions", fact.work_permission, on),
        _("Wohnsitzauflage (§ 12a AufenthG)") if fact.residence_obligation else "",
        _("BAMF: %(decision)s", decision=catalogue.label("bamf_decisions", fact.bamf_decision, on))
        if fact.bamf_decision
        else "",
        _("Klage anhängig") if fact.lawsuit_pending else "",
        fact.issued_by,
    ]


def _language_details(fact: LanguageFact, on: dt.date | None) -> list[str]:
    certificate = catalogue.label("language_certificates", fact.certificate, on)
    if certificate and fact.certified_on:
        certificate = _("%(certificate)s vom %(day)s", certificate=certificate, day=day_text(fact.certified_on))
    return [catalogue.label("language_evidence", fact.evidence, on), certificate]


def month_text(day: dt.date) -> str:
    """`November 2026`."""
    return format_date(day, "LLLL yyyy", locale=i18n.current_locale())


def span_text(entry: HistoryEntry) -> str:
    """`seit 01.06.2026`, `01.01.2024 bis 31.05.2026`, `bis 31.05.2026`, or "" where no day is known."""
    if entry.from_on and entry.until_on:
        return _("%(begin)s bis %(end)s", begin=day_text(entry.from_on), end=day_text(entry.until_on))
    if entry.from_on:
        return _("seit %(day)s", day=day_text(entry.from_on))
    return _("bis %(day)s", day=day_text(entry.until_on)) if entry.until_on else ""
