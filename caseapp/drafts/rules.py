"""What a draft may be and how long a discarded one can be brought back. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _

# The largest note (100,000 characters, most of them two bytes) and all other fields of a form fit several times.
MOST_CHARACTERS = 1_000_000
UNDO = dt.timedelta(minutes=10)

# Machinery of the page, not words of the person.
_NOT_KEPT = frozenset({"csrf_token", "draft_rev", "_restored", "add_row", "remove_row"})

Fields = tuple[tuple[str, str], ...]


def kept_fields(posted: Iterable[tuple[str, str]]) -> Fields:
    """The posted fields that a draft keeps, in their order. Raises RuleError where they are too long to be a form."""
    fields = tuple((name, value) for name, value in posted if name not in _NOT_KEPT)
    if sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        raise RuleError(
            _("Der Text ist zu lang für einen Entwurf. Er bleibt hier stehen. Kürzen Sie ihn oder teilen Sie ihn auf.")
        )
    return fields


def can_bring_back(discarded_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a discarded draft is still there to be brought back."""
    return now - discarded_at <= UNDO
