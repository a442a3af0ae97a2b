"""The shipped lists hold what the design's code lists name, in both languages."""

import datetime as dt
import re
from itertools import pairwise
from pathlib import Path

import pytest

from caseapp.catalogue.rules import Catalogue, load_catalogue, load_counting, load_title_rules

CONFIG = Path(__file__).parents[2] / "config"
TODAY = dt.date(2026, 11, 22)
FORBIDDEN = re.compile(r"relig|konfession|ethni|volksgruppe|flucht|sexual|straf|criminal|azr", re.IGNORECASE)

NAMED = {
    "contact_kinds": "BUE HAU UNT BEG TEL MAI MSG VID BRF GRU FAL DRI NVE",
    "topics": (
        "AUF PAS FAM KIN SCH AUS ANE SPR ARB WOH EXI SUL GES PSY BHP TEI EHR MOB FOR KON GEW RUE EIN KRV REC DIS SUC "
        "DIG ALL SON"
    ),
    "housing_forms": "LEA GU VUW AUS AUW PRI PRB BET WHM FRH KLI HAF OFW UNB",
    "nationalities": (
        "000 121 144 163 166 170 221 224 225 232 237 238 252 262 273 277 283 285 423 430 431 436 438 439 451 461 475 "
        "479 122 146 150 160 246 261 421 422 425 459 997 998 999"
    ),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(CONFIG / "codelists")


@pytest.mark.parametrize("name", sorted(NAMED))
def test_every_code_of_the_design_is_there(catalogue: Catalogue, name: str) -> None:
    missing = [code for code in NAMED[name].split() if catalogue.find(name, code) is None]
    assert not missing


def test_every_label_is_there_in_both_languages_and_differs_within_its_list(catalogue: Catalogue) -> None:
    for name in catalogue.names():
        offered = catalogue.choices(name, TODAY)
        assert offered, name
        for locale in ("de", "en"):
            labels = [code.label(locale) for code in offered]
            assert len(set(labels)) == len(labels), name
            assert all(label == label.strip() and label for label in labels), name


def test_no_list_asks_for_what_must_not_be_recorded(catalogue: Catalogue) -> None:
    assert not [name for name in catalogue.names() if FORBIDDEN.search(name)]
    assert not {"religions", "ethnic_groups"} & set(catalogue.names())


def test_every_topic_belongs_to_a_state_topic_and_at_most_16_are_prominent(catalogue: Catalogue) -> None:
    topics = catalogue.choices("topics", TODAY)
    assert {topic.extra["state_topic"] for topic in topics} == {
        topic.code for topic in catalogue.choices("state_topics", TODAY)
    }
    assert 0 < sum(topic.says("prominent") for topic in topics) <= 16


def test_age_bands_follow_one_another_without_gap_and_break_at_18_and_27(catalogue: Catalogue) -> None:
    bands = [band.extra for band in catalogue.choices("age_bands", TODAY) if band.extra["from_age"]]
    assert all(int(band["to_age"]) + 1 == int(later["from_age"]) for band, later in pairwise(bands))
    assert bands[0]["from_age"] == "0"
    assert not bands[-1]["to_age"]
    assert {"18", "27"} <= {band["from_age"] for band in bands}


def test_only_own_private_housing_is_the_goal(catalogue: Catalogue) -> None:
    assert [form.code for form in catalogue.choices("housing_forms", TODAY) if form.says("is_goal")] == ["PRI"]


def test_dependence_means_sgb_ii_sgb_xii_and_asylblg(catalogue: Catalogue) -> None:
    dependent = {row.code for row in catalogue.choices("benefits", TODAY) if row.says("counts_as_dependent")}
    assert dependent == {"SGB2", "SGB12", "A2", "A3"}


def test_the_name_of_sgb_ii_follows_the_day(catalogue: Catalogue) -> None:
    assert "Arbeitslosengeld II" in catalogue.label("benefits", "SGB2", dt.date(2022, 12, 31))
    assert "Bürgergeld" in catalogue.label("benefits", "SGB2", dt.date(2023, 1, 1))


def test_every_title_has_a_known_kind_and_a_known_permission_to_work(catalogue: Catalogue) -> None:
    permissions = {row.code for row in catalogue.choices("employment_permissions", TODAY)}
    for title in catalogue.choices("residence_titles", dt.date(2025, 1, 1)):
        assert title.extra["kind"] in {"permit", "tolerated", "procedure", "settled", "other"}
        assert title.extra["work_default"] in permissions


def test_the_opportunity_residence_takes_no_new_entries_but_keeps_its_label(catalogue: Catalogue) -> None:
    assert catalogue.is_valid("residence_titles", "P104C", dt.date(2025, 12, 31))
    assert not catalogue.is_valid("residence_titles", "P104C", dt.date(2026, 1, 1))
    assert "§ 104c" in catalogue.label("residence_titles", "P104C", TODAY)


def test_the_languages_of_the_agreement_are_marked_and_have_script_and_direction(catalogue: Catalogue) -> None:
    languages = {row.code: row for row in catalogue.choices("languages", TODAY)}
    agreed = {code for code, row in languages.items() if row.says("agreement")}
    assert agreed == {"ar", "prs", "fa", "ps", "kmr", "ckb", "ti", "uk", "ru", "tr", "so", "fr", "en"}
    for row in languages.values():
        right_to_left = row.extra["script"] in {"Arab", "Syrc"}
        assert row.extra["dir"] == ("rtl" if right_to_left else "ltr")
        assert row.extra["own_name"] or row.code in {"mul", "und"}


def test_nationality_keys_have_three_digits_and_iso_codes_are_unique(catalogue: Catalogue) -> None:
    rows = catalogue.choices("nationalities", TODAY)
    assert all(re.fullmatch(r"\d{3}", row.code) for row in rows)
    iso = [row.extra["iso3"] for row in rows if row.extra["iso3"]]
    assert len(set(iso)) == len(iso) > 190
    assert all(re.fullmatch(r"[A-Z]{3}", code) for code in iso)


def test_every_kind_of_contact_says_whether_it_counts(catalogue: Catalogue) -> None:
    counting = load_counting(CONFIG / "rules")
    kinds = {kind.code for kind in catalogue.choices("contact_kinds", TODAY)}
    assert {rule.kind for rule in counting} == kinds
    assert {rule.kind for rule in counting if not rule.counts} == {"NVE", "FAL", "DRI", "BRF"}


def test_the_rules_on_titles_name_known_titles_and_their_source(catalogue: Catalogue) -> None:
    for rule in load_title_rules(CONFIG / "rules"):
        assert all(catalogue.find("residence_titles", title) for title in (rule.title, *rule.successors))
        assert rule.source
