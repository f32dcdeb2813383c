"""Decode images on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_threaded = True


def use_one_thread() -> None:
    """Decode in the calling thread from now on: for a process that is one of several."""
    global _threaded
    _threaded = False


def decode_each(decode: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """``[decode(item) for item in items]``, by one thread a core: decoding releases Python's lock."""
    return [*decoders(os.getpid()).map(decode, items)] if _threaded else [*map(decode, items)]


@lru_cache(maxsize=1)
def decoders(pid: int) -> ThreadPoolExecutor:
    """The threads that decode, one a core, of process ``pid``: none survives a fork."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return ThreadPoolExecutor(cores, thread_name_prefix="netdef-decode")
