"""Who may do what: hand-written expectations, and a walk over every route as every person.

The table says what row scope and policy allow together. The walk finds routes by itself and fails for an address whose
arguments it cannot fill in: add them to `tests/factories/samples.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule

from caseapp import clock
from caseapp.clients.models import Client
from caseapp.clients.service import caseload
from caseapp.security import policy
from caseapp.security.permissions import GRANTS, Permission
from tests.factories.browser import Browser, bare
from tests.factories.files import stored_file
from tests.factories.samples import OF_CLIENT, SHARED, WORDS, missing_samples, samples_of
from tests.factories.world import PEOPLE, World, app_of

Browse = Callable[[str], Browser]

# The files of the table: M, O of Maier and Öz in team Nord, S in team Süd, F of another carrier, Q in Nord's queue,
# m, o protected ones of Maier and Öz, X, Y closed ones of Maier and Öz.
FILES = "MOSFQmoXY"
NORD = "MOXYQ"  # what a lead of Nord finds: no protected file
EXPECTED: dict[Permission, dict[str, str]] = {
    Permission.CLIENT_FIND: {"maier": "MOQmX", "lead2": NORD, "leitung": NORD, "fremd": "F", "fremdleitung": "F"},
    Permission.CLIENT_READ: {"maier": "MmX", "leitung": NORD, "fremd": "F", "fremdleitung": "F"},
    Permission.CLIENT_READ_NOTE: {"maier": "MmX", "fremd": "F"},
    Permission.CLIENT_EDIT: {"maier": "Mm", "fremd": "F"},
    Permission.HOUSEHOLD_EDIT: {"maier": "Mm", "fremd": "F"},
    Permission.ATTACHMENT_READ: {"maier": "MmX", "leitung": NORD, "fremd": "F", "fremdleitung": "F"},
    Permission.ATTACHMENT_READ_PROTECTED: {"maier": "MmX", "fremd": "F"},
    Permission.CONTACT_WRITE: {"maier": "Mm", "fremd": "F"},
    Permission.CLIENT_ASSIGN: {"lead2": "MOQ", "leitung": "MOQ", "fremdleitung": "F"},
    Permission.CLIENT_CLOSE: {"maier": "MmX", "lead2": NORD, "leitung": NORD, "fremd": "F", "fremdleitung": "F"},
    Permission.CLIENT_PROTECT: {"maier": "MmX", "lead2": NORD, "leitung": NORD, "fremd": "F", "fremdleitung": "F"},
    Permission.NOTE_ACCESS: {"leitung": NORD, "fremdleitung": "F"},
    Permission.GOAL_ASSESS: {"maier": "Mm", "fremd": "F"},
    Permission.AGREEMENT_SIGN: {"maier": "Mm", "fremd": "F"},
    Permission.CONSENT_RECORD: {"maier": "Mm", "fremd": "F"},
    Permission.CONSENT_WITHDRAW: {"maier": "MOQmX", "lead2": NORD, "leitung": NORD, "fremd": "F", "fremdleitung": "F"},
    Permission.LETTER_WRITE: {"maier": "Mm", "fremd": "F"},
    Permission.REFERRAL_SEND: {"maier": "Mm", "fremd": "F"},
    Permission.REFERRAL_BY_LAW: {"maier": "Mm", "lead2": "MOQ", "leitung": "MOQ", "fremd": "F", "fremdleitung": "F"},
    Permission.ERASURE_REQUEST: {"maier": "MmX", "lead2": NORD, "leitung": NORD, "fremd": "F", "fremdleitung": "F"},
    Permission.ERASURE_EXECUTE: {},  # nobody here leads a whole carrier: tests/privacy has somebody who does
    Permission.AUDIT_CLIENT_ACCESS: {"maier": "MmX", "lead2": NORD, "leitung": NORD, "fremd": "F", "fremdleitung": "F"},
}
# Where no file is concerned: who may in the carrier Musterhausen, in its team Nord, and in Fremdstadt.
EXPECTED_IN: dict[Permission, tuple[set[str], set[str], set[str]]] = {
    Permission.CLIENT_CREATE: (
        {"maier", "oez", "sued", "leitung", "lead2"},
        {"maier", "oez", "leitung", "lead2"},
        {"fremd", "fremdleitung"},
    ),
    Permission.IMPORT_RUN: (
        {"maier", "oez", "sued", "leitung", "lead2"},
        {"maier", "oez", "leitung", "lead2"},
        {"fremd", "fremdleitung"},
    ),
    Permission.ADVICE_WRITE: (
        {"maier", "oez", "sued", "leitung", "lead2"},
        {"maier", "oez", "sued", "leitung", "lead2"},
        {"fremd", "fremdleitung"},
    ),
    Permission.TEAM_BOARD: (
        {"maier", "oez", "sued", "leitung", "lead2"},
        {"maier", "oez", "leitung", "lead2"},
        {"fremd", "fremdleitung"},
    ),
    Permission.USERS_MANAGE: ({"admin", "admin2"}, {"admin", "admin2"}, set()),
    Permission.ORGANISATION_EDIT: ({"admin", "admin2"}, {"admin", "admin2"}, set()),
    Permission.MEMBERSHIP_REQUEST: (
        {"admin", "admin2", "leitung", "lead2"},
        {"admin", "admin2", "leitung", "lead2"},
        {"fremdleitung"},
    ),
    Permission.MEMBERSHIP_CONFIRM: (
        {"admin", "admin2", "leitung", "lead2"},
        {"admin", "admin2", "leitung", "lead2"},
        {"fremdleitung"},
    ),
    Permission.CODELIST_EDIT: (
        {"admin", "admin2", "leitung", "lead2", "koord"},
        {"admin", "admin2", "leitung", "lead2", "koord"},
        {"fremdleitung"},
    ),
    Permission.PARTNER_READ: (
        {"maier", "oez", "sued", "leitung", "lead2", "koord"},
        {"maier", "oez", "sued", "leitung", "lead2", "koord"},
        {"fremd", "fremdleitung"},
    ),
    Permission.PARTNER_EDIT: (
        {"maier", "oez", "sued", "leitung", "lead2", "koord"},
        {"maier", "oez", "sued", "leitung", "lead2", "koord"},
        {"fremd", "fremdleitung"},
    ),
    Permission.REFERRAL_REGISTER: ({"dsb"}, {"dsb"}, set()),
    Permission.ERASURE_REGISTER: ({"leitung", "lead2", "dsb"}, {"leitung", "lead2", "dsb"}, {"fremdleitung"}),
    Permission.AUDIT_REGISTER: ({"dsb"}, {"dsb"}, set()),
    Permission.AUDIT_SYSTEM: ({"dsb", "admin", "admin2"}, {"dsb", "admin", "admin2"}, set()),
    Permission.FIGURES_EXACT: (
        {"maier", "oez", "sued", "leitung", "lead2"},
        {"maier", "oez", "leitung", "lead2"},
        {"fremd", "fremdleitung"},
    ),
    Permission.FIGURES_COMPARE: ({"leitung", "lead2"}, {"leitung", "lead2"}, {"fremdleitung"}),
    # Nobody here leads a whole carrier; the slices' own tests have somebody who does.
    Permission.FIGURES_AGREEMENT: (set(), set(), set()),
    Permission.REPORT_CONFIRM: (set(), set(), set()),
    Permission.REPORT_BUILD: ({"koord"}, {"koord"}, set()),
    Permission.REPORT_CHECK: ({"koord"}, {"koord"}, set()),
    Permission.REPORT_RELEASE: ({"koord"}, {"koord"}, set()),
    Permission.REPORT_READ: (
        {"maier", "oez", "sued", "leitung", "lead2", "koord", "foerder", "dsb"},
        {"maier", "oez", "sued", "leitung", "lead2", "koord", "foerder", "dsb"},
        {"fremd", "fremdleitung"},
    ),
    Permission.KENNZAHLEN_PREPARE: (
        {"maier", "oez", "sued", "leitung", "lead2", "koord"},
        {"maier", "oez", "leitung", "lead2", "koord"},
        {"fremd", "fremdleitung"},
    ),
    Permission.KENNZAHLEN_FREEZE: (set(), set(), set()),
    Permission.KENNZAHLEN_COLLECT: ({"koord"}, {"koord"}, set()),
}
PUBLIC = {"about.accessibility", "about.imprint", "about.privacy", "accounts.sign_in"}
# A draft's id is made by the page: one that nobody has stored is a new draft, not a missing one.
NEVER_MISSING = {"drafts.save"}
WALKERS = ("maier", "sued", "leitung", "lead2", "admin", "dsb", "koord", "foerder")
# Whose records each person does not even find: the answer is that for a missing one.
HIDDEN = {
    "maier": {"other_team", "foreign", "protected", "closed"},
    "sued": {"own", "team", "foreign", "protected", "closed"},
    "leitung": {"other_team", "foreign", "protected"},
    "lead2": {"other_team", "foreign", "protected"},
}


@pytest.fixture
def files(world: World) -> dict[str, UUID]:
    """The files of the table by letter."""
    ids = {
        "M": stored_file(world, "maier"),
        "O": stored_file(world, "oez"),
        "S": stored_file(world, "sued"),
        "F": stored_file(world, "fremd"),
        "Q": stored_file(world, "leitung", worker_id=None),
    }
    for letter, login, change in (
        ("m", "maier", {"protected": True}),
        ("o", "oez", {"protected": True}),
        ("X", "maier", {"closed_on": clock.today()}),
        ("Y", "oez", {"closed_on": clock.today()}),
    ):
        ids[letter] = changed_file(world, login, change)
    return ids


def changed_file(world: World, login: str, change: dict[str, object]) -> UUID:
    """A file of this person with some columns set as no page of a test could."""
    client_id = stored_file(world, login)
    with world.unscoped(write=True) as unit:
        client = unit.get(Client, client_id)
        assert client is not None
        for name, value in change.items():
            setattr(client, name, value)
        caseload.move(client)
    return client_id


@pytest.mark.parametrize("permission", EXPECTED)
def test_row_scope_and_policy_allow_exactly_what_the_table_says(
    world: World, files: dict[str, UUID], permission: Permission
) -> None:
    for login in set(PEOPLE) - {"oez", "sued"}:  # they have Maier's role, seen from the other side
        actor = world.actor(login)
        with world.unit(login) as unit:
            found = {letter: unit.get(Client, client_id) for letter, client_id in files.items()}
            allowed = {
                letter for letter, client in found.items() if client and policy.allows(actor, permission, client)
            }
        expected = EXPECTED[permission].get(login, "")
        assert allowed == set(expected), (login, permission)


@pytest.mark.parametrize("permission", EXPECTED_IN)
def test_the_policy_allows_in_a_carrier_exactly_what_the_table_says(world: World, permission: Permission) -> None:
    own, foreign = world.organisations["Musterhausen"], world.organisations["Fremdstadt"]
    places = ((own, None), (own, world.teams["Nord"]), (foreign, None))
    for place, expected in zip(places, EXPECTED_IN[permission], strict=True):
        allowed = {login for login in PEOPLE if policy.allows_in(world.actor(login), permission, *place)}
        assert allowed == expected, place


def test_the_tables_name_every_permission() -> None:
    assert set(EXPECTED) | set(EXPECTED_IN) | {Permission.OWN_ACCOUNT} == set(Permission) == set(GRANTS)


@dataclass(frozen=True)
class Stop:
    """One route with one method."""

    rule: Rule
    method: str
    permission: Permission

    @property
    def records(self) -> set[str]:
        """The arguments that name a record."""
        return set(self.rule.arguments) - set(WORDS)

    def address(self, app: Flask, samples: dict[str, str]) -> str:
        with app.test_request_context():
            return app.url_for(self.rule.endpoint, **{name: samples[name] for name in self.rule.arguments})


def stops(app: Flask) -> Iterator[Stop]:
    """Every guarded route of the application with GET and POST, as far as it takes them."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        if permission is not None:
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                yield Stop(rule, method, permission)


