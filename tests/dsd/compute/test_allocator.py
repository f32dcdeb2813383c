"""Freed memory stays with the process."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest

from dsd.compute.allocator import keep_freed_memory

CODE = """
import ctypes
from dsd.compute.allocator import keep_freed_memory

class Statistics(ctypes.Structure):  # of malloc.h
    _fields_ = [(name, ctypes.c_int) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")]

mallinfo = ctypes.CDLL(None).mallinfo
mallinfo.restype = Statistics

def mapped():
    before = mallinfo().hblkhd
    block = b"1" * (48 << 20)
    return mallinfo().hblkhd - before >> 20

keep_freed_memory()
print(mapped(), mallinfo().arena >> 20 >= 48)
"""
glibc = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallopt"), reason="only glibc has mallopt")


def allocated(**settings: str) -> str:
    """The MiB of a block of 48 that the system maps for it alone, and whether the heap still has them when it is freed."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("MALLOC_", "GLIBC_"))}
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, env={**plain, **settings})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@glibc
def test_a_large_block_comes_from_the_heap_and_stays_there():
    assert allocated() == "0 True"


@glibc
def test_the_users_setting_stays():
    assert allocated(MALLOC_MMAP_THRESHOLD_="1000000") == "48 False"


def test_other_c_libraries_are_left_alone(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    keep_freed_memory()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "CDLL", lambda name: pytest.fail("it is not Linux"))
    keep_freed_memory()
