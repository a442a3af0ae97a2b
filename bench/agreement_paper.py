"""An agreement of two pages in two languages, as the bench prints it."""

from __future__ import annotations

import datetime as dt
from functools import partial
from uuid import UUID

from bench.rounds import Work
from caseapp.agreements.rules.content import GoalTerms, Party, StepTerms, Terms
from caseapp.catalogue.queries.phrases import shipped
from caseapp.documents import render

_DAY = dt.date(2026, 12, 1)


def printing(language: str) -> Work:
    """Printing it with the shipped phrases of the language."""
    book = shipped()
    phrases = {}
    for key in book.keys:
        own = book.phrase(key, language)
        phrases[key] = (book.phrase(key, "de").text, own.text if own.language == language else "", "")
    terms = Terms(
        number=1,
        replaces=None,
        made_on=_DAY,
        carrier="Stadt Musterhausen",
        controller="",
        data_protection_officer="",
        supervisory_authority="",
        worker="Mia Maier",
        client=Party(name="Zahra Rahimi", own_script="زهرا رحیمی", born="27.03.1991", file_number="2026-00017"),
        representatives=(),
        interpreter="",
        language=language,
        language_label="",
        phrase_version=1,
        phrase_digest=book.digest,
        phrases=phrases,
        read_aloud=None,
        situation="Ich wohne mit meiner Familie in einer Unterkunft.",
        strengths="",
        school="",
        degrees="",
        work="",
        languages="",
        looking_back=(),
        goals=(_goal("WOH", "Wohnung für vier Personen"),),
        helpers=(),
        plans=(),
        review_on=_DAY,
        counselling_until=_DAY,
    )
    lines: list[dict[str, object]] = [
        {"key": f"common.signature_{who}", "name": "", "png": None, "on": None, "stated": "", "values": {}}
        for who in ("client", "worker")
    ]
    return partial(
        render,
        "agreement",
        book=book,
        language=language,
        title_key="agreement.title",
        terms=terms,
        carrier=terms.carrier,
        stamp="Fassung 1 · " + "ab" * 32,
        changes=[],
        replaces_on=None,
        signatures=lines,
        copy_received=False,
    )


def _goal(area: str, wording: str) -> GoalTerms:
    steps = tuple(StepTerms(party=party, text="Antrag stellen", due_on=_DAY) for party in ("client", "office"))
    return GoalTerms(
        id=UUID(int=1),
        area=area,
        area_label="",
        own_words="Ich möchte eine eigene Wohnung.",
        wording=wording,
        noticed_by="Mietvertrag",
        due_on=_DAY,
        steps=steps,
    )
