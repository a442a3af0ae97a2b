"""Processes that end by themselves when the one that started them is gone, even after its kill -9."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
# Loaded with the module: between fork and exec nothing may be imported.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with(parent: int, number: signal.Signals = signal.SIGTERM) -> None:
    """Let the kernel send this process the signal as soon as `parent`, its process id, ends; it lasts over an exec.

    On other systems than Linux nothing happens: there a killed `serve` leaves its children to the operator.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:  # it was gone before the kernel was told
        os.kill(os.getpid(), number)
