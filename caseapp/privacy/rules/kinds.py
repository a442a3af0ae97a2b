"""What an erasure takes along and what stays, in German."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext

# By table of the file, or by name of a trace elsewhere, in the order in which people read them.
KINDS = {
    "client": lazy_gettext("Akte mit Stammdaten"),
    "history_entry": lazy_gettext("Angaben zu Titel, Wohnen, Arbeit, Leistungen, Sprache, Kita und Schule"),
    "contact": lazy_gettext("Kontakte"),
    "contact_change": lazy_gettext("Frühere Fassungen von Kontakten"),
    "contact_participant": lazy_gettext("Teilnahmen an Kontakten anderer Personen"),
    "guest": lazy_gettext("Teilnahmen anderer Personen an Kontakten dieser Person"),
    "task": lazy_gettext("Aufgaben und Fristen"),
    "goal": lazy_gettext("Ziele"),
    "goal_step": lazy_gettext("Schritte zu Zielen"),
    "goal_score": lazy_gettext("Einschätzungen zu Zielen"),
    "goal_event": lazy_gettext("Gezähltes zu Zielen, zum Beispiel Bewerbungen"),
    "goal_review": lazy_gettext("Auswertungen von Zielen"),
    "goal_followup": lazy_gettext("Nachfragen zu erreichten Zielen"),
    "agreement": lazy_gettext("Fassungen der Integrationsvereinbarung"),
    "other_plan": lazy_gettext("Pläne anderer Stellen"),
    "housing_wish": lazy_gettext("Wünsche für die Wohnungssuche"),
    "housing_application": lazy_gettext("Bewerbungen um Wohnungen"),
    "housing_check": lazy_gettext("Erledigte Punkte vor und nach dem Mietvertrag"),
    "attachment": lazy_gettext("Anhänge"),
    "client_draft": lazy_gettext("Entwürfe"),
    "household_member": lazy_gettext("Zugehörigkeit zu Haushalten"),
    "client_grant": lazy_gettext("Freigaben und Anträge zu dieser Akte"),
    "declaration_sheet": lazy_gettext("Blätter mit Freigaben, Einwilligungen und Vollmachten"),
    "declaration": lazy_gettext("Freigaben, Einwilligungen und Vollmachten"),
    "declaration_content": lazy_gettext("Inhalt von Freigaben, Einwilligungen und Vollmachten"),
    "referral": lazy_gettext("Vermittlungen"),
    "referral_step": lazy_gettext("Schritte von Vermittlungen"),
    "disclosure": lazy_gettext("Verzeichnis, was weitergegeben wurde"),
    "legal_request": lazy_gettext("Anträge auf Weitergabe nach dem Gesetz"),
    "outside_request": lazy_gettext("Anfragen von außen"),
    "volunteer_wish": lazy_gettext("Wünsche nach Ehrenamtlichen"),
    "letter": lazy_gettext("Schreiben"),
    "paper": lazy_gettext("Gedruckte Papiere"),
    "access_paper": lazy_gettext("Ausdrucke „Wer hat meine Akte gesehen“"),
    "keyfigure_answer": lazy_gettext("Fragen zu den Kennzahlen ohne Antwort"),
    "caseload": lazy_gettext("Zeile in der Fallliste"),
    "waiting": lazy_gettext("Wartende Kontakte aus Listen, die diese Person nennen"),
    "finding": lazy_gettext("Zeilen in Ergebnissen von Importen, die diese Person nennen"),
    "upload": lazy_gettext("Hochgeladene, nicht importierte Listen, die diese Person nennen"),
    "figures": lazy_gettext("Gezählte Zahlen, in denen diese Person steckt"),
    "event": lazy_gettext("Einträge im Zugriffsprotokoll: der Inhalt, nicht Tag und Vorgang"),
}


def in_words(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """German word and number of every kind of which there is any, in the order of `KINDS`."""
    return [(str(label), counts[kind]) for kind, label in KINDS.items() if counts.get(kind)]


def what_stays() -> Sequence[str]:
    """What an erasure does not take along, said before the decision and on the protocol."""
    return (
        _(
            "Das Zugriffsprotokoll: dass jemand die Akte an einem Tag geöffnet oder geändert hat, mit einer zufälligen "
            "Kennung statt eines Namens und ohne Inhalt."
        ),
        _("Die Löschliste: dieselbe Kennung, damit die Akte auch nach dem Einspielen einer Sicherung gelöscht bleibt."),
        _("Zahlen in Berichten, die schon freigegeben sind. Sie nennen niemanden."),
        _(
            "Was in anderen Akten frei über diese Person geschrieben steht, zum Beispiel in der Akte von Angehörigen. "
            "Prüfen Sie diese Akten einzeln."
        ),
        _(
            "Sicherungskopien: Darin liegt die Akte verschlüsselt, und ihr Schlüssel ist vernichtet. Sobald die Kopien "
            "der Schlüssel 14 Tage alt und gelöscht sind, kann sie niemand mehr lesen."
        ),
        _("Papier, E-Mails und Dateien außerhalb dieses Programms. Löschen Sie diese selbst."),
    )
