"""The content of a version, in one form that never varies: what is hashed, printed and signed is the same text.

The canonical form is JSON with sorted names, without blanks, in UTF-8 with composed letters (NFC). It holds the phrases
of the paper in both languages, so a later change of the phrase book changes nothing that was signed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Iterable
from uuid import UUID

import msgspec


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of the content. Every field stands in the canonical form, empty ones too."""


class StepTerms(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step that was open when the version was made."""

    party: str  # client | office
    text: str
    due_on: dt.date | None


class GoalTerms(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A goal as it was agreed. `follows` is the goal that it was adjusted from."""

    id: UUID
    area: str  # code of the list goal_areas
    area_label: str
    own_words: str
    wording: str
    noticed_by: str
    due_on: dt.date | None
    follows: UUID | None = None
    steps: tuple[StepTerms, ...] = ()


class LookBack(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of a goal since the version before. Scores from 0 to 4, None where nobody gave one."""

    goal: str
    result: str  # code of the list goal_states; "" where the goal goes on
    result_label: str
    client_score: int | None
    worker_score: int | None
    steps_done: int
    steps: int


class PlanTerms(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another office's plan, beside this one."""

    kind: str
    office: str
    agreed_on: dt.date | None
    main_goal: str
    leads: str


class Party(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The client as the paper names them."""

    name: str
    own_script: str
    born: str
    file_number: str


class ReadAloud(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Read aloud: in which language (label), by whom."""

    language: str
    by: str


class Replaced(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The version in whose place this one comes: the link of the chain."""

    number: int
    digest: str


class Terms(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that a version says."""

    format: int = 1
    number: int
    replaces: Replaced | None
    made_on: dt.date
    carrier: str
    controller: str
    data_protection_officer: str
    supervisory_authority: str
    worker: str
    client: Party
    representatives: tuple[str, ...]
    interpreter: str
    language: str  # code of the list languages, "" for German only
    language_label: str
    phrase_version: int
    phrase_digest: str
    phrases: dict[str, tuple[str, str, str]]  # key: German, client's language ("" for none), who checked it
    read_aloud: ReadAloud | None
    situation: str
    strengths: str
    school: str
    degrees: str
    work: str
    languages: str
    looking_back: tuple[LookBack, ...]
    goals: tuple[GoalTerms, ...]
    helpers: tuple[str, ...]
    plans: tuple[PlanTerms, ...]
    review_on: dt.date
    counselling_until: dt.date | None


_decoder = msgspec.json.Decoder(Terms)


def canonical(terms: Terms) -> str:
    """The one text of this content: the same for equal content, whatever the order in which it was put together."""
    return unicodedata.normalize("NFC", msgspec.json.encode(terms, order="sorted").decode("utf-8"))


def digest_of(text: str) -> str:
    """SHA-256 of a canonical text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_terms(text: str) -> Terms:
    """The content of a canonical text. Raises msgspec.ValidationError for any other text."""
    return _decoder.decode(text.encode("utf-8"))


def goals_digest(goals: Iterable[GoalTerms]) -> str:
    """The fingerprint of what a signature binds to: which goals, their words, until when.

    Steps are not part of it: they live on, and ticking one needs no new signature.
    """
    agreed = sorted(
        (goal.id.hex, goal.area, goal.own_words, goal.wording, goal.noticed_by, goal.due_on) for goal in goals
    )
    return digest_of(unicodedata.normalize("NFC", msgspec.json.encode(agreed).decode("utf-8")))
