"""What the lists are called on pages, and which of them no carrier changes."""

from __future__ import annotations

from caseapp.i18n import lazy_gettext as _

LIST_TITLES = {
    "access_reasons": _("Gründe, eine Akte zu öffnen"),
    "access_routes": _("Zugangswege"),
    "activity_kinds": _("Tätigkeiten ohne Fallbezug"),
    "age_bands": _("Altersgruppen"),
    "bamf_decisions": _("Entscheidungen des BAMF"),
    "benefits": _("Leistungen"),
    "carrier_kinds": _("Arten von Trägern"),
    "closing_reasons": _("Abschlussgründe"),
    "contact_kinds": _("Kontaktarten"),
    "course_kinds": _("Sprachkurse"),
    "course_obstacles": _("Hindernisse für einen Kurs"),
    "course_states": _("Stand eines Kurses"),
    "deadline_kinds": _("Fristen"),
    "eligibility_reasons": _("Gründe der Zuständigkeit"),
    "employment_kinds": _("Erwerb"),
    "employment_permissions": _("Arbeitserlaubnis"),
    "goal_areas": _("Zielbereiche"),
    "goal_events": _("Gezähltes zu Zielen"),
    "goal_states": _("Stand eines Ziels"),
    "goal_wordings": _("Formulierungen für Ziele"),
    "housing_forms": _("Wohnformen"),
    "housing_titles": _("Rechtsgründe des Wohnens"),
    "interpreter_kinds": _("Dolmetschen"),
    "language_certificates": _("Sprachzertifikate"),
    "language_evidence": _("Nachweise der Sprache"),
    "language_levels": _("Sprachniveaus (GER)"),
    "languages": _("Sprachen"),
    "legal_bases": _("Gesetzliche Grundlagen einer Weitergabe"),
    "literacy": _("Alphabetisierung"),
    "nationalities": _("Staatsangehörigkeiten"),
    "notice_ways": _("Wege der Datenschutzhinweise"),
    "other_plan_kinds": _("Pläne anderer Stellen"),
    "partner_kinds": _("Arten von Partnern"),
    "referral_ways": _("Wege der Vermittlung"),
    "relationship_kinds": _("Beziehungen im Haushalt"),
    "representative_kinds": _("Vertretung einer Person"),
    "residence_titles": _("Aufenthaltstitel"),
    "safe_contact_ways": _("Sichere Kontaktwege"),
    "school_stages": _("Schule und Übergang"),
    "school_supports": _("Begleitung in der Schule"),
    "sexes": _("Geschlecht"),
    "state_topics": _("Themen des Landes"),
    "third_party_kinds": _("Arbeit mit Dritten"),
    "topics": _("Beratungsthemen"),
}
# Figures of the state are cut by these: no form offers them, so there is nothing to hide.
FIXED = frozenset({"age_bands", "referral_ways", "state_topics"})
