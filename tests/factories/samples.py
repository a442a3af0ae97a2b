"""One record of every kind that an address can name, for walking over all routes."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from sqlalchemy import select

from caseapp import clock
from caseapp.accounts.models import Membership
from caseapp.attachments.models import Attachment
from caseapp.clients.models import Client, FactBox, FactKind, HistoryEntry, HouseholdMember, TitleFact
from caseapp.clients.service import add_fact
from caseapp.consents.models import Mark, ReleaseLine, SheetText
from caseapp.consents.queries import list_on_sheet
from caseapp.consents.service import SHEET, NewLine, NewSheet, SheetSignature, prepare_sheet, sign_sheet
from caseapp.counselling.models import Activity, ActivityDetail, AdviceDetail, Contact, ContactDetail, ShortAdvice
from caseapp.counselling.service import NewContact, add_activity, add_advice, save_contact
from caseapp.db import session
from caseapp.documents.signing import SignatureWay
from caseapp.drafts.models import ClientDraft
from caseapp.drafts.service import Written, save_draft
from caseapp.figures.models import (
    ComparedWorker,
    ComparisonContent,
    WorkerComparison,
    WorksAgreement,
    WorksAgreementText,
)
from caseapp.housing import service as housing
from caseapp.imports.models import DiscardReason, FileNote, Import, ImportState, WaitingContact, WaitingEntry
from caseapp.imports.rules.fields import CONTACTS
from caseapp.imports.rules.headings.mapping import Column, Mapping
from caseapp.imports.rules.stored import pack_mapping
from caseapp.letters.service import NewLetter, write_letter
from caseapp.network import service as network
from caseapp.papers import models as papers
from caseapp.papers.models import Paper
from caseapp.papers.service import print_paper
from caseapp.privacy.models import AccessPaper, Erasure, ErasurePlan, ErasureProtocol, ErasureStep, PaperContent
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks.models import Task
from caseapp.tasks.service import NewTask
from tests.factories.agreements import agreement_records
from tests.factories.attachments import stored_text
from tests.factories.files import CARRIER_OF, TEAM_OF, stored_family
from tests.factories.goals import goal_records
from tests.factories.keyfigures import keyfigure_records
from tests.factories.network import add_partner, carrier_of, new_dwelling, new_limits
from tests.factories.referrals import referral_records
from tests.factories.releases import stored_release
from tests.factories.world import World

# Arguments of addresses that name no record: one value fits all.
WORDS = {
    "token": "erfunden",
    "name": "topics",
    "code": "AUF",
    "kind": "title",
    "ending": "csv",
    "state": "reserved",
    "template": "WAR",
    "key": "agreement.title",
    "file_kind": "json",
    "figure": "bestand",
    "figure_class": "ende",
    "language": "ti",
    "dimension": "sex",
    "period": "2026-Q2",
}
LETTER = {"template": "WAR", "values": {"day": "2026-11-20"}, "recipient": "Zur Vorlage", "contact": False}
# Arguments that name a record of a client file; those of an organisation or a person are not among them.
OF_CLIENT = frozenset(
    {
        "application_id",
        "client_id",
        "attachment_id",
        "printout_id",
        "paper_id",
        "agreement_id",
        "plan_id",
        "letter_id",
        "sheet_id",
        "declaration_id",
        "referral_id",
        "legal_id",
        "outside_id",
        "wish_id",
        "task_id",
        "contact_id",
        "entry_id",
        "link_id",
        "goal_id",
        "step_id",
        "review_id",
        "event_id",
        "followup_id",
    }
)
# Arguments that name a record which all carriers share: nobody who may read it at all is kept from it.
SHARED = frozenset({"partner_id", "other_id", "merged_id", "dwelling_id", "table_id", "release_id"})


def samples_of(world: World, login: str) -> dict[str, str]:
    """Argument name to value: records that belong to this caseworker, each made through its service."""
    client_id = stored_family(world, login, members=2)[0]
    with world.unit(login, write=True) as unit:
        client = unit.get(Client, client_id)
        assert client is not None
        _fill(world, login, client)
        ids = {
            "client_id": client_id,
            "attachment_id": unit.scalars(select(Attachment.id).where(Attachment.client_id == client_id)).one(),
            "contact_id": unit.scalars(select(Contact.id).where(Contact.client_id == client_id)).one(),
            "task_id": unit.scalars(select(Task.id).where(Task.client_id == client_id)).one(),
            "entry_id": unit.scalars(select(HistoryEntry.id).where(HistoryEntry.client_id == client_id)).one(),
            "link_id": unit.scalars(select(HouseholdMember.id).where(HouseholdMember.client_id == client_id)).one(),
            "draft_id": unit.scalars(select(ClientDraft.id).where(ClientDraft.client_id == client_id)).one(),
            "advice_id": unit.scalars(select(ShortAdvice.id).where(ShortAdvice.worker_id == client.worker_id)).one(),
            "activity_id": unit.scalars(select(Activity.id).where(Activity.worker_id == client.worker_id)).one(),
            "membership_id": unit.scalars(select(Membership.id).where(Membership.user_id == client.worker_id)).one(),
            "import_id": unit.scalars(select(Import.id).where(Import.user_id == client.worker_id)).one(),
            "waiting_id": unit.scalars(
                select(WaitingContact.id).where(WaitingContact.user_id == client.worker_id)
            ).one(),
            **goal_records(world.actor(login), client),
            **agreement_records(world.actor(login), client),
            "printout_id": _printout(client),
            "paper_id": _paper(client),
            "letter_id": write_letter(world.actor(login), client, NewLetter(**LETTER)).id,
            **_declared(world.actor(login), client),
            **referral_records(world.actor(login), client, world.users["leitung"]),
            "erasure_id": _erasure(world, client.organisation_id),
            **_directory(world, login),
            "application_id": _application(world, login, client),
            **_figures(world, login, client.organisation_id),
            **keyfigure_records(client.organisation_id, world.users[login], 100 + sorted(world.users).index(login)),
            "release_id": stored_release(world, login),
            "user_id": world.users[login],
            "worker_id": world.users[login],
        }
    return {name: str(value) for name, value in ids.items()} | WORDS


def _directory(world: World, login: str) -> dict[str, UUID]:
    """Partners, of which two became one, with a note and a dwelling, and rent limits."""
    kept, merged, other = (add_partner(world, login, name, "VER") for name in ("Baugenossenschaft", "BauGen", "Immo"))
    actor, carrier_id = world.actor(login), carrier_of(world, login)
    network.merge_partners(actor, kept, merged, "VER", kept.profile, versions=(kept.version, merged.version))
    lead, year = world.actor("leitung"), 1990 + sorted(world.users).index(login)  # limits of one place never overlap
    period = {"valid_from": dt.date(year, 1, 1), "valid_to": dt.date(year, 12, 31)}
    return {
        "partner_id": kept.id,
        "merged_id": merged.id,
        "other_id": other.id,
        "note_id": network.add_note(actor, kept, "Freundlich am Telefon", carrier_id=carrier_id).id,
        "dwelling_id": network.add_dwelling(actor, new_dwelling(landlord_id=kept.id)).id,
        "table_id": network.add_rent_table(lead, new_limits(**period)).id,
    }


def _application(world: World, login: str, client: Client) -> UUID:
    """An application for a flat, by a sheet in the client's hand."""
    dwelling = network.add_dwelling(world.actor(login), new_dwelling())
    return housing.add_application(world.actor(login), client, dwelling, housing.Way.CARRIED).id


