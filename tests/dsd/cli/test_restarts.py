"""Processes that torchrun starts again end with the weights of a run that nothing disturbed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from toys import toy

from netdef.schema.messages import NetParameter

PROGRAM = """
import os, signal, sys
from dsd import Observer, Trainer
from dsd.cli.train import main

class Kill(Observer):
    "Kills the rank named for this start, in the iteration named."
    on_every_rank = True

    def iterated(self, run, outputs, rate):
        start = int(os.environ["TORCHELASTIC_RESTART_COUNT"])
        if (start, run.world.rank, run.iteration) in KILLS:
            os.kill(os.getpid(), signal.SIGKILL)

KILLS = eval(sys.argv[1])
init = Trainer.__init__
def with_kill(self, *args, **flags):
    init(self, *args, **flags)
    self.observers.append(Kill())
Trainer.__init__ = with_kill
main(sys.argv[2:])
"""


def run(folder: Path, kills: set[tuple[int, int, int]]) -> Path:
    """Train with two ranks; (start, rank, iteration) are killed. The folder of the files."""
    solver = toy(folder, more="snapshot: 2")
    done = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "--max-restarts", "3",
         "--monitor-interval", "0.1", "--no-python",
         sys.executable, "-c", PROGRAM, repr(kills), solver, "--resume", "auto", "--keep", "1"],
        capture_output=True, text=True, timeout=400, env={**os.environ, "OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr
    return folder / "run"


@pytest.mark.slow
@pytest.mark.skipif(not torch.distributed.is_available(), reason="needs torch.distributed")
def test_any_rank_may_be_killed(tmp_path):
    # Before any snapshot, and in the first iterations of two phases.
    ours = run(tmp_path / "killed", {(0, 1, 1), (1, 1, 5), (2, 0, 9)})
    theirs = run(tmp_path / "undisturbed", set())
    events = map(json.loads, (ours / "toy.jsonl").read_text().splitlines())
    assert [event["iteration"] for event in events if event["event"] == "start"] == [0, 5, 9]
    assert (ours / "toy.1.jsonl").exists()  # of the start that left no snapshot
    last = [NetParameter.FromString((folder / "toy_iter_12.caffemodel").read_bytes()).layer for folder in (ours, theirs)]
    mine, undisturbed = ([(layer.name, blob.SerializeToString()) for layer in layers for blob in layer.blobs] for layers in last)
    assert mine == undisturbed
