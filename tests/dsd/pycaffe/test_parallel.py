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
import sys, multiprocessing
import dsd.pycaffe
dsd.pycaffe.install()
import caffe

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
    nccl = caffe.NCCL(solver, uid)
    nccl.bcast()
    solver.add_callback(nccl)
    solver.net.after_backward(nccl)
    solver.step(4)
    solver.net.save(out + str(rank))

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    uid = caffe.NCCL.new_uid()
    both = [context.Process(target=solve, args=(rank, uid, sys.argv[2])) for rank in (0, 1)]
    [each.start() for each in both]
    [each.join() for each in both]
    sys.exit(max(each.exitcode for each in both))
"""


@pytest.mark.slow
def test_two_processes_hold_the_same_weights_and_see_both_shares(tmp_path):
    """Together they do what one does with twice the batches an iteration."""
    alike = "".join(line for line in NET.splitlines(keepends=True) if "Dropout" not in line and "BatchNorm" not in line)
    solver = toy(tmp_path, phases="max_iter: 9", net=alike)
    (tmp_path / "script.py").write_text(SCRIPT)
    root = Path(dsd.__file__).parent.parent
    subprocess.run([sys.executable, "script.py", str(solver), str(tmp_path / "out")], cwd=tmp_path, check=True,
                   env={**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"})
    first, second = (netdef.load(tmp_path / "net.prototxt", "TRAIN", tmp_path / f"out{rank}") for rank in (0, 1))
    both = toy(tmp_path / "alone", phases="max_iter: 9", net=alike, more="iter_size: 2")
    trainer = dsd.Trainer.from_file(both)
    trainer.step(4)
    for key, blobs in first.params.items():
        for index, blob in enumerate(blobs):
            assert np.array_equal(blob.detach().numpy(), second.params[key][index].detach().numpy())
            np.testing.assert_allclose(
                blob.detach().numpy(), trainer.net.params[key][index].detach().numpy(), rtol=1e-4, atol=1e-5)


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
