"""Declarations in words, for lists and sheets."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from caseapp.catalogue import queries as catalogue
from caseapp.consents.models import ConsentLine, DeclarationKind, DeclarationState, Line, MandateLine, ReleaseLine
from caseapp.consents.queries import DeclarationView, TitledDeclaration
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.web.templating import day_text

SOON = dt.timedelta(days=30)
KINDS = {
    DeclarationKind.RELEASE: _l("Freigabe"),
    DeclarationKind.CONSENT: _l("Einwilligung"),
    DeclarationKind.MANDATE: _l("Vollmacht"),
}
DIRECTIONS = {
    "tell": _l("Wir dürfen der Stelle etwas sagen"),
    "hear": _l("Die Stelle darf uns etwas sagen"),
    "both": _l("Beide dürfen einander etwas sagen"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDeclaration:
    """A declaration as a page shows it. `tone` is a kind of badge, "" for none; `facts` are label and text."""

    id: UUID
    sheet_id: UUID
    kind: str
    title: str
    person: str
    facts: tuple[tuple[str, str], ...]
    health: bool
    end: str
    tone: str
    over: bool
    ended: str
    untold: bool
    finishes: bool
    state: str
    several: bool = False


def shown(view: DeclarationView, today: dt.date, *, several: bool = False) -> ShownDeclaration:
    """The declaration in words. `several`: another one for the same recipient holds, too."""
    line = view.line
    end, tone = _end(view, today)
    withdrawn = view.state == DeclarationState.WITHDRAWN
    return ShownDeclaration(
        id=view.id,
        sheet_id=view.sheet_id,
        kind=str(KINDS[_kind(line)]) if line else _("nicht lesbar"),
        title=title_of(line) if line else "",
        person=line.person if isinstance(line, ReleaseLine) else "",
        facts=tuple(_facts(line)) if line else (),
        health=isinstance(line, ReleaseLine) and "GES" in line.fields,
        end=end,
        tone=tone,
        over=view.is_over(today),
        ended=_ended(view),
        untold=withdrawn and view.told_on is None and isinstance(line, ReleaseLine | MandateLine),
        finishes=isinstance(line, ReleaseLine | MandateLine),  # a consent has no purpose to reach
        state=view.state,
        several=several,
    )


def title_of(line: Line) -> str:
    """Whom it names, or to what it agrees."""
    match line:
        case ReleaseLine():
            return line.recipient
        case MandateLine():
            return line.towards
        case _:
            return catalogue.label("consent_kinds", line.kind)


def titled_text(each: TitledDeclaration) -> str:
    """What a colleague reads who takes a withdrawal."""
    kind = str(KINDS[DeclarationKind(each.kind)])
    title = each.title or _("der Name steht nur in der Akte")
    span = _("seit %(day)s", day=day_text(each.from_on)) if each.from_on else ""
    return " · ".join(part for part in (f"{kind}: {title}", span) if part)


def view_text(view: DeclarationView) -> str:
    """The same for readers of the file."""
    kind = str(KINDS[_kind(view.line)]) if view.line else _("nicht lesbar")
    title = title_of(view.line) if view.line else ""
    span = _("seit %(day)s", day=day_text(view.from_on)) if view.from_on else ""
    return " · ".join(part for part in (f"{kind}: {title}" if title else kind, span) if part)


def _kind(line: Line | None) -> DeclarationKind:
    match line:
        case ConsentLine():
            return DeclarationKind.CONSENT
        case MandateLine():
            return DeclarationKind.MANDATE
        case _:
            return DeclarationKind.RELEASE


def _facts(line: Line) -> list[tuple[str, str]]:
    match line:
        case ReleaseLine():
            found = [
                (_("Wozu"), catalogue.label("release_purposes", line.purpose)),
                (_("Welche Angaben"), _labels("release_fields", line.fields)),
                (_("Wer sagt wem"), str(DIRECTIONS[line.direction])),
                (_("Weg"), _labels("release_ways", line.ways)),
                (_("Was die Stelle damit darf"), line.use_note),
            ]
        case MandateLine():
            found = [
                (_("Wer"), line.holder),
                (_("Wofür"), _labels("mandate_scopes", line.scopes)),
                (_("Genauer"), line.detail),
            ]
        case _:
            found = [(_("Genauer"), line.detail)]
    return [(label, text) for label, text in found if text]


def _labels(name: str, codes: tuple[str, ...]) -> str:
    return ", ".join(catalogue.label(name, code) for code in codes)


def _end(view: DeclarationView, today: dt.date) -> tuple[str, str]:
    if view.ends_on is None:
        return _("bis zum Widerruf"), ""
    text = day_text(view.ends_on)
    if view.is_over(today):
        return _("abgelaufen am %(day)s", day=text), "danger"
    soon = view.state == DeclarationState.VALID and view.ends_on - today <= SOON
    return _("bis %(day)s", day=text), "warning" if soon else ""


def _ended(view: DeclarationView) -> str:
    day = day_text(view.ended_on)
    match DeclarationState(view.state):
        case DeclarationState.WITHDRAWN:
            way = catalogue.label("withdrawal_ways", view.ending.way) if view.ending else ""
            return _("widerrufen am %(day)s", day=day) + (f", {way}" if way else "")
        case DeclarationState.DONE:
            return _("beendet am %(day)s", day=day)
        case DeclarationState.DECLINED:
            return _("nicht unterschrieben")
        case DeclarationState.DISCARDED:
            return _("verworfen")
        case _:
            return ""
