"""Run a part of a test in a forked child."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable


def start_child(check: Callable[[], bool]) -> int:
    """Start a child that calls a function and ends, and so never returns into the test. Returns its number."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        status = 0 if check() else 1
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def succeeded(child: int) -> bool:
    """Wait for a child, and return whether its function returned true."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def holds_in_child(check: Callable[[], bool]) -> bool:
    """Whether a function returns true in a forked child."""
    return succeeded(start_child(check))
