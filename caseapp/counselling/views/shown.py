"""What the contact form offers and shows, for a new contact and for a correction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from caseapp import clock
from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import Client, FactKind, StayFact
from caseapp.clients.rules.ages import may_go_to_school
from caseapp.counselling import queries, rules
from caseapp.counselling.forms import ContactForm, minutes_meant
from caseapp.counselling.queries import FormPage
from caseapp.i18n import gettext as _
from caseapp.places.queries import municipality_name
from caseapp.tasks.rules import due_choices

_MINOR = 18


@dataclass(frozen=True, slots=True)
class KindChip:
    """One kind of contact with what it proposes for this client."""

    code: str
    label: str
    usual: bool
    defaults: rules.Defaults


def kind_chips(page: FormPage) -> list[KindChip]:
    """All kinds with this client's defaults, in the order of the list."""
    return [
        KindChip(
            code=code.code,
            label=queries.short_label(code),
            usual=code.says("usual"),
            defaults=rules.defaults_for(
                queries.usual_of(code),
                page.past,
                language=page.client.head.language,
                interpreter=page.client.body.interpreter,
            ),
        )
        for code in queries.offered_kinds()
    ]


def start_values(page: FormPage, chips: list[KindChip], kind: str) -> dict[str, object]:
    """What a new form holds: the defaults of the kind, and the client's address for a home visit."""
    chosen = next((chip for chip in chips if chip.code == kind), None)
    start = chosen.code if chosen else rules.first_kind(page.past, queries.with_client_kinds())
    defaults = next(chip.defaults for chip in chips if chip.code == start)
    return {
        "kind": start,
        "minutes": str(defaults.minutes),
        "language": defaults.language,
        "interpreter": defaults.interpreter,
        "address": address_of(page.stay),
    }


def offer(form: ContactForm, page: FormPage, chips: list[KindChip], *, keep: tuple[str, ...] = ()) -> None:
    """Give the form's fields their choices. `keep`: stored codes of topics that must stay choosable."""
    organisation_id = page.client.organisation_id
    form.offer(
        {
            "kind": {chip.code: chip.label for chip in chips},
            "topics": dict(catalogue.options("topics", organisation_id, keep=keep)),
            "done": {str(task.task_id): task.title for task in page.tasks},
            "steps": {str(step.step_id): step.text for step in page.steps},
            "confirmed": confirmable(page.client),
            "minutes": minutes_choices(form),
            "language": dict(catalogue.options("languages", organisation_id)),
            "interpreter": dict(catalogue.options("interpreter_kinds", organisation_id)),
            "participants": _people(page),
            "third_party_kind": dict(catalogue.options("third_party_kinds", organisation_id)),
        }
    )
    form.offer_in_rows(dict(due_choices()))


def confirmable(client: Client) -> dict[str, str]:
    """The histories as one word each, in the order in which talks touch them; Kita and school for the young only."""
    young = may_go_to_school(client.head.birth.day, clock.today())
    return {
        FactKind.STAY: _("Wohnen"),
        FactKind.WORK: _("Arbeit"),
        FactKind.LANGUAGE: _("Sprache"),
        **({FactKind.SCHOOL: _("Kita/Schule")} if young else {}),
        FactKind.BENEFIT: _("Leistungen"),
        FactKind.TITLE: _("Titel"),
    }


def minutes_choices(form: ContactForm) -> dict[str, str]:
    """The usual durations, and the one that the form holds already."""
    held = minutes_meant(form.minutes.data, None)
    lengths = sorted({*rules.USUAL_MINUTES, *([held] if held else [])})
    return {str(length): _("%(number)s min", number=length) for length in lengths}


def line(form: ContactForm) -> dict[str, str]:
    """The words of the folded line: what will be saved if nothing in it is touched."""
    minutes = minutes_meant(form.minutes.data, form.minutes_other.data)
    day = form.on_day.data
    return {
        "minutes": _("%(number)s min", number=minutes) if minutes is not None else _("Dauer?"),
        "language": catalogue.label("languages", form.language.data or "") or _("Sprache?"),
        "interpreter": catalogue.label("interpreter_kinds", str(form.interpreter.data or "")) or _("Dolmetschen?"),
        "day": _("heute") if day == clock.today() else f"{day:%d.%m.%Y}" if day else _("Tag?"),
        "present": _("+ %(number)s dabei", number=len(form.participants.data or ()))
        if form.participants.data
        else _("allein"),
    }


def address_of(stay: StayFact | None) -> str:
    """Street, postcode and place in one line; "" where unknown."""
    if stay is None:
        return ""
    place = " ".join(filter(None, (stay.postcode, stay.place or municipality_name(stay.ags))))
    return ", ".join(filter(None, (stay.street, place)))


def route(address: str) -> str:
    """A link that opens the phone's map with the address and nothing else."""
    return f"geo:0,0?q={quote(address)}" if address else ""


def safe_ways(client: Client) -> list[str]:
    """How the client may be reached, where the file says something about it."""
    safe = client.body.safe_contact
    return [*(catalogue.label("safe_contact_ways", way) for way in safe.ways), *filter(None, (safe.note,))]


def offers_of(
    page: FormPage, skip: UUID | None, resume: Callable[[UUID], str], *, about: str = ""
) -> list[dict[str, object]]:
    """The begun drafts above the form, without the one that it shows; `about`: those that change this contact."""
    return [
        {"draft": draft, "start": draft.start, "resume": resume(draft.id)}
        for draft in page.drafts
        if draft.id != skip and draft.about == about
    ]


def _people(page: FormPage) -> dict[str, str]:
    today = clock.today()
    return {str(member.client_id): _person(member.name, member.born_on, today) for member in page.members}


def _person(name: str, born_on: dt.date | None, today: dt.date) -> str:
    if born_on is None:
        return name
    age = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    return f"{name} ({age})" if age < _MINOR else name
