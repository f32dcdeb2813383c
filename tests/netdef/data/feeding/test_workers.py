"""Batches made by processes, and every way in which a process may end. That the batches are right is in `test_feed`."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from forked import holds_in_child

from netdef.data.feeding.workers import WorkerError, WorkerPool, WorkerTraceback
from netdef.errors import FileError, NetdefError

ENDED = "^a process that makes batches has ended, {}. Is memory short[?] Without --workers threads make them$"


def numbered(number: int) -> dict[str, np.ndarray]:
    return {"number": np.array(number), "pid": np.array(os.getpid())}


def numbers(pool: WorkerPool, *wanted: int) -> list[int]:
    return [int(pool.get(number)["number"]) for number in wanted]


def processes() -> list[int]:
    return [child.pid for child in multiprocessing.active_children() if child.name.startswith("netdef-batches")]


@pytest.fixture(autouse=True)
def nothing_is_left(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Whatever a test does to them, no process is left, and none has written to the terminal."""
    if processes():
        gc.collect()  # pools of earlier tests
    yield
    if processes():
        gc.collect()  # takes half a second; an error's traceback may hold the pool
    assert processes() == []
    assert capfd.readouterr() == ("", "")


def test_batches_come_in_order_from_processes_that_take_turns():
    pool = WorkerPool(numbered, 3)
    batches = [pool.get(number) for number in (5, 6, 7, 8, 9, 2, 3)]
    assert [int(batch["number"]) for batch in batches] == [5, 6, 7, 8, 9, 2, 3]
    pids = [int(batch["pid"]) for batch in batches]
    assert len({*pids[:3]}) == 3 and os.getpid() not in pids
    assert pids[3:5] == pids[:2]
    pool.close()


def test_a_process_works_two_batches_ahead():
    reading, writing = os.pipe()

    def noted(number: int) -> dict[str, np.ndarray]:
        os.write(writing, bytes([number]))
        return numbered(number)

    pool = WorkerPool(noted, 2)
    pool.get(7)
    assert sorted(b"".join(os.read(reading, 1) for _ in range(4))) == [7, 8, 9, 10]
    pool.close()
    os.close(writing)
    assert os.read(reading, 1) == b""  # each number was made once, and no other
    os.close(reading)


def test_torch_s_generator_is_left_alone():
    before = torch.get_rng_state()
    WorkerPool(numbered, 1).get(0)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_pool_that_is_dropped_ends_its_processes():
    pool = WorkerPool(numbered, 2)
    pool.get(0)
    assert len(processes()) == 2
    del pool
    gc.collect()
    assert processes() == []


def test_a_copy_has_processes_of_its_own():
    pool = WorkerPool(numbered, 1)
    first = pool.get(0)["pid"]
    copy = pickle.loads(pickle.dumps(pool))
    assert copy.get(0)["pid"] != first
    assert pool.get(1)["pid"] == first


def test_forked_child_starts_its_own_processes():
    pool = WorkerPool(numbered, 1)
    pid = int(pool.get(0)["pid"])

    def other_process() -> bool:
        batch = pool.get(1)
        pool.close()
        return batch["number"] == 1 and batch["pid"] != pid

    assert holds_in_child(other_process)
    assert numbers(pool, 1, 2, 3) == [1, 2, 3] and processes() == [pid]


# Errors


def test_netdef_error_is_raised_unchanged():
    def refused(number: int) -> dict[str, np.ndarray]:
        raise FileError(f"db: item `{number}` is damaged")

    pool = WorkerPool(refused, 2)
    for _ in range(2):
        with pytest.raises(FileError, match="^db: item `4` is damaged$"):
            pool.get(4)


