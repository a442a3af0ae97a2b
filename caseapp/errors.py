"""The refusals that services and queries raise; `web.errors` turns them into answers, the CLI into one line.

Every message is a complete German sentence that says what to do next, and never holds personal data.
"""


class CaseappError(Exception):
    """Base of all expected refusals. `str(error)` may be shown to the user as it stands."""


class NotFoundError(CaseappError):
    """The record does not exist, or the actor may not know that it does: both answer the same (404)."""


class ForbiddenError(CaseappError):
    """The actor lacks the permission (403)."""


class RuleError(CaseappError):
    """A rule of the field refuses the change; `field` names the form field it belongs to, if one does (422)."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class AlreadyStoredError(RuleError):
    """A form was saved before and comes again with other content. Nothing was written; the form takes a new id."""


class ConflictError(CaseappError):
    """Somebody else changed the record since it was read (409). Nothing was written."""


class ConfigurationError(CaseappError):
    """The installation cannot start as it is configured; the message says how to mend it."""
