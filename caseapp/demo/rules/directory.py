"""An invented directory: partners, flats and volunteers of a district. Nobody and no office here exists."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Office:
    """A partner. `town` counts within the demo's municipalities; `person` is name and function."""

    kind: str
    name: str
    department: str = ""
    street: str = ""
    town: int = 0
    hours: str = ""
    languages: tuple[str, ...] = ()
    person: tuple[str, str] | None = None
    note: str = ""
    reachable: bool = True  # has a telephone
    skills: tuple[str, ...] = ()
    times: str = ""


OFFICES = (
    Office("JC", "Jobcenter", "Leistung", "Bahnhofstraße 12", 0, "Mo–Fr 8–12 Uhr", (), ("Frau Kern", "Leistung A–K")),
    Office("JC", "Jobcenter", "Vermittlung", "Bahnhofstraße 12", 0, "nach Termin", (), ("Herr Blum", "Vermittlung")),
    Office("AA", "Agentur für Arbeit", "Berufsberatung", "Bahnhofstraße 30", 0, "nach Termin", ("en",)),
    Office("ABH", "Ausländerbehörde", "", "Schlossplatz 3", 0, "Di und Do 8–12 Uhr", ("en",), ("Frau Winter", "A–M")),
    Office("SOZ", "Sozialamt", "Asylbewerberleistungen", "Schlossplatz 3", 0, "Mo–Do 8–12 Uhr"),
    Office("JUG", "Jugendamt", "Allgemeiner Sozialer Dienst", "Gartenstraße 7", 0, "Mo–Fr 8–12 Uhr"),
    Office("GSA", "Gesundheitsamt", "", "Spitalgasse 2", 0),
    Office("KIT", "Kindergarten Regenbogen", "", "Wiesenweg 1", 1, "7–16 Uhr", (), ("Frau Roth", "Leitung")),
    Office("SCH", "Grundschule am Park", "Sekretariat", "Parkstraße 9", 1, "7.30–12 Uhr"),
    Office("SCH", "Berufliche Schule", "VABO", "Werkstraße 40", 0, "", (), ("Herr Engel", "Schulsozialarbeit")),
    Office("VHS", "Volkshochschule", "Integrationskurse", "Marktplatz 5", 0, "Mo–Fr 9–12 Uhr", ("en", "ru")),
    Office("KAM", "Handwerkskammer", "Anerkennungsberatung", "Industriestraße 8", 0),
    Office("MBE", "Migrationsberatung", "", "Kirchgasse 4", 0, "Mi 14–17 Uhr", ("ar", "uk", "ru")),
    Office("JMD", "Jugendmigrationsdienst", "", "Kirchgasse 4", 0, "nach Termin", ("ar", "prs")),
    Office("SLD", "Schuldnerberatung", "", "Kirchgasse 6", 0, "Do 9–12 Uhr"),
    Office("SWB", "Schwangerenberatung", "", "Gartenstraße 11", 0, "nach Termin", ("tr",)),
    Office("ARZ", "Hausarztpraxis am Tor", "", "Torstraße 1", 1, "8–12 Uhr", ("ar", "en")),
    Office("AG", "Schreinerei Holzwerk", "", "Werkstraße 3", 1, "", (), ("Herr Sommer", "Inhaber")),
    Office("VEI", "Sportverein", "Jugend", "Stadionweg 1", 2, "", (), ("Frau Stark", "Jugendleitung")),
    Office("EAK", "Freundeskreis Asyl", "", "Kirchgasse 10", 0, "Do 15–18 Uhr", ("ar", "prs", "ti")),
    Office("EAK", "Freundeskreis Asyl e. V.", "", "", 0, reachable=False, note="Treffen im Gemeindehaus"),
    Office("SGU", "Sozialarbeit Gemeinschaftsunterkunft", "", "Am Hang 20", 0, "Mo–Fr 9–15 Uhr"),
    Office(
        "VER", "Baugenossenschaft", "Vermietung", "Ringstraße 15", 0, "Di 9–12 Uhr", (), ("Frau Lang", "Vermietung")
    ),
    Office("VER", "Hausverwaltung Sonnenhof", "", "Ringstraße 2", 1),
    Office("VER", "Familie Ehrlich", "", "", 2, note="vermietet privat"),
    Office("EHR", "Ute Sandmann", languages=("en", "ar"), skills=("DOL", "BEG"), times="Di und Do vormittags"),
    Office("EHR", "Jakob Feldner", languages=("en",), skills=("FOR", "WOH", "UMZ"), times="abends", town=1),
    Office("EHR", "Miriam Tesfai", languages=("ti", "en"), skills=("DOL", "KIN", "PAT"), times="Wochenende"),
    Office("EHR", "Karl Obermann", skills=("DEU", "HAU"), times="Mo bis Mi nachmittags", town=1),
    Office("EHR", "Nadia Haddad", languages=("ar", "fr"), skills=("DOL", "BEW"), times="nach Absprache"),
    Office("EHR", "Petra Wirth", languages=("ru", "uk"), skills=("DOL", "FAH", "BEG"), times="Freitag", town=2),
)


@dataclass(frozen=True, slots=True)
class Flat:
    """An offer; money in euro. `landlord` counts within the landlords above."""

    street: str
    town: int
    half_rooms: int
    square_metres: int
    cold: int
    ancillary: int
    heating: int
    persons: tuple[int, int]
    landlord: int
    free_in_days: int = 0
    state: str = "offered"
    barrier_free: bool = False
    floor: str = ""


FLATS = (
    Flat("Ringstraße 41", 0, 4, 48, 420, 95, 70, (1, 2), 0, 10, floor="1. Stock"),
    Flat("Ringstraße 43", 0, 6, 72, 590, 130, 95, (2, 4), 0, 25, floor="3. Stock"),
    Flat("Ringstraße 43", 0, 8, 94, 780, 160, 120, (3, 6), 0, 40, barrier_free=True, floor="Erdgeschoss"),
    Flat("Lindenweg 8", 1, 5, 61, 520, 110, 80, (2, 3), 1),
    Flat("Lindenweg 10", 1, 3, 38, 390, 80, 60, (1, 1), 1, 5, "reserved"),
    Flat("Am Bach 3", 2, 7, 88, 690, 140, 110, (3, 5), 2, 60, floor="Dachgeschoss"),
    Flat("Mühlweg 1", 2, 6, 75, 980, 180, 110, (2, 5), 2, 15),
    Flat("Turmgasse 6", 0, 2, 29, 340, 60, 55, (1, 1), 0, 0, "let"),
)

# Invented sums, for one to five persons and for each further one, in euro.
EXAMPLE_LIMITS = (495, 600, 715, 835, 955)
EXAMPLE_FURTHER = 115
