"""All that the environment decides, read once and validated. No other module reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from caseapp.errors import ConfigurationError

PROJECT_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Where data and keys lie and how the server is reached. Times are minutes.

    On PostgreSQL the owners' addresses are for setting up and migrating only; a running server does not need them.
    """

    data_dir: Path
    keys_dir: Path
    database_url: str
    keystore_url: str
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    idle_minutes: int = 30
    absolute_minutes: int = 600
    upload_limit_bytes: int = 25 * 1024 * 1024
    database_owner_url: str | None = None
    keystore_owner_url: str | None = None

    @property
    def secure_cookies(self) -> bool:
        """Cookies are marked `Secure` as soon as people reach the server by https."""
        return self.public_url.startswith("https://")

    @property
    def attachments_dir(self) -> Path:
        """The folder of sealed files."""
        return self.data_dir / "attachments"

    @property
    def jobs_path(self) -> Path:
        """The queue's own SQLite file; it holds ids of jobs, never personal data."""
        return self.data_dir / "jobs.db"

    @property
    def audit_roots_path(self) -> Path:
        """One root of the log a day, for keeping outside."""
        return self.data_dir / "audit-roots.txt"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Settings from `environ` (default: the process environment). Raises ConfigurationError with the cure."""
        env = os.environ if environ is None else environ
        data_dir = Path(env.get("CASEAPP_DATA") or PROJECT_ROOT / "instance").resolve()
        # Beside the data folder, not in it: a copy of the data must not carry the keys.
        keys_dir = Path(env.get("CASEAPP_KEYS") or data_dir.with_name(data_dir.name + ".keys")).resolve()
        if keys_dir == data_dir or data_dir in keys_dir.parents:
            raise ConfigurationError(
                "CASEAPP_KEYS liegt im Datenordner. Wählen Sie einen Ordner außerhalb von CASEAPP_DATA."
            )
        port = _port(env.get("PORT", "8000"))
        public_url = env.get("CASEAPP_PUBLIC_URL") or f"http://127.0.0.1:{port}"
        _check_public_url(public_url)
        return cls(
            data_dir=data_dir,
            keys_dir=keys_dir,
            database_url=_driver(env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'caseapp.db'}"),
            keystore_url=_driver(env.get("KEYSTORE_URL") or f"sqlite:///{data_dir / 'keystore.db'}"),
            port=port,
            public_url=public_url,
            database_owner_url=_owner(env, "DATABASE_URL", "DATABASE_OWNER_URL"),
            keystore_owner_url=_owner(env, "KEYSTORE_URL", "KEYSTORE_OWNER_URL"),
        )


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ConfigurationError(f"PORT={text} ist keine Portnummer. Geben Sie eine Zahl von 1 bis 65535 an.")
    return int(text)


def _driver(url: str) -> str:
    """PostgreSQL addresses get the driver that the lock file installs."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")) or not _has_number_as_port(url):
        raise ConfigurationError(
            "DATABASE_URL, KEYSTORE_URL und die Adressen der Besitzer haben die Form "
            "postgresql://NAME:KENNWORT@RECHNER:PORT/DATENBANK oder "
            "sqlite:///PFAD. Prüfen Sie die Adresse."
        )
    return url


def _owner(env: Mapping[str, str], name: str, owner_name: str) -> str | None:
    if not env.get(owner_name):
        return None
    owner_url = _driver(env[owner_name])
    if not (owner_url.startswith("postgres") and env.get(name, "").startswith("postgres")):
        raise ConfigurationError(f"{owner_name} gehört zu PostgreSQL: {name} muss auf dieselbe Datenbank zeigen.")
    return owner_url


def _has_number_as_port(url: str) -> bool:
    try:
        urlsplit(url).port  # noqa: B018  reading it is the check
    except ValueError:
        return False
    return True


def _check_public_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" or parts.hostname in {"127.0.0.1", "localhost", "::1"}:
        return
    raise ConfigurationError(
        "CASEAPP_PUBLIC_URL muss mit https:// beginnen. Ohne Verschlüsselung ist nur 127.0.0.1 erlaubt."
    )
