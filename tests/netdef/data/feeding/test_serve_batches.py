"""The main function of a process that makes batches, run in a thread of this one."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from forked import start_child, succeeded

from netdef.data.feeding import handover, serve_batches
from netdef.data.feeding.serve_batches import Failure
from netdef.data.images import decode_threads


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The trainer's end of the socket of ``serve_batches``, which makes 1 / number; it ends when this is closed."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # Python allows it to the main thread only
    monkeypatch.setattr(torch, "set_num_threads", lambda _: None)
    monkeypatch.setattr(decode_threads, "_threaded", True)
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=serve_batches.serve_batches, args=(lambda n: {"x": np.array(1 / n)}, theirs, []))
    thread.start()
    yield ours
    ours.close()
    thread.join()
    theirs.close()


def ask(channel: socket.socket, number: int) -> None:
    channel.sendall(number.to_bytes(8, "little"))


def test_requests_are_answered_in_order(channel: socket.socket):
    for number in (4, 1, 2):
        ask(channel, number)
    assert [float(handover.receive(channel)["x"]) for _ in range(3)] == [0.25, 1, 0.5]


def test_an_error_is_an_answer(channel: socket.socket):
    ask(channel, 0)
    ask(channel, 8)
    failure = handover.receive(channel)
    assert isinstance(failure, Failure) and isinstance(failure.error, ZeroDivisionError) and "1 / n" in failure.trace
    assert float(handover.receive(channel)["x"]) == 0.125


def test_incomplete_request_is_ignored():
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(b"\1\0\0")
        ours.close()
        assert list(serve_batches._requests(theirs)) == []


def test_a_trainer_that_has_ended_is_noticed_though_its_socket_is_open(monkeypatch: pytest.MonkeyPatch):
    alive = [True, True, False]
    trainer = SimpleNamespace(is_alive=lambda: alive.pop(0))
    monkeypatch.setattr(serve_batches, "CHECK_INTERVAL", 0.001)
    monkeypatch.setattr(serve_batches.multiprocessing, "parent_process", lambda: trainer)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert list(serve_batches._requests(theirs)) == []
    assert alive == []


def test_a_process_that_is_forked_closes_the_sockets_of_the_other_side():
    ours, theirs = socket.socketpair()

    def serve_until_closed() -> bool:
        serve_batches.serve_batches(lambda n: {}, theirs, [ours])
        return True

    child = start_child(serve_until_closed)
    theirs.close()
    ours.close()
    assert succeeded(child)
