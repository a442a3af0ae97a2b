"""Drafts on a real database: sealed, the author's own, gone with the saved record."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from caseapp import clock
from caseapp.audit import AuditEvent
from caseapp.clients.queries import get_client
from caseapp.db import session
from caseapp.drafts import queries, rules, service
from caseapp.drafts.models import ClientDraft
from caseapp.errors import ConflictError, ForbiddenError, NotFoundError, RuleError
from caseapp.security.permissions import Permission
from tests.factories.files import stored_file
from tests.factories.world import World

TEXT = (("note", "Die Mutter ist krank."), ("topics", "WOH"))


def keep(world: World, client_id: UUID, draft_id: UUID, *, login: str = "maier", base: int | None = None) -> int:
    with world.unit(login, write=True):
        written = service.Written(form="contact", draft_id=draft_id, fields=TEXT, base_rev=base)
        draft = service.save_draft(
            world.actor(login), written, permission=Permission.CONTACT_WRITE, client=get_client(client_id)
        )
        return draft.text_rev


def test_a_draft_is_kept_and_each_saving_is_a_new_revision(world: World) -> None:
    client_id, draft_id = stored_file(world), uuid4()
    assert keep(world, client_id, draft_id) == 1
    assert keep(world, client_id, draft_id, base=1) == 2
    with world.unit("maier"):
        assert queries.get_draft(world.users["maier"], draft_id).text.fields == TEXT


def test_a_second_window_with_an_older_revision_is_refused(world: World) -> None:
    client_id, draft_id = stored_file(world), uuid4()
    keep(world, client_id, draft_id)
    keep(world, client_id, draft_id, base=1)
    with pytest.raises(ConflictError):
        keep(world, client_id, draft_id, base=1)
    with pytest.raises(ConflictError):
        keep(world, client_id, draft_id)


def test_the_text_is_sealed(world: World) -> None:
    client_id, draft_id = stored_file(world), uuid4()
    keep(world, client_id, draft_id)
    with world.unscoped():
        blob = session().scalars(select(ClientDraft.text_blob).where(ClientDraft.id == draft_id)).one()
    assert b"Mutter" not in blob


def test_nobody_else_sees_a_draft_not_even_the_cover(world: World) -> None:
    client_id, draft_id = stored_file(world), uuid4()
    keep(world, client_id, draft_id)
    with world.unscoped():
        assert queries.find_draft(world.users["oez"], draft_id) is None
        assert queries.list_client_drafts(world.users["leitung"], "contact", client_id) == []


def test_an_id_of_somebody_elses_draft_answers_as_a_missing_one(world: World) -> None:
    draft_id = uuid4()
    keep(world, stored_file(world), draft_id)
    with pytest.raises(NotFoundError):
        keep(world, stored_file(world, "oez"), draft_id, login="oez")


def test_who_may_not_write_the_contact_may_not_keep_a_draft(world: World) -> None:
    with pytest.raises(ForbiddenError):
        keep(world, stored_file(world), uuid4(), login="oez")


def test_a_discarded_draft_comes_back_for_ten_minutes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client_id, draft_id = stored_file(world), uuid4()
    keep(world, client_id, draft_id)
    with world.unit("maier", write=True):
        service.discard_draft(world.actor("maier"), draft_id)
    with world.unit("maier", write=True):
        assert queries.list_drafts(world.users["maier"]) == []
        service.bring_back(world.actor("maier"), draft_id)
        assert [draft.id for draft in queries.list_drafts(world.users["maier"])] == [draft_id]
        service.discard_draft(world.actor("maier"), draft_id)
    later = clock.now() + dt.timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    with world.unit("maier", write=True), pytest.raises(NotFoundError):
        service.bring_back(world.actor("maier"), draft_id)


def test_what_was_discarded_long_ago_is_deleted_with_the_next_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id, old, new = stored_file(world), uuid4(), uuid4()
    keep(world, client_id, old)
    keep(world, client_id, new)
    with world.unit("maier", write=True):
        service.discard_draft(world.actor("maier"), old)
    later = clock.now() + dt.timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    with world.unit("maier", write=True):
        service.discard_draft(world.actor("maier"), new)
    with world.unscoped():
        assert session().scalars(select(ClientDraft.id)).all() == [new]


def test_autosaving_leaves_no_trail_of_events(world: World) -> None:
    client_id, draft_id = stored_file(world), uuid4()
    with world.unscoped():
        before = session().scalar(select(func.count(AuditEvent.id)))
    keep(world, client_id, draft_id)
    with world.unscoped():
        assert session().scalar(select(func.count(AuditEvent.id))) == before


def test_a_text_of_ten_megabytes_is_no_draft() -> None:
    with pytest.raises(RuleError):
        rules.kept_fields([("note", "x" * 10_000_000)])


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=50)), max_size=20))
def test_a_draft_keeps_every_field_in_order_but_the_machinery(posted: list[tuple[str, str]]) -> None:
    kept = rules.kept_fields([("csrf_token", "x"), *posted, ("draft_rev", "1")])
    machinery = {"csrf_token", "draft_rev", "_restored", "add_row", "remove_row"}
    assert list(kept) == [(name, value) for name, value in posted if name not in machinery]
