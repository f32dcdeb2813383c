"""Batches made ahead by a thread, which ends with its owner and with the program."""

from __future__ import annotations

import gc
import linecache
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from operator import neg

import pytest
from forked import holds_in_child

from netdef.data.feeding.prefetch import PrefetchThread

Threads = Callable[[], list[threading.Thread]]


@pytest.fixture(autouse=True)
def threads() -> Iterator[Threads]:
    """The prefetch threads that the test has started; none is left at its end. Threads of earlier tests may end any time."""
    before = set(threading.enumerate())

    def started() -> list[threading.Thread]:
        return [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("netdef-prefetch")]

    yield started
    assert started() == []


def results(prefetch: PrefetchThread[int], *numbers: int) -> list[int]:
    return [prefetch.get(number) for number in numbers]


def test_results_are_right_in_any_order_of_requests():
    prefetch = PrefetchThread(lambda number: 10 * number, 3)
    assert results(prefetch, 0, 1, 2, 7, 8, 3, 4) == [0, 10, 20, 70, 80, 30, 40]
    prefetch.close()


def test_it_works_at_most_depth_ahead():
    calls: list[int] = []
    made = threading.Semaphore(0)

    def make(number: int) -> None:
        calls.append(number)
        made.release()

    prefetch = PrefetchThread(make, 3)
    prefetch.get(5)
    for _ in range(4):
        made.acquire()
    prefetch.close()
    assert calls == [5, 6, 7, 8]


def test_nothing_starts_before_the_first_request(threads: Threads):
    calls: list[int] = []
    prefetch = PrefetchThread(calls.append, 3)
    assert threads() == [] and not calls
    prefetch.close()


def test_an_error_is_raised_when_its_result_is_requested():
    prefetch = PrefetchThread(lambda number: 1 // (number - 2), 3)
    assert results(prefetch, 0, 1) == [-1, -1]
    with pytest.raises(ZeroDivisionError):
        prefetch.get(2)
    assert prefetch.get(3) == 1
    prefetch.close()


def test_closing_ends_the_thread_and_a_request_starts_it_again(threads: Threads):
    prefetch = PrefetchThread(neg, 3)
    prefetch.get(0)
    assert len(threads()) == 1
    prefetch.close()
    assert threads() == []
    assert prefetch.get(1) == -1
    prefetch.close()


def test_forgetting_waits_for_the_call_that_is_running():
    calls: list[int] = []
    begun, gate = threading.Event(), threading.Event()

    def make(number: int) -> None:
        calls.append(number)
        if number == 1:
            begun.set()
            gate.wait()
            calls.append(-1)

    prefetch = PrefetchThread(make, 1)
    prefetch.get(0)
    begun.wait()
    threading.Thread(target=gate.set).start()
    prefetch.forget()
    assert calls == [0, 1, -1]
    prefetch.close()


def test_a_dropped_thread_makes_nothing_more(threads: Threads):
    calls: list[int] = []
    begun, gate = threading.Event(), threading.Event()

    def make(number: int) -> None:
        calls.append(number)
        if number == 1:
            begun.set()
            gate.wait()

    prefetch = PrefetchThread(make, 100)
    prefetch.get(0)
    begun.wait()
    (thread,) = threads()
    del prefetch
    gc.collect()
    gate.set()
    thread.join()
    assert calls == [0, 1]


def waits_for_a_lock(thread: int) -> bool:
    frame = sys._current_frames()[thread]
    return "waiter.acquire()" in linecache.getline(frame.f_code.co_filename, frame.f_lineno)


def test_an_interrupt_while_waiting_loses_no_result():
    heard, main = threading.Event(), threading.get_ident()

    def hear(*_: object) -> None:
        if not heard.is_set():
            heard.set()
            raise KeyboardInterrupt

    def interrupt(number: int) -> None:
        while number == 5 and not heard.is_set():
            if waits_for_a_lock(main):
                signal.pthread_kill(main, signal.SIGINT)

    prefetch = PrefetchThread(interrupt, 1)
    prefetch.get(0)  # starts the thread, for which it waits in the same way
    before = signal.signal(signal.SIGINT, hear)
    try:
        with pytest.raises(KeyboardInterrupt):
            prefetch.get(5)
    finally:
        prefetch.close()  # no signal is sent after this
        signal.signal(signal.SIGINT, before)


def test_a_copy_has_a_thread_of_its_own():
    prefetch = PrefetchThread(neg, 2)
    assert prefetch.get(3) == -3
    copy = pickle.loads(pickle.dumps(prefetch))
    assert results(copy, 3, 4) == [-3, -4]
    copy.close()
    assert prefetch.get(4) == -4
    prefetch.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_forked_child_starts_its_own_thread():
    prefetch = PrefetchThread(neg, 3)
    prefetch.get(0)
    assert holds_in_child(lambda: results(prefetch, 1, 2, 3) == [-1, -2, -3])
    assert results(prefetch, 1, 2, 3) == [-1, -2, -3]
    prefetch.close()


@pytest.mark.parametrize("rest, status", [("", 0), ("raise SystemExit(7)", 7)])
def test_a_program_that_closes_nothing_ends(rest: str, status: int):
    code = """
from netdef.data.feeding.prefetch import PrefetchThread
prefetch = PrefetchThread(lambda number: sum(range(1_000_000)), 3)
prefetch.get(0)
"""
    result = subprocess.run([sys.executable, "-c", code + rest], capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr) == (status, "", "")
