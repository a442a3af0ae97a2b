"""The official register file, by its documented positions."""

import datetime as dt

import pytest

from caseapp.places.rules import District, Municipality, RegisterError, parse_gv100ad


def line(record: str, key: str, name: str, kind: str, postcode: str = "", day: str = "20261031") -> str:
    text = f"{record}{day}{key:<8}{'':4}{name:<50}{'':50}{kind}"
    return f"{text:<165}{postcode:<5}".ljust(220)


FILE = [
    line("10", "08", "Baden-Württemberg", "  "),
    line("40", "08222", "Mannheim, Stadt", "42"),
    line("40", "08435", "Bodenseekreis", "44"),
    line("60", "08222000", "Mannheim, Universitätsstadt", "62", "68159"),
    line("60", "08435042", "Neukirch", "64", "88099"),
    line("60", "08435057", "Tettnang, Stadt", "63", "88069"),
    line("60", "08415971", "Gutsbezirk Münsingen, gemfr. Geb.", "66"),
    line("60", "09162000", "München, Landeshauptstadt", "61", "80331"),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_districts_and_municipalities_of_the_state_are_read(encoding: str, ending: str) -> None:
    register = parse_gv100ad(ending.join(FILE).encode(encoding))
    assert register.as_of == dt.date(2026, 10, 31)
    assert register.districts == (
        District("08222", "Mannheim", "Stadtkreis", ""),
        District("08435", "Bodenseekreis", "Landkreis", ""),
    )
    assert register.municipalities == (
        Municipality("08222000", "Mannheim", "Stadt", ("68159",)),
        Municipality("08435042", "Neukirch", "Gemeinde", ("88099",)),
        Municipality("08435057", "Tettnang", "Stadt", ("88069",)),
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "GV100AD"),
        (b"name;ags\nTettnang;08435057\n", "GV100AD"),
        (b"6020261031084350", "Zeile 1"),
        (line("60", "08435057", "Tettnang", "63", day="20261331").encode(), "Zeile 1"),
    ],
)
def test_another_file_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(RegisterError, match=reason):
        parse_gv100ad(data)
