"""What was typed stands in no file of the installation, in no cookie and in no line of the log."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy import select

from caseapp import logs
from caseapp.clients.models import Client
from tests.attacks.pages import Form
from tests.attacks.targets import Range, Store, Target, database_files
from tests.attacks.valid import CREATING, answer_of

# Letters only, so that names, offices and notes take it; base64 is looked for in all three positions.
CANARY = "Zaunkoenigqxv"


def traces(raw: bytes) -> set[str]:
    """The forms in which the canary stands in these bytes."""
    text = raw.lower()
    found = {
        name
        for name, written in (
            ("utf-8", CANARY.lower().encode()),
            ("utf-16", CANARY.lower().encode("utf-16-le")),
            ("hex", CANARY.encode().hex().encode()),
            ("reversed", CANARY.lower()[::-1].encode()),
        )
        if written in text
    }
    for shift in range(3):
        inner = base64.b64encode(b"\x00" * shift + CANARY.encode())[4 if shift else 0 : -4]
        if inner in raw:
            found.add("base64")
    return found


def typed(form: Form) -> dict[str, object]:
    """The form with a canary in each of its text fields."""
    return form.sent() | {control.name: f"{CANARY} {control.name}" for control in form.texts}


def shots(shooting: Range) -> Iterator[tuple[Target | str, str, str, dict[str, object]]]:
    """Complete forms with canaries, which are stored; then every form with canaries, which mostly are refused."""
    complete = [(page, *answer_of(shooting, page)) for page in CREATING]
    for page, login, address, data in complete:
        texts = {name: CANARY for name in data if name.rpartition("-")[2] in {"note", "text", "title", "family_name"}}
        yield page, login, address, data | texts
    for target in shooting.targets:
        yield target, target.login, target.address, typed(target.form)
        for control in target.form.texts:
            yield target, target.login, target.address, target.form.sent() | {control.name: CANARY}


def test_what_was_typed_stands_nowhere_at_rest(
    shooting: Range, store: Store, capfd: pytest.CaptureFixture[str]
) -> None:
    told: dict[str, set[str]] = {}
    saved = 0
    for name, login, address, data in shots(shooting):
        if address.partition("?")[0] in {"/abmelden", "/konto/kennwort"}:
            continue
        browser = shooting.browser(login)
        answer = browser.post(address, data)
        saved += answer.status_code == 302 and store.digest() != store.start and isinstance(name, str)
        assert CANARY not in (answer.location or ""), name
        cookies = " ".join(answer.headers.getlist("Set-Cookie"))
        if CANARY.lower() in cookies.lower() or _in_cookie(cookies):
            told[f"cookie of {name}"] = {"cookie"}
    for file in database_files(shooting.world):
        found = traces(file.read_bytes())
        if found:
            told[file.name] = found
    assert saved >= len(CREATING) // 2
    with shooting.world.unscoped() as unit:
        assert CANARY in {client.head.family_name for client in unit.scalars(select(Client).order_by(Client.id))}
    captured = capfd.readouterr()
    if traces((captured.out + captured.err).encode()):
        told["log"] = {"log"}
    assert told == {}


def test_the_canary_would_be_found() -> None:
    for written in (CANARY.encode(), CANARY.encode("utf-16-le"), base64.b64encode(f"xy{CANARY}z".encode())):
        assert traces(b"..." + written + b"...")


def _in_cookie(cookies: str) -> bool:
    """Whether a signed cookie, which anybody can read, holds it."""
    for part in re.findall(r"[A-Za-z0-9_-]{16,}", cookies):
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        if traces(raw):
            return True
    return False


def test_an_unexpected_error_leaves_no_word_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    logs.install()
    try:
        int(CANARY)
    except ValueError as error:
        structlog.get_logger().error("unexpected_error", kind=type(error).__name__, exc_info=error)
    said = capsys.readouterr().err
    assert "kind=ValueError" in said
    assert "test_at_rest.py:" in said
    assert CANARY not in said
