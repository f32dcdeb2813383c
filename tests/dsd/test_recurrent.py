"""Dense-Sparse-Dense of recurrent layers: each weight matrix has a mask of its own and is reported with its layer."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
import torch

from dsd import Observer, Trainer
from dsd.distributed import World
from dsd.training.solverstate import read_state, write_state
from netdef.definition.read import read_solver_text
from netdef.errors import FileError
from netdef.schema.blobs import from_array
from netdef.schema.messages import CarriedState

SOLVER = """
net_param {
  layer { name: "d" type: "DummyData" top: "x" top: "cont" top: "t" dummy_data_param {
    shape { dim: 6 dim: 3 dim: 5 } shape { dim: 6 dim: 3 } shape { dim: 6 dim: 3 dim: 2 }
    data_filler { type: "gaussian" } data_filler { type: "constant" value: 1 } data_filler { type: "gaussian" } } }
  layer { name: "l" type: "LSTM" bottom: "x" bottom: "cont" top: "l"
    recurrent_param { num_output: 4 weight_filler { type: "xavier" } } }
  layer { name: "r" type: "RNN" bottom: "l" bottom: "cont" top: "r"
    recurrent_param { num_output: 2 weight_filler { type: "xavier" } } }
  layer { name: "loss" type: "EuclideanLoss" bottom: "r" bottom: "t" top: "loss" }
}
base_lr: 0.1 lr_policy: "fixed" momentum: 0.9 random_seed: 3 iter_size: 2 snapshot_after_train: false
dsd_phase { name: "dense" max_iter: 2 }
dsd_phase { name: "sparse" max_iter: 2 sparsity: 0.5 layer { name: "r" sparsity: 0.25 } }
dsd_phase { name: "re-dense" max_iter: 2 }
"""

WEIGHTS = {"l": ("input_weight", "hidden_weight"), "r": ("input_weight", "hidden_weight", "output_weight")}


class Zeros(Observer):
    """At the end of each phase: what is said to be kept, and how many zeros each weight really holds."""

    def __init__(self):
        self.kept: list[dict] = []
        self.zeros: list[dict] = []
        self.bias_zeros = 0

    def phase_ended(self, trainer, result):
        self.kept.append(result.kept)
        self.zeros.append({
            (layer, name): int((getattr(trainer.net.layers[layer], name) == 0).sum())
            for layer, names in WEIGHTS.items() for name in names})
        self.bias_zeros += sum(int((trainer.net.layers[layer].bias == 0).sum()) for layer in WEIGHTS)


def test_every_weight_is_pruned_and_comes_back():
    seen = Zeros()
    trainer = Trainer(read_solver_text(SOLVER), observers=[seen])
    trainer.run()
    total = {"l": 16 * 5 + 16 * 4, "r": 2 * 4 + 2 * 2 + 2 * 2}
    all_of_them = {layer: (count, count) for layer, count in total.items()}
    assert seen.kept == [all_of_them, {"l": (72, 144), "r": (12, 16)}, all_of_them]
    none = dict.fromkeys(((layer, name) for layer, names in WEIGHTS.items() for name in names), 0)
    sparse = {("l", "input_weight"): 40, ("l", "hidden_weight"): 32,
              ("r", "input_weight"): 2, ("r", "hidden_weight"): 1, ("r", "output_weight"): 1}
    assert seen.zeros == [none, sparse, none]
    assert seen.bias_zeros == 0
    assert trainer.net.layers["l"].h.count_nonzero() == 3 * 4 and torch.isfinite(trainer.net.layers["r"].h).all()


def test_a_resumed_run_carries_the_state_on(tmp_path, monkeypatch):
    """The state that a recurrent layer hands from batch to batch is in the snapshot."""
    monkeypatch.chdir(tmp_path)
    solver = SOLVER.replace('type: "gaussian"', 'type: "constant" value: 0.5') + 'snapshot_prefix: "run/r"'
    whole = Trainer(read_solver_text(solver))
    whole.step(3)
    _, state = whole.snapshot()
    whole.step(3)
    resumed = Trainer(read_solver_text(solver))
    resumed.restore(state)
    assert resumed.net.layers["l"].c.count_nonzero() > 0
    resumed.step(3)
    for layer, blobs in whole.net.params.items():
        assert all(torch.equal(a, b) for a, b in zip(blobs, resumed.net.params[layer], strict=True))
    assert torch.equal(whole.net.layers["l"].h, resumed.net.layers["l"].h)


@dataclass(frozen=True)
class TwoRanks(World):
    """Two ranks without processes; `others` is what the other rank gives to `gather`."""

    size: int = 2
    others: list = field(default_factory=list)

    def gather(self, value):
        return [value, self.others] if self.rank == 0 else [self.others, value]

    def wait(self):
        pass


def test_each_rank_goes_on_with_the_state_that_it_carried(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    alone = Trainer(read_solver_text(SOLVER))
    values = {(key, name): float(10 * i + j) for i, (key, layer) in enumerate(alone.net.layers.items())
              for j, name in enumerate(layer.carried, 1)}
    assert len(values) == 3  # l: h and c, r: h
    other = [
        CarriedState(layer=key, name=name, rank=1, value=from_array(np.full((1, 3, 4 if key == "l" else 2), x, np.float32)))
        .SerializeToString() for (key, name), x in values.items()]
    alone.world = TwoRanks(others=other)
    alone.step(1)
    state = alone.snapshot()[1]
    carried = [{(key, name): getattr(trainer.net.layers[key], name) for key, name in values}
               for trainer in (alone, restored(state, 0), restored(state, 1), restored(state, 2))]
    assert all(torch.equal(carried[0][key], carried[1][key]) for key in values)
    assert all((carried[2][key] == x).all() for key, x in values.items())
    assert not any(carried[3][key].any() for key in values)


def restored(state, rank):
    trainer = Trainer(read_solver_text(SOLVER))
    trainer.world = TwoRanks(rank=rank)
    trainer.restore(state)
    return trainer


def test_a_carried_state_of_another_size_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trainer = Trainer(read_solver_text(SOLVER))
    trainer.step(1)
    path = trainer.snapshot()[1]
    state = read_state(path)
    state.dsd.carried[0].value.shape.dim[:] = [1, 4, 3]
    write_state(path, state)
    with pytest.raises(FileError, match=r"layer `l` carries `\w+` of shape \(1, 4, 3\); the net's is \(1, batch, 4\)"):
        Trainer(read_solver_text(SOLVER)).restore(path)
