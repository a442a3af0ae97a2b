"""From the records that people enter to the figures, through the lines between them."""

from __future__ import annotations

import datetime as dt

from caseapp import clock
from caseapp.clients import queries as clients
from caseapp.clients.models import FactBox, FactKind, TitleFact
from caseapp.clients.service.facts import add_fact
from caseapp.indicators import queries
from caseapp.indicators.rules import evaluate
from caseapp.tallies import queries as tallies
from caseapp.tallies.periods import Period
from tests.factories.files import stored_file
from tests.factories.world import World


def test_a_title_that_was_followed_early_still_ends_on_the_day_of_its_card(world: World) -> None:
    today = clock.today()
    printed = today + dt.timedelta(days=100)
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        client, actor = clients.get_client(client_id), world.actor("maier")
        old = TitleFact(code="P25_2F", work_permission="FRE")
        add_fact(actor, client, FactKind.TITLE, FactBox(fact=old), today - dt.timedelta(days=900), printed)
        add_fact(actor, client, FactKind.TITLE, FactBox(fact=old), today, today + dt.timedelta(days=1000))

    reported = Period.of(printed).next  # the report that tells of titles ending in that quarter
    with world.unit("maier"):
        courses = tallies.courses()
        context = queries.load_context(reported, clock.now())
        found = evaluate("I10", courses, [], reported, context)
        earlier = queries.load_context(Period.of(today).next, clock.now())
        assert evaluate("I10", courses, [], Period.of(today).next, earlier) == []

    assert [each.classes["outcome"] for each in found] == ["yes"]
    first = min(courses[0].titles, key=lambda line: line.from_on or dt.date.min)
    assert first.ends_on == printed
    assert first.until_on == today - dt.timedelta(days=1)
