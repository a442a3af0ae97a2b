"""What may stand on a sheet, who signs it, and until when it holds. Pure.

Sources: § 203 StGB (release by the person concerned), Art. 4(11), 7, 9(2)(a) DSGVO (freely given, specific, informed,
withdrawable, health by name), §§ 164-168 BGB (power of attorney). Whether a minor is able to understand what is signed
is not a matter of age alone: the representative signs always, the minor beside where able.
"""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import re
from collections.abc import Sequence

import msgspec

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _

USUAL_MONTHS, MOST_MONTHS = 6, 12
MOST_LINES = 12
LONGEST_NAME = 200
HEALTH = "GES"  # of release_fields and of consent_kinds: Art. 9 DSGVO, named by itself
# Kinds of partner_kinds whose mere name says something about health or distress: colleagues are not shown it.
TELLING_KINDS = frozenset({"THE", "ARZ", "SUC", "SLD", "SWB", "ANW"})

_ALL = re.compile(r"\b(alle[nrs]?|sämtliche\w*|jede\w*|jegliche\w*|beliebige\w*|irgendein\w*|diverse\w*|all|any)\b")
_MORE = re.compile(r"\b(usw|etc|u\. ?a|und andere\w*|und so weiter|und weitere\w*)\b")
_PLURAL_ALONE = re.compile(
    r"(die |öffentliche |deutsche |andere )*(behörden|ämter|stellen|dienste|ärzte|schulen|partner)"
)
_ONE_OFFICE = (
    "jobcenter",
    "ausländerbehörde",
    "ausländeramt",
    "sozialamt",
    "jugendamt",
    "gesundheitsamt",
    "wohnungsamt",
    "schulamt",
    "agentur für arbeit",
    "arbeitsamt",
    "bamf",
    "polizei",
    "familienkasse",
    "krankenkasse",
    "kita",
    "kindergarten",
)


def _day_text(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def check_recipient(text: str) -> str:
    """One office or person by name, as it is printed. Raises RuleError on `recipient`.

    "Alle Behörden" is no recipient: who releases must know whom (Art. 4(11) DSGVO, "for the specific case").
    """
    name = " ".join(text.split())
    if not name:
        raise RuleError(_("Wählen oder schreiben Sie, gegenüber wem die Freigabe gilt."), field="recipient")
    if len(name) > LONGEST_NAME:
        raise RuleError(
            _("Kürzen Sie den Namen der Stelle auf höchstens %(most)s Zeichen.", most=LONGEST_NAME), field="recipient"
        )
    low = name.casefold()
    if _ALL.search(low) or _MORE.search(low) or _PLURAL_ALONE.fullmatch(low):
        raise RuleError(
            _(
                "Eine Freigabe nennt genau eine Stelle. „Alle Behörden“ und Ähnliches geht nicht: Schreiben Sie jede "
                "Stelle in eine eigene Zeile."
            ),
            field="recipient",
        )
    if sum(office in low for office in _ONE_OFFICE) > 1:
        raise RuleError(
            _("Das sind mehrere Stellen. Schreiben Sie jede in eine eigene Zeile, damit sie einzeln widerrufbar ist."),
            field="recipient",
        )
    return name


def check_fields(fields: Sequence[str], direction: str) -> None:
    """Something must be named that is told or heard. Raises RuleError on `fields`."""
    if not fields:
        what = _("gefragt") if direction == "hear" else _("weitergegeben")
        raise RuleError(_("Kreuzen Sie an, was %(what)s werden darf.", what=what), field="fields")


def check_end(ends_on: dt.date, from_on: dt.date) -> None:
    """From one day to twelve months. Raises RuleError on `ends_on`."""
    if ends_on < from_on:
        raise RuleError(
            _("Das Ende (%(day)s) ist schon vorbei. Wählen Sie einen späteren Tag.", day=_day_text(ends_on)),
            field="ends_on",
        )
    if ends_on > months_after(from_on, MOST_MONTHS):
        raise RuleError(
            _(
                "Höchstens 12 Monate, also bis %(day)s. Danach fragen Sie neu.",
                day=_day_text(months_after(from_on, MOST_MONTHS)),
            ),
            field="ends_on",
        )


def check_signers(*, minor: bool, client_signs: bool, representative: str) -> None:
    """A minor never signs alone, and somebody signs. Raises RuleError on `signers`."""
    if minor and not representative:
        raise RuleError(
            _("Für Minderjährige unterschreibt die Vertretung, zum Beispiel ein Elternteil. Wählen Sie sie aus."),
            field="signers",
        )
    if not client_signs and not representative:
        raise RuleError(_("Wählen Sie, wer unterschreibt."), field="signers")


def check_signed_on(signed_on: dt.date, made_on: dt.date, today: dt.date) -> None:
    """Not before the sheet was prepared, and not ahead. Raises RuleError on `signed_on`."""
    if signed_on > today:
        raise RuleError(_("Der Tag der Unterschrift liegt in der Zukunft."), field="signed_on")
    if signed_on < made_on:
        raise RuleError(
            _("Das Blatt ist vom %(day)s. Früher kann es nicht unterschrieben sein.", day=_day_text(made_on)),
            field="signed_on",
        )


def hides_name(partner_kind: str, fields: Sequence[str]) -> bool:
    """Whether the name of the recipient would tell a colleague more than that there is a release."""
    return partner_kind in TELLING_KINDS or HEALTH in fields


def digest(content: object) -> str:
    """SHA-256 over records in one canonical form, for printing on each page of the sheet."""
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()
