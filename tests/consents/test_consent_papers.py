"""The papers of declarations, read back from their PDF: every section, nothing invented, the recipient told nothing."""

from __future__ import annotations

import re
from uuid import UUID

import pypdfium2
import pytest

from caseapp import clock
from caseapp.catalogue import phrases
from caseapp.clients.queries import get_client
from caseapp.consents import queries, service
from caseapp.consents.documents import PRINTERS
from caseapp.consents.models import ReleaseLine
from caseapp.consents.service import Withdrawal
from caseapp.errors import NotFoundError
from caseapp.papers.service import Order
from caseapp.places.models import CarrierProfile
from caseapp.places.queries import get_organisation
from tests.consents.making import confirmed, consent, day, mandate, prepared, release, sign, signed
from tests.factories.files import head, stored_file
from tests.factories.world import World

CANARY = "Kanarienwort Xq7"


def text_of(pdf: bytes) -> str:
    """The text layer in one line."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    return re.sub(r"\s+", " ", " ".join(pages).replace("\u00ad", "").replace("\ufffe", "-"))


def printed(world: World, kind: str, client_id: UUID, subject_id: UUID, login: str = "maier") -> str:
    with world.unit(login):
        return text_of(PRINTERS[kind](Order(world.actor(login), get_client(client_id), subject_id)))


def described(world: World) -> None:
    """A carrier whose profile is complete."""
    with world.unscoped(write=True):
        organisation = get_organisation(world.organisations["Musterhausen"])
        organisation.profile = CarrierProfile(
            name="Musterhausen",
            controller="Stadt Musterhausen, Marktplatz 1",
            data_protection_officer="datenschutz@musterhausen.example",
            supervisory_authority="LfDI Baden-Württemberg",
            legal_basis="Art. 6 Abs. 1 Buchst. e DSGVO, § 18 Abs. 2 FlüAG",
            notice_version="2026-1",
        )


def test_the_sheet_has_its_fifteen_sections_and_only_what_was_ticked(world: World) -> None:
    described(world)
    client_id = stored_file(world)
    health = release("Praxis Dr. Klee", fields=("NAM", "GES"), purpose="GES", direction="both", person="Frau Klee")
    sheet_id = prepared(
        world,
        client_id,
        release("Jobcenter Musterhausen"),
        health,
        consent("MSG", detail="Signal"),
        language="fr",
        representative="Berta Betreuer",
        interpreter="PRO",
        interpreter_name="Herr Dolm",
    )
    text = printed(world, service.SHEET, client_id, sheet_id)
    for said in (
        "Rahimi, Zahra",  # 1 who
        "Berta Betreuer",
        "Die Beraterinnen und Berater von Musterhausen",  # 2 who is released
        "Jobcenter Musterhausen",  # 3 towards whom
        "Frau Klee",
        "Wir dürfen uns gegenseitig etwas sagen",  # 4 direction
        "Telefonnummer",  # 5 data
        "Sie erlauben diese Angaben ausdrücklich und einzeln",
        "Nicht erlaubt ist alles andere",  # 6 not included
        "Wohnung finden und behalten",  # 7 purpose
        "Brief",  # 8 way
        f"{day(180):%d.%m.%Y}",  # 9 until
        "Ihre Erlaubnis ist freiwillig",  # 10 voluntary
        "jederzeit zurücknehmen",  # 11 withdrawal
        "Was vorher erlaubt weitergegeben wurde",
        "Das Jobcenter und die Ausländerbehörde müssen manches selbst",  # 12 what the recipient may do
        "datenschutz@musterhausen.example",  # 13 rights, officer
        "Herr Dolm",  # 14 interpreter
        "Unterschriften",  # 15
        "Signal",
        "Jede steht für sich",
    ):
        assert said in text, said
    for unsaid in ("Leistungen und Einkommen", "Aufenthaltstitel", "Unterschrieben am", "Mündlich bestätigt"):
        assert unsaid not in text, unsaid
    assert "X Nachrichten über einen Messenger-Dienst" in text
    assert "X Fotos von mir" not in text
    assert "Fotos von mir" in text
    with world.unit("maier"):
        book = phrases.book()
        for key in ("release.voluntary", "release.field.TEL", "release.consent.MSG"):
            assert re.sub(r"\s+", " ", book.phrase(key, "fr").text) in text, (
                key
            )  # beside the German, in the person's words
        digest = queries.get_sheet(sheet_id).text.digest
    assert digest[:16] in text
    sign(world, sheet_id, marks=(confirmed(), confirmed("Berta Betreuer", "representative")), read_aloud_by="Herr Dolm")
    copy = printed(world, service.SHEET, client_id, sheet_id)
    assert "Mündlich bestätigt am" in copy
    assert "vorgelesen" in copy


def test_the_notice_has_its_seventeen_sections_and_lists_what_is_missing(world: World) -> None:
    client_id = stored_file(world, head=head(language="de"))
    bare = printed(world, service.NOTICE, client_id, client_id)
    assert "Im Profil des Trägers fehlen noch diese Angaben" in bare
    for missing in ("Verantwortliche Stelle", "Datenschutzbeauftragte Person", "Aufsichtsbehörde", "Rechtsgrundlage"):
        assert missing in bare
    described(world)
    text = printed(world, service.NOTICE, client_id, client_id)
    for said in (
        "Stadt Musterhausen, Marktplatz 1",
        "Ein anderes Unternehmen betreibt die Computer",
        "datenschutz@musterhausen.example",
        "Wozu brauchen wir Ihre Daten?",
        "§ 18 Abs. 2 FlüAG",
        "Alle Angaben sind freiwillig",
        "Gemeinschaftsunterkunft",
        "nicht der Ausländerbehörde, nicht der Polizei",
        "ein Kind in Gefahr",
        "Das Land bekommt nur Zahlen",
        "Ihre Daten bleiben in der Europäischen Union",
        "3 Jahre nach dem Ende der Beratung",
        "widersprechen",
        "LfDI Baden-Württemberg",
        "runden die Zahlen",
        "Wer in Ihre Akte schaut, wird aufgeschrieben",
        "Kein Computer entscheidet",
        "Messenger und E-Mails können andere mitlesen",
        "Fassung 2026-1",
    ):
        assert said in text, said
    assert "fehlen noch" not in text
    assert "Unterschrift" not in text  # given, never agreed to


def test_a_withdrawal_is_proved_to_the_client_and_told_without_content(world: World) -> None:
    client_id = stored_file(world)
    line = ReleaseLine(
        recipient="Jobcenter",
        fields=("NAM", "GES"),
        purpose="LEI",
        ways=("BRF",),
        use_note=CANARY,
    )
    ids = signed(world, client_id, line, mandate(), consent("FOT", detail=CANARY))
    with pytest.raises(NotFoundError):
        printed(world, service.STOP, client_id, ids[0])
    with world.unit("maier", write=True):
        given = Withdrawal("TEL", note=CANARY)
        service.withdraw(world.actor("maier"), get_client(client_id), ids, given, ())
    proof = printed(world, service.PROOF, client_id, ids[0])
    for said in ("Jobcenter", "Familienkasse Musterhausen", "Fotos von mir", "Was noch nicht abgeschickt war"):
        assert said in proof, said
    with world.unit("maier"):
        number = get_client(client_id).file_number
    for index in (0, 1):
        stop = printed(world, service.STOP, client_id, ids[index])
        assert number in stop
        assert f"{clock.today():%d.%m.%Y}" in stop
        for unsaid in (CANARY, "Rahimi", "Zahra", "Gesundheit", "Leistungen", "Telefon", "27.03.1991"):
            assert unsaid not in stop, unsaid
    with pytest.raises(NotFoundError):
        printed(world, service.STOP, client_id, ids[2])  # a consent has no recipient
