"""The three sentences: proposed from published numbers; what is not published does not get in."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.errors import RuleError
from caseapp.reporting.rules.package import Area, FieldQuality
from caseapp.reporting.rules.sentences import LONGEST, SMALLEST, proposals, refuse_sentences
from tests.factories.packages import package

PACKAGE = package("08117", "2026-Q3", clients=400)
BEFORE = package("08117", "2026-Q2", clients=400)
GOOD = ("Viele kamen wieder.", "Es ging um Wohnen.", "Die Lage ist gut.")
NUMBERS = {
    int(value)
    for part in (*PACKAGE.figures, *BEFORE.figures)
    for grid in part.published.lattice.grids
    for value in part.published.values[grid].ravel()
}


def said(sentence: str) -> None:
    refuse_sentences((sentence, *GOOD[1:]), PACKAGE, BEFORE, hidden=("Adelberg", "Göppingen"))


def test_what_is_proposed_is_accepted_as_it_stands() -> None:
    for before in (None, BEFORE):
        proposed = proposals(PACKAGE, before)
        assert all(0 < len(sentence) <= LONGEST for sentence in proposed)
        refuse_sentences(proposed, PACKAGE, before)


def test_a_field_with_numbers_in_its_name_may_be_named_as_a_whole() -> None:
    name = "Kita oder Schule (3 bis 15 Jahre)"
    gap = dataclasses.replace(PACKAGE, quality=(FieldQuality("school", name, "Day care or school", 9, 4),))
    proposed = proposals(gap, None)
    assert name in proposed[2]
    refuse_sentences(proposed, gap, None)
    with pytest.raises(RuleError, match="Die Zahl 3 "):
        refuse_sentences((*proposed[:2], "Kita fehlt bei 3 Kindern."), gap, None)


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("", "Schreiben Sie"),
        ("   ", "Schreiben Sie"),
        ("x" * (LONGEST + 1), "Höchstens 300"),
        ("Es waren 4711.", "4711"),
        ("Nur 6 Menschen.", "6"),
        ("Im Schnitt 12,5 Gespräche.", "12,5"),
        ("Nur 2 Personen in Haus 3.", "2"),
        ("Im 5. Quartal.", "5"),
        ("Genau 1 Prozent.", "1"),
        ("In Adelberg war viel los.", "Adelberg wird im Bericht nicht einzeln gezeigt"),
        ("Das ist <b>fett</b>.", "ohne Formatierung"),
        ("Zwei\nZeilen.", "eine Zeile"),
    ],
)
def test_a_sentence_that_says_too_much_is_refused_at_its_field(sentence: str, says: str) -> None:
    with pytest.raises(RuleError, match=says) as refusal:
        said(sentence)
    assert refusal.value.field == "sentence1"


def test_years_and_published_numbers_may_be_said() -> None:
    published = next(value for value in sorted(NUMBERS) if value >= SMALLEST)
    said(f"Im 3. Quartal 2026 waren es {published}, 2025 ähnlich viele.")
    said("Göppingen ist auch der Name des Kreises. Beide 2 Träger haben bestätigt, es fehlen 4 Prozent.")


@given(st.integers(0, 100_000))
def test_any_number_that_is_no_published_one_is_refused(number: int) -> None:
    if number not in NUMBERS | {2025, 2026} or number < SMALLEST:
        with pytest.raises(RuleError):
            said(f"Es waren {number} Menschen.")
        with pytest.raises(RuleError):
            said(f"Es waren {number:,} Menschen.".replace(",", "."))


def test_a_municipality_that_is_shown_by_itself_may_be_named() -> None:
    shown = dataclasses.replace(PACKAGE, areas=(*PACKAGE.areas, Area("08117001", "Adelberg", 2, "08117")))
    sentences = ("In Adelberg war viel los.", *GOOD[1:])
    refuse_sentences(sentences, shown, BEFORE, hidden=("Adelberg",))
    with pytest.raises(RuleError):
        refuse_sentences(sentences, PACKAGE, BEFORE, hidden=("Adelberg",))
