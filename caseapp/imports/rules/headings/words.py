"""What offices call their columns. Compared in plain form, so capitals, dots and umlauts do not matter.

`SURE` names a field by itself; `VAGUE` only together with fitting cells. `NAME` stands for a name whose order the
cells tell. A word may stand for several fields: cells, neighbours and the kind of list decide.
"""

from __future__ import annotations

NAME = "name"
NUMBER = "number"
"""A running number of the rows: kept as it is, but a row that has nothing else is empty."""

SURE: dict[str, str] = {
    NUMBER: "Nr.|Nr|lfd. Nr.|lfd Nr|laufende Nummer|laufende Nr|Pos.|#|Zeile|Nummer|ID",
    NAME: (
        "Name|Kl.|Kl|TN|Klient:in|Klient|Klientin|Klient/in|Klient*in|KlientIn|Person|Teilnehmer|Teilnehmer/in|Ratsuchende|"
        "Ratsuchende/r|Ratsuchende Person|Kunde|Kundin|Kunde/Kundin|Geflüchtete/r|Vollständiger Name|"
        "Bewohner|Bewohner/in|Name des Klienten|Name Klient|Name der Person|Flüchtling|Kontaktperson|Client|"
        "Betreute Person"
    ),
    "full_name": (
        "Name, Vorname|Nachname, Vorname|Familienname, Vorname|Name Vorname|Nachname Vorname|Name/Vorname|"
        "Name und Vorname|Nachname und Vorname|Zuname, Vorname|Name Vorname Klient"
    ),
    "given_first_name": "Vorname Name|Vorname Nachname|Vor- und Nachname|Vor- und Zuname|Vorname, Name",
    "last_name": "Nachname|Familienname|Zuname|Name (Familienname)|Nachname Klient|Surname|Nachnamen",
    "first_name": "Vorname|Vornamen|Vorname(n)|Rufname|Vorname Klient|Vorname/n|First name",
    "birth": (
        "geb.|geb|geb. am|geboren|geboren am|Geburtsdatum|Geb.-Datum|Geb.Datum|Gebdatum|Geburtstag|"
        "Geb.-Dat.|GebDat|Geb. Dat.|Geburtsdat.|Geburtsjahr|Jahrgang|Geb.-Tag|*|DOB|Date of birth"
    ),
    "sex": "m/w/d|m/w|w/m/d|w/m|Geschlecht|Geschl.|Sex|Anrede|w/m/x|Gender",
    "nationality": (
        "Staatsangehörigkeit|Staatsang.|Staatsangeh.|Nationalität|Herkunftsland|Herkunft|Land|StA|"
        "Staatsbürgerschaft|Staat|Nation|Herkunftsstaat|Heimatland|Nat.|Staatsangehörigkeiten|"
        "2. Staatsangehörigkeit|weitere Staatsangehörigkeit"
    ),
    "entered": (
        "Einreise|Einreisedatum|Eingereist am|Einreise am|Einreise nach Deutschland|in D seit|Einreise BRD|"
        "in Deutschland seit|Ankunft|Ankunftsdatum|Einreise D|Ersteinreise|Einreisejahr"
    ),
    "title": (
        "Aufenthaltsstatus|Aufenthaltstitel|Aufenthalt|Aufenthaltsrecht|Aufenth.-Status|Titel|AE|"
        "Aufenthaltserlaubnis|aufenthaltsrechtlicher Status|Aufenthaltsst.|Art des Aufenthalts|Rechtsstatus|"
        "AT|Aufenthaltspapier|Ausweis Art"
    ),
    "title_from": "gültig ab|gültig von|AE ab|Titel ab|erteilt am|Titel gültig ab|ausgestellt am",
    "title_until": (
        "gültig bis|AE bis|Aufenthalt bis|Titel bis|Titel gültig bis|befristet bis|Ablauf|Gültigkeit|"
        "AE gültig bis|Ablaufdatum|läuft ab am|Ablauf Titel|Aufenthaltstitel gültig bis|Duldung bis|"
        "Gestattung bis|Aufenthaltstitel bis|Status gültig bis|Ausweis gültig bis|Aufenthaltserlaubnis bis"
    ),
    "address": "Adresse|Anschrift|Wohnadresse|Wohnanschrift|Postanschrift|Meldeadresse|aktuelle Adresse",
    "street": "Straße|Str.|Strasse|Straße Nr.|Straße, Hausnummer|Straße und Hausnummer|Straße/Nr.",
    "house_number": "Hausnummer|Hausnr.|Haus-Nr.|HNr.|Hs.-Nr.",
    "postcode": "PLZ|Postleitzahl|PLZ.",
    "place": (
        "Ort|Wohnort|Gemeinde|Stadt|Kommune|Ortschaft|Wohngemeinde|PLZ Ort|PLZ/Ort|PLZ, Ort|"
        "Wohnsitzgemeinde|Stadt/Gemeinde"
    ),
    "housing": (
        "Wohnform|Wohnsituation|Unterbringung|Wohnen|Art der Unterkunft|Unterkunft|Wohnung|"
        "Unterbringungsart|Wohnart|Art der Unterbringung|Wohnverhältnis"
    ),
    "housed_since": "Einzug|Einzug am|Einzugsdatum|wohnhaft seit|wohnt seit|eingezogen am|Bezug am",
    "allocated": (
        "Zuweisung am|Zuweisung|Zuweisungsdatum|zugewiesen am|Zuteilung|Zuteilung am|in AU seit|AU seit|"
        "Aufnahme in AU|Zugewiesen seit|Zugang|Zugangsdatum"
    ),
    "level": (
        "Sprachniveau|Deutschniveau|Deutschkenntnisse|Sprachstand|Deutsch|Sprachkenntnisse|Niveau|"
        "Sprachlevel|Deutsch-Niveau|Deutschstand|GER|Sprachniveau Deutsch|Sprachzertifikat|Zertifikat"
    ),
    "language": "Muttersprache|Sprachen|Verkehrssprache|Gesprächssprache|Herkunftssprache|Erstsprache",
    "employment": (
        "Arbeit|Beschäftigung|Erwerb|Erwerbsstatus|Arbeitssituation|Berufliche Situation|Beruf|Tätigkeit|"
        "Erwerbstätigkeit|Arbeit/Ausbildung|Ausbildung/Arbeit|Arbeit/Schule|Schule/Arbeit|Arbeitsstatus|"
        "Beschäftigungsstatus|Erwerbssituation|Job|Ausbildung|Beschäftigungsverhältnis"
    ),
    "benefits": (
        "Leistungen|Leistungsbezug|Leistung|Sozialleistungen|Einkommen|Lebensunterhalt|Leistungsart|"
        "Bezug von Leistungen|Leistungsträger|Transferleistungen|Lebensunterhalt durch"
    ),
    "phone": (
        "Tel.|Tel|Telefon|Telefonnummer|Handy|Handynummer|Mobil|Mobilnummer|Tel.-Nr.|Tel.Nr.|Telefon/Handy|"
        "Festnetz|Rufnummer|Mobiltelefon|Handy-Nr.|Fon|Kontakt Telefon|Tel. mobil"
    ),
    "email": "E-Mail|Email|Mail|E-Mail-Adresse|Mailadresse|Emailadresse",
    "family": (
        "Familie Nr.|Familien-Nr.|Familiennummer|Fam.-Nr.|Familie|Fam. Nr.|Haushalt|Haushalt Nr.|"
        "Haushaltsnummer|Fam.|BG|BG-Nr.|Bedarfsgemeinschaft|Familien-ID|Familienverbund"
    ),
    "plan": (
        "Integrationsplan (Datum)|Integrationsplan|Integrationsplan vom|IP|IP vom|IP-Datum|I-Plan|"
        "Integrationsvereinbarung|Datum Integrationsplan|Integrationsplan am|Integrationsvereinbarung vom"
    ),
    "counselled_since": (
        "Beratung seit|Betreuung seit|Betreut seit|Erstkontakt|Aufnahme|Aufnahmedatum|Beginn|"
        "Beginn Beratung|Erstgespräch|in Beratung seit|Beratungsbeginn|Aufnahme am|Datum Erstgespräch|"
        "Beginn der Beratung|Beratungsbeginn am|Fallbeginn|Betreuungsbeginn"
    ),
    "worker": (
        "Betreuer|Betreuer/in|Betreuer*in|Betreuerin|Sachbearbeiter|Sachbearbeiter/in|Sachbearbeitung|"
        "zuständig|Zuständige/r|Zuständigkeit|Integrationsmanager|Integrationsmanager/in|IM|Berater|"
        "Berater/in|Beraterin|Mitarbeiter|Mitarbeiter/in|Fachkraft|SB|Ansprechpartner|Bearbeiter|"
        "Bearbeiter/in|Sozialarbeiter/in|betreut von|Name IM|Name des IM|betreut durch|MA|Kürzel|Zuständige Person"
    ),
    "file_number": "Az.|Aktenzeichen|Az|Aktennummer|Akten-Nr.|Fallnummer|Fall-Nr.|Akte|Geschäftszeichen",
    "note": (
        "Bemerkungen|Bemerkung|Notiz|Notizen|Anmerkung|Anmerkungen|Hinweis|Hinweise|Kommentar|Sonstiges|"
        "Info|Infos|Inhalt|Beschreibung|Gesprächsnotiz|Verlauf|Dokumentation|Bem.|Was wurde gemacht|"
        "Gesprächsinhalt|Inhalt des Gesprächs|Stichworte|Freitext|Beratungsinhalt"
    ),
    "day": (
        "Datum|Tag|Kontaktdatum|Datum Kontakt|Datum des Kontakts|Beratungsdatum|Datum Beratung|am|"
        "Gesprächsdatum|Termin|Wann|Datum der Beratung|Dat.|Date|Beratung am|Kontakt am"
    ),
    "clock": "Uhrzeit|Zeit|Beginn|von|Beginn Uhrzeit|Startzeit|Uhr",
    "contact_kind": (
        "Art|Kontaktart|Art des Kontakts|Kontakt|Kontaktform|Art der Beratung|Beratungsart|Form|Setting|"
        "Beratungsform|Kontaktweg|Weg|Wie|Art Kontakt|Kanal|Gesprächsart|Terminart"
    ),
    "topics": (
        "Thema|Themen|Beratungsthema|Anliegen|Beratungsthemen|Betreff|Themenfeld|Beratungsinhalte|"
        "Thema/Anliegen|Bereich|Kategorie|Themenbereich|Grund|Beratungsanlass|Anlass|Schwerpunkt"
    ),
    "minutes": (
        "Dauer (Min)|Dauer|Minuten|Min.|Dauer in Minuten|Zeitaufwand|Dauer (Minuten)|Dauer in Min.|"
        "Zeit (Min.)|Zeitdauer|Aufwand|Zeitaufwand (Min)|Beratungsdauer|Zeitaufwand in Minuten|Dauer Min"
    ),
    "hours": "Stunden|Std.|Dauer (Std.)|Dauer in Stunden|Dauer (h)|Zeit (h)|Zeitaufwand (h)|h",
    "interpreter": "Dolmetscher|Dolmetscher/in|Sprachmittler|Sprachmittlung|Dolmetschen|mit Dolmetscher",
}

VAGUE: dict[str, str] = {
    "title": "Status|Art|Ausweis|Papiere",
    "title_until": "bis|Frist|Ende|befristet",
    "title_from": "ab|seit|von",
    "level": "Sprache|Kurs|Sprachkurs|Kenntnisse",
    "language": "Sprache",
    "employment": "Status|Situation|Arbeitgeber|Schule",
    "sex": "G|Geschl",
    "phone": "Kontakt|Kontaktdaten|Nummer|Erreichbarkeit",
    "email": "Kontakt|Kontaktdaten",
    "housing": "Objekt|Form",
    "place": "Standort|Teilort",
    "worker": "wer|Name|durch|Kontakt",
    "minutes": "Zeit|Länge|min|ZE",
    "entered": "seit",
    "counselled_since": "seit",
    "allocated": "seit|Aufnahme",
    "contact_kind": "Termin|Typ|Ort",
    "topics": "Inhalt|Sonstiges|Was",
    "nationality": "aus",
}
