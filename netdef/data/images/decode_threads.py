"""Decoding images on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

from torch.utils.data import get_worker_info

T = TypeVar("T")
R = TypeVar("R")


def decode_each(decode: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """``[decode(item) for item in items]`` by threads, one a core, for decoding releases Python's lock. A worker process,
    which is one of several, does it by itself.
    """
    return [*map(decode, items)] if get_worker_info() else [*decoders(os.getpid()).map(decode, items)]


@lru_cache(maxsize=1)
def decoders(pid: int) -> ThreadPoolExecutor:
    """The threads that decode, one a core, for all of process ``pid``: none survives a fork."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return ThreadPoolExecutor(cores, thread_name_prefix="netdef-decode")
