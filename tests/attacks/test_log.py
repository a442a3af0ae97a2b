"""Whatever is typed and saved on any page: the log knows every value that stands in the data afterwards."""

from __future__ import annotations

from caseapp import audit
from tests.attacks.targets import Range, Store
from tests.attacks.valid import CREATING, answer_of


def test_the_log_knows_what_every_form_has_written(shooting: Range, store: Store) -> None:
    database = shooting.world.services.database
    audit.seal_pending(database)
    for page in CREATING:
        login, address, data = answer_of(shooting, page)
        shooting.browser(login).post(address, data)
    for target in shooting.targets:
        if target.address.partition("?")[0] not in {"/abmelden", "/konto/kennwort"}:
            shooting.browser(target.login).post(target.address, target.form.sent())
    assert store.digest() != store.start
    report = audit.verify(database, tail=False)
    assert report.problems == []
    assert report.waiting > 20
