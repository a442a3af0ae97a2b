"""What is sealed in a client file. Every field has an honest default: "not asked" is a normal value (domain.md)."""

from __future__ import annotations

import datetime as dt

from caseapp.sealed import Record


class Birth(Record, frozen=True, kw_only=True):
    """A birthday as far as it is known. `day` is None when only `text` could be kept (an impossible date)."""

    day: dt.date | None = None
    fictitious: bool = False  # 01.01. entered by an authority because the day is unknown
    year_only: bool = False
    text: str = ""  # what was written, where it is no date

    @property
    def written(self) -> str:
        """As a paper says it: TT.MM.JJJJ, the year alone, or what could be kept; "" for nothing."""
        if self.day is None:
            return self.text
        return f"{self.day:%Y}" if self.year_only else f"{self.day:%d.%m.%Y}"


class ClientHead(Record, frozen=True, kw_only=True):
    """What lists and the search need. `keys` is made when the head is written: one search line of all names."""

    family_name: str = ""
    given_names: str = ""
    own_script: str = ""  # the name as the person writes it
    other_names: tuple[str, ...] = ()  # earlier names, other spellings
    birth: Birth = Birth()
    sex: str = ""  # code of the list sexes
    language: str = ""  # code of the list languages
    phones: tuple[str, ...] = ()  # +49..., or as written where it is no number
    keys: tuple[str, ...] = ()
    name_check: bool = False  # letters were destroyed on the way here: "Name prüfen"

    @property
    def full_name(self) -> str:
        """`Rahimi, Zahra`, as far as known."""
        return ", ".join(part for part in (self.family_name, self.given_names) if part) or self.own_script

    @property
    def spoken_name(self) -> str:
        """`Zahra Rahimi`, as a letter says it."""
        return " ".join(part for part in (self.given_names, self.family_name) if part) or self.own_script

    @property
    def search_line(self) -> str:
        """What a search reads of the names; "" before the head was ever saved through the services."""
        return self.keys[0] if self.keys else ""


class SearchLine(Record, frozen=True, kw_only=True):
    """The part of a head that a look through everybody's names reads: a third of the time of the whole head."""

    schema = ClientHead.schema
    upgrades = ClientHead.upgrades
    keys: tuple[str, ...] = ()


class Notice(Record, frozen=True, kw_only=True):
    """A privacy notice that was given: handed over, never agreed to (Art. 13 DSGVO)."""

    version: str
    language: str
    given_on: dt.date
    way: str  # code of the list notice_ways


class Representative(Record, frozen=True, kw_only=True):
    """Who speaks for the person: custody, guardian, legal Betreuung."""

    name: str
    kind: str = ""
    phone: str = ""
    scope: str = ""


class Agency(Record, frozen=True, kw_only=True):
    """A line of "Zuständige Stellen": office, person, phone, and their own file number."""

    office: str
    kind: str = ""  # code of the list partner_kinds
    person: str = ""
    phone: str = ""
    reference: str = ""


class SafeContact(Record, frozen=True, kw_only=True):
    """Whether we may call, leave a message, write; to whom not; who may be present."""

    ways: tuple[str, ...] = ()  # codes of the list safe_contact_ways
    note: str = ""


class Leftover(Record, frozen=True, kw_only=True):
    """A cell of an imported sheet that has no field: "Übernommene Angaben", kept word for word."""

    heading: str
    text: str


class ClientBody(Record, frozen=True, kw_only=True):
    """The rest of the file's master data."""

    nationalities: tuple[str, ...] = ()  # codes of the list nationalities
    literacy: str = ""
    interpreter: str = ""  # code of the list interpreter_kinds
    email: str = ""
    safe_contact: SafeContact = SafeContact()
    representatives: tuple[Representative, ...] = ()
    agencies: tuple[Agency, ...] = ()
    notices: tuple[Notice, ...] = ()
    eligibility: str = ""  # code of the list eligibility_reasons
    eligibility_note: str = ""
    eligibility_on: dt.date | None = None
    access_route: str = ""
    entered_on: dt.date | None = None  # arrival in Germany
    au_since: dt.date | None = None  # allocated to municipal housing (Anschlussunterbringung)
    earlier_counselling_months: int = 0
    earlier_counselling: str = ""
    remarks: str = ""
    leftovers: tuple[Leftover, ...] = ()
    marks: tuple[str, ...] = ()  # hints left by an import, in German
    checked_marks: tuple[str, ...] = ()  # those of them that were looked into, the latest last
