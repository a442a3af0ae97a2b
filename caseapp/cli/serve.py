"""The server and the job process."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from types import FrameType

import click
from flask import Flask

from caseapp.cli.orphans import end_with
from caseapp.cli.runtime import services
from caseapp.cli.turns import Turns
from caseapp.errors import ConfigurationError
from caseapp.factory import Services, chores, create_app
from caseapp.i18n import gettext as _
from caseapp.jobs.chores import running
from caseapp.rotation.checks import notices, refusals, standing
from caseapp.settings import Settings

# One request at work at a time each (`cli.turns`): two threads that calculate only wait for each other, and with more
# processes than cores a long request holds up few. The other threads wait for slow uploads and downloads.
_SERVER_PROCESSES = 4
_TRANSFERS = 4
_HOST = "127.0.0.1"
_PATIENCE_SECONDS = 8
# A page makes a few thousand objects, nearly all of them gone by themselves at its end.
_COLLECTED_AFTER = (50_000, 20, 20)


@click.command()
@click.option("--host", default=_HOST, help="Nur 127.0.0.1; davor gehört ein Proxy mit https.")
def serve(host: str) -> None:
    """Server und Hintergrundprozess starten, bis Strg+C."""
    if host != _HOST:
        raise ConfigurationError(
            _("Der Server hört nur auf 127.0.0.1. Stellen Sie für andere Rechner einen Proxy mit https davor.")
        )
    settings = Settings.from_env()
    with services() as opened:  # refuses before anything is started: keys, databases, version
        _look_at_keys(opened)
    _require_free(settings.port)
    children = _Children()
    children.start(_server_command(settings.port))
    children.start([sys.executable, "-m", "caseapp.cli", "jobs"])
    click.echo(_("Läuft auf http://127.0.0.1:%(port)s – beenden mit Strg+C.", port=settings.port))
    sys.exit(children.wait())


def _look_at_keys(opened: Services) -> None:
    """Say what does not belong together; refuse where serving would do harm."""
    found = standing(opened.database, opened.keystore)
    for refusal in refusals(opened.keystore, found):
        raise ConfigurationError(refusal)
    for notice in notices(found):
        click.echo(notice, err=True)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            raise ConfigurationError(
                _("Auf Port %(port)s läuft schon etwas. Wählen Sie einen anderen, zum Beispiel PORT=8010.", port=port)
            ) from None


def _server_command(port: int) -> list[str]:
    options = {
        "interface": "wsgi",
        "host": _HOST,
        "port": port,
        "workers": _SERVER_PROCESSES,
        "blocking-threads": _TRANSFERS,
        "workers-kill-timeout": _PATIENCE_SECONDS // 2,
        "log-level": "error",
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "granian", *arguments, "--no-ws", "--factory", "caseapp.cli.serve:worker_app"]


def worker_app() -> Flask:
    """The application of one server process."""
    if server := multiprocessing.parent_process():
        # A server that was asked to end waits for its processes. One that was killed leaves nobody to answer to.
        end_with(server.pid or 0, signal.SIGKILL)
    app = create_app()
    app.wsgi_app = Turns(app.wsgi_app)  # type: ignore[method-assign]
    settle()
    return app


def settle() -> None:
    """Let the garbage collector pass by what exists now, and come seldom for the rest.

    It lives as long as the process: walking it again and again, a search in 5,000 heads took twice its time whenever
    that happened.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AFTER)


class _Children:
    """The processes of one `serve`. Each leads a group of its own: the terminal's Ctrl+C reaches only this process,

    which then ends them in order, and a group that does not end in time is killed with everything in it. Should this
    process be killed itself, they end as well.
    """

    def __init__(self) -> None:
        self._children: list[subprocess.Popen[bytes]] = []
        self._asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)

    def start(self, command: list[str]) -> None:
        """Start one of them."""
        if not self._asked:
            ending = partial(end_with, os.getpid())
            # This process has one thread, so that code may run between fork and exec.
            child = subprocess.Popen(command, process_group=0, preexec_fn=ending)  # noqa: PLW1509
            self._children.append(child)

    def wait(self) -> int:
        """Until a signal comes or one of them ends; then none is left. The exit status: 0 when a signal asked."""
        while not self._asked and all(child.poll() is None for child in self._children):
            time.sleep(0.2)
        self._end()
        return 0 if self._asked else 1

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked = True

    def _end(self) -> None:
        for child in self._children:
            child.terminate()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        for child in self._children:
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


@click.command()
def jobs() -> None:
    """Nur den Hintergrundprozess starten."""
    with services(immediate_jobs=False) as opened:
        opened.queue.recover()
        consumer = opened.queue.huey.create_consumer(workers=1, worker_type="thread", initial_delay=0.05, max_delay=0.5)
        with running(chores(opened)):
            consumer.run()
