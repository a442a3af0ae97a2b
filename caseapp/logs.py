"""What the log may say: names of events, codes, and places in the code. No message of an error and no value.

Messages of errors quote what they were given, and here that is what people have typed. Standard error, one line an
event; the operator's journal keeps it.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict

from caseapp.settings import PROJECT_ROOT

_FRAMES = 12


def install() -> None:
    """Configure the log of this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_places,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        # Asked anew for each line: tests and service managers exchange the stream.
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _only_places(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Put where an error arose in place of what it said."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        event["at"] = " > ".join(f"{_name(frame.filename)}:{frame.lineno}" for frame in frames)
        event["cause"] = type(error.__cause__).__name__ if error.__cause__ else None
    return event


def _name(path: str) -> str:
    file = Path(path)
    return str(file.relative_to(PROJECT_ROOT)) if file.is_relative_to(PROJECT_ROOT / "caseapp") else file.name
