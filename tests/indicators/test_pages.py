"""The page that explains each figure, and what evaluating reads of the database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from caseapp import clock
from caseapp.indicators import queries
from caseapp.tallies.periods import Period
from tests.factories.browser import Browser
from tests.factories.network import stored_partner
from tests.factories.world import World

PAGE = "/berichte/erklaerung"
Counting = Callable[[], AbstractContextManager[object]]


@pytest.mark.parametrize("login", ["maier", "leitung", "koord", "foerder", "dsb"])
def test_every_figure_is_explained_in_a_sentence_to_whoever_reads_reports(
    browse: Callable[[str], Browser], login: str
) -> None:
    page = browse(login).get(PAGE)

    assert page.status_code == 200
    for definition in queries.list_definitions(clock.today()):
        assert f'id="{definition.code}"' in page.text
        assert definition.sentence_de in page.text
        assert definition.sentence_en not in page.text
        assert definition.denominator_de in page.text
        assert definition.limits_de in page.text
    assert "nie eine Wirkung" in page.text
    assert "365 Tage ab dem Beginn, dann 90 Tage Wartezeit" in page.text
    assert "Land und Kreise, im Quartal: Thema × Geschlecht" in page.text


def test_english_stands_beside_the_german_on_demand(browse: Callable[[str], Browser]) -> None:
    page = browse("koord").get(f"{PAGE}?sprache=en")

    for definition in queries.list_definitions(clock.today()):
        assert definition.sentence_de in page.text
        assert definition.sentence_en.replace("'", "&#39;") in page.text
    assert 'lang="en"' in page.text


def test_a_language_that_does_not_exist_is_not_found(browse: Callable[[str], Browser]) -> None:
    assert browse("koord").get(f"{PAGE}?sprache=tlh").status_code == 404


def test_who_reads_no_reports_is_refused_and_who_is_not_signed_in_is_asked_to(browse: Callable[[str], Browser]) -> None:
    assert browse("admin").get(PAGE).status_code == 403
    assert "anmelden" in browse("").get(PAGE).headers["Location"]


def test_the_context_of_a_period_is_one_statement_and_knows_the_kinds_of_partners(
    world: World, count_statements: Counting
) -> None:
    made = stored_partner(world, "Jobcenter Süd", "JC")
    with world.unit("koord"), count_statements() as count:
        context = queries.load_context(Period(2026, 3), clock.now())
    assert int(count) == 1  # type: ignore[call-overload]
    assert context.partner_kinds[made] == "JC"
    assert set(context.definitions) == {each.code for each in queries.list_definitions(Period(2026, 3).last)}


def test_versions_of_a_definition_are_listed_newest_first() -> None:
    assert [each.version for each in queries.list_versions("I1")] == [1]
    assert queries.list_versions("I99") == ()
