"""`caseapp report …`: outcome reports by command."""

from __future__ import annotations

import click

from caseapp.cli.report.attack import attack_reports
from caseapp.cli.report.export import export_report, sum_reports, verify_files
from caseapp.cli.report.rebuild import rebuild_lines
from caseapp.cli.report.releasing import build_report, check_report, confirm_entries, release_report, report_key


@click.group("report")
def report() -> None:
    """Berichte an das Förderprogramm."""


report.add_command(rebuild_lines)
report.add_command(export_report)
report.add_command(verify_files)
report.add_command(sum_reports)
report.add_command(confirm_entries)
report.add_command(build_report)
report.add_command(check_report)
report.add_command(release_report)
report.add_command(report_key)
report.add_command(attack_reports)