@pytest.fixture
def owners(world: World, files: dict[str, UUID]) -> dict[str, dict[str, str]]:
    """The samples by whose they are, seen from Maier."""
    of = {
        "own": samples_of(world, "maier"),
        "team": samples_of(world, "oez"),
        "other_team": samples_of(world, "sued"),
        "foreign": samples_of(world, "fremd"),
    }
    only_file = {"protected": "o", "closed": "Y"}
    return of | {owner: {**WORDS, "client_id": str(files[letter])} for owner, letter in only_file.items()}


def test_every_page_declares_a_permission_and_only_these_are_public(world: World) -> None:
    app = app_of(world)
    endpoints = {name: view for name, view in app.view_functions.items() if name != "static"}
    assert all(hasattr(view, "permission") for view in endpoints.values())
    assert {name for name, view in endpoints.items() if view.permission is None} == PUBLIC  # type: ignore[attr-defined]


def test_every_address_can_be_filled_in(world: World, owners: dict[str, dict[str, str]]) -> None:
    for stop in stops(app_of(world)):
        assert stop.rule.arguments <= set(owners["own"]), (
            f"{stop.rule.rule}: add a sample to tests/factories/samples.py"
        )


@pytest.mark.parametrize("login", ["", *WALKERS])
def test_without_the_permission_no_record_makes_a_difference(
    browse: Browse, world: World, owners: dict[str, dict[str, str]], login: str
) -> None:
    browser = browse(login)
    expected = 403 if login else 302
    for stop in stops(browser.app):
        if login and policy.may(world.actor(login), stop.permission):
            continue
        for owner, samples in owners.items():
            if not stop.rule.arguments <= set(samples):
                continue
            status = call(browser, stop, samples).status_code
            assert status == (401 if not login and stop.method == "POST" else expected), (stop.rule.rule, owner)