def test_other_error_has_the_traceback_of_the_process():
    def divided(number: int) -> dict[str, np.ndarray]:
        return {"x": np.array(1 // (number - 2))}

    pool = WorkerPool(divided, 1)
    assert pool.get(0)["x"] == -1
    with pytest.raises(ZeroDivisionError) as caught:
        pool.get(2)
    assert isinstance(caught.value.__cause__, WorkerTraceback) and "in divided" in str(caught.value.__cause__)
    assert pool.get(3)["x"] == 1


class AwkwardError(Exception):
    """One that cannot be made again from its message."""

    def __init__(self, first: str, second: str):
        super().__init__(f"{first} and {second}")


class AwkwardFileError(FileError, AwkwardError):
    pass


@pytest.mark.parametrize(
    "error, kind, said",
    [
        (AwkwardError("this", "that"), RuntimeError, "^AwkwardError: this and that$"),
        (AwkwardFileError("this", "that"), NetdefError, "^this and that$"),
        (MemoryError("no more"), MemoryError, "^no more$"),
    ],
)
def test_error_that_cannot_be_pickled_keeps_its_message(error: Exception, kind: type[Exception], said: str):
    def fail(number: int) -> dict[str, np.ndarray]:
        raise error

    with pytest.raises(kind, match=said):
        WorkerPool(fail, 1).get(0)


def test_a_batch_that_cannot_be_handed_over_is_an_error():
    with pytest.raises(Exception, match="pickle"):
        WorkerPool(lambda number: {"x": lambda: number}, 1).get(0)


def test_too_little_memory_for_a_batch():
    def large(number: int) -> dict[str, np.ndarray]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))
        return {"x": np.zeros(100_000 * (number == 2))}

    pool = WorkerPool(large, 1)
    assert pool.get(1)["x"].size == 0
    with pytest.raises(NetdefError, match=r"^there is no memory to hand over 800,\d\d\d bytes: File too large$"):
        pool.get(2)


def test_interrupt_does_not_shift_batches():
    def interrupt(number: int) -> dict[str, np.ndarray]:
        if number == 5:
            os.kill(os.getppid(), signal.SIGINT)
        return numbered(number)

    pool = WorkerPool(interrupt, 1)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background begins without it
    try:
        with pytest.raises(KeyboardInterrupt):
            pool.get(5)
            signal.pause()  # where the signal comes only now
    finally:
        signal.signal(signal.SIGINT, before)
    assert numbers(pool, 6, 7, 8) == [6, 7, 8]


# Processes that end


@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP", "SIGTERM"])
def test_signals_of_a_terminal_or_scheduler_are_ignored(name: str):
    pool = WorkerPool(numbered, 1)
    os.kill(int(pool.get(0)["pid"]), getattr(signal, name))
    assert numbers(pool, 1, 2, 3, 4, 5) == [1, 2, 3, 4, 5]


class KilledWhenPickled:
    def __reduce__(self) -> tuple:
        os.kill(os.getpid(), signal.SIGKILL)
        return object, ()


def killed_while_making(number: int) -> dict[str, np.ndarray]:
    if number >= 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return numbered(number)


def killed_while_handing_over(number: int) -> dict[str, np.ndarray]:
    return {**numbered(number), "x": KilledWhenPickled()} if number >= 3 else numbered(number)


def exited(number: int) -> dict[str, np.ndarray]:
    return sys.exit(4) if number >= 3 else numbered(number)


def exited_at_once(number: int) -> dict[str, np.ndarray]:
    return os._exit(5) if number >= 3 else numbered(number)


WAYS = [
    (killed_while_making, "killed by SIGKILL"),
    (killed_while_handing_over, "killed by SIGKILL"),
    (exited, "with status 4"),
    (exited_at_once, "with status 5"),
]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("make, how", WAYS)
def test_ended_process_is_an_error_at_its_batch(make, how: str, count: int):
    pool = WorkerPool(make, count)
    for _ in range(2):
        assert numbers(pool, 0, 1, 2) == [0, 1, 2]
        with pytest.raises(WorkerError, match=ENDED.format(how)):
            pool.get(3)
        assert processes() == []


@pytest.mark.parametrize("make, how", WAYS)
def test_process_that_ends_at_its_first_batch(make, how: str):
    with pytest.raises(WorkerError, match=ENDED.format(how)):
        WorkerPool(make, 3).get(10)


