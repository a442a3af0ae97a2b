"""Ages and what hangs on them."""

from __future__ import annotations

import datetime as dt

from caseapp.clients.models import Birth, ClientHead
from caseapp.clients.rules.ages import age_on, is_minor

TODAY = dt.date(2026, 11, 22)


def test_somebody_is_minor_until_the_eighteenth_birthday() -> None:
    assert is_minor(dt.date(2008, 11, 23), TODAY)
    assert not is_minor(dt.date(2008, 11, 22), TODAY)
    assert not is_minor(None, TODAY), "an unknown birthday counts as grown up"


def test_who_is_born_on_a_leap_day_is_of_age_after_the_last_of_february() -> None:
    assert is_minor(dt.date(2008, 2, 29), dt.date(2026, 2, 28))
    assert not is_minor(dt.date(2008, 2, 29), dt.date(2026, 3, 1))
    assert age_on(dt.date(2027, 1, 1), TODAY) == 0


def test_papers_say_a_birthday_and_a_name_as_far_as_they_are_known() -> None:
    day = dt.date(1991, 3, 27)
    births = (Birth(day=day), Birth(day=day, year_only=True), Birth(text="31.02.1990"), Birth())
    assert [birth.written for birth in births] == ["27.03.1991", "1991", "31.02.1990", ""]
    heads = (ClientHead(family_name="Rahimi", given_names="Zahra"), ClientHead(own_script="زهرا"))
    assert [head.spoken_name for head in heads] == ["Zahra Rahimi", "زهرا"]
