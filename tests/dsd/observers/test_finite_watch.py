"""A run whose numbers stop being finite."""

from __future__ import annotations

import math
import pickle
import warnings

import h5py
import pytest
import torch
from toys import NET, PHASES, toy

from dsd.observers.finite_watch import FiniteWatch
from dsd.training.trainer import Trainer
from netdef.graph.not_finite import NotFiniteError
from netdef.weights.formats import read_layers


def diverging(folder, more="", base_lr="1e30", phases=PHASES, net=NET):
    solver = toy(folder, more=more, phases=phases, net=net)
    solver.write_text(solver.read_text().replace("base_lr: 0.1", f"base_lr: {base_lr}"))
    return solver


def run(solver, watch) -> str:
    """Run to the end that the watch makes; what it says."""
    trainer = Trainer.from_file(solver, observers=[watch])
    with pytest.raises(NotFiniteError) as caught:
        trainer.run()
    return str(caught.value)


def snapshots(folder) -> list[str]:
    return sorted(path.name for path in (folder / "run").glob("*")) if (folder / "run").exists() else []


def test_the_first_loss_that_is_not_finite_ends_the_run(tmp_path):
    said = run(diverging(tmp_path), FiniteWatch())
    first, where, end = said.splitlines()
    assert first == "iteration 1, phase `dense`, learning rate 1e+30: the loss is nan"
    assert where.startswith("  forward pass, layer `conv2` (Convolution): its top `conv2` has ")
    assert "; its input lies between " in where
    assert end == "  stopped before any snapshot with a finite loss; try a smaller base_lr, or clip_gradients"
    assert snapshots(tmp_path) == [] and NotFiniteError.exit_status == 1


def test_the_last_good_snapshot_is_named_and_none_of_broken_weights_is_written(tmp_path):
    """The rate is small in the first phase; in the second the first update is larger than a float."""
    phases = 'dsd_phase { max_iter: 3 base_lr: 1e-6 } dsd_phase { name: "fast" max_iter: 4 base_lr: 1e38 }'
    net = NET.replace('top: "loss"', 'top: "loss" loss_weight: 1000')
    said = run(diverging(tmp_path, "snapshot: 1", phases=phases, net=net), FiniteWatch())
    assert said.startswith("iteration 3, phase `fast`, learning rate 1e+38: the update broke the weights\n  layer `")
    assert f"the last good snapshot is {tmp_path}/run/toy_iter_3.solverstate: go on from it with --snapshot" in said
    assert snapshots(tmp_path) == [f"toy_iter_{i}.{kind}" for i in (1, 2, 3) for kind in ("caffemodel", "solverstate")]


def test_data_that_are_not_finite_are_named_as_the_cause(tmp_path):
    solver = toy(tmp_path)
    (name,) = (tmp_path / "train.txt").read_text().split()
    with h5py.File(name, "r+") as file:
        file["data"][:] = math.inf
    _first, where, end = run(solver, FiniteWatch()).splitlines()
    assert where.startswith("  blob `data` of the data has ")
    assert end == "  stopped before any snapshot with a finite loss; the data must be finite"


def test_a_snapshot_whose_loss_is_not_finite_is_not_good(tmp_path):
    """The weights after the first update are finite, and so large that their loss is not."""
    said = run(diverging(tmp_path, "snapshot: 1"), FiniteWatch())
    assert said.startswith("iteration 1, ") and said.endswith("stopped before any snapshot with a finite loss; "
                                                              "try a smaller base_lr, or clip_gradients")
    assert snapshots(tmp_path) == ["toy_iter_1.caffemodel", "toy_iter_1.solverstate"]


def test_going_on_as_caffe_does_warns_once(tmp_path):
    trainer = Trainer.from_file(diverging(tmp_path, "snapshot: 2"), observers=[FiniteWatch(stop=False)])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        trainer.step(4)
    (warning,) = [str(w.message) for w in told if "not finite" in str(w.message) or "the loss is" in str(w.message)]
    assert warning.startswith("iteration 1, phase `dense`, learning rate 1e+30: the loss is nan")
    assert math.isnan(trainer.loss) and len(snapshots(tmp_path)) == 4


def test_looking_changes_no_weight(tmp_path):
    plain, watched = (Trainer.from_file(toy(tmp_path / name)) for name in ("a", "b"))
    watched.observers.append(FiniteWatch())
    for trainer in (plain, watched):
        trainer.step(7)
    assert all(torch.equal(a, b) for a, b in zip(plain.net.parameters(), watched.net.parameters(), strict=True))


def test_an_infinite_gradient_is_named_though_the_loss_shows_it_later(tmp_path):
    root = 'layer { name: "root" type: "Power" bottom: "ip2" top: "ip2" power_param { power: 0.5 } }'
    zeros = NET.replace('num_output: 3 weight_filler { type: "xavier" }', "num_output: 3")
    net = zeros.replace('layer { name: "loss"', f'{root} layer {{ name: "loss"')
    said = run(diverging(tmp_path, base_lr="0.1", net=net), FiniteWatch()).splitlines()
    assert said[0].startswith("iteration 1, phase `dense`") and said[0].endswith("the loss is nan")
    assert said[1].startswith("  in iteration 0, backward pass, layer `root` (Power): the gradient of its bottom `ip2` has ")
    assert said[1].endswith("; its input lies between 0 and 0")


def test_losses_may_be_looked_at_later(tmp_path):
    """As on a GPU. The iteration is the right one all the same."""
    watch = FiniteWatch(look_every=math.inf)
    trainer = Trainer.from_file(diverging(tmp_path), observers=[watch])
    trainer.step(4)
    assert watch.requested() is None
    said = run_on(trainer)
    assert said.startswith("iteration 1, phase `dense`, learning rate 1e+30: the loss is nan")
    assert "blob 0 of its weights has" in said


def run_on(trainer) -> str:
    with pytest.raises(NotFiniteError) as caught:
        trainer.run()
    return str(caught.value)


def test_weights_that_were_broken_before(tmp_path):
    trainer = Trainer.from_file(toy(tmp_path), observers=[FiniteWatch(resumed_from="old.solverstate")])
    trainer.net.params["ip1"][1].data[2] = math.inf
    said = run_on(trainer)
    assert said.startswith("iteration 0, phase `dense`, learning rate 0.1: the loss is nan")
    assert "  forward pass, layer `ip1` (InnerProduct): its top `ip1` has 6 infinite of 54 values; its input " in said
    assert "; blob 1 of its weights has 1 infinite of 9 values" in said
    assert "the last good snapshot is old.solverstate" in said


def test_a_snapshot_that_was_written_is_whole(tmp_path):
    run(diverging(tmp_path, "snapshot: 1"), FiniteWatch())
    for path in (tmp_path / "run").glob("*.caffemodel"):
        with read_layers(path) as layers:
            for layer in layers:
                for blob in layer.blobs.values():
                    values = torch.empty(blob.shape)
                    blob.read(values)
                    assert values.isfinite().all()


def test_the_error_goes_to_every_rank():
    assert str(pickle.loads(pickle.dumps(NotFiniteError("iteration 3")))) == "iteration 3"
