"""Two processes train as one with twice the passes, hold the same masks, and write one snapshot."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
import torch
from toys import NET, toy
from two_ranks import run_two_ranks

from dsd import Trainer
from dsd.distributed import World
from dsd.training.solverstate import read_state
from netdef.schema.blobs import to_array
from netdef.schema.messages import NetParameter

# Neither dropout nor batch statistics, whose numbers belong to each rank; data in order, so that ranks share it out.
PLAIN = "\n".join(
    line for line in NET.replace("shuffle: true", "").splitlines() if not any(f'"{t}"' in line for t in ("Dropout", "BatchNorm"))
)
PROGRAM = """
import pathlib, sys
from dsd import Trainer
from dsd.distributed import World

def runs_gloo(task):
    try:
        name, _, fields = (task / "stat").read_text().rpartition(")")
    except OSError:  # it has ended
        return False
    exiting = int(fields.split()[6]) & 4  # the kernel's PF_EXITING: joined, perhaps, and not yet removed
    return name.endswith("(pt_gloo_runloop") and not exiting

def gloo_threads():
    return sum(map(runs_gloo, pathlib.Path("/proc/self/task").iterdir()))

trainer = Trainer.from_file(sys.argv[1], world=World.join())
trainer.run()
weights = float(sum(p.double().abs().sum() for p in trainer.net.parameters()))
before = gloo_threads()
trainer.world.leave()
ended = before - gloo_threads()
# A file a rank: lines that two processes print into one pipe run into each other.
pathlib.Path(sys.argv[2], f"rank{trainer.world.rank}").write_text(f"{len(trainer.masks)} {weights} {ended}")
"""


@pytest.mark.slow
@pytest.mark.skipif(not torch.distributed.is_available(), reason="needs torch.distributed")
def test_two_ranks_are_one_process_with_two_passes(tmp_path):
    phases = "dsd_phase { max_iter: 3 } dsd_phase { max_iter: 3 sparsity: 0.3 }"
    solver = toy(tmp_path / "two", net=PLAIN, phases=phases)
    run = run_two_ranks(PROGRAM, solver, tmp_path)
    assert "deprecated" not in run.stderr
    masks, weights, ended = zip(*((tmp_path / f"rank{rank}").read_text().split() for rank in (0, 1)))
    assert masks == ("3", "3")
    assert weights[0] == weights[1]
    assert ended == ("2", "2")  # the threads of the group whose tensors Python made; see `in_parallel`

    single = Trainer.from_file(toy(tmp_path / "one", net=PLAIN, phases=phases, more="iter_size: 2"))
    single.run()
    state = read_state(tmp_path / "two" / "run" / "toy_iter_6.solverstate")
    assert list(state.dsd.feed_position) == [6]
    saved = NetParameter.FromString((tmp_path / "two" / "run" / "toy_iter_6.caffemodel").read_bytes())
    for layer in saved.layer:
        for blob, ours in zip(layer.blobs, single.net.params.get(layer.name, [])):
            torch.testing.assert_close(torch.from_numpy(to_array(blob)), ours.detach(), rtol=1e-4, atol=1e-6)


ENDING = """
import pathlib, sys
from dsd import Observer, Trainer
from dsd.distributed import World

class EndSparse(Observer):
    def iterated(self, run, outputs, rate):
        if run.phase.name == "sparse":
            run.end_phase()