def test_process_killed_before_its_first_batch():
    pool = WorkerPool(numbered, 2)
    pool.start()
    os.kill(processes()[1], signal.SIGKILL)
    with pytest.raises(WorkerError, match=ENDED.format("killed by SIGKILL")):
        numbers(pool, 0, 1)


def test_process_killed_after_its_last_batch():
    pool = WorkerPool(numbered, 2)
    assert numbers(pool, 0, 1) == [0, 1]
    for pid in processes():
        os.kill(pid, signal.SIGKILL)
    pool.close()


def test_ended_process_whose_socket_stays_open():
    """The socket does not tell that such a process has ended."""

    def leaves_a_child(number: int) -> dict[str, np.ndarray]:
        if not os.fork():
            os.close(writing)
            os.read(reading, 1)  # until the test has ended
            os._exit(0)
        os._exit(6)

    reading, writing = os.pipe()
    with pytest.raises(WorkerError, match=ENDED.format("with status 6")):
        WorkerPool(leaves_a_child, 1).get(0)
    os.close(writing)
    os.close(reading)


def test_no_memory_even_for_the_error(monkeypatch: pytest.MonkeyPatch):
    def no_memory(number: int) -> dict[str, np.ndarray]:
        monkeypatch.setattr(pickle, "dumps", no_memory)  # in the process that makes batches
        raise MemoryError

    with pytest.raises(WorkerError, match=ENDED.format("with status 1")):
        WorkerPool(no_memory, 1).get(0)


def test_processes_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch):
    real = multiprocessing.Process.start

    def start(process: multiprocessing.Process) -> None:
        if process.name == "netdef-batches-1":
            raise BlockingIOError(11, "Resource temporarily unavailable")
        real(process)

    monkeypatch.setattr(multiprocessing.Process, "start", start)
    with pytest.raises(WorkerError, match="^cannot start a process that makes batches: Resource temporarily unavailable$"):
        WorkerPool(numbered, 3).get(0)


def test_system_without_send_fds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr("socket.send_fds")
    with pytest.raises(WorkerError, match="Without --workers threads make them"):
        WorkerPool(numbered, 1).get(0)


# A program that ends first


@pytest.mark.parametrize(
    "end, status",
    [
        (lambda pool: os.kill(os.getpid(), signal.SIGKILL), -signal.SIGKILL),
        (lambda pool: os._exit(8), 8),
        (lambda pool: sys.exit(7), 7),
        (lambda pool: None, 0),
        (lambda pool: pool.close(), 0),
    ],
    ids=["killed", "_exit", "exit", "return", "close"],
)
def test_the_processes_end_with_their_program(end: Callable[[WorkerPool], object], status: int):
    """They hold the program's output open: it is at its end when they all have ended."""

    def program() -> None:
        os.close(reading)
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        os.close(writing)
        pool = WorkerPool(numbered, 2)
        pool.get(0)
        end(pool)

    reading, writing = os.pipe()
    process = multiprocessing.Process(target=program)
    process.start()
    os.close(writing)
    with open(reading, "rb") as output:
        assert output.read() == b""
    process.join()
    assert process.exitcode == status


def test_the_processes_end_with_a_program_that_closes_nothing():
    code = """
import numpy as np
from netdef.data.feeding.workers import WorkerPool
pool = WorkerPool(lambda number: {"n": np.array(number)}, 2)
pool.get(0)
raise SystemExit(7)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr) == (7, "", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    "method, rest, status", [("spawn", "os.kill(os.getpid(), signal.SIGKILL)", -9), ("forkserver", "raise SystemExit(7)", 7)])
def test_processes_that_are_not_forked(method: str, rest: str, status: int):
    """The default of other systems, and of Linux from Python 3.14 on."""
    code = f"""
import multiprocessing, operator, os, signal
from netdef.data.feeding.workers import WorkerPool
multiprocessing.set_start_method("{method}")
pool = WorkerPool(operator.neg, 2)
assert [pool.get(number) for number in (1, 2, 3, 9)] == [-1, -2, -3, -9]
{rest}
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr) == (status, "", "")
