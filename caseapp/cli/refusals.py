"""How a command ends that could not do its work: German words on the error output and an exit status, no traceback."""

from __future__ import annotations

import os
import sys

import click
import structlog
from click.exceptions import NoArgsIsHelpError, NoSuchCommand
from sqlalchemy.exc import SQLAlchemyError

from caseapp.errors import CaseappError
from caseapp.i18n import gettext as _

FAILED, MISUSED = 1, 2  # exit status
_LONGEST_PATH = 200

_log = structlog.get_logger(__name__)


def tell(error: Exception) -> int:
    """Say on the error output what went wrong; gives the exit status."""
    match error:
        case NoArgsIsHelpError():
            error.show()
            return MISUSED
        case click.UsageError():
            click.echo(_usage(error), err=True)
            command = error.ctx.command_path if error.ctx else "caseapp"
            click.echo(_("Hilfe: %(command)s --help", command=command), err=True)
            return MISUSED
        case BrokenPipeError():  # `caseapp search … | head`: nobody reads on, and Python would complain at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return FAILED
        case _:
            click.echo(_failure(error), err=True)
            return FAILED


def _failure(error: Exception) -> str:
    match error:
        case CaseappError():
            return str(error) or _("Nicht gefunden.")
        case click.ClickException():
            return error.format_message()
        case SQLAlchemyError():
            return _(
                "Die Datenbank ist nicht erreichbar, beschädigt oder nur lesbar. „caseapp check“ zeigt, woran es liegt."
            )
        case OSError():
            return _access(error)
        case UnicodeError():
            return _("Eine Angabe enthält Zeichen, die kein UTF-8 sind. Benennen Sie eine solche Datei um.")
        case _:
            # The place in the code goes into the log; the message of the error may hold what was typed.
            _log.error("unexpected_error", kind=type(error).__name__, exc_info=error)
            return _("Das hat nicht geklappt: ein unerwarteter Fehler. Melden Sie ihn mit der Zeile darüber.")


def _access(error: OSError) -> str:
    if error.filename is None:
        return _("Auf eine Datei lässt sich nicht zugreifen. Prüfen Sie Ordner, Rechte und freien Speicherplatz.")
    path = shown(error.filename)
    return _("Auf %(path)s lässt sich nicht zugreifen. Prüfen Sie Ordner, Rechte und freien Speicherplatz.", path=path)


def shown(path: object) -> str:
    """What was given, for a message: it may be very long, and no text at all."""
    text = str(path).encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= _LONGEST_PATH else text[:_LONGEST_PATH] + "…"


def _usage(error: click.UsageError) -> str:
    """The library says it in English; what a command itself refuses is German already."""
    match error:
        case NoSuchCommand() | click.NoSuchOption():
            given = error.command_name if isinstance(error, NoSuchCommand) else error.option_name
            return _("„%(name)s“ gibt es hier nicht.", name=shown(given))
        case click.BadOptionUsage():
            return _("Die Option %(name)s braucht einen Wert.", name=error.option_name)
        case click.MissingParameter():
            return _("Es fehlt: %(name)s.", name=_name(error.param))
        case click.BadParameter():
            wrong = _("Dieser Wert passt nicht zu %(name)s.", name=_name(error.param))
            return f"{wrong} {_allowed(error.param)}".strip()
        case _ if error.message.startswith("Got unexpected extra"):
            return _("Das sind zu viele Angaben. Setzen Sie Namen mit Leerzeichen in Anführungszeichen.")
        case _:
            return error.format_message()


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return _("eine Angabe")
    return parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name


def _allowed(parameter: click.Parameter | None) -> str:
    kind = parameter.type if parameter else None
    if isinstance(kind, click.Choice):
        return _("Möglich sind: %(values)s.", values=", ".join(map(str, kind.choices)))
    if isinstance(kind, click.IntRange):
        return _("Möglich sind ganze Zahlen von %(least)s bis %(most)s.", least=kind.min, most=kind.max)
    if kind is click.INT:
        return _("Möglich sind ganze Zahlen.")
    return ""
