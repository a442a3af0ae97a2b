"""The paper of an agreement: its sections in both languages, its check value on every page, its signatures."""

from __future__ import annotations

import io
from uuid import UUID

import pypdfium2
import pytest
from PIL import Image, ImageDraw

from caseapp.agreements import queries, service
from caseapp.agreements.documents import PRINTERS, agreement_pdf
from caseapp.agreements.models import Agreement, Signature
from caseapp.agreements.service import AGREEMENT_PAPER, Said
from caseapp.catalogue import phrases
from caseapp.catalogue.rules.phrases import PhraseBook, Text
from caseapp.goals.service import NewGoal, NewStep
from caseapp.papers.service import print_paper
from tests.factories import agreements as making
from tests.factories.files import stored_file
from tests.factories.world import World

# The sixteen sections of the paper, by a phrase that stands in each; signatures are the last.
SECTIONS = (
    "agreement.title",
    "agreement.parties",
    "agreement.voluntary",
    "agreement.situation",
    "agreement.look_back",
    "agreement.own_words",
    "agreement.client_steps",
    "agreement.office_steps",
    "agreement.helpers",
    "agreement.other_plans",
    "agreement.next_talk",
    "agreement.counselling_until",
    "agreement.which_counts",
    "agreement.copies",
    "agreement.complaint",
    "common.signatures",
)
SAID = Said(
    language="uk",
    interpreter="Olena Koval",
    read_aloud_in="uk",
    read_aloud_by="Olena Koval",
    situation="Ми живемо вп'ятьох у двох кімнатах.",
    helpers=("Nachbarschaftshilfe",),
)


def pages_of(pdf: bytes) -> list[str]:
    """The text of every page, blanks folded."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def two_versions(world: World, client_id: UUID) -> Agreement:
    """The second of two versions, in Ukrainian; the first one is signed."""
    actor = world.actor("maier")
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        making.signed(actor, client)
        goal = NewGoal(area="SPR", own_words="Я хочу B1", steps=(NewStep("client", "Kurs <b>suchen</b> & melden"),))
        return making.presented(actor, client, new_goals=(goal,), said=SAID)


def test_the_paper_holds_its_sixteen_sections_in_both_languages(world: World) -> None:
    client_id = stored_file(world)
    made = two_versions(world, client_id)
    with world.unit("maier"):
        pages = pages_of(agreement_pdf(queries.get_agreement(made.id), None))
    text, book = "".join(pages).replace(" ", ""), phrases.shipped()
    for key in SECTIONS:
        assert book.said(key, "de").text.replace(" ", "") in text, key
        own = book.said(key, "uk").text
        assert own, f"{key} is missing in Ukrainian"
        assert own.replace(" ", "") in text, key
    for typed in (SAID.situation, "Я хочу B1", "Kurs <b>suchen</b> & melden", "Olena Koval", "Nachbarschaftshilfe"):
        assert typed.replace(" ", "") in text
    assert "Ziel:Sprache" in text  # what is new
    assert all(made.digest in page.replace(" ", "") for page in pages)
    assert len(pages) <= 5


def test_the_copy_bears_the_signatures_and_the_presented_paper_lines(world: World) -> None:
    picture = Image.new("L", (300, 100), 255)
    ImageDraw.Draw(picture).line([(20, 50), (280, 50)], fill=0, width=4)
    written = io.BytesIO()
    picture.save(written, "PNG")
    client_id = stored_file(world)
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        made = making.presented(world.actor("maier"), client)
        drawn = making.signing(client=Signature(way="drawn", picture=written.getvalue()), copy_received=True)
        service.sign(world.actor("maier"), client, made, drawn, digest=made.digest)
        blank, signed = agreement_pdf(made, None), agreement_pdf(made, made.decision)
    assert (pictures_of(blank), pictures_of(signed)) == (0, 1)
    assert "Mündlich bestätigt am" in "".join(pages_of(signed))
    assert "Mündlich bestätigt am" not in "".join(pages_of(blank))


def pictures_of(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return sum(found.type == 3 for page in document for found in page.get_objects())  # FPDF_PAGEOBJ_IMAGE


def test_a_later_phrase_book_changes_nothing_that_was_presented(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client_id = stored_file(world)
    made = two_versions(world, client_id)
    with world.unit("maier"):
        before = pages_of(agreement_pdf(queries.get_agreement(made.id), None))
        other = {key: Text("ANDERS " + said.text) for key, said in phrases.shipped().texts().items()}
        monkeypatch.setattr("caseapp.catalogue.queries.phrases.shipped", lambda: PhraseBook(other, version=2))
        assert pages_of(agreement_pdf(queries.get_agreement(made.id), None)) == before


def test_the_first_print_presents_and_notes_the_digest_of_this_very_pdf(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        made = making.drafted(world.actor("maier"), client)
        assert made.paper_id
        print_paper(world.actor("maier"), made.paper_id, {AGREEMENT_PAPER: PRINTERS[AGREEMENT_PAPER]})
        assert made.state == "presented"
        assert [each.paper for each in service.verify(world.actor("maier"), client)] == [True]


@pytest.mark.parametrize("language", ["ar", "ti", "kmr", ""])
def test_every_language_prints_and_a_missing_phrase_appears_in_german(world: World, language: str) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True) as unit:
        client = making.client_of(unit, client_id)
        made = making.drafted(world.actor("maier"), client, said=Said(language=language))
        text = "".join(pages_of(agreement_pdf(made, None)))
    assert "Die Vereinbarung ist freiwillig" in text
    terms = queries.terms_of(made)
    lacking = bool(language) and any(not own for _german, own, _by in terms.phrases.values())
    # Arabic is complete: nothing of it may be missing.
    assert ("Einige Sätze stehen nur auf Deutsch" in text) == (lacking and language != "ar")
