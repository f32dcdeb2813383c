"""How long OpenMP's threads, in which torch computes, wait busily for their next work."""

from __future__ import annotations

import os

_SPINS = "5000"  # about 50 microseconds: what it takes to wake a sleeping thread
_SETTINGS = "OMP_WAIT_POLICY", "GOMP_SPINCOUNT"


def limit_busy_waiting() -> None:
    """Let OpenMP's threads sleep soon, unless the user has set how they wait. It must be called before torch is imported.

    GNU's OpenMP, which torch has on Linux, otherwise spins through 300,000 rounds, several milliseconds, after each operation,
    on cores that the threads that decode images need.
    """
    if not any(name in os.environ for name in _SETTINGS):
        os.environ["GOMP_SPINCOUNT"] = _SPINS
