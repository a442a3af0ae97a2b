"""The shipped assets are exactly what was built, come with their licences and stay small."""

import gzip
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from caseapp.web.static_files import static_url
from tests.factories.browser import Browser

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
VENDORED = [STATIC / "vendor", ROOT / "tests" / "e2e" / "vendor"]
# What the strictest user downloads: a phone on its first visit, pages excluded.
FIRST_VISIT_BUDGET = 135_000
# Styles that only the pages of figures load: nobody's first visit.
LATER = {"report.css", "counting.css", "keyfigures.css"}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def listed(folder: Path) -> dict[str, str]:
    lines = (folder / "CHECKSUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.parent.name)
def test_vendored_files_are_those_of_the_checksum_list(folder: Path) -> None:
    present = {
        str(path.relative_to(folder)): sha256(path)
        for path in folder.rglob("*")
        if path.is_file() and path.name != "CHECKSUMS"
    }
    assert present == listed(folder)


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.parent.name)
def test_every_vendored_package_brings_its_licence(folder: Path) -> None:
    holders = {path.parent for path in folder.rglob("*") if path.name != "CHECKSUMS" and path.is_file()}
    without = [str(holder) for holder in holders if not list(holder.glob("LICENSE*"))]
    assert without == []


def test_the_compressed_style_sheet_is_the_plain_one() -> None:
    kern = STATIC / "vendor" / "kern"
    assert gzip.decompress((kern / "kern.min.css.gz").read_bytes()) == (kern / "kern.min.css").read_bytes()


def test_font_addresses_carry_the_hash_of_the_file() -> None:
    fonts = STATIC / "vendor" / "fonts"
    named = re.findall(r"url\(([^?)]+)\?v=([0-9a-f]{12})\)", (fonts / "fonts.css").read_text())
    assert {name for name, _ in named} == {path.name for path in fonts.glob("*.woff2")}
    assert all(sha256(fonts / name).startswith(version) for name, version in named)


def test_the_fonts_of_every_page_are_named_early_at_the_address_of_the_stylesheet(
    browse: Callable[[str], Browser],
) -> None:
    browser = browse("maier")
    named = re.findall(r'rel="preload" href="([^"]+)" as="font"', browser.get("/heute").text)
    assert [re.sub(r".*/(.*)\?.*", r"\1", address) for address in named] == [
        "fira-sans-latin-400.woff2",
        "fira-sans-latin-600.woff2",
    ]
    sheet = static_url("vendor/fonts/fonts.css")
    for address in named:
        assert address.startswith(sheet.removesuffix("fonts.css"))
        assert browser.get(address).status_code == 200


def test_no_asset_of_ours_fetches_from_another_host() -> None:
    ours = [
        *STATIC.glob("css/*.css"),
        *STATIC.glob("js/*.js"),
        STATIC / "vendor" / "fonts" / "fonts.css",
    ]
    texts = {path.name: path.read_text().replace("xmlns='http://www.w3.org/2000/svg'", "") for path in ours}
    foreign = [name for name, text in texts.items() if re.search(r"""(url\(|["'`])(https?:)?//[a-z]""", text)]
    assert foreign == []


def test_a_first_visit_from_a_phone_stays_small() -> None:
    """KERN, our styles and scripts compressed, plus the fonts of a page with Turkish or Polish names."""
    fonts = [path for path in (STATIC / "vendor" / "fonts").glob("*.woff2") if "-latin-" in path.name]
    texts = [
        *(path for path in STATIC.glob("css/*.css") if path.name not in LATER),
        *STATIC.glob("js/*.js"),
        STATIC / "vendor" / "fonts" / "fonts.css",
    ]
    kern = STATIC / "vendor" / "kern" / "kern.min.css.gz"
    total = sum(path.stat().st_size for path in [*fonts, kern])
    total += sum(len(gzip.compress(path.read_bytes())) for path in texts)
    assert total <= FIRST_VISIT_BUDGET, f"{total} bytes"
