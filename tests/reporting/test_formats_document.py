"""docs/report-formats.md is what an independent reader has: its rules read the exports without this application."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import math
import re
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from caseapp.reporting.rules.bundle import members
from caseapp.reporting.rules.series import summarise
from caseapp.settings import PROJECT_ROOT
from tests.factories.packages import package
from tests.reporting.proven import proven


@cache
def files() -> dict[str, bytes]:
    return members(proven(package("08", "2026-Q3")))


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files()[name].decode("utf-8"), newline="")))


def test_a_reader_written_from_the_document_proves_the_package() -> None:
    content = files()["report.json"]
    report = json.loads(content)
    raw = content[content.index(b'"package":') + 10 : content.index(b',"public_key":"')]
    digest = hashlib.sha256(raw).hexdigest()
    again = json.dumps(report["package"], sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
    assert again == raw
    assert digest == report["digest"] == json.loads(files()["manifest.json"])["digest"]
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(report["public_key"]))
    key.verify(bytes.fromhex(report["signature"]), b"caseapp report 1\n" + digest.encode())


def test_a_reader_written_from_the_document_finds_each_csv_number_in_the_package() -> None:
    manifest, report = json.loads(files()["manifest.json"]), json.loads(files()["report.json"])
    figures = {(each["name"], each["cohort"]): each["published"] for each in report["package"]["figures"]}
    levels = {"land": "state", "kreis": "district", "gemeinde": "municipality"}
    for table in manifest["tables"]:
        published = figures[table["population"], table["cohort"]]
        dimensions = {each["name"]: each for each in published["catalogue"]["dimensions"]}
        geography = published["geography"]
        names = table["columns"][3:-2]
        areas = {"land": [geography["state"]], "kreis": geography["districts"], "gemeinde": geography["municipalities"]}
        for row in rows(table["file"]):
            inner = [name for name in names if row[name] != "_T"]
            grid = f"{levels[row['level']]}:{'*'.join(inner) or 'total'}"
            place = areas[row["level"]].index(row["ags"])
            for name in inner:
                shown = [
                    code
                    for code in dimensions[name]["classes"]
                    if row["level"] != "gemeinde" or code not in dimensions[name]["sensitive"]
                ]
                place = place * len(shown) + shown.index(row[name])
            value = published["values"][grid][place]
            assert row["value"] == ("" if value is None else str(value))


def test_the_rules_of_the_document_hold_for_every_row() -> None:
    manifest = json.loads(files()["manifest.json"])
    for table in manifest["tables"]:
        own, limits = rows(table["file"]), rows(table["limits"])
        names = table["columns"][3:-2]
        keys = [tuple(row[name] for name in ("level", "ags", *names)) for row in own]
        assert keys == [tuple(row[name] for name in ("level", "ags", *names)) for row in limits]
        assert len(set(keys)) == len(keys) == table["rows"]
        number: dict[Any, str] = dict(zip(keys, (row["value"] for row in own), strict=True))
        far = {(entry["level"], entry["ags"], *entry["classes"]): entry["at_most"] for entry in table["deviations"]}
        for key, row, limit in zip(keys, own, limits, strict=True):
            base = int(limit["base"])
            assert row["value"] == "" or int(row["value"]) % base == 0
            assert int(limit["at_most"]) == far.get(key, base - 1)
            assert far.get(key, 2 * base - 1) == 2 * base - 1
            assert float(limit["typical"]) == round(math.sqrt((base**2 - 1) / 6), 1)
            for at, _name in enumerate(names, start=2):
                if key[at] == "_T" and row["value"]:
                    parts = [number[other] for other in number if _differ(key, other, at)]
                    assert "" in parts or sum(map(int, parts)) == int(row["value"])
        assert sorted(keys, key=lambda key: ("land", "kreis", "gemeinde").index(key[0])) == keys


def _differ(key: tuple[str, ...], other: tuple[str, ...], at: int) -> bool:
    return other[at] != "_T" and key[:at] + key[at + 1 :] == other[:at] + other[at + 1 :]


def test_a_reader_written_from_the_document_finds_the_rates_of_the_page_and_their_bounds() -> None:
    manifest = json.loads(files()["manifest.json"])
    indicators = {each["code"]: each for each in manifest["indicators"]}
    summary = summarise(package("08", "2026-Q3"), "")
    shown = 0
    for table in manifest["tables"]:
        population = next(each for each in summary.populations if each.name == table["population"])
        if "outcome" not in table["columns"] or not population.shares:
            continue
        by_area: dict[str, dict[str, tuple[int | None, int, int]]] = {}
        for row, limit in zip(rows(table["file"]), rows(table["limits"]), strict=True):
            if all((row[name] == "_T") != (name == "outcome") for name in table["columns"][3:-2]):
                by_area.setdefault(row["ags"], {})[row["outcome"]] = _permitted(row, limit)
        for share in indicators[table["indicator"]]["rates"]:
            for ags, parts in by_area.items():
                rate = population.facts[ags].outcomes[share["code"]].rate
                said = None if rate is None else (rate.percent, rate.lowest, rate.highest)
                assert _rate(indicators[table["indicator"]], share, parts) == said, (table["file"], ags)
                shown += said is not None
    assert shown > 20


def _permitted(row: dict[str, str], limit: dict[str, str]) -> tuple[int | None, int, int]:
    if not row["value"]:
        return None, 0, 0
    value, at_most, base = int(row["value"]), int(limit["at_most"]), int(limit["base"])
    return value, base if value == 0 and at_most >= base else max(0, value - at_most), value + at_most


def _rate(
    indicator: dict[str, Any], share: dict[str, Any], parts: dict[str, tuple[int | None, int, int]]
) -> tuple[int, int, int] | None:
    unknown = {each["code"] for each in indicator["outcomes"] if each["answer"] == "unknown"}
    yes, among = set(share["yes"]), set(share["of"]) or set(parts)
    sums = []
    for codes in (yes, among - yes - unknown, unknown):
        found = [parts[code] for code in codes]
        if any(value is None for value, _low, _high in found):
            return None
        sums.append([sum(each[at] or 0 for each in found) for at in range(3)])
    (y, y_low, y_high), (n, n_low, n_high), (u, _low, u_high) = sums
    if y + n < 50 or u > 0.2 * (y + n + u):
        return None
    low, high = 100 * y_low / (y_low + n_high + u_high), 100 * (y_high + u_high) / (y_high + u_high + n_low)
    return math.floor(100 * y / (y + n) + 0.5), math.floor(low), math.ceil(high)


def test_the_document_names_every_name_of_the_manifest_and_every_column() -> None:
    text = (PROJECT_ROOT / "docs" / "report-formats.md").read_text(encoding="utf-8")
    manifest = json.loads(files()["manifest.json"])
    inner = itertools.chain(
        manifest, manifest["tables"][0], manifest["populations"][0], manifest["areas"][0], manifest["dimensions"][0]
    )
    said = set(re.findall(r"[`\"]([a-z_]+)[`\"]", text))
    assert set(inner) <= said | {"name", "de", "en"}
    for table in manifest["tables"]:
        assert all(f"`{name}`" in text for name in (*table["columns"][:3], *table["columns"][-2:]))
    assert all(f"`{name}`" in text for name in ("base", "at_most", "typical"))
    published = json.loads(files()["report.json"])["package"]["figures"][0]["published"]
    assert set(published) <= set(re.findall(r"[`\"]([a-z_]+)[`\"]", text))
