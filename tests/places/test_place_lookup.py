"""A place as people write it is mapped to one AGS, or to an honest choice."""

from pathlib import Path

import pytest

from caseapp.places.rules import Gazetteer, find_district, find_municipality, load_gazetteer

PLACES = Path(__file__).parents[2] / "config" / "places"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(PLACES)


@pytest.mark.parametrize(
    ("text", "ags"),
    [
        ("Tettnang", "08435057"),
        (" TETTNANG ", "08435057"),
        ("88069 Tettnang", "08435057"),
        ("D-88069 Tettnang", "08435057"),
        ("Im Wiesengrund 55, 88069 Tettnang", "08435057"),
        ("Hauptstr. 3, Tettnang", "08435057"),
        ("Tettnang, Stadt", "08435057"),
        ("Tettnang OT Kau", "08435057"),
        ("Kau (Tettnang)", "08435057"),
        ("88069", "08435057"),
        ("Kressbronn", "08435029"),
        ("Kressbronn a.B.", "08435029"),
        ("FN", "08435016"),
        ("Friedrichshafen-Ailingen", "08435016"),
        ("Heilbronn", "08121000"),
        ("Stadtkreis Heilbronn", "08121000"),
        ("Stadt Wangen", "08436081"),
        ("Gemeinde Wangen", "08117055"),
        ("Wangen i. Allg.", "08436081"),
        ("88250 Weingarten", "08436082"),
        ("Rottenburg a.N.", "08416036"),
        ("Freiburg i. Br.", "08311000"),
        ("Freiburg/Breisgau", "08311000"),
        ("Biberach/Riß", "08426021"),
        ("Singen", "08335075"),
        ("Kirchheim u.T.", "08116033"),
        ("Loerrach", "08336050"),
        ("Lo\u0308rrach", "08336050"),
        ("Saulgau", "08437100"),
        ("St. Blasien", "08337097"),
        ("Sankt Blasien", "08337097"),
        ("Stuttgart Vaihingen", "08111000"),
        ("Stuttgart-Vaihingen", "08111000"),
        ("Villingen-Schwenningen", "08326074"),
    ],
)
def test_one_place_is_meant(gazetteer: Gazetteer, text: str, ags: str) -> None:
    assert find_municipality(gazetteer, text).ags == ags


@pytest.mark.parametrize("text", ["Weingarten", "Wangen", "Neuhausen", "Altheim", "Biberach", "Schwenningen"])
def test_a_name_that_repeats_leaves_a_choice(gazetteer: Gazetteer, text: str) -> None:
    match = find_municipality(gazetteer, text)
    assert match.ags is None
    assert match.is_ambiguous


def test_the_postcode_decides_between_places_of_one_name(gazetteer: Gazetteer) -> None:
    assert find_municipality(gazetteer, "Neuhausen", "73765").ags == "08116047"
    assert find_municipality(gazetteer, "78579 Neuhausen").ags == "08327038"


def test_the_district_decides_only_where_there_is_a_choice(gazetteer: Gazetteer) -> None:
    assert find_municipality(gazetteer, "Weingarten", district="08436").ags == "08436082"
    assert find_municipality(gazetteer, "Tettnang", district="08436").ags == "08435057"


def test_a_neighbours_postcode_is_forgiven_and_a_distant_one_leaves_a_choice(gazetteer: Gazetteer) -> None:
    assert find_municipality(gazetteer, "88079 Tettnang").ags == "08435057"
    assert find_municipality(gazetteer, "78120 Neukirch").is_ambiguous


@pytest.mark.parametrize(
    "text",
    [
        "",
        "???",
        "München",
        "80331 München",
        "84032 Altdorf",
        "Baden-Württemberg",
        "Bodenseekreis",
        "Landkreis Heilbronn",
    ],
)
def test_no_municipality_of_the_state_is_meant(gazetteer: Gazetteer, text: str) -> None:
    assert find_municipality(gazetteer, text).candidates == ()


def test_every_municipality_is_found_by_its_own_name_and_postcode(gazetteer: Gazetteer) -> None:
    for ags, town in gazetteer.municipalities.items():
        assert ags in find_municipality(gazetteer, town.name).candidates, town.name
        assert ags in find_municipality(gazetteer, f"{town.postcodes[0]} {town.name}").candidates, town.name


def test_a_hostile_text_is_no_place(gazetteer: Gazetteer) -> None:
    assert find_municipality(gazetteer, "Neuhausen " * 100_000).ags is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Heilbronn", ("08121", "08125")),
        ("Landkreis Heilbronn", ("08125",)),
        ("Stadtkreis Heilbronn", ("08121",)),
        ("Bodenseekreis", ("08435",)),
        ("LK Biberach", ("08426",)),
        ("Freiburg", ("08311",)),
        ("Kreis", ()),
    ],
)
def test_a_district_is_found_or_left_open(gazetteer: Gazetteer, text: str, found: tuple[str, ...]) -> None:
    assert find_district(gazetteer, text).candidates == found
