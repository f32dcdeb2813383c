"""Put off garbage collection while many objects are made that stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Collect no garbage meanwhile.

    Of the objects that a text and a net are made of nearly all stay. Python would search them several times while they are
    made, and with them all that torch has made, which takes two fifths of the building of DenseNet-121.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