def _figures(world: World, login: str, organisation_id: UUID) -> dict[str, UUID]:
    """A works agreement, and a comparison that was looked at under it."""
    today = clock.today()
    agreement = WorksAgreement(
        organisation_id=organisation_id,
        agreed_on=today - dt.timedelta(days=400),
        valid_from=today - dt.timedelta(days=400),
        valid_to=None,
        recorded_by=world.users["leitung"],
        recorded_at=clock.now(),
        text=WorksAgreementText(title="Dienstvereinbarung Fallzahlen", figures=("CASES",)),
    )
    session().add(agreement)
    session().flush()
    comparison = WorkerComparison(
        organisation_id=organisation_id,
        agreement_id=agreement.id,
        seen_by=world.users["leitung"],
        seen_at=clock.now(),
        period=str(today.year),
        figure="CASES",
        content=ComparisonContent(workers=(ComparedWorker(worker_id=world.users[login], number=30),)),
    )
    session().add(comparison)
    session().flush()
    return {"works_id": agreement.id, "comparison_id": comparison.id}


def _printout(client: Client) -> UUID:
    """A printed list of who saw the file."""
    return _stored(
        AccessPaper(
            client_id=client.id,
            organisation_id=client.organisation_id,
            made_by=client.worker_id,
            made_at=clock.now(),
            content=PaperContent(pdf=b"%PDF-1.7 erfunden"),
        )
    )


