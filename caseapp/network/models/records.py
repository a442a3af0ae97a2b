"""What is sealed in the directory. Nothing of a client stands here: everybody in the district reads it."""

from __future__ import annotations

import datetime as dt

from caseapp.sealed import Record


class ContactPerson(Record, frozen=True, kw_only=True):
    """Somebody at a partner, with the function in which the office knows that person."""

    name: str = ""
    function: str = ""
    phone: str = ""  # +49..., or as written where it is no number
    email: str = ""


class VolunteerProfile(Record, frozen=True, kw_only=True):
    """What the work with a volunteer needs, no more. Of the Führungszeugnis the day only, never its content."""

    languages: tuple[str, ...] = ()  # codes of the list languages
    skills: tuple[str, ...] = ()  # codes of the list volunteer_skills
    areas: tuple[str, ...] = ()  # AGS of municipalities; none: everywhere in the district
    times: str = ""
    secrecy_on: dt.date | None = None  # signed the declaration of secrecy
    certificate_seen_on: dt.date | None = None  # somebody looked at the Führungszeugnis (§ 30a BZRG)


class PartnerProfile(Record, frozen=True, kw_only=True):
    """A partner as the whole district knows it. Any part may be missing, the address too."""

    name: str
    department: str = ""
    street: str = ""
    postcode: str = ""
    place: str = ""
    ags: str = ""  # municipality, where the place is known
    phone: str = ""  # +49..., or as written where it is no number
    email: str = ""
    website: str = ""
    hours: str = ""
    languages: tuple[str, ...] = ()  # codes of the list languages
    people: tuple[ContactPerson, ...] = ()
    note: str = ""  # for everybody in the district
    volunteer: VolunteerProfile | None = None

    @property
    def address(self) -> str:
        """`Hauptstraße 1, 88069 Tettnang`, as far as known; "" without any."""
        town = " ".join(part for part in (self.postcode, self.place) if part)
        return ", ".join(part for part in (self.street, town) if part)

    @property
    def has_address(self) -> bool:
        """Whether a letter would arrive: street or post box, and place."""
        return bool(self.street and self.place)


class NoteText(Record, frozen=True, kw_only=True):
    """What one carrier notes for itself."""

    text: str


class MergeBefore(Record, frozen=True, kw_only=True):
    """The kept partner before another one was merged into it: for taking the merge back."""

    kind: str
    profile: PartnerProfile


class DwellingText(Record, frozen=True, kw_only=True):
    """Where a dwelling is and what is to be said of it. Never of those who live or will live there."""

    street: str = ""
    postcode: str = ""
    place: str = ""
    floor: str = ""
    note: str = ""

    @property
    def address(self) -> str:
        """`Hauptstraße 1, 88069 Tettnang`, as far as known."""
        town = " ".join(part for part in (self.postcode, self.place) if part)
        return ", ".join(part for part in (self.street, town) if part)


class RentTableText(Record, frozen=True, kw_only=True):
    """For which places the limits hold and who says so."""

    label: str
    ags: tuple[str, ...] = ()  # municipalities (8 digits) or whole districts (5 digits)
    source: str = ""
