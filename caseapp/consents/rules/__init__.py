"""What a declaration may be, how long it holds, and what it covers. Pure."""

from caseapp.consents.rules.covering import Gap, Missing, ValidRelease, covering, uncovered

__all__ = ["Gap", "Missing", "ValidRelease", "covering", "uncovered"]
