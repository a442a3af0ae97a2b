"""The head of a file as it is stored: tidy, with the search line of all names."""

from __future__ import annotations

import msgspec

from caseapp.clients.models import ClientHead
from caseapp.clients.rules import names
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _

LONGEST_NAME = 200


def ready(head: ClientHead) -> ClientHead:
    """The head with its search line. Raises RuleError when there is no name at all, or one is too long."""
    if not (head.family_name.strip() or head.given_names.strip() or head.own_script.strip()):
        raise RuleError(_("Geben Sie mindestens einen Namen ein."), field="family_name")
    for field in ("family_name", "given_names", "own_script"):
        if len(getattr(head, field)) > LONGEST_NAME:
            raise RuleError(_("Der Name ist zu lang: höchstens %(most)s Zeichen.", most=LONGEST_NAME), field=field)
    return with_line(head)


def with_line(head: ClientHead) -> ClientHead:
    """The head with the search line that today's rules make of its names."""
    line = names.search_line(
        head.family_name,
        head.given_names,
        own_script=(head.own_script,) if head.own_script else (),
        other_spellings=head.other_names,
    )
    return msgspec.structs.replace(head, keys=(line,))
