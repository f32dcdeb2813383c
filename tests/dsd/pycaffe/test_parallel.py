"""Two processes that train together through `caffe.NCCL`, as the original's train.py does it; and the stopwatch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from toys import NET, toy

import dsd
import netdef
from dsd.pycaffe import parallel

SCRIPT = """
import atexit, multiprocessing, pathlib, sys
import dsd.pycaffe
dsd.pycaffe.install()
import caffe

def tell_group(path):
    import torch.distributed
    pathlib.Path(path).write_text(str(torch.distributed.is_initialized()))

def solve(rank, uid, out):
    caffe.init_log(2)
    caffe.set_device(rank)
    caffe.set_solver_count(2)
    caffe.set_solver_rank(rank)
    caffe.set_multiprocess(True)
    assert (caffe.solver_count(), caffe.solver_rank()) == (2, rank)
    solver = caffe.SGDSolver(sys.argv[1])
    if rank:
        solver.net.params["ip2"][0].data[...] = 5  # `bcast` takes that back
    atexit.register(tell_group, out + str(rank) + ".group")  # runs after what `NCCL` registers
    nccl = caffe.NCCL(solver, uid)
    nccl.bcast()
    solver.add_callback(nccl)
    solver.net.after_backward(nccl)
    if sys.argv[3:] == [str(rank)]:
        raise ValueError("this rank fails")
    solver.step(4)
    solver.net.save(out + str(rank))

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    uid = caffe.NCCL.new_uid()
    both = [context.Process(target=solve, args=(rank, uid, sys.argv[2])) for rank in (0, 1)]
    [each.start() for each in both]
    [each.join() for each in both]
    sys.exit(sum(each.exitcode != 0 for each in both))
"""


def run(folder: Path, net: str, *failing: str) -> subprocess.CompletedProcess[str]:
    """Run the script on a toy of this net; ``failing`` is the rank that fails. The status is how many ranks failed."""
    solver = toy(folder, phases="max_iter: 9", net=net)
    (folder / "script.py").write_text(SCRIPT)
    return subprocess.run(
        [sys.executable, "script.py", str(solver), str(folder / "out"), *failing], cwd=folder, capture_output=True, text=True,
        timeout=300, env={**os.environ, "PYTHONPATH": str(Path(dsd.__file__).parent.parent), "OMP_NUM_THREADS": "1"})


@pytest.mark.slow
def test_two_processes_hold_the_same_weights_and_see_both_shares(tmp_path):
    """Together they do what one does with twice the batches an iteration."""
    alike = "".join(line for line in NET.splitlines(keepends=True) if "Dropout" not in line and "BatchNorm" not in line)
    done = run(tmp_path, alike)
    assert done.returncode == 0, done.stderr
    assert [(tmp_path / f"out{rank}.group").read_text() for rank in (0, 1)] == ["False"] * 2
    first, second = (netdef.load(tmp_path / "net.prototxt", "TRAIN", tmp_path / f"out{rank}") for rank in (0, 1))
    both = toy(tmp_path / "alone", phases="max_iter: 9", net=alike, more="iter_size: 2")
    trainer = dsd.Trainer.from_file(both)
    trainer.step(4)
    for key, blobs in first.params.items():
        for index, blob in enumerate(blobs):
            assert np.array_equal(blob.detach().numpy(), second.params[key][index].detach().numpy())
            np.testing.assert_allclose(
                blob.detach().numpy(), trainer.net.params[key][index].detach().numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.slow
def test_a_process_that_fails_ends_the_others(tmp_path):
    """They do not wait for its gradients, and it does not wait for them."""
    done = run(tmp_path, NET, "1")
    assert done.returncode == 2 and "this rank fails" in done.stderr
    assert [(tmp_path / f"out{rank}.group").read_text() for rank in (0, 1)] == ["False"] * 2


def test_where_processes_meet():
    assert isinstance(parallel.NCCL.new_uid(), bytes) and parallel.has_nccl() in (True, False)
    assert (parallel.solver_count(), parallel.solver_rank()) == (1, 0)


def test_a_stopwatch(monkeypatch):
    now = [10.0]
    monkeypatch.setattr(parallel, "_now", lambda: now[0])
    timer = parallel.Timer()
    assert timer.ms == 0
    timer.start()
    now[0] = 10.5
    assert timer.ms == 500
    timer.stop()
    now[0] = 99.0
    assert timer.ms == 500
    timer.start()
    assert timer.ms == 0
