"""`caseapp report export`, `verify` and `sum`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from caseapp.reporting.rules import signed
from caseapp.reporting.rules.bundle import MANIFEST
from caseapp.reporting.rules.package import Released
from tests.cli.conftest import Run
from tests.factories.packages import package
from tests.factories.world import World
from tests.reporting.proven import filed, proven


@pytest.fixture(scope="module")
def release() -> Released:
    return proven(package("08117", "2026-Q3"))


def kreise() -> list[Released]:
    return [proven(package(scope, "2026-Q3"), signer=scope) for scope in ("08115", "08117")]


def test_a_release_is_exported_verified_and_summed_by_command(
    world: World,
    run: Run,
    release: Released,
    tmp_path: Path,
) -> None:
    filed(world, release)
    out = tmp_path / "out"
    for kind in ("xlsx", "csv", "json", "list"):
        status, said = run(
            "report", "export", "--release", "08117-2026-Q3", "--format", kind, "--out", str(out), "--as", "koord"
        )
        assert status == 0, said
    folder = out / "bericht-08117-2026-q3"
    assert (folder / MANIFEST).is_file()
    assert (folder / "i1-topic.csv").read_bytes().startswith(b"period,level,ags,topic,indicator,value\r\n")
    book, report = out / "bericht-08117-2026-q3.xlsx", out / "bericht-08117-2026-q3.json"
    single = folder / "i1-topic.csv"
    status, said = run(
        "report", "verify", str(book), str(report), str(folder), str(single), "--package", str(report),
        "--key", release.public_key,
    )  # fmt: skip
    assert status == 0, said
    assert said.count(": echt.") == 4
    listed = str(out / "bericht-08117-2026-q3-dateien.json")
    assert run("report", "verify", str(book), "--list", listed)[0] == 0
    status, said = run("report", "verify", str(book))
    assert status == 0
    assert "Herkunft nicht geprüft" in said
    single.write_bytes(single.read_bytes().replace(b",WOH,I1,", b",WOH,I1,1"))
    status, said = run("report", "verify", str(folder))
    assert status == 1
    assert "i1-topic.csv, Zeile" in said
    assert "NICHT echt" in said
    sources = []
    for each in kreise():
        sources.append(tmp_path / f"{each.package.scope}.json")
        sources[-1].write_bytes(signed.write(each))
    keys = [part for each in kreise() for part in ("--key", f"{each.package.scope}={each.public_key}")]
    status, said = run("report", "sum", *map(str, sources), *keys, "--out", str(out))
    assert status == 0, said
    assert "höchstens ± 8" in said
    total = json.loads((out / "bericht-08-2026-q3-summe.json").read_bytes())
    assert total["package"]["number"] == "08-2026-Q3-summe"
    assert run("report", "verify", str(out / "bericht-08-2026-q3-summe"))[0] == 0


def test_commands_refuse_in_one_german_line(world: World, run: Run, release: Released, tmp_path: Path) -> None:
    filed(world, release)
    out, torn = str(tmp_path), tmp_path / "torn.json"
    torn.write_bytes(b"{")
    export = ("report", "export", "--out", out, "--as")
    cases = (
        ((*export, "koord", "--format", "xlsx", "--period", "2026-Q1"), "08117-2026-Q3"),
        ((*export, "koord", "--format", "xlsx"), "--release"),
        ((*export, "admin", "--format", "json", "--period", "2026-Q3"), "Berechtigung"),
        (("report", "verify", str(torn)), "kein signierter Bericht"),
        (("report", "verify", str(tmp_path)), "manifest.json fehlt"),
        (("report", "sum", str(torn), "--out", out), "torn.json"),
    )
    for arguments, expected in cases:
        status, said = run(*arguments)
        assert status == 1, said
        assert expected in said
        assert len(said.strip().splitlines()) == 1