trainer = Trainer.from_file(sys.argv[1], world=World.join(), observers=[EndSparse()])
trainer.run()
trainer.world.leave()
ends = [phase.end for phase in trainer.phases]
pathlib.Path(sys.argv[2], f"rank{trainer.world.rank}").write_text(" ".join(map(str, [trainer.iteration, *ends])))
"""


@pytest.mark.slow
@pytest.mark.skipif(not torch.distributed.is_available(), reason="needs torch.distributed")
def test_phases_end_early_on_both_ranks_alike(tmp_path):
    """The first because it has converged, the second because the first rank's observer says so."""
    phases = ("dsd_phase { max_iter: 20 until_converged { patience: 1 min_delta: 2 } }"
              " dsd_phase { max_iter: 2000 sparsity: 0.3 } dsd_phase { max_iter: 4 }")
    solver = toy(tmp_path, net=PLAIN, phases=phases, more="test_iter: 2 test_interval: 5")
    run_two_ranks(ENDING, solver, tmp_path)
    first, second = ((tmp_path / f"rank{rank}").read_text().split() for rank in (0, 1))
    assert first == second
    last, dense, sparse, end = map(int, first)
    assert dense == 6 and 6 < sparse < 2000 and end == last == sparse + 4


DIVERGING = """
import pathlib, sys
from dsd import Trainer
from dsd.distributed import World
from dsd.observers.finite_watch import FiniteWatch
from netdef.graph.not_finite import NotFiniteError

trainer = Trainer.from_file(sys.argv[1], world=World.join(), observers=[FiniteWatch()])
try:
    trainer.run()
except NotFiniteError as error:
    pathlib.Path(sys.argv[2], f"rank{trainer.world.rank}").write_text(str(error))
trainer.world.leave()
"""


@pytest.mark.slow
@pytest.mark.skipif(not torch.distributed.is_available(), reason="needs torch.distributed")
def test_numbers_of_one_rank_that_are_not_finite_end_all_ranks(tmp_path):
    """The second batch of data, the first of rank 1, is broken: the weights of both ranks are then."""
    solver = toy(tmp_path, net=PLAIN, phases="max_iter: 9", more="snapshot: 4")
    with h5py.File(tmp_path / "train.h5", "a") as file:
        file["data"][6:12] = np.nan
    run_two_ranks(DIVERGING, solver, tmp_path)
    first, second = ((tmp_path / f"rank{rank}").read_text() for rank in (0, 1))
    assert first == second and first.startswith("iteration 1, phase `dense`, learning rate 0.1: the loss is nan\n")
    assert "layer `conv` (Convolution): its top `conv` has" in first
    assert "; blob 0 of its weights has 48 NaN of 48 values" in first
    assert not list((tmp_path / "run").glob("*.caffemodel"))


HALF = """
import pathlib, sys, warnings
from dsd import Trainer
from dsd.compute import compiled
from dsd.distributed import World
from dsd.training import snapshot_writer

warnings.simplefilter("ignore")
snapshot_writer.IN_BACKGROUND, compiled.BACKEND = 0, "eager"
trainer = Trainer.from_file(sys.argv[1], world=World.join(), precision="fp16", compile=True)
trainer.run()
weights = float(sum(p.detach().double().abs().sum() for p in trainer.net.parameters()))
pathlib.Path(sys.argv[2], f"rank{trainer.world.rank}").write_text(f"{trainer.loss_scale.state} {weights}")
trainer.world.leave()
"""


@pytest.mark.slow
@pytest.mark.skipif(not torch.distributed.is_available(), reason="needs torch.distributed")
def test_ranks_in_half_precision_compiled_with_snapshots_in_the_background_stay_the_same(tmp_path):
    solver = toy(tmp_path, net=PLAIN, phases="dsd_phase { max_iter: 4 } dsd_phase { max_iter: 3 sparsity: 0.3 }",
                 more="snapshot: 2")
    run_two_ranks(HALF, solver, tmp_path)
    first, second = ((tmp_path / f"rank{rank}").read_text() for rank in (0, 1))
    assert first == second
    states = sorted(path.name for path in (tmp_path / "run").glob("*.solverstate"))
    assert states == [f"toy_iter_{n}.solverstate" for n in (2, 4, 6, 7)]
    assert read_state(tmp_path / "run" / "toy_iter_7.solverstate").dsd.precision == "fp16"


def test_alone():
    world = World.join()
    masks = {"m": torch.tensor([True, False])}
    assert (world.rank, world.size) == (0, 1) and world.agree(7) == 7 and world.same(masks) is masks
