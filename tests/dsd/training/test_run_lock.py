"""One run at a time writes the files of a prefix; a killed one leaves nothing in the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from toys import toy

import dsd.training.run_lock
from dsd import Observer, Trainer
from dsd.training.run_lock import RunLock
from netdef.errors import FileError

HOLD = """
import sys
from dsd.training.run_lock import RunLock
lock = RunLock(sys.argv[1])
lock.take()
print("held", flush=True)
sys.stdin.read()
lock.release()
"""


@contextmanager
def other_process(prefix: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until its standard input is closed."""
    command = [sys.executable, "-c", HOLD, str(prefix)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        yield process


def test_another_process_is_named(tmp_path):
    with other_process(tmp_path / "new" / "digits") as process:
        who = rf"digits\.lock: process {process.pid} on host {os.uname().nodename}, since .*"
        with pytest.raises(FileError, match=f"{who}, trains with this `snapshot_prefix`; wait for it to end, or give another"):
            RunLock(tmp_path / "new" / "digits").take()
        RunLock(tmp_path / "new" / "other").take()
    lock = RunLock(tmp_path / "new" / "digits")
    lock.take()
    lock.release()
    assert not lock.path.exists()


def test_a_dead_process_holds_nothing(tmp_path):
    with other_process(tmp_path / "digits") as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (tmp_path / "digits.lock").exists()
    lock = RunLock(tmp_path / "digits")
    lock.take()
    assert f'"pid": {os.getpid()}' in lock.path.read_text()
    lock.release()


def test_what_a_dead_run_was_writing_is_deleted(tmp_path):
    for name in ("digits_iter_7.caffemodel.there.12.tmp", "digits_iter_7.caffemodel", "digits2_iter_7.caffemodel.there.12.tmp"):
        (tmp_path / name).touch()
    lock = RunLock(tmp_path / "digits")
    lock.take()
    lock.release()
    assert set(os.listdir(tmp_path)) == {"digits_iter_7.caffemodel", "digits2_iter_7.caffemodel.there.12.tmp"}


def test_a_prefix_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "more"):
        with pytest.raises(FileError, match=f"{folder}: is a file or lies below one; the folder cannot be made"):
            RunLock(folder / "digits").take()
    with pytest.raises(FileError, match="digits.lock: cannot be written: File name too long"):
        RunLock(tmp_path / ("x" * 300 + "digits")).take()


def test_a_file_system_without_locks_is_a_warning(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.lockf", refuse)
    with pytest.warns(UserWarning, match="digits.lock: cannot be locked: No locks available"):
        RunLock(tmp_path / "digits").take()


def test_a_run_holds_the_lock_until_it_ends(tmp_path):
    class Tries(Observer):
        refused = 0

        def iterated(self, run, outputs, rate):
            with pytest.raises(FileError, match="another run of this process trains with this `snapshot_prefix`"):
                RunLock(tmp_path / "run" / "toy").take()
            self.refused += 1

    tries = Tries()
    Trainer.from_file(toy(tmp_path), max_iter=3, observers=[tries]).run()
    assert tries.refused == 3
    assert not (tmp_path / "run" / "toy.lock").exists()


def test_a_run_that_fails_releases_the_lock(tmp_path):
    class Fails(Observer):
        def iterated(self, run, outputs, rate):
            raise KeyError

    with pytest.raises(KeyError):
        Trainer.from_file(toy(tmp_path), observers=[Fails()]).run()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Trainer.from_file(toy(tmp_path), max_iter=1).run()
    assert not dsd.training.run_lock._ours & {tmp_path / "run" / "toy.lock"}
