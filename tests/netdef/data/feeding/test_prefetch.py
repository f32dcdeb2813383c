"""Background work ends with its program and gets in nobody's way."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from netdef.data.feeding.prefetch import PrefetchThread

PROGRAM = """
import os, signal, sys, threading, time
from netdef.data.feeding.prefetch import PrefetchThread

def slow(number):
    time.sleep(0.2)
    return number

ahead = PrefetchThread(slow, 3)
assert ahead.get(0) == 0
"""


def run(rest: str) -> subprocess.CompletedProcess:
    """A program that has drawn once and goes on with ``rest``; it has 20 seconds."""
    return subprocess.run([sys.executable, "-c", PROGRAM + rest], capture_output=True, text=True, timeout=20)


@pytest.fixture
def calls() -> list[int]:
    return []


@pytest.fixture
def ahead(calls: list[int]):
    made = PrefetchThread(lambda number: calls.append(number) or number * 10, 3)
    yield made
    made.close()


def test_results_come_in_order_whatever_is_asked(ahead: PrefetchThread):
    assert [ahead.get(number) for number in (0, 1, 2, 7, 8, 3, 4)] == [0, 10, 20, 70, 80, 30, 40]


def test_it_works_ahead_but_not_further(ahead: PrefetchThread, calls: list[int]):
    ahead.get(5)
    deadline = time.monotonic() + 10
    while len(calls) < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)
    assert calls == [5, 6, 7, 8]


def test_nothing_starts_before_it_is_asked(calls: list[int]):
    before = threading.active_count()
    PrefetchThread(calls.append, 3)
    assert threading.active_count() == before and not calls


def test_an_error_is_raised_where_the_result_is_asked_for():
    ahead = PrefetchThread(lambda number: 1 // (number - 2), 3)
    assert [ahead.get(0), ahead.get(1)] == [-1, -1]
    with pytest.raises(ZeroDivisionError):
        ahead.get(2)
    assert ahead.get(3) == 1
    ahead.close()


def test_closing_ends_the_thread_and_it_starts_anew(ahead: PrefetchThread):
    before = threading.active_count()
    ahead.get(0)
    assert threading.active_count() == before + 1
    ahead.close()
    assert threading.active_count() == before
    assert ahead.get(1) == 10


def test_nothing_goes_on_for_one_that_is_dropped(calls: list[int]):
    def slow(number: int) -> None:
        calls.append(number)
        time.sleep(0.05)

    before = threading.active_count()
    ahead = PrefetchThread(slow, 100)
    ahead.get(0)
    del ahead
    gc.collect()
    deadline = time.monotonic() + 4
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before and len(calls) < 50


def test_a_program_that_closes_nothing_ends():
    assert run("").returncode == 0


def test_a_program_that_fails_ends():
    result = run("raise SystemExit(7)")
    assert result.returncode == 7


def test_ctrl_c_gets_through_while_waiting():
    result = run("""
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs begin without it

def interrupt(number):
    time.sleep(0.5)  # by now the program waits
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(3)

ahead._make = interrupt
started = time.monotonic()
try:
    ahead.get(50)
except KeyboardInterrupt:
    print("heard", time.monotonic() - started < 2)
""")
    assert result.stdout == "heard True\n", result.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_has_its_own():
    result = run(
        "child = os.fork()\n"
        "same = [ahead.get(n) for n in (1, 2, 3)] == [1, 2, 3]\n"
        "if child:\n    assert os.waitpid(child, 0)[1] == 0\n"
        "print(same, flush=True)\n"
    )
    assert result.stdout == "True\nTrue\n", result.stderr
    assert result.returncode == 0


def test_killing_leaves_nothing():
    result = run("os.kill(os.getpid(), signal.SIGKILL)")
    assert result.returncode == -signal.SIGKILL
