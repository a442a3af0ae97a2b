"""The phrase book: complete where it says so, the same placeholders everywhere, versions that never change."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.catalogue import phrases
from caseapp.catalogue.queries import catalogue
from caseapp.catalogue.rules.phrases import (
    GERMAN,
    LANGUAGES,
    PAPERS,
    RIGHT_TO_LEFT,
    Change,
    PhraseBook,
    PhraseBookError,
    Text,
    check_mark,
    check_text,
    inverse,
    load_shipped,
    slots,
)
from caseapp.errors import RuleError
from caseapp.settings import PROJECT_ROOT

BOOK = phrases.shipped()
COMPLETE = ("ar", "fa", "prs", "uk", "ru", "tr", "fr", "en")
SIGNED = ("common", "agreement", "release", "attorney", "notice", "letters")
TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_has_the_placeholders_of_the_german_text(language: str) -> None:
    for key in BOOK.keys:
        said = BOOK.said(key, language).text
        assert not said or slots(said) == slots(BOOK.said(key, GERMAN).text), key


@pytest.mark.parametrize("language", COMPLETE)
def test_what_people_sign_is_there_in_the_languages_most_of_them_speak(language: str) -> None:
    keys = [key for paper in SIGNED for key in BOOK.keys_of(paper)]
    assert BOOK.missing(keys, language) == []
    told = [key for key in BOOK.keys_of("withdrawal") if ".recipient_t" not in key or key.endswith("told")]
    assert BOOK.missing(told, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_title_and_says_that_it_is_voluntary(language: str) -> None:
    for key in ("agreement.title", "agreement.voluntary", "common.signature_client", "letters.appointment.when"):
        assert BOOK.phrase(key, language).language == language


def test_no_shipped_translation_claims_to_be_checked() -> None:
    assert not any(said.checked_by for said in BOOK.texts().values())


def test_the_languages_of_the_book_are_those_of_the_code_list() -> None:
    rows = {row.code: row for row in catalogue().rows("languages")}
    assert {code for code, row in rows.items() if row.extra["agreement"] == "yes"} == set(LANGUAGES)
    assert {code for code in LANGUAGES if rows[code].extra["dir"] == "rtl"} == RIGHT_TO_LEFT


@pytest.mark.parametrize(
    ("prefix", "name"),
    [
        ("agreement.area", "goal_areas"),
        ("agreement.result", "goal_states"),
        ("release.field", "release_fields"),
        ("release.purpose", "release_purposes"),
        ("release.way", "release_ways"),
        ("release.consent", "consent_kinds"),
    ],
)
def test_every_code_that_a_paper_prints_has_its_phrase(prefix: str, name: str) -> None:
    for row in catalogue().rows(name):
        assert BOOK.has(f"{prefix}.{row.code}"), row.code


def test_the_papers_never_promise_or_ask_what_they_must_not() -> None:
    german = " ".join(BOOK.said(key, GERMAN).text for key in BOOK.keys)
    assert "alle Behörden" not in german
    for promise in ("freiwillig", "kein Vertrag", "keine Strafe", "Aufenthaltstitel", "Kooperationsplan"):
        assert promise in " ".join(BOOK.said(key, GERMAN).text for key in BOOK.keys_of("agreement"))


def test_a_missing_phrase_is_given_in_german_and_named() -> None:
    key = BOOK.missing(BOOK.keys, "ti")[0]
    found = BOOK.phrase(key, "ti")
    assert (found.language, found.direction) == ("de", "ltr")
    assert found.text == BOOK.said(key, GERMAN).text
    with pytest.raises(KeyError):
        BOOK.phrase("agreement.gibt_es_nicht", "ar")


def test_a_changed_book_is_another_one_and_the_old_one_stays() -> None:
    changed = BOOK.with_changes([Change("agreement.title", "ti", Text("ስምምዕ", "Frau T.", TODAY))], version=2)
    assert changed.digest != BOOK.digest
    assert changed.phrase("agreement.title", "ti").checked_by == "Frau T."
    assert BOOK.phrase("agreement.title", "ti").checked_by == ""
    gone = changed.with_changes([Change("agreement.title", "ti", Text(""))], version=3)
    assert gone.phrase("agreement.title", "ti").language == GERMAN
    assert gone.with_changes([Change("no.such", "ti", Text("x"))], version=4).digest == gone.digest


FEW = BOOK.keys[:12]
SMALL = PhraseBook({place: said for place, said in BOOK.texts().items() if place[0] in FEW}, version=1)
KEYS = st.sampled_from(FEW)
CHANGES = st.lists(
    st.builds(Change, KEYS, st.sampled_from(LANGUAGES), st.builds(Text, st.text("abc", max_size=3))), max_size=8
)


@given(CHANGES)
def test_taking_changes_back_gives_the_book_from_before(changes: list[Change]) -> None:
    last = {(each.key, each.language): each for each in changes}
    now = SMALL.with_changes(last.values(), version=2)
    back = inverse(list(last.values()), SMALL, now)
    assert now.with_changes(back, version=3).digest == SMALL.digest


@given(CHANGES, CHANGES)
def test_the_digest_knows_what_is_said_and_not_how_it_came_about(one: list[Change], other: list[Change]) -> None:
    first = SMALL.with_changes([*one, *other], version=2)
    second = SMALL.with_changes(one, version=2).with_changes(other, version=3)
    assert first.digest == second.digest
    assert (first.digest == SMALL.digest) == (first.texts() == SMALL.texts())


def test_what_was_changed_again_cannot_be_taken_back() -> None:
    first = Change("agreement.title", "ti", Text("x"))
    now = BOOK.with_changes([first, Change("agreement.title", "ti", Text("y"))], version=3)
    with pytest.raises(RuleError, match="noch einmal geändert"):
        inverse([first], BOOK, now)


@pytest.mark.parametrize("text", ["Bis {datum}", "Bis", "Bis {date} {date2}", "Bis {date", "x" * 1001 + "{date}"])
def test_a_text_with_other_placeholders_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        check_text(text, "Bis {date}.")


def test_a_text_is_stored_without_stray_blanks_and_may_be_empty() -> None:
    assert check_text("  حتى\n{date} ", "Bis {date}.") == "حتى {date}"
    assert check_text("  ", "Bis {date}.") == ""


def test_a_mark_needs_a_name_and_a_day_that_has_been() -> None:
    check_mark("Frau T.", TODAY, TODAY)
    check_mark("", None, TODAY)
    for name, day in (("Frau T.", None), ("", TODAY), ("Frau T.", TODAY + dt.timedelta(days=1))):
        with pytest.raises(RuleError):
            check_mark(name, day, TODAY)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["letters.x", "Hallo", *[""] * 13], "no key of this paper"),
        (["common.name", "Name", *[""] * 13], "there twice"),
        (["common.new", "", *[""] * 13], "needs a German text"),
        (["common.new", "Bis {date}", "حتى {day}", *[""] * 12], "other placeholders"),
        (["common.new", "Kurz"], "a cell for each language"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, line: list[str], message: str) -> None:
    for paper in PAPERS:
        source = PROJECT_ROOT / "config" / "phrases" / f"{paper}.csv"
        (tmp_path / source.name).write_bytes(source.read_bytes())
    with (tmp_path / "common.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(line)
    with pytest.raises(PhraseBookError, match=rf"common\.csv, line \d+: .*{message}"):
        load_shipped(tmp_path)


def test_a_book_is_bound_to_no_language_list_of_the_reader() -> None:
    assert phrases.print_language("ar") == "ar"
    assert phrases.print_language("pl") == "de"
    assert phrases.print_language("") == "de"
    assert isinstance(BOOK, PhraseBook)
