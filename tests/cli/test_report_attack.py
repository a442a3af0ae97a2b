"""The command that attacks reports: it reads every form of one, finds what was broken, and holds its own engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from caseapp.cli.report.attack import attack_reports
from caseapp.errors import RuleError
from caseapp.reporting.disclosure.frozen import freeze
from caseapp.reporting.rules import signed
from caseapp.reporting.rules.package import freeze_package
from tests.factories.packages import package, released


def run(*arguments: object) -> Result:
    return CliRunner().invoke(attack_reports, [str(each) for each in arguments])


def test_reports_in_every_form_withstand(tmp_path: Path) -> None:
    quarters = [package("08117", period, clients=300) for period in ("2026-Q2", "2026-Q3")]
    files = [tmp_path / f"{name}.json" for name in ("package", "signed", "figures")]
    files[0].write_bytes(freeze_package(quarters[0]))
    files[1].write_bytes(signed.write(released(quarters[1])))
    files[2].write_bytes(freeze(quarters[1].figures[0].published))
    totals = tmp_path / "totals.csv"
    totals.write_text("ags,total\n08999,12\n", encoding="utf-8")
    result = run(*files, "--totals", totals, "--full")
    assert result.exit_code == 0, result.output
    assert "08117 2026-Q2 i1" in result.output
    assert "i1: " in result.output
    assert "andere als 2026-Q2" in result.output
    assert "genau bekannt 0, enger als 4: 0" in result.output
    assert "verschiedene Zahlen haben: 0" in result.output
    assert result.output.endswith("Ergebnis: Der Angriff gelingt nicht.\n")


def test_a_report_with_a_wrong_sum_or_a_known_total_that_cannot_be_is_found(tmp_path: Path) -> None:
    published = package("08117", "2026-Q2", clients=300).figures[0].published
    document = json.loads(freeze(published))
    document["values"]["district:topic"][0] += 25
    file = tmp_path / "figures.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    result = run(file)
    assert result.exit_code == 1
    assert "Der Angriff gelingt." in result.output
    whole = tmp_path / "whole.json"
    whole.write_bytes(freeze(published))
    both = run(file, whole)
    assert both.exit_code == 1
    assert "08117 district:topic" in both.output


def test_what_is_no_report_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "letter.json"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(RuleError, match="kein Bericht"):
        CliRunner().invoke(attack_reports, [str(file)], catch_exceptions=False)
    with pytest.raises(RuleError, match="Nennen Sie die Dateien"):
        CliRunner().invoke(attack_reports, [], catch_exceptions=False)
    file.write_bytes(freeze_package(package("08117", "2026-Q2", clients=300)))
    totals = tmp_path / "totals.csv"
    totals.write_text("ags;total\n08117;zwölf\n", encoding="utf-8")
    with pytest.raises(RuleError, match="ags und total"):
        CliRunner().invoke(attack_reports, [str(file), "--totals", str(totals)], catch_exceptions=False)
