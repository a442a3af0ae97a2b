"""The server and the job process."""

from __future__ import annotations

import signal
import subprocess
import sys
from types import FrameType

import click

from caseapp.cli.runtime import services
from caseapp.errors import ConfigurationError
from caseapp.i18n import gettext as _
from caseapp.settings import Settings

_SERVER_PROCESSES = 2
_HOST = "127.0.0.1"


@click.command()
@click.option("--host", default=_HOST, help="Nur 127.0.0.1; davor gehört ein Proxy mit https.")
def serve(host: str) -> None:
    """Server und Hintergrundprozess starten, bis Strg+C."""
    if host != _HOST:
        raise ConfigurationError(
            _("Der Server hört nur auf 127.0.0.1. Stellen Sie für andere Rechner einen Proxy mit https davor.")
        )
    settings = Settings.from_env()
    with services():
        pass  # refuses before anything is started: keys, databases, version
    children = [
        _start_server(settings.port),
        subprocess.Popen([sys.executable, "-m", "caseapp.cli", "jobs"]),
    ]
    click.echo(
        _(
            "Läuft auf http://127.0.0.1:%(port)s – beenden mit Strg+C.",
            port=settings.port,
        )
    )
    sys.exit(_wait(children))


def _start_server(port: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        _HOST,
        "--port",
        str(port),
    ]
    command += [
        "--workers",
        str(_SERVER_PROCESSES),
        "--blocking-threads",
        "2",
        "--no-ws",
        "--log-level",
        "warning",
    ]
    command += ["--factory", "caseapp.factory:create_app"]
    return subprocess.Popen(command)


def _wait(children: list[subprocess.Popen[bytes]]) -> int:
    """Wait for the first child to end or for a signal, then end all; 0 when a signal asked for it."""
    asked = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        for child in children:
            child.terminate()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    while all(child.poll() is None for child in children):
        try:
            children[0].wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            continue
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    return 0 if asked else 1


@click.command()
def jobs() -> None:
    """Nur den Hintergrundprozess starten."""
    with services(immediate_jobs=False) as opened:
        consumer = opened.queue.huey.create_consumer(workers=1, worker_type="thread", initial_delay=0.05, max_delay=0.5)
        consumer.run()
