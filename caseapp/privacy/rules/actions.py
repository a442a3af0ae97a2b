"""What the names of events mean, in German: for a client's question, and for the registers."""

from __future__ import annotations

from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext

# Why somebody was in a file, by the beginning of the event's name; the longest that fits counts.
_PURPOSES = {
    "client:read": lazy_gettext("Akte gelesen"),
    "client:find": lazy_gettext("Name und Zuständigkeit gesehen"),
    "client:contact_form": lazy_gettext("Kontakt vorbereitet"),
    "client:open": lazy_gettext("Akte angelegt"),
    "client:open_notes": lazy_gettext("Notizen mit Grund geöffnet"),
    "client:assign": lazy_gettext("Zuständigkeit geregelt"),
    "client:close": lazy_gettext("Akte abgeschlossen oder wieder geöffnet"),
    "client:reopen": lazy_gettext("Akte abgeschlossen oder wieder geöffnet"),
    "client:protect": lazy_gettext("Schutz der Akte"),
    "client:unprotect": lazy_gettext("Schutz der Akte"),
    "client:lift": lazy_gettext("Schutz der Akte"),
    "client:import": lazy_gettext("Angaben aus einer Liste übernommen"),
    "client": lazy_gettext("Angaben geändert"),
    "contact:read": lazy_gettext("Kontakt gelesen"),
    "contact:import": lazy_gettext("Angaben aus einer Liste übernommen"),
    "contact": lazy_gettext("Kontakt eingetragen oder geändert"),
    "fact": lazy_gettext("Angaben geändert"),
    "household": lazy_gettext("Haushalt geändert"),
    "task": lazy_gettext("Aufgaben und Fristen"),
    "housing": lazy_gettext("Wohnungssuche"),
    "goal": lazy_gettext("Ziele und Schritte"),
    "agreement": lazy_gettext("Integrationsvereinbarung"),
    "plan": lazy_gettext("Pläne anderer Stellen"),
    "attachment": lazy_gettext("Dateien hinzugefügt oder geändert"),
    "attachment:list": lazy_gettext("Liste der Dateien gesehen"),
    "attachment:open": lazy_gettext("Datei geöffnet"),
    "attachment:preview": lazy_gettext("Datei geöffnet"),
    "referral": lazy_gettext("Vermittlung vorbereitet oder weitergeführt"),
    "referral:sent": lazy_gettext("An eine Stelle vermittelt"),
    "referral:list": lazy_gettext("Vermittlungen gesehen"),
    "legal": lazy_gettext("Weitergabe nach dem Gesetz"),
    "outside": lazy_gettext("Anfrage von außen"),
    "wish": lazy_gettext("Wunsch nach Ehrenamtlichen"),
    "letter": lazy_gettext("Schreiben verfasst"),
    "consent": lazy_gettext("Freigaben, Einwilligungen, Vollmachten"),
    "consent:withdraw": lazy_gettext("Widerruf aufgenommen"),
    "consent:list": lazy_gettext("Widerruf vorbereitet"),
    "paper": lazy_gettext("Papier gedruckt"),
    "paper:open": lazy_gettext("Papier geöffnet"),
    "import": lazy_gettext("Angaben aus einer Liste übernommen"),
    "erasure": lazy_gettext("Löschung beantragt oder geprüft"),
    "client:erase": lazy_gettext("Akte gelöscht"),
    "access": lazy_gettext("Auskunft, wer die Akte gesehen hat"),
    "access:register": lazy_gettext("Verzeichnis der Zugriffe gelesen"),
    "answer": lazy_gettext("Angabe für die Kennzahlen geklärt"),
    "refused": lazy_gettext("Zugriff verweigert"),
}

# What the register of data protection can be narrowed to: names of events, by their beginning.
GROUPS = {
    "read": (
        lazy_gettext("Akten gelesen"),
        ("client:read", "client:find", "contact:read", "attachment:open", "attachment:preview"),
    ),
    "notes": (lazy_gettext("Notizen mit Grund geöffnet"), ("client:open_notes",)),
    "protection": (
        lazy_gettext("Schutz gesetzt, Aufhebung beantragt oder aufgehoben"),
        ("client:protect", "client:unprotect", "client:lift"),
    ),
    "erasure": (lazy_gettext("Löschungen"), ("erasure:", "client:erase")),
    "lists": (
        lazy_gettext("Suchen und Listen"),
        (
            "client:search",
            "caseload:",
            "client:list",
            "task:list",
            "team:",
            "today:",
            "client:duplicates",
            "figures:list",
        ),
    ),
    "import": (lazy_gettext("Importe"), ("import:",)),
    "refused": (lazy_gettext("Verweigert"), ("refused",)),
}

