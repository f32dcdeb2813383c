"""When Python collects garbage while a command starts and ends."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Torch and a net make 300,000 objects, nearly all of which stay.
_OBJECTS = 400_000

# Else Python searches all of them, several times, before it ends: a third of the time of a short command.
atexit.register(gc.freeze)


@contextmanager
def late_collection(objects: int = _OBJECTS) -> Iterator[None]:
    """Put off the first garbage collection until so many objects have been made; from then on Python collects as usual.

    With Python's own thresholds the imports of a command are searched 400 times for garbage, in a sixth of its start.
    """
    usual = gc.get_threshold()

    def restore(phase: str, info: dict[str, int]) -> None:
        gc.callbacks.remove(restore)
        gc.set_threshold(*usual)

    gc.callbacks.append(restore)
    gc.set_threshold(objects, *usual[1:])
    try:
        yield
    finally:
        if restore in gc.callbacks:
            restore("stop", {})
