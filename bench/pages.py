"""The pages of a caseworker's day: statements, CPU, and the saving of a contact against the bare transaction."""

from __future__ import annotations

from functools import partial
from itertools import cycle
from uuid import UUID

from bench.district import District, counting, district
from bench.rounds import Work, medians
from bench.table import Line, against_floor, counted
from caseapp import audit, clock
from caseapp.clients.queries import get_client
from caseapp.clients.service import caseload
from caseapp.counselling.models import Contact, ContactDetail
from caseapp.counselling.service import NewContact, save_contact
from caseapp.db import new_id, session
from caseapp.security.actor import Actor
from tests.factories.browser import Browser, hidden_fields

_FILES = 420
_NOTE = "Weiterbewilligung gemeinsam ausgefüllt. Kontoauszüge werden nachgereicht."
_DETAIL = ContactDetail(note=_NOTE, topics=("EXI", "WOH"), language="ar", interpreter="KEI")


def measure() -> list[Line]:
    """Statement budgets of the pages, and the price of saving."""
    with district(_FILES) as found:
        return [*_pages(found), *_saving(found)]


def _pages(found: District) -> list[Line]:
    browser, client_id = found.browser(), found.clients()[0]
    wanted = {
        "caseload page": ("/klienten", 6),
        "client page": (f"/klienten/{client_id}", 14),
        "contact form": (f"/klienten/{client_id}/kontakt", 8),
    }
    cpu = medians({name: partial(get_page, browser, path) for name, (path, _limit) in wanted.items()})
    lines = []
    for name, (path, limit) in wanted.items():
        with counting(found.services) as statements:
            get_page(browser, path)
        lines.append(counted(name, len(statements), limit, cpu[name]))
    return lines


def get_page(browser: Browser, path: str) -> None:
    """Fetch a page that must be there."""
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def _saving(found: District) -> list[Line]:
    browser, ids = found.browser(), found.clients()
    actor, turn = found.services.load_actor(found.worker_id), cycle(ids)
    form = contact_form(browser, ids[0])
    works: dict[str, Work] = {
        "bare": lambda: _bare(found, actor, next(turn)),
        "saved": lambda: _save(found, actor, next(turn)),
        "posted": partial(post_contact, browser, ids[0], form),
    }
    with counting(found.services) as statements:
        works["posted"]()
    cpu = medians(works, rounds=101)
    return [
        counted("save contact (POST)", len(statements), 14, cpu["posted"]),
        against_floor("save contact: the service", cpu["saved"], cpu["bare"], "bare transaction", 1.5),
        against_floor("save contact: the whole request", cpu["posted"], cpu["bare"], "bare transaction"),
    ]


def _bare(found: District, actor: Actor, client_id: UUID) -> None:
    """What no saving can do without, in one transaction: the sealed row, the caseload's day, the audit row.

    And the line of the figures, which follows the row by itself.
    """
    with found.services.database.unit(actor, write=True):
        client = get_client(client_id)
        session().add(
            Contact(
                client_id=client.id,
                organisation_id=client.organisation_id,
                worker_id=actor.user_id,
                on_day=clock.today(),
                kind="BUE",
                minutes=30,
                created_by=actor.user_id,
                created_at=clock.now(),
                detail=_DETAIL,
            )
        )
        session().flush()
        caseload.note_contact(client.id, clock.today())
        audit.record("contact:add", client_id=client.id, detail=audit.Detail(note="BUE"))


def _save(found: District, actor: Actor, client_id: UUID) -> None:
    with found.services.database.unit(actor, write=True):
        new = NewContact(on_day=clock.today(), kind="BUE", minutes=30, detail=_DETAIL)
        save_contact(actor, get_client(client_id), new, contact_id=new_id())


def contact_form(browser: Browser, client_id: UUID) -> dict[str, str]:
    """The hidden fields of the contact form, with what a usual contact fills in."""
    hidden = hidden_fields(browser.get(f"/klienten/{client_id}/kontakt"))
    today = clock.today()
    return {**hidden, "kind": "BUE", "topics": "EXI", "minutes": "30", "on_day": f"{today:%d.%m.%Y}", "note": _NOTE}


def post_contact(browser: Browser, client_id: UUID, form: dict[str, str]) -> None:
    """Save one more contact."""
    answer = browser.post(f"/klienten/{client_id}/kontakt", {**form, "form_id": str(new_id())})
    assert answer.status_code == 302, answer.status_code