@pytest.mark.parametrize("login", WALKERS)
def test_a_hidden_record_answers_exactly_as_a_missing_one(
    browse: Browse, world: World, owners: dict[str, dict[str, str]], login: str
) -> None:
    browser, actor = browse(login), world.actor(login)
    for stop in stops(browser.app):
        if not stop.records or not policy.may(actor, stop.permission):
            continue
        missing = bare(call(browser, stop, missing_samples(owners["own"])))
        assert missing[0] == 404 or stop.rule.endpoint in NEVER_MISSING, stop.rule.rule
        for owner in hidden_from(login, stop):
            if stop.rule.arguments <= set(owners[owner]):
                answer = bare(call(browser, stop, owners[owner]))
                assert answer == missing, (stop.rule.rule, stop.method, owner, answer[0])


@pytest.mark.parametrize("login", WALKERS)
def test_a_page_opens_exactly_where_the_policy_says_so(
    browse: Browse, world: World, owners: dict[str, dict[str, str]], login: str
) -> None:
    browser, actor = browse(login), world.actor(login)
    wrong = []
    for stop in stops(browser.app):
        if stop.method != "GET" or not policy.may(actor, stop.permission) or stop.records - OF_CLIENT:
            continue
        for owner in set(owners) - hidden_from(login, stop) if stop.records else {"own"}:
            if not stop.rule.arguments <= set(owners[owner]):
                continue
            status = call(browser, stop, owners[owner]).status_code
            opens = not stop.records or reaches(world, login, stop.permission, owners[owner])
            if status not in ({200, 302} if opens else {403, 404}):
                wrong.append((stop.rule.rule, owner, status))
    assert wrong == []


