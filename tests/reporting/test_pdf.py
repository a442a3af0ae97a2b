"""The report on paper: the same numbers as the page, for people and screen readers, with its proof on every page."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from caseapp.reporting.documents.pdf import make, paper
from caseapp.reporting.rules.report import report
from caseapp.reporting.rules.series import summarise
from tests.factories.packages import history
from tests.factories.world import World
from tests.reporting.shelved import stored

KREIS = "08117"


@pytest.fixture(scope="module")
def printed() -> PdfReader:
    """The paper of the last of five quarters."""
    *before, last = history(KREIS, clients=1_500)
    return PdfReader(io.BytesIO(paper(last, {each.digest: each.package for each in before})))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def tags(node: Any) -> list[Any]:
    """All tags below a node of the tree, itself first."""
    found = node.get_object()
    if not isinstance(found, dict):
        return []
    below = found.get("/K", [])
    return [found, *(each for child in (below if isinstance(below, list) else [below]) for each in tags(child))]


def test_number_and_digest_stand_on_every_page(printed: PdfReader) -> None:
    last = history(KREIS, clients=1_500)[-1]
    assert 3 <= len(printed.pages) <= 12
    for page in printed.pages:
        text = "".join(page.extract_text().split())
        assert last.package.number in text
        assert last.digest in text


def test_it_says_what_the_page_says(printed: PdfReader) -> None:
    *before, last = history(KREIS, clients=1_500)
    earlier = [summarise(each.package, each.digest) for each in before]
    found = report(last.package, last.digest, earlier, before[-1].package)
    text = text_of(printed)
    for card in found.cards:
        for said in (card.title, card.number, card.change):
            assert said in text, said
    for picture in found.outcomes:
        for row in picture.rows:
            for value in row[1:]:
                assert value in text
    for said in (*last.package.sentences, *found.method, last.signature[:32], "nicht bestätigt"):
        assert " ".join(said.split()) in text, said


def test_every_number_on_it_was_published(printed: PdfReader) -> None:
    """All whole numbers in tables are multiples of five, per cent, years, limits: nothing exact has slipped in."""
    last = history(KREIS, clients=1_500)[-1]
    values = {
        int(value) for each in last.package.figures for grid in each.published.values.values() for value in grid.flat
    }
    assert all(value % 5 == 0 for value in values)
    figures = [each for each in tags(printed.trailer["/Root"]["/StructTreeRoot"]) if each.get("/S") == "/Figure"]
    for figure in figures:
        told = str(figure["/Alt"]).partition(". ")[2]
        for number in re.findall(r": ([\d.]+)(?:,|;|$)", told):
            assert int(number.replace(".", "")) % 5 == 0, told


def test_it_is_tagged_for_screen_readers(printed: PdfReader) -> None:
    root = printed.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert "pdfuaid" in metadata
    assert root["/Lang"] == "de"
    assert printed.metadata is not None
    assert printed.metadata.title == "Bericht 3. Quartal 2026, Göppingen"
    found = tags(root["/StructTreeRoot"])
    kinds = {str(each.get("/S")) for each in found}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/L"} <= kinds
    figures = [each for each in found if each.get("/S") == "/Figure"]
    assert len(figures) >= 3
    assert all(str(each["/Alt"]).strip() for each in figures)
    heads = [each for each in found if each.get("/S") == "/TH"]
    assert {str(each["/A"]["/Scope"]) for each in heads} == {"/Row", "/Column"}


def test_the_job_compares_it_with_the_releases_before_of_the_same_scope(world: World) -> None:
    """Another scope's release and a later one are nothing to compare with."""
    released = history(KREIS, clients=1_500)
    stored(world, [*released[1:], history("08")[0]])
    with world.unit("foerder"):
        alone = make(released[1])
        later = make(released[2])
    assert "mehr als im" not in text_of(PdfReader(io.BytesIO(alone)))
    assert "4. Quartal 2025" in text_of(PdfReader(io.BytesIO(later)))
    assert "Kein Vergleich" not in text_of(PdfReader(io.BytesIO(later)))
