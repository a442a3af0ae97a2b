"""A PostgreSQL cluster of the tests' own: started from Debian's binaries, gone at the end of the run."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from caseapp.cli.orphans import end_with

_SUPERUSER = "postgres"
# The roles of an installation: the owner migrates, the application works. As docs/operating.md makes them.
OWNER, APPLICATION = "caseapp_owner", "caseapp"
_PATIENCE_SECONDS = 30
_EMPTY_COPY = 21  # bytes of a binary copy without rows: header and trailer
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
}


def binaries() -> Path | None:
    """The folder of the newest installed version, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster on the loopback address; everybody on this machine is trusted, as it holds invented data."""

    port: int
    folder: Path = Path()

    def url(self, database: str, role: str = APPLICATION) -> str:
        """The address of a database for this role."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run statements as the superuser, each in a transaction of its own unless they say BEGIN."""
        with psycopg.connect(self.url(database, _SUPERUSER), autocommit=True) as connection:
            connection.execute(statement.encode())

    def create_database(self, name: str) -> None:
        """An empty database of the owner."""
        statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
        with psycopg.connect(self.url("postgres", _SUPERUSER), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A fresh cluster with both roles. It ends with the block, and with this process even after its kill -9."""
    folder = Path(tempfile.mkdtemp(prefix="caseapp-postgres-"))
    try:
        _initialise(folder)
        port, process = _start(folder)
        try:
            made = Cluster(port, folder)
            made.execute(f"CREATE ROLE {OWNER} LOGIN; CREATE ROLE {APPLICATION} LOGIN")
            yield made
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(_PATIENCE_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str:
    folder = binaries()
    assert folder is not None, "no binaries of PostgreSQL"
    return str(folder / name)


def _unprivileged() -> dict[str, object]:
    """PostgreSQL refuses to run as root: then as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _initialise(folder: Path) -> None:
    person = _unprivileged()
    if person:
        os.chown(folder, person["user"], person["group"])  # type: ignore[arg-type]
    command = [_program("initdb"), "--pgdata", str(folder / "data"), "--username", _SUPERUSER, "--auth", "trust"]
    subprocess.run(
        [*command, "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"],
        check=True, capture_output=True, cwd=folder, **person,  # type: ignore[call-overload]
    )  # fmt: skip


def _start(folder: Path) -> tuple[int, subprocess.Popen[bytes]]:
    """On a port that is free at this moment; should another take it meanwhile, on the next one."""
    for _attempt in range(5):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        options = [f"--{name.replace('_', '-')}={value}" for name, value in {**_SETTINGS, "port": port}.items()]
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [_program("postgres"), "-D", str(folder / "data"), *options],
                stdout=log, stderr=log, cwd=folder,
                preexec_fn=partial(end_with, os.getpid(), signal.SIGQUIT),  # noqa: PLW1509 - nothing but one call
                **_unprivileged(),  # type: ignore[call-overload]
            )  # fmt: skip
        if _answers(port, process):
            return port, process
    raise RuntimeError((folder / "log").read_text(errors="replace")[-2_000:])


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(Cluster(port).url("postgres", _SUPERUSER), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    process.kill()
    process.wait()
    return False


@dataclass(frozen=True, slots=True)
class Pair:
    """The two databases of one installation, and what they held when `keep` was called."""

    cluster: Cluster
    data: str
    keys: str
    owner: str = OWNER
    application: str = APPLICATION
    kept: dict[str, dict[str, bytes]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What the settings read."""
        return {
            "DATABASE_URL": self.cluster.url(self.data, self.application),
            "DATABASE_OWNER_URL": self.cluster.url(self.data, self.owner),
            "KEYSTORE_URL": self.cluster.url(self.keys, self.application),
            "KEYSTORE_OWNER_URL": self.cluster.url(self.keys, self.owner),
        }

    def keep(self) -> None:
        """Keep a copy of all rows: a few milliseconds bring them back, where a new database would take a hundred."""
        for database in (self.data, self.keys):
            with psycopg.connect(self.cluster.url(database, _SUPERUSER)) as connection:
                self.kept[database] = {}
                for table in self._tables(connection):
                    with connection.cursor().copy(f'COPY "{table}" TO STDOUT (FORMAT binary)'.encode()) as copy:
                        self.kept[database][table] = b"".join(bytes(part) for part in copy)

    def restore(self) -> None:
        """Bring the kept rows back. No connection may be in a transaction."""
        for database in (self.data, self.keys):
            with psycopg.connect(self.cluster.url(database, _SUPERUSER)) as connection:
                connection.execute("SET LOCAL lock_timeout = '5s'")
                connection.execute("SET LOCAL session_replication_role = replica")
                deleted = (f'DELETE FROM "{table}"' for table in self._tables(connection))  # noqa: S608
                connection.execute("; ".join(deleted).encode())
                for table, rows in self.kept[database].items():
                    if len(rows) > _EMPTY_COPY:
                        with connection.cursor().copy(f'COPY "{table}" FROM STDIN (FORMAT binary)'.encode()) as copy:
                            copy.write(rows)

    @staticmethod
    def _tables(connection: psycopg.Connection[Any]) -> list[str]:
        query = b"SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        return [row[0] for row in connection.execute(query).fetchall()]


def new_pair(running: Cluster, name: str) -> Pair:
    """Two empty databases of the owner."""
    pair = Pair(running, f"{name}_data", f"{name}_keys")
    running.create_database(pair.data)
    running.create_database(pair.keys)
    return pair
