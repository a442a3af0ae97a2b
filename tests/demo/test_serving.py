"""The commands as a person runs them: make the demo, start it, sign in, stop it; nothing is left behind."""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from caseapp.cli.setup import prepare
from caseapp.settings import Settings

CASEAPP = [sys.executable, "-m", "caseapp.cli"]
_PASSWORD = re.compile(r"Kennwort für alle: (\S+)")
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_of(folder: Path) -> dict[str, str]:
    """The installation below this folder, on a port of its own."""
    return {
        **os.environ,
        "CASEAPP_DATA": str(folder / "data"),
        "CASEAPP_KEYS": str(folder / "keys"),
        "PORT": str(free_port()),
    }


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return environment_of(tmp_path)


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CASEAPP, *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


class Demo(NamedTuple):
    """A demo as `caseapp demo --ready` has made it, and the password that the command told."""

    folder: Path
    password: str


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Made once; each test serves a copy."""
    folder = tmp_path_factory.mktemp("ready")
    made = run(environment_of(folder), "demo", "--ready")
    assert made.returncode == 0, made.stderr
    password = _PASSWORD.search(made.stdout)
    assert password is not None
    return Demo(folder, password[1])


@pytest.fixture
def server(environment: dict[str, str], ready: Demo, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    for part in ("data", "keys"):
        shutil.copytree(ready.folder / part, tmp_path / part)
    process = subprocess.Popen([*CASEAPP, "serve"], env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(environment["PORT"], process)
        yield process
    finally:
        if process.poll() is None:
            process.kill()


def wait_for(port: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/anmelden", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not answer")


def descendants(pid: int) -> set[int]:
    """All processes below `pid`, read from the process table."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found: set[int] = set()
    while new := {child for child, parent in parents.items() if parent in {pid, *found}} - found:
        found |= new
    return found


def alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_people_sign_in_until_a_signal_stops_everything_and_leaves_no_process_behind(
    server: subprocess.Popen[bytes], environment: dict[str, str], ready: Demo, number: signal.Signals
) -> None:
    _browser, page = signed_in(environment, ready.password)
    assert "Eva Maier" in page
    children = descendants(server.pid)
    assert len(children) >= 4  # the server with its two processes, and the job process
    server.send_signal(number)
    assert server.wait(timeout=25) == 0
    assert [child for child in children if alive(child)] == []


def test_nothing_goes_on_when_the_command_itself_is_killed(server: subprocess.Popen[bytes]) -> None:
    children = descendants(server.pid)
    assert len(children) >= 4
    server.kill()
    server.wait(timeout=5)
    assert left_after(15, children) == []


def test_the_server_processes_go_when_the_command_and_their_server_are_killed_at_once(
    server: subprocess.Popen[bytes],
) -> None:
    children = descendants(server.pid)
    [granian] = [child for child in children if len(descendants(child)) >= 2]
    for pid in (server.pid, granian):
        os.kill(pid, signal.SIGKILL)
    server.wait(timeout=5)
    assert left_after(15, children) == []


def left_after(seconds: float, processes: set[int]) -> list[int]:
    """Those of the processes that still run when the time is over; it waits no longer than needed."""
    deadline = time.monotonic() + seconds
    while (left := [each for each in processes if alive(each)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def test_too_large_a_file_is_answered_before_the_connection_ends(
    server: subprocess.Popen[bytes], environment: dict[str, str], ready: Demo
) -> None:
    assert server.poll() is None
    browser, _page = signed_in(environment, ready.password)
    file = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + b"a;b\n" * (8 << 20)
    page = browser.open(
        urllib.request.Request(
            f"http://127.0.0.1:{environment['PORT']}/importe",
            data=file + b"\r\n--x--\r\n",
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        ),
        timeout=30,
    )
    assert "größer als 25 MB" in page.read().decode()


def signed_in(environment: dict[str, str], password: str) -> tuple[urllib.request.OpenerDirector, str]:
    """A browser of the first demo caseworker, signed in with the password that the command told, and its page."""
    address = f"http://127.0.0.1:{environment['PORT']}/anmelden"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    token = _TOKEN.search(browser.open(address, timeout=30).read().decode())
    assert token is not None
    form = {"csrf_token": token[1], "login": "maier", "password": password}
    answer = browser.open(address, urllib.parse.urlencode(form).encode(), timeout=30)
    return browser, answer.read().decode()


def test_another_address_is_refused(environment: dict[str, str]) -> None:
    refused = run(environment, "serve", "--host", "0.0.0.0")  # noqa: S104  that is the point
    assert refused.returncode == 1
    assert "127.0.0.1" in refused.stderr


def test_a_taken_port_is_refused_in_plain_words(environment: dict[str, str]) -> None:
    run(environment, "demo", "--clients", "3")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environment["PORT"])))
        taken.listen()
        refused = run(environment, "serve")
    assert refused.returncode == 1
    assert environment["PORT"] in refused.stderr


def test_the_demo_is_ready_again_without_being_loaded_again(environment: dict[str, str]) -> None:
    first, second = run(environment, "demo", "--ready"), run(environment, "demo", "--ready")
    assert (first.returncode, second.returncode) == (0, 0)
    assert "geladen" in first.stdout
    assert "geladen" not in second.stdout
    assert "maier" in second.stdout
    kept = Path(environment["CASEAPP_DATA"]) / "demo-password.txt"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE((Path(environment["CASEAPP_KEYS"]) / "root.key").stat().st_mode) == 0o400


def test_a_real_installation_is_refused_and_stays_untouched(environment: dict[str, str]) -> None:
    settings = Settings.from_env(environment)
    prepare(settings, demo=False)
    before = (settings.data_dir / "caseapp.db").read_bytes()
    for arguments in (["--ready"], ["--clients", "5"]):
        refused = run(environment, "demo", *arguments)
        assert refused.returncode == 1
        assert "keine Demo" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert (settings.data_dir / "caseapp.db").read_bytes() == before
    assert not (settings.data_dir / "demo-password.txt").exists()
