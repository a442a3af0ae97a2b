"""The shipped definitions, dimensions and mappings, and what a loader refuses."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from caseapp.catalogue import queries as catalogue
from caseapp.indicators import queries
from caseapp.indicators.rules import (
    CODES,
    OUTCOME,
    CodeClasses,
    Definition,
    DimensionError,
    IndicatorError,
    MappingError,
    TableSpec,
    evaluate,
    load_definitions,
    load_dimensions,
    load_mapping,
)
from caseapp.indicators.rules.definitions import problems
from caseapp.reporting.disclosure.catalogue import Catalogue, Dimension, Table
from caseapp.reporting.disclosure.geography import Level
from caseapp.settings import PROJECT_ROOT
from caseapp.tallies.lines import PersonLine, TitleLine
from caseapp.tallies.periods import Period
from tests.factories.courses import context_for, course, day, talk

FOLDER = PROJECT_ROOT / "config" / "indicators"
KNOWN = {each.name: each for each in queries.dimensions()}
TODAY = dt.date(2026, 11, 20)


def definition(code: str) -> Definition:
    return next(each for each in queries.list_definitions(TODAY) if each.code == code)


def test_every_shipped_definition_can_be_evaluated_and_no_other() -> None:
    assert {each.code for each in queries.list_definitions(TODAY)} == CODES


def test_every_sentence_is_one_sentence_in_both_languages() -> None:
    for each in queries.definitions():
        for text in (each.sentence_de, each.sentence_en):
            assert text.endswith("."), each.code
            assert text.count(". ") == 0, each.code


def test_every_code_of_every_mapped_list_has_a_class() -> None:
    shipped, mapping = catalogue.catalogue(), queries.mapping()
    for dimension in mapping.by_dimension:
        for name in mapping.lists(dimension):
            codes = {row.code for row in shipped.rows(name)}
            assert codes == set(mapping.of(dimension, name)), (dimension, name)


def test_every_dimension_of_a_table_comes_from_a_list_or_from_dates() -> None:
    made = {"band", "field", "family"}
    used = {name for each in queries.definitions() for name in each.dimensions} - {OUTCOME}
    assert used <= set(queries.mapping().by_dimension) | made


@pytest.mark.parametrize(
    ("dimension", "name", "column", "yes"),
    [
        ("benefit", "benefits", "counts_as_dependent", "yes"),
        ("occupation", "employment_kinds", "counts_as_work", "work"),
        ("housing", "housing_forms", "is_goal", "own"),
    ],
)
def test_the_mapping_and_the_code_list_say_the_same(dimension: str, name: str, column: str, yes: str) -> None:
    found = queries.mapping().of(dimension, name)
    for row in catalogue.catalogue().rows(name):
        assert (found[row.code] == yes) == row.says(column), row.code


def test_closing_reasons_end_as_the_code_list_says() -> None:
    found = queries.mapping().of("ending", "closing_reasons")
    assert found == {row.code: row.extra["outcome"] for row in catalogue.catalogue().rows("closing_reasons")}


def test_topics_belong_to_the_topic_of_the_state() -> None:
    found = queries.mapping().of("topic", "topics")
    assert found == {row.code: row.extra["state_topic"] for row in catalogue.catalogue().rows("topics")}
    assert [each.code for each in KNOWN["topic"].classes if each.sensitive] == ["GES"]


def test_residence_titles_are_sensitive_altogether() -> None:
    assert all(each.sensitive for each in KNOWN["title"].classes)


def test_the_engine_takes_every_catalogue() -> None:
    """The engine checks its own rules on levels and sensitive classes again."""
    for each in queries.definitions():
        for every in ("quarter", "year"):
            tables = [table for table in each.tables if table.every == every]
            names = {name for table in tables for name in table.dimensions}
            dimensions = tuple(
                Dimension(
                    part.name,
                    tuple(one.code for one in part.classes),
                    frozenset(one.code for one in part.classes if one.sensitive),
                    part.rest,
                    part.outcome,
                )
                for part in queries.dimensions_of(each)
                if part.name in names
            )
            specs = tuple(Table(table.name, table.dimensions, Level(table.finest)) for table in tables)
            assert Catalogue(each.code, 1, dimensions, specs).grids()


@pytest.mark.parametrize(
    ("code", "report", "cohort"),
    [
        ("I1", "2026-Q3", "2026-Q3"),
        ("I1", "2026", "2026"),
        ("I2", "2026-Q3", "2026-Q2"),
        ("I5", "2026-Q3", "2025-Q2"),
        ("I5L", "2026-Q3", "2024-Q2"),
        ("I7", "2026-Q3", "2025-Q4"),
        ("I7Y", "2026-Q3", "2025-Q2"),
        ("I10", "2026-Q3", "2026-Q2"),
        ("I12", "2026-Q3", "2026-Q3"),
    ],
)
def test_a_report_tells_the_cohort_whose_waiting_time_is_over(code: str, report: str, cohort: str) -> None:
    assert str(definition(code).cohort(Period.parse(report))) == cohort


def test_the_distance_to_the_cohort_is_the_same_in_every_quarter_of_twenty_years() -> None:
    """Leap years and short quarters must not skip a cohort or report one twice."""
    for each in queries.definitions():
        cohorts = [each.cohort(Period(2017, 1).shifted(step)) for step in range(80)]
        assert all(later == earlier.next for earlier, later in pairwise(cohorts)), each.code


def changed(code: str, **changes: object) -> list[str]:
    return problems(msgspec.structs.replace(definition(code), **changes), KNOWN)


def table(*dimensions: str, finest: int = 1, every: str = "quarter") -> TableSpec:
    return TableSpec(name="T", dimensions=dimensions, finest=finest, every=every)


def test_no_shipped_definition_has_a_problem() -> None:
    assert all(problems(each, KNOWN) == [] for each in queries.definitions())


@pytest.mark.parametrize(
    ("code", "tables", "said"),
    [
        ("I1", (table("age", "sex", "topic"),), "mehr Gliederungen"),
        ("I1", (table("age", "sex", "topic", "band", finest=0),), "mehr Gliederungen"),
        ("I1", (table("topic", "sex", finest=2, every="year"),), "mehr Gliederungen"),
        ("I1", (table("topic", finest=2),), "nur jährlich"),
        ("I1", (table("title", finest=2, every="year"),), "empfindliche"),
        ("I1", (table("shoe_size"),), "die es nicht gibt"),
        ("I1", (table("sex", "sex"),), "zweimal"),
        ("I1", (table("outcome"),), "Ergebnis, das es nicht gibt"),
        ("I1", (table("age27"),), "zwei Sichten"),
        ("I1", (table("sex"), table("sex", every="year")), "nie beides"),
        ("I1", (table("sex"), table("age")), "kommt zweimal vor"),
        ("I1", (table("topic", "sex"), table("topic", "benefit")), "höchstens einer Tabelle"),
        ("I1", (table("sex", finest=3),), "keine der drei Ebenen"),
        ("I1", (), "keine Tabelle"),
        ("I5", (table("outcome", finest=2, every="year"),), "Ergebnisse für Gemeinden"),
        ("I5", (table("outcome"), TableSpec(name="U", dimensions=("sex",), finest=1, every="year")), "Vier Quartale"),
    ],
)
def test_tables_that_the_method_forbids_are_refused(code: str, tables: tuple[TableSpec, ...], said: str) -> None:
    assert any(said in problem for problem in changed(code, tables=tables))


def test_contradictory_definitions_are_refused() -> None:
    rates = definition("I5").rates
    assert any("Ergebnisklassen" in said for said in changed("I5", outcomes=(), rates=()))
    assert any("Ergebnisklassen" in said for said in changed("I1", outcomes=definition("I5").outcomes))
    assert any("zweimal" in said for said in changed("I5", outcomes=definition("I5").outcomes * 2))
    assert any("Quote" in said for said in changed("I5", rates=(msgspec.structs.replace(rates[0], yes=("maybe",)),)))
    assert any("Quote" in said for said in changed("I5", rates=(msgspec.structs.replace(rates[0], yes=("unknown",)),)))
    assert any("Zähler" in said for said in changed("I5", rates=(msgspec.structs.replace(rates[0], of=("no",)),)))
    assert any("sentence" in said for said in changed("I5", sentence_en=" "))
    assert any("endet" in said for said in changed("I5", valid_to=dt.date(2016, 1, 1)))
    assert any("negativ" in said for said in changed("I5", waiting_days=-1))


def copy(folder: Path, name: str = "", old: str = "", new: str = "") -> Path:
    for path in FOLDER.iterdir():
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert path.name != name or old in text
            (folder / path.name).write_text(text.replace(old, new, 1) if path.name == name else text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "I2"', 'code = "I1"', "zählen von 1 an"),
        ('kind = "count"', 'kind = "guess"', "guess"),
        ("version = 1", "version = 1\ncolour = 1", "colour"),
        ("valid_from = 2017-01-01", "", "valid_from"),
        ("[[indicator]]", "[[indicator", "indicators.toml"),
    ],
)
def test_a_broken_file_is_refused_with_its_name(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(IndicatorError, match=r"indicators\.toml") as refusal:
        load_definitions(copy(tmp_path, "indicators.toml", old, new), queries.dimensions())
    assert said in str(refusal.value)


def test_two_versions_on_one_day_are_refused_and_one_after_the_other_is_not(tmp_path: Path) -> None:
    text = (FOLDER / "indicators.toml").read_text(encoding="utf-8")
    block = text[text.index("[[indicator]]") : text.index("[[indicator]]", text.index("[[indicator]]") + 1)]
    second = block.replace("version = 1", "version = 2").replace("2017-01-01", "2027-01-01")
    folder = copy(tmp_path)
    (folder / "indicators.toml").write_text(text + "\n" + second, encoding="utf-8")
    with pytest.raises(IndicatorError, match="am selben Tag"):
        load_definitions(folder, queries.dimensions())

    ended = text.replace("valid_from = 2017-01-01", "valid_from = 2017-01-01\nvalid_to = 2026-12-31", 1)
    (folder / "indicators.toml").write_text(ended + "\n" + second, encoding="utf-8")
    found = load_definitions(folder, queries.dimensions())
    assert [each.version for each in found if each.code == "I1" and each.is_valid(dt.date(2026, 12, 31))] == [1]
    assert [each.version for each in found if each.code == "I1" and each.is_valid(dt.date(2027, 1, 1))] == [2]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("classes.csv", "topic,GES", "tropic,GES", "tropic"),
        ("classes.csv", "topic,KIN,Kinder", "topic,WOH,Kinder", "zweimal"),
        ("classes.csv", "topic,KIN,Kinder", "topic,KIN,", "Bezeichnung"),
        ("dimensions.csv", "Topic,SON", "Topic,GES", "Rest"),
        ("dimensions.csv", "topic,Thema", "topic,", "Bezeichnungen"),
        ("dimensions.csv", "Topic,SON,", "Topic,SON", "Anzahl der Spalten"),
    ],
)
def test_broken_dimensions_are_refused(tmp_path: Path, name: str, old: str, new: str, said: str) -> None:
    with pytest.raises(DimensionError, match=said):
        load_dimensions(copy(tmp_path, name, old, new))


def test_a_mapping_to_nothing_or_to_two_classes_is_refused(tmp_path: Path) -> None:
    folder = copy(tmp_path, "mapping.csv", "topic,topics,AUF,SON", "topic,topics,AUF,XYZ")
    with pytest.raises(DimensionError, match="keine Klasse"):
        load_mapping(folder, queries.dimensions())
    folder = copy(tmp_path, "mapping.csv", "topic,topics,AUF,SON", "topic,topics,AUF,SON\ntopic,topics,AUF,WOH")
    with pytest.raises(DimensionError, match="schon eine andere"):
        load_mapping(folder, queries.dimensions())


def test_a_code_without_a_class_stops_the_evaluation_and_names_no_person() -> None:
    period = Period(2026, 3)
    line = PersonLine(opened_on=dt.date(2026, 1, 1), ags="08117001", nationality="777")
    person = course(123456789, line, talk(day("01.07.2026")))
    with pytest.raises(MappingError, match="777") as refusal:
        evaluate("I1", [person], [], period, context_for(period))
    assert "nationalities" in str(refusal.value)
    assert "123456789" not in str(refusal.value)


@pytest.mark.parametrize("code", ["I1", "I10"])
def test_unknown_kinds_and_titles_stop_it_too(code: str) -> None:
    period = Period(2026, 3)
    line = PersonLine(opened_on=dt.date(2026, 1, 1))
    title = TitleLine(code="P99", from_on=day("01.01.2026"), until_on=day("30.06.2026"))
    person = course(1, line, title, talk(day("01.07.2026"), "XYZ" if code == "I1" else "BUE"))
    with pytest.raises(MappingError):
        evaluate(code, [person], [], period, context_for(period))


def test_the_mapping_gives_a_copy() -> None:
    mapping: CodeClasses = queries.mapping()
    mapping.of("topic", "topics")["AUF"] = "GES"
    assert mapping.of("topic", "topics")["AUF"] == "SON"
