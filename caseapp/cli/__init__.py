"""Operator commands: `caseapp init`, `org add`, `team add`, `user add`, `check`, `serve`, and those of the slices.

Exit status 0 only when all went well; refusals are one German line on the error output, never a traceback.
"""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import OperationalError

from caseapp.cli.caseload import caseload
from caseapp.cli.check import check
from caseapp.cli.demo import demo_command
from caseapp.cli.imports import import_command
from caseapp.cli.search import search
from caseapp.cli.serve import jobs, serve
from caseapp.cli.setup import init, migrate, org, team, user
from caseapp.errors import CaseappError
from caseapp.i18n import gettext as _


@click.group()
def cli() -> None:
    """Fallverwaltung für das Integrationsmanagement."""


for command in (check, init, migrate, org, team, user, demo_command, import_command, search, caseload, serve, jobs):
    cli.add_command(command)


def main() -> None:
    """Entry point of the `caseapp` script."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except CaseappError as refusal:
        click.echo(str(refusal) or _("Nicht gefunden."), err=True)
        sys.exit(1)
    except OperationalError:
        click.echo(
            _("Die Datenbank ist nicht erreichbar. „caseapp check“ zeigt, woran es liegt."),
            err=True,
        )
        sys.exit(1)