# The technical log: accounts, duties, carriers, lists of codes, keys, the log itself. Never anything of a client.
_SYSTEM = {
    "sign_in": lazy_gettext("Angemeldet"),
    "sign_in:refused": lazy_gettext("Anmeldung verweigert"),
    "sign_out": lazy_gettext("Abgemeldet"),
    "sign_out:others": lazy_gettext("Andere Geräte abgemeldet"),
    "refused": lazy_gettext("Seite verweigert"),
    "user": lazy_gettext("Konto angelegt oder geändert"),
    "user:change_password": lazy_gettext("Kennwort geändert"),
    "user:reset_password": lazy_gettext("Kennwort zurückgesetzt"),
    "membership": lazy_gettext("Aufgabe beantragt, bestätigt oder beendet"),
    "organisation": lazy_gettext("Angaben des Trägers"),
    "team:add": lazy_gettext("Team angelegt"),
    "code": lazy_gettext("Codeliste geändert"),
    "partner": lazy_gettext("Partner angelegt oder geändert"),
    "dwelling": lazy_gettext("Wohnungsangebot angelegt oder geändert"),
    "rent_limit": lazy_gettext("Mietobergrenzen angelegt oder geändert"),
    "phrase": lazy_gettext("Satzbuch geändert"),
    "keys": lazy_gettext("Schlüssel gewechselt"),
    "audit": lazy_gettext("Protokoll gepflegt"),
    "audit:system": lazy_gettext("Systemprotokoll gelesen"),
    "backup": lazy_gettext("Sicherung"),
    "scope:everything": lazy_gettext("Arbeit über alle Akten"),
    "complaint:open_name": lazy_gettext("Name zu einer Kennung geöffnet"),
    "complaint:list": lazy_gettext("Beschwerden gelesen"),
    "register:legal": lazy_gettext("Verzeichnis der Weitergaben nach dem Gesetz gelesen"),
    "keyfigure": lazy_gettext("Kennzahlen gezählt, eingefroren oder gesammelt"),
    "figures": lazy_gettext("Eigene Zahlen gezählt oder angesehen"),
    "figures:record_agreement": lazy_gettext("Dienstvereinbarung eingetragen"),
    "figures:end_agreement": lazy_gettext("Dienstvereinbarung beendet"),
    "figures:reopen_agreement": lazy_gettext("Ende einer Dienstvereinbarung zurückgenommen"),
    "figures:compare": lazy_gettext("Zahlen von Personen verglichen"),
    "figures:comparison": lazy_gettext("Zahlen von Personen verglichen"),
    "report": lazy_gettext("Bericht bestätigt, gebaut, geprüft oder freigegeben"),
    "report:download": lazy_gettext("Datei eines Berichts mitgenommen"),
    "report:sum": lazy_gettext("Berichte mehrerer Kreise summiert"),
    "breach": lazy_gettext("Betroffene Akten nach einer Panne gesucht"),
}
SYSTEM_BEGINNINGS = tuple(_SYSTEM)


def purpose_of(action: str) -> str:
    """Why somebody was in a file; an unknown name is shown as "Sonstiges"."""
    return _label(_PURPOSES, action) or _("Sonstiges")


def system_label(action: str) -> str:
    """What happened, in the technical log."""
    return _label(_SYSTEM, action) or _("Sonstiges")


def register_label(action: str) -> str:
    """What happened, in the register of data protection: as precise as the groups that it can be narrowed to."""
    lists = GROUPS["lists"]
    if action.startswith(lists[1]):
        return str(lists[0])
    return _label(_PURPOSES, action) or system_label(action)


def _label(labels: dict[str, str], action: str) -> str:
    fitting = [beginning for beginning in labels if action.startswith(beginning)]
    return str(labels[max(fitting, key=len)]) if fitting else ""
