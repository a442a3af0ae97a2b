"""The shipped register of places is complete and consistent."""

from pathlib import Path

import pytest

from caseapp.places.rules import Gazetteer, RegisterError, load_gazetteer, load_municipalities

PLACES = Path(__file__).parents[2] / "config" / "places"
SIZES = {
    "08111": 1, "08115": 26, "08116": 44, "08117": 38, "08118": 39, "08119": 31, "08121": 1, "08125": 46, "08126": 16,
    "08127": 30, "08128": 18, "08135": 11, "08136": 42, "08211": 1, "08212": 1, "08215": 32, "08216": 23, "08221": 1,
    "08222": 1, "08225": 27, "08226": 54, "08231": 1, "08235": 25, "08236": 28, "08237": 16, "08311": 1, "08315": 50,
    "08316": 24, "08317": 51, "08325": 21, "08326": 20, "08327": 35, "08335": 25, "08336": 35, "08337": 32, "08415": 26,
    "08416": 15, "08417": 25, "08421": 1, "08425": 55, "08426": 45, "08435": 23, "08436": 39, "08437": 25,
}  # fmt: skip
KNOWN = {
    "08435057": "Tettnang",
    "08435042": "Neukirch",
    "08435035": "Meckenbeuren",
    "08435029": "Kressbronn am Bodensee",
    "08222000": "Mannheim",
}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(PLACES)


def test_every_district_has_all_its_municipalities(gazetteer: Gazetteer) -> None:
    sizes = dict.fromkeys(gazetteer.districts, 0)
    for town in gazetteer.municipalities.values():
        sizes[town.district_ags] += 1
    assert sizes == SIZES
    assert sum(sizes.values()) == 1101


def test_a_city_district_is_one_municipality_that_ends_in_three_zeros(gazetteer: Gazetteer) -> None:
    cities = {ags for ags, district in gazetteer.districts.items() if district.kind == "Stadtkreis"}
    assert {ags[:5] for ags in gazetteer.municipalities if ags.endswith("000")} == cities
    assert len(cities) == 9


@pytest.mark.parametrize(("ags", "name"), KNOWN.items())
def test_published_keys_and_names_fit(gazetteer: Gazetteer, ags: str, name: str) -> None:
    assert gazetteer.municipalities[ags].name == name


def test_every_municipality_has_a_postcode_of_the_region(gazetteer: Gazetteer) -> None:
    for town in gazetteer.municipalities.values():
        assert town.postcodes, town.name
        assert all(code[:2] in {"63", "68", "69", "74", "88", "89", "97"} or code[0] == "7" for code in town.postcodes)


def test_every_alias_leads_to_a_municipality(gazetteer: Gazetteer) -> None:
    assert all(ags in gazetteer.municipalities for found in gazetteer.by_name.values() for ags in found)


@pytest.mark.parametrize(
    "row",
    [
        "08435057,Tettnang,Stadt,08436,88069\n",
        "08435057,Tettnang,Stadt,08435,8806\n",
        "08435057,Tettnang,Dorf,08435,88069\n",
        "8435057,Tettnang,Stadt,84350,88069\n",
        "08435057,Tettnang,Stadt,08435,88069\n08435057,Tettnang,Stadt,08435,88069\n",
    ],
)
def test_a_wrong_row_is_refused(tmp_path: Path, row: str) -> None:
    file = tmp_path / "municipalities.csv"
    file.write_text("ags,name,kind,district_ags,postcodes\n" + row, encoding="utf-8")
    with pytest.raises(RegisterError, match=r"municipalities\.csv"):
        load_municipalities(file)
