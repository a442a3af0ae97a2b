"""Operator commands: `caseapp init`, `org add`, `team add`, `user add` and `grant`, `check`, `serve`, and more.

Exit status 0 only when all went well; refusals are one German line on the error output, never a traceback.
"""

from __future__ import annotations

import sys

import click

from caseapp import logs
from caseapp.cli import refusals
from caseapp.cli.audit import audit_command
from caseapp.cli.backup import backup_command, restore
from caseapp.cli.caseload import caseload
from caseapp.cli.check import check
from caseapp.cli.demo import demo_command
from caseapp.cli.erase import erase
from caseapp.cli.imports import import_command
from caseapp.cli.keys import keys
from caseapp.cli.report import report
from caseapp.cli.search import search
from caseapp.cli.serve import jobs, serve
from caseapp.cli.setup import init, migrate, org, team, user


@click.group()
def cli() -> None:
    """Fallverwaltung für das Integrationsmanagement."""


for command in (
    check,
    audit_command,
    init,
    migrate,
    org,
    team,
    user,
    demo_command,
    import_command,
    search,
    caseload,
    report,
    serve,
    jobs,
    erase,
    keys,
    backup_command,
    restore,
):
    cli.add_command(command)


def main() -> None:
    """Entry point of the `caseapp` script."""
    logs.install()
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(refusals.FAILED)
    except Exception as error:
        sys.exit(refusals.tell(error))
