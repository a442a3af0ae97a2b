"""The states of a goal (list goal_states) and what may follow what. Pure."""

from __future__ import annotations

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _

OPEN, RUNNING = "OFF", "LAU"
REACHED, PARTLY, MISSED, LAPSED, DROPPED = "ERR", "TEI", "NER", "ENT", "NVF"
RESULTS = (REACHED, PARTLY, MISSED, LAPSED, DROPPED)


class GoalStateError(RuleError):
    """The goal cannot go from its present state to the wanted one."""


def require_transition(old: str, new: str) -> None:
    """A goal begins open, is worked on, and ends once with a result. Raises GoalStateError on `result`.

    A result is final: what was reached and lost again is a new goal, or the figures of a past year would change. Taking
    a result back within ten minutes is no transition but the undoing of a mistake.
    """
    match old, new:
        case (("OFF" | "LAU"), "LAU"):
            return
        case (("OFF" | "LAU"), ("ERR" | "TEI" | "NER" | "ENT" | "NVF")):
            return
        case (("ERR" | "TEI" | "NER" | "ENT" | "NVF"), _new):
            raise GoalStateError(
                _("Dieses Ziel ist schon abgeschlossen. Legen Sie ein neues Ziel an, wenn es weitergeht."),
                field="result",
            )
        case _:
            raise GoalStateError(_("Wählen Sie eines der angebotenen Ergebnisse aus."), field="result")
