"""Printers of this slice: a letter, and the slip "nicht angetroffen"."""

from __future__ import annotations

from caseapp import clock
from caseapp.catalogue import phrases
from caseapp.documents import Said, render
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.letters import queries, rules, service
from caseapp.letters.models import Letter
from caseapp.letters.rules import Audience, Sentence
from caseapp.papers.service import Order, Printer
from caseapp.security import policy
from caseapp.security.permissions import Permission


def letter(order: Order) -> bytes:
    """The letter for its recipient, and behind it the client's own copy in both languages.

    Raises RuleError when the release under which it was to be sent no longer holds.
    """
    policy.require(order.actor, Permission.LETTER_WRITE, order.client)
    written = queries.get_letter(order.subject_id)
    if written.state != "valid":
        raise RuleError(_("Dieses Schreiben ist storniert."))
    service.check_release_again(order.client, written)
    return _printed(written)


def slip(order: Order) -> bytes:
    """ "Wir waren bei Ihnen": nothing on it says who, so that nobody at the door learns of the counselling.

    Written with the telephone by hand.
    """
    policy.require(order.actor, Permission.CONTACT_WRITE, order.client)
    language = phrases.print_language(order.client.head.language)
    return render("slip", book=phrases.book(), language=language, on=clock.today())


def _printed(written: Letter) -> bytes:
    content, template = written.content, queries.get_template(written.template)
    to_client = template.audience == Audience.CLIENT
    made = rules.sentences(written.template, content.name, dict(content.values), content.phone)
    return render(
        "small_letter",
        book=phrases.book(written.book_version),
        language=content.language,
        carrier=content.carrier,
        sender=content.sender,
        recipient=content.recipient,
        on=written.on_day,
        subject_key=rules.subject_key(written.template),
        sentences=[_said(each) for each in made],
        enclosures=rules.lines_of(content.value("enclosures")),
        text=content.value("text"),
        writer=content.writer,
        phone=content.phone,
        to_client=to_client,
        has_copy=template.audience == Audience.THIRD and content.language != "de",
        posted=written.way == rules.Way.POST,
    )


def _said(sentence: Sentence) -> Sentence:
    """With the purpose as a phrase of the book, so that each language says its own word."""
    purpose = sentence.values.get("purpose")
    if purpose not in rules.PURPOSES:
        return sentence
    return Sentence(sentence.key, {**sentence.values, "purpose": Said(f"letters.purpose.{purpose}")})


PRINTERS: dict[str, Printer] = {queries.PAPER_KIND: letter, queries.SLIP_KIND: slip}