@pytest.mark.parametrize("login", WALKERS)
def test_an_empty_form_never_breaks_a_page(
    browse: Browse, world: World, owners: dict[str, dict[str, str]], login: str
) -> None:
    browser, actor = browse(login), world.actor(login)
    for stop in stops(browser.app):
        if stop.method == "POST" and policy.may(actor, stop.permission) and stop.rule.endpoint != "accounts.sign_out":
            status = call(browser, stop, owners["own"]).status_code
            assert status in {200, 302, 303, 400, 403, 404, 409, 422}, (stop.rule.rule, status)


def call(browser: Browser, stop: Stop, samples: dict[str, str]):  # type: ignore[no-untyped-def]  # werkzeug's answer
    address = stop.address(browser.app, samples)
    return browser.get(address) if stop.method == "GET" else browser.post(address)


def hidden_from(login: str, stop: Stop) -> set[str]:
    """Whose records of the kind that the route names this person does not find."""
    if stop.records and stop.records <= SHARED:
        return set()
    if stop.records - OF_CLIENT - SHARED:
        return {"foreign"}
    within_file = stop.records - {"client_id"}
    unreadable = (
        {"maier": {"team"}, "lead2": {"own", "team"}} if within_file and "client_id" not in stop.records else {}
    )
    return HIDDEN.get(login, set()) | unreadable.get(login, set())


def reaches(world: World, login: str, permission: Permission, samples: dict[str, str]) -> bool:
    """Whether the policy allows it with this person's file."""
    with world.unscoped() as unit:
        client = unit.get(Client, UUID(samples["client_id"]))
        assert client is not None
        return policy.allows(world.actor(login), permission, client)
