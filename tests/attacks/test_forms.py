"""Every form of the application under fire: found by walking over the pages, never listed by hand.

Whatever is posted, the answer is no error page, a refusal stores nothing, and what was typed stands in the page again.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from tests.attacks.pages import Form, forms_of
from tests.attacks.targets import Range, Store, Target
from tests.factories.samples import samples_of

Shot = dict[str, Any]

NUL, BROKEN, RTL, EMOJI = "A\x00B", "A\ufffdB", "\u202egnp.exe\u202d", "\U0001f468\u200d\U0001f469\u200d\U0001f467"
MARKUP = "\"><script>alert(1)</script><img src=x onerror=alert(1)>' onfocus='alert(1)"
TEMPLATE = "{{1337133*733101}}{% raw %}${7*7}<%= 1 %>"
TEXTS = (
    *(NUL, BROKEN, RTL, EMOJI, MARKUP, TEMPLATE, "9" * 30, "9" * 5_000, "-5", "²", "٣٣", "1e309", "nan", "0"),
    *("31.02.2026", "0000", "99999", "01.01.0000", "01.01.9999", "32.13.99", "\u3000\u200b", "x" * 3_000, "%s{0}"),
    *("../../etc/passwd", "x\r\nSet-Cookie: a=b", "+" + "9" * 40, "'; drop table client;--"),
)
RESTING = {"csrf_token", "form_id", "next"}
ANSWERS = {200, 302, 303, 401, 403, 404, 409, 413, 415, 422, 429}


def filled(form: Form, texts: tuple[str, ...], start: int = 0) -> Shot:
    """The form with hostile texts in its text fields, each field another one."""
    names = [control.name for control in form.texts]
    return form.sent() | {name: texts[(start + number) % len(texts)] for number, name in enumerate(names)}


def chosen(form: Form, value: str) -> Shot:
    """The form with `value` as the answer of every choice and button."""
    kinds = {"select", "radio", "checkbox", "submit"}
    return form.sent() | {control.name: value for control in form.controls.values() if control.kind in kinds}


def hidden(form: Form, value: str) -> Iterator[Shot]:
    """The form with one hidden field after the other replaced."""
    for control in form.controls.values():
        if control.kind == "hidden" and control.name != "csrf_token":
            yield form.sent() | {control.name: value}


def in_rows(form: Form) -> Shot:
    """The form with rows of impossible numbers in its grids."""
    rows = [name.split("-") for name in form.controls if name.count("-") == 2]
    numbers = ("²", "٣", "-1", "99999999", "9" * 5_000)
    return form.sent() | {f"{grid}-{number}-{name}": "x" for grid, _row, name in rows for number in numbers}


def without_values(form: Form) -> Shot:
    return dict.fromkeys(form.sent(), "")


def twice(form: Form) -> Shot:
    return {name: [value, "zwei", "drei"] for name, value in form.sent().items()}


def crowd(form: Form) -> Shot:
    return form.sent() | {f"feld{number}": "x" for number in range(6_000)}


def as_files(form: Form) -> Shot:
    return form.sent() | {control.name: (io.BytesIO(b"x"), "a.txt") for control in form.texts}


SHOTS: dict[str, Callable[[Form], list[Shot]]] = {
    "empty": lambda form: [without_values(form)],
    "hostile texts": lambda form: [filled(form, TEXTS, start) for start in (0, 7, 14, 21)],
    "unknown choices": lambda form: [chosen(form, value) for value in ("unbekannt", "²", "9" * 5_000, str(uuid4()))],
    "changed hidden fields": lambda form: [*hidden(form, "²"), *hidden(form, "9" * 5_000), *hidden(form, "")],
    "rows of impossible numbers": lambda form: [in_rows(form)],
    "lists for single values": lambda form: [twice(form)],
    "very many fields": lambda form: [crowd(form)],
    "files for texts": lambda form: [as_files(form)],
}


@pytest.mark.parametrize("kind", SHOTS)
def test_no_form_breaks_and_no_refusal_stores(shooting: Range, store: Store, kind: str) -> None:
    wrong = []
    for target in shooting.targets:
        for data in SHOTS[kind](target.form):
            answer = shooting.fire(target, data)
            wrong += faults(target, answer, store)
    assert wrong == []


def test_markup_and_templates_come_back_as_text_and_what_was_typed_is_kept(shooting: Range, store: Store) -> None:
    wrong = []
    for target in shooting.targets:
        for text in (MARKUP, TEMPLATE, RTL, EMOJI):
            data = filled(target.form, (text,))
            answer = shooting.fire(target, data)
            wrong += faults(target, answer, store)
            if answer.status_code in {409, 422}:
                kept = kept_texts(answer, target.form)
                lost = [name for name in kept if kept[name].strip() != text and name in data]
                wrong += [f"{target}: lost {name}" for name in lost]
    assert wrong == []


def test_ten_megabytes_of_text_break_no_form_and_are_never_stored(shooting: Range, store: Store) -> None:
    wrong = []
    for target in shooting.targets:
        longest = max(target.form.texts, key=lambda control: control.kind == "textarea", default=None)
        if longest is not None:
            answer = shooting.fire(target, target.form.sent() | {longest.name: "x" * 10_000_000})
            wrong += faults(target, answer, store, may_store=False)
            if answer.status_code not in {200, 413, 422, 429}:  # 200: a search that reads the beginning only
                wrong.append(f"{target}: {answer.status_code} for ten megabytes in {longest.name}")
    assert wrong == []


def test_without_the_right_token_nothing_happens(shooting: Range, store: Store) -> None:
    wrong = []
    for target in shooting.targets:
        client = shooting.browser(target.login).client
        for token in ({}, {"csrf_token": ""}, {"csrf_token": "falsch"}, {"csrf_token": "²" * 50}):
            answer = client.post(target.address, data=target.form.sent() | token)
            wrong += faults(target, answer, store, may_store=False)
    assert wrong == []


def test_other_content_types_and_broken_bytes_are_no_errors(shooting: Range, store: Store) -> None:
    bodies = (
        (b"[1, 2]", "application/json"),
        (b'{"name": 5, "q": null}', "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe", "text/plain; charset=utf-7"),
        (b"xx", "multipart/form-data; boundary="),
        (b'--a\r\nContent-Disposition: form-data; name="q"\r\n\r\nabc', "multipart/form-data; boundary=a"),
        (
            b'--a\r\nContent-Disposition: form-data; name="q"\r\n\r\n\xff\xed\xa0\x80\r\n--a--',
            "multipart/form-data; boundary=a",
        ),
    )
    wrong = []
    for target in shooting.targets:
        browser = shooting.browser(target.login)
        token = {"X-CSRFToken": browser.token()}
        broken = b"&".join(name.encode() + b"=%FF%C3%28%00%ED%A0%80" for name in target.form.sent())
        for body, kind in (*bodies, (broken, "application/x-www-form-urlencoded")):
            answer = browser.client.post(target.address, data=body, content_type=kind, headers=token)
            wrong += faults(target, answer, store)
    assert wrong == []


def test_a_foreign_id_in_a_field_answers_as_one_that_names_nothing(shooting: Range) -> None:
    foreign = samples_of(shooting.world, "fremd")
    store = Store(shooting.world)
    wrong = []
    for target in shooting.targets:
        for shots in (lambda form, value: [chosen(form, value)], hidden):
            missing = [seen(shooting.fire(target, data), store) for data in shots(target.form, str(uuid4()))]
            for name in ("client_id", "contact_id", "user_id"):
                answers = []
                for data, expected in zip(shots(target.form, foreign[name]), missing, strict=True):
                    answer = shooting.fire(target, data)
                    wrong += faults(target, answer, store)
                    # The id of something new cannot be used twice: that one is refused.
                    taken = data.get("form_id") == foreign[name] and answer.status_code in {404, 409, 422}
                    answers.append(expected if taken else answer.status_code)
                if answers != missing:
                    wrong.append(f"{target}: a foreign {name} is told from a missing one")
    assert wrong == []


def seen(answer: TestResponse, store: Store) -> int:
    """What tells two answers apart from outside."""
    if store.digest() != store.start:
        store.restore()
    return answer.status_code


def faults(target: Target, answer: TestResponse, store: Store, *, may_store: bool = True) -> list[str]:
    """What is wrong with this answer; the installation is put back."""
    found = [] if answer.status_code in ANSWERS else [f"{target}: {answer.status_code}"]
    if store.digest() != store.start:
        if answer.status_code >= 400 or not may_store:
            found.append(f"{target}: stored something with {answer.status_code}")
        store.restore()
    if answer.mimetype == "text/html" and any(
        sign in answer.text for sign in ("<script>alert", "<img src=x", "980253539433")
    ):
        found.append(f"{target}: markup or a template came alive")
    return found


def kept_texts(answer: TestResponse, form: Form) -> dict[str, str]:
    """What stands in the text fields of the form that came back."""
    same = max(forms_of(answer.text), key=lambda shown: len(shown.shape & form.shape), default=None)
    assert same is not None
    wanted = {control.name for control in form.texts if control.kind != "password"}
    return {name: same.controls[name].value for name in wanted if name in same.controls}
