"""Every indicator against small courses of cases, checked by reading: see known_answers.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from caseapp.indicators.rules import CODES
from tests.indicators.reading import Known, read_known

CASES = read_known(Path(__file__).with_name("known_answers.txt"))


@pytest.mark.parametrize("known", CASES, ids=[case.title for case in CASES])
def test_the_case_gives_the_known_answer(known: Known) -> None:
    assert known.expected, "a case says what it expects"
    for expected in known.expected:
        asked = f"{expected.period} {expected.code}{f'[{expected.asked}]' if expected.asked else ''}"
        assert known.answers(expected) == expected.values, asked


def test_every_indicator_has_known_answers() -> None:
    asked = {expected.code for case in CASES for expected in case.expected}

    assert asked == CODES


def test_titles_of_cases_are_told_apart() -> None:
    assert len({case.title for case in CASES}) == len(CASES)
