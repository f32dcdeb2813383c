"""Ctrl-C and hang-ups during a run."""

from __future__ import annotations

import os
import signal

import pytest

from dsd.observers.signals import Signals


@pytest.fixture
def untouched():
    numbers = (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    yield
    after = [signal.getsignal(number) for number in numbers]
    for number, handler in zip(numbers, before):
        signal.signal(number, handler)
    assert after == before


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("interrupt, hangup", [("stop", "snapshot"), ("snapshot", "stop")])
def test_a_request_is_returned_once(untouched, interrupt, hangup, capfd):
    signals = Signals(interrupt, hangup)
    signals.started(None)
    signal.raise_signal(signal.SIGHUP)
    assert signals.requested() == hangup
    assert signals.requested() is None
    signal.raise_signal(signal.SIGINT)
    assert signals.requested() == interrupt
    assert "after this iteration" in capfd.readouterr().err
    assert signals.stopped_by == {"stop": signal.SIGINT, "snapshot": signal.SIGHUP}[interrupt]
    signals.finished(None, False)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_scheduler_stops_the_run(untouched):
    signals = Signals("none", "none")
    signals.started(None)
    signal.raise_signal(signal.SIGTERM)
    assert signals.requested() == "stop" and signals.stopped_by == signal.SIGTERM
    signals.finished(None, True)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_second_interrupt_ends_at_once(untouched):
    signals = Signals()
    signals.started(None)
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    signals.release()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_none_ignores_the_signal(untouched):
    signals = Signals("none", "none")
    signals.started(None)
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGHUP)
    assert signals.requested() is None
    signals.release()
