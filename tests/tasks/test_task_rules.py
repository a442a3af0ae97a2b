"""What a line of a note says about a task, and where a task stands."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.errors import RuleError
from caseapp.tasks import rules
from caseapp.tasks.rules import Bucket, Proposal

TODAY = dt.date(2026, 11, 22)  # a Sunday
DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2040, 12, 31))


@pytest.mark.parametrize(
    ("line", "title", "due_on"),
    [
        ("@ Mietbescheinigung anfordern", "Mietbescheinigung anfordern", dt.date(2026, 11, 29)),
        ("@Mietbescheinigung anfordern bis 15.12.", "Mietbescheinigung anfordern", dt.date(2026, 12, 15)),
        ("  @ Anruf Schule bis Freitag", "Anruf Schule", dt.date(2026, 11, 27)),
        ("@ Anruf Schule am Sonntag", "Anruf Schule", dt.date(2026, 11, 29)),
        ("@ Termin bestätigen morgen", "Termin bestätigen", dt.date(2026, 11, 23)),
        ("@ Kurs nachfragen in 2 Wochen", "Kurs nachfragen", dt.date(2026, 12, 6)),
        ("@ Kurs nachfragen in einem Monat", "Kurs nachfragen", dt.date(2026, 12, 22)),
        ("@ Widerspruch, bis 3.1.", "Widerspruch", dt.date(2027, 1, 3)),
        ("@ Akte ansehen, Bescheid vom 3.11.2026", "Akte ansehen, Bescheid vom 3.11.2026", dt.date(2026, 11, 29)),
        ("@ Platz 12 im Kurs anfragen", "Platz 12 im Kurs anfragen", dt.date(2026, 11, 29)),
    ],
)
def test_a_line_with_at_is_a_task_with_its_day(line: str, title: str, due_on: dt.date) -> None:
    assert rules.read_line(line, TODAY) == Proposal(title, due_on)


@pytest.mark.parametrize("line", ["", "@", "@ ", "Mail an info@beispiel.de", "Bescheid @ Jobcenter"])
def test_other_lines_are_no_task(line: str) -> None:
    assert rules.read_line(line, TODAY) is None


def test_a_note_names_each_task_once() -> None:
    assert [each.title for each in rules.read_note("Hallo\n@ Anruf\n@ anruf\n@ Brief", TODAY)] == ["anruf", "Brief"]


@given(st.text(max_size=300), DAYS)
def test_any_text_can_be_read_and_titles_are_never_too_long(note: str, today: dt.date) -> None:
    for proposal in rules.read_note(note, today):
        assert 0 < len(proposal.title) <= rules.LONGEST_TITLE


@given(DAYS, DAYS)
def test_every_day_has_one_place_and_the_overdue_ones_are_past(due_on: dt.date, today: dt.date) -> None:
    assert (rules.bucket(due_on, today) is Bucket.OVERDUE) == (due_on < today)


def test_tasks_without_a_day_stand_apart() -> None:
    assert rules.bucket(None, TODAY) is Bucket.UNDATED


@given(DAYS, st.one_of(st.none(), DAYS))
def test_a_deadline_is_never_put_off(old: dt.date, new: dt.date | None) -> None:
    later = new is None or new > old
    if later:
        with pytest.raises(RuleError):
            rules.check_new_due(old, new, deadline=True)
    else:
        rules.check_new_due(old, new, deadline=True)
    rules.check_new_due(old, new, deadline=False)


def test_a_task_needs_words() -> None:
    with pytest.raises(RuleError):
        rules.check_title("  \n ")
