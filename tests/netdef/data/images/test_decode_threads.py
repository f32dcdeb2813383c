"""Decoding by threads, and by none in a process that is one of several."""

from __future__ import annotations

import os
import threading

import pytest
from forked import holds_in_child

from netdef.data.images import decode_threads
from netdef.data.images.decode_threads import decode_each, decoders, use_one_thread


def test_results_keep_the_order():
    assert decode_each(lambda number: number * number, range(50)) == [number * number for number in range(50)]


def test_an_error_is_raised():
    with pytest.raises(ZeroDivisionError):
        decode_each(lambda number: 1 // number, [1, 0, 1])


def test_threads_decode(monkeypatch: pytest.MonkeyPatch):
    names = decode_each(lambda _: threading.current_thread().name, range(20))
    assert all(name.startswith("netdef-decode") for name in names)
    assert decoders(os.getpid()) is decoders(os.getpid())
    monkeypatch.setattr(decode_threads, "_threaded", True)  # and back again after the test
    use_one_thread()
    assert set(decode_each(lambda _: threading.current_thread(), range(5))) == {threading.current_thread()}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_has_threads_of_its_own():
    decode_each(abs, range(5))
    assert holds_in_child(lambda: decode_each(abs, [-1, 2, -3]) == [1, 2, 3])
