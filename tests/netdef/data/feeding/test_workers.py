"""Batches made by processes; that they are the same ones is in `test_feed`."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys

import numpy as np
import pytest
import torch

from netdef.data.feeding.workers import WorkerPool
from netdef.errors import FileError


def numbered(number: int) -> dict[str, np.ndarray]:
    return {"number": np.array([number]), "pid": np.array([os.getpid()])}


def refused(number: int) -> dict[str, np.ndarray]:
    raise FileError(f"db: item `{number}` is damaged")


@pytest.mark.filterwarnings("ignore:This DataLoader will create")
def test_batches_come_in_order_from_processes_that_take_turns():
    workers = WorkerPool(numbered, 3, pinned=False)
    batches = [workers.get(number) for number in (5, 6, 7, 8, 9, 2, 3)]
    assert [int(batch["number"]) for batch in batches] == [5, 6, 7, 8, 9, 2, 3]
    pids = [int(batch["pid"]) for batch in batches]
    assert len({*pids[:3]}) == 3 and os.getpid() not in pids
    assert pids[3:5] == pids[:2]
    workers.close()


def test_a_complaint_is_the_maker_s_own():
    workers = WorkerPool(refused, 2, pinned=False)
    for _ in range(2):
        with pytest.raises(FileError, match="^db: item `4` is damaged$"):
            workers.get(4)


def test_nothing_is_drawn_from_torch_s_generator():
    before = torch.get_rng_state()
    WorkerPool(numbered, 1, pinned=False).get(0)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs POSIX signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
def test_what_a_terminal_sends_to_all_does_not_end_them(name: str):
    workers = WorkerPool(numbered, 1, pinned=False)
    os.kill(int(workers.get(0)["pid"]), getattr(signal, name))
    assert [int(workers.get(number)["number"]) for number in range(1, 6)] == [1, 2, 3, 4, 5]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # DataLoader may miss it once more
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals")
def test_one_that_is_killed_is_told():
    workers = WorkerPool(numbered, 1, pinned=False)
    with pytest.raises(RuntimeError, match=r"DataLoader worker \(pid"):
        os.kill(int(workers.get(0)["pid"]), signal.SIGKILL)
        for number in range(1, 9):
            workers.get(number)
    workers.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_has_its_own_and_leaves_its_parent_s():
    code = """
import os, numpy as np
from netdef.data.feeding.workers import WorkerPool
workers = WorkerPool(lambda number: {"n": np.array([number])}, 1, False)
workers.get(0)
child = os.fork()
same = [int(workers.get(number)["n"]) for number in range(1, 6)] == [1, 2, 3, 4, 5]
if not child:
    os._exit(not same)
print(same, os.waitpid(child, 0)[1])
"""
    result = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60)
    assert result.stdout == "True 0\n", result.stderr


def test_a_copy_starts_its_own():
    workers = WorkerPool(numbered, 1, pinned=False)
    first = workers.get(0)["pid"]
    copy = pickle.loads(pickle.dumps(workers))
    assert copy.get(0)["pid"] != first
    assert workers.get(1)["pid"] == first
