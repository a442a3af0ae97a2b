"""Readers of the other code lists, with the slang of office spreadsheets that no official list would hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from caseapp.imports.rules.cells import Cell, text_of
from caseapp.imports.rules.values.lexicon import Lexicon
from caseapp.imports.rules.values.reading import Mark, Reading, unread

SLANG: Mapping[str, Mapping[str, Sequence[str]]] = {
    "sexes": {
        "W": ("weibl", "weiblich", "fr", "mädchen", "tochter", "♀", "frau"),
        "M": ("männl", "hr", "herr", "junge", "sohn", "♂"),
        "D": ("x", "nicht binär"),
    },
    "nationalities": {
        "150": ("kosovo albaner", "kosovo albanisch"),
        "163": ("turkei",),
        "423": ("afgan", "afghan"),
        "438": ("irak kurdistan",),
        "459": ("palästinenser syrien", "gaza", "westjordanland"),
        "997": ("ohne staatsangehörigkeit",),
    },
    "housing_forms": {
        "GU": ("gu zimmer", "heim", "flüchtlingsunterkunft", "flüchtlingswohnheim", "wohnheim gu"),
        "AUS": ("au", "anschlussunterbringung", "anschlussunterkunft", "au zimmer", "container"),
        "AUW": ("städt whg", "stadt wohnung", "gemeindl wohnung", "kommunale unterkunft", "au whg", "einweisung"),
        "PRI": ("privat", "eigene whg", "private wohnung", "privat gemietet", "mietvertrag", "miete", "wohnung"),
        "PRB": ("bei eltern", "bei verw", "bei bruder", "bei schwester", "familie"),
        "OFW": ("ohne festen wohnsitz", "notunterkunft"),
    },
    "language_levels": {
        "KEI": ("kein deutsch", "0", "keine kenntnisse"),
    },
    "employment_kinds": {
        "VZ": ("vollzeit arbeit", "arbeitet vollzeit", "100", "vollzeitstelle"),
        "TZ": ("teilzeit arbeit", "arbeitet teilzeit", "50", "teilzeitstelle"),
        "ARS": ("alo", "arbeitssuche", "arbeitslos gemeldet", "keine arbeit", "alg ii", "keine", "nein"),
        "KUR": ("sprachkurs b1", "besucht sprachkurs", "im kurs", "bsk", "ik"),
        "ELZ": ("hausfrau", "mutter"),
    },
    "housing_titles": {
        "EIW": ("eingewiesen",),
        "MIV": ("eigener mietvertrag",),
        "UMV": ("untervermietet", "untermietvertrag"),
    },
    "benefits": {
        "SGB2": ("jc", "alg2", "grundsicherung", "sgb ii"),
        "A3": ("asylblg leistungen", "sozialamt asylblg"),
        "SGB12": ("sgb xii",),
        "SGB3": ("alg1", "sgb iii"),
    },
    "interpreter_kinds": {
        "KEI": ("nein", "kein", "keiner", "ohne", "nicht nötig"),
        "ANG": ("familie", "sohn", "tochter", "ehemann", "ehefrau", "verwandte"),
        "EHR": ("ehrenamt", "ehrenamtlich"),
        "POO": ("pool",),
        "TVD": ("telefon", "video", "telefondolmetscher", "videodolmetscher"),
        "PRO": ("professionell", "vor ort"),
    },
    "contact_kinds": {
        "BUE": ("beratung", "persönliches gespräch", "gespräch", "einzelgespräch", "vorsprache", "präsenz"),
        "HAU": ("besuch", "hausbes", "aufsuchende beratung", "häuslich"),
        "TEL": ("fon", "telef", "rückruf"),
        "MAI": ("e mail", "mails"),
        "MSG": ("whats app", "wa", "signal", "chatnachricht", "facebook"),
        "BEG": ("begl", "behördengang", "arztbegleitung", "begleitung amt"),
        "NVE": ("nicht zuhause", "nicht zu hause", "nicht gekommen", "termin geplatzt", "no show", "versäumt"),
    },
    "topics": {
        "ARB": ("arbeit jobcenter", "arbeitsaufnahme", "arbeitsagentur"),
        "WOH": ("wohnsituation", "wohnungsangelegenheiten", "nebenkosten"),
        "EXI": ("jc", "bürgergeld antrag", "sozialamt", "wohngeld", "kinderzuschlag", "leistung"),
        "SUL": ("schuldenregulierung", "vertrag", "handyvertrag"),
        "GES": ("krankenhaus", "arztbesuch", "arzttermin"),
        "AUF": ("aufenthaltsrecht", "asylrecht", "verlängerung"),
        "SCH": ("schulangelegenheiten", "lehrer"),
        "SPR": ("deutschlernen", "sprachförderung", "kurssuche"),
        "SON": ("sonst", "diverses", "allgemein", "allgemeines"),
    },
}

_UNSURE = {"AUS": {"au", "anschlussunterbringung", "anschlussunterkunft"}, "PRI": {"wohnung", "miete"}}
_LONGEST = 200
_APART = re.compile(r"\s*(?:[,;/+&|\n•]|\bund\b|\bu\.)\s*")
_REMARK = re.compile(r"[(,;:\n]|\s[-–]\s|\s(?=\d)")
_LEVEL = re.compile(r"\b([abc])\s?([12])\b(?!\s*-?\s*kurs)", re.IGNORECASE)
_LEVEL_ALONE = re.compile(r"(?:ger|gers|niveau|deutsch|stufe)?\s*[abc]\s?[12]", re.IGNORECASE)
_LEARNING = re.compile(r"kurs|lernt|laufend|besucht|angemeldet|beginnt|ab \d|ziel", re.IGNORECASE)
_NOT_MET = re.compile(r"nicht (?:angetroffen|erschienen|da\b|zu ?hause|gekommen)|no.?show", re.IGNORECASE)


def read_word(lexicon: Lexicon, cell: Cell, doubt: Mark) -> Reading[str]:
    """The one code that the cell means; a code found only inside a longer text keeps the text and is marked."""
    text = text_of(cell)
    if len(text) > _LONGEST:
        return unread(doubt)
    found = lexicon.find(text)
    if found:
        return Reading(found.code, () if found.sure else (doubt,), whole=found.sure)
    head = lexicon.find(_REMARK.split(text, maxsplit=1)[0])
    if head and head.sure:
        return Reading(head.code)
    code = lexicon.within(text)
    return Reading(code, (doubt,)) if code else unread(doubt)


def read_words(lexicon: Lexicon, cell: Cell, doubt: Mark) -> Reading[tuple[str, ...]]:
    """All codes of a cell that may name several, in the order of the text, each once."""
    text = text_of(cell)
    if len(text) > _LONGEST:
        return unread(doubt)
    found = lexicon.find(text)
    if found and found.sure:
        return Reading((found.code,), (), whole=True)
    codes: dict[str, None] = {}
    whole = True
    for piece in filter(None, _APART.split(text)):
        hit = lexicon.find(piece)
        code = hit.code if hit else lexicon.within(piece)
        whole = whole and hit is not None and hit.sure
        if code:
            codes[code] = None
    return Reading(tuple(codes), () if whole else (doubt,), whole) if codes else unread(doubt)


def read_housing(lexicon: Lexicon, cell: Cell) -> Reading[str]:
    """The form of housing; "AU" alone does not say whether it is a shared house or a flat, so it is marked."""
    reading = read_word(lexicon, cell, Mark.HOUSING)
    if reading.value and text_of(cell).casefold().strip(" .") in _UNSURE.get(reading.value, ()):
        return Reading(reading.value, (Mark.HOUSING,))
    return reading


def read_level(lexicon: Lexicon, cell: Cell) -> Reading[str]:
    """The language level reached; of "A2/B1" the lower one, and a course that is attended is no level."""
    text = text_of(cell)
    found = lexicon.find(text)
    if found and found.sure:
        return Reading(found.code, (), whole=True)
    levels = sorted(f"{letter}{digit}".upper() for letter, digit in _LEVEL.findall(text[:_LONGEST]))
    if not levels or _LEARNING.search(text):
        return unread(Mark.OTHER)
    return Reading(levels[0], (), whole=bool(_LEVEL_ALONE.fullmatch(text)))


def read_contact_kind(lexicon: Lexicon, cell: Cell) -> Reading[str]:
    """The kind of a contact; somebody who was not met was not met, however the contact was meant."""
    reading = read_word(lexicon, cell, Mark.OTHER)
    text = text_of(cell)
    if len(text) <= _LONGEST and reading.value != "NVE" and _NOT_MET.search(text):
        return Reading("NVE")
    # "Begleitung Jobcenter" is read for certain; the text is kept because it says where to.
    return Reading(reading.value) if reading.value and not reading.whole else reading