def _paper(client: Client) -> UUID:
    """A printed paper of the file."""
    return _stored(
        Paper(
            client_id=client.id,
            organisation_id=client.organisation_id,
            kind="invented",
            subject_id=client.id,
            file_name="papier.pdf",
            made_by=client.worker_id,
            made_at=clock.now(),
            printed=True,
            content=papers.PaperContent(pdf=b"%PDF-1.7 erfunden"),
        )
    )


def _declared(actor: Actor, client: Client) -> dict[str, UUID]:
    """A signed sheet with a release on it."""
    line = ReleaseLine(recipient="Jobcenter", fields=("NAM",), purpose="LEI", ways=("BRF",))
    new = NewSheet("consent", SheetText(), (NewLine(line, clock.today() + dt.timedelta(days=90)),))
    sheet = prepare_sheet(actor, client, new)
    assert sheet.paper_id is not None
    print_paper(actor, sheet.paper_id, {SHEET: lambda _order: b"%PDF-1.7 erfunden"})
    mark = Mark(role="client", way=SignatureWay.CONFIRMED.value, name="Zahra")
    signature = SheetSignature(marks=(mark,), signed_on=clock.today())
    sign_sheet(actor, client, sheet, signature, version=sheet.text_rev)
    return {"sheet_id": sheet.id, "declaration_id": list_on_sheet(sheet.id)[0].id}


def _stored(paper: AccessPaper | Paper) -> UUID:
    session().add(paper)
    session().flush()
    return paper.id


def _erasure(world: World, organisation_id: UUID) -> UUID:
    """An erasure of a file that is gone."""
    erasure = Erasure(
        client_id=uuid4(),
        organisation_id=organisation_id,
        requested_by=None,
        requested_at=clock.now(),
        decided_by=world.users["leitung"],
        decided_at=clock.now(),
        ended_at=clock.now(),
        step=ErasureStep.DONE.value,
        plan=ErasurePlan(counts=(("contact", 2),), requested_as="caseworker", decided_as="lead"),
        protocol=ErasureProtocol(pdf=b"%PDF-1.7 erfunden", digest="00"),
    )
    session().add(erasure)
    session().flush()
    return erasure.id


def missing_samples(known: dict[str, str]) -> dict[str, str]:
    """The same arguments with ids that name nothing."""
    return {name: WORDS.get(name) or str(uuid4()) for name in known}


def _fill(world: World, login: str, client: Client) -> None:
    actor, today = world.actor(login), clock.today()
    organisation_id = world.organisations[CARRIER_OF[TEAM_OF[login]]]
    add_fact(actor, client, FactKind.TITLE, FactBox(fact=TitleFact(code="P24")), today - dt.timedelta(days=9))
    contact = NewContact(
        on_day=today,
        kind="BUE",
        minutes=30,
        detail=ContactDetail(note="Notiz zum Bescheid"),
        tasks=(NewTask("Antrag", today),),
    )
    save_contact(actor, client, contact)
    draft = Written(form="contact", draft_id=uuid4(), fields=(("note", "Entwurf"),))
    save_draft(actor, draft, permission=Permission.CONTACT_WRITE, client=client)
    detail = AdviceDetail()
    add_advice(actor, organisation_id, advice_id=uuid4(), on_day=today, kind="BUE", minutes=5, ags=None, detail=detail)
    activity = ActivityDetail()
    add_activity(actor, organisation_id, activity_id=uuid4(), on_day=today, minutes=5, detail=activity)
    stored_text(actor, client)
    _add_list(client, actor.user_id)


def _add_list(client: Client, user_id: UUID) -> None:
    """An imported list with a contact that waits for its client."""
    stored = Import(
        organisation_id=client.organisation_id,
        team_id=client.team_id,
        user_id=user_id,
        kind=CONTACTS,
        state=ImportState.DONE.value,
        created_at=clock.now(),
        note=FileNote(
            file_name="liste.xlsx",
            mapping=pack_mapping(Mapping(kind=CONTACTS, header=0, header_rows=1, columns=(Column(0, "Datum"),))),
        ),
    )
    session().add(stored)
    session().flush()
    waiting = WaitingContact(
        import_id=stored.id,
        organisation_id=client.organisation_id,
        user_id=user_id,
        number=1,
        entry=WaitingEntry(name="Nirgendwer, Nina", on_day=clock.today(), kind="BUE"),
        reason=DiscardReason(),
    )
    session().add(waiting)
    session().flush()
