"""Solvers in a script's hands: the trainer's own steps, and all of them to be looked at and changed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from toys import PHASES, SOLVERS, toy

from dsd import Trainer
from dsd.pycaffe.solver_types import SGDSolver, get_solver
from netdef.errors import SpecError
from netdef.pycaffe import mode
from netdef.pycaffe.net import Net

PLAIN = "max_iter: 6"
INPUTS = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "label" type: "Input" top: "label" input_param { shape { dim: 2 dim: 4 } } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 4 } }
layer { name: "loss" type: "EuclideanLoss" bottom: "ip" bottom: "label" top: "loss" }
"""


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(mode, "choices", mode.Choices(log_level=2))


def weights(net):
    return {key: [blob.detach().clone() for blob in blobs] for key, blobs in net.params.items()}


def same(mine, theirs):
    return mine.keys() == theirs.keys() and all(
        torch.equal(a, b) for key in mine for a, b in zip(mine[key], theirs[key], strict=True))


def look_at_everything(net):
    blobs = [*net.blobs.values(), *(blob for blobs in net.params.values() for blob in blobs)]
    assert all(np.isfinite(blob.data).all() and np.isfinite(blob.diff).all() for blob in blobs)


@pytest.mark.parametrize("type", SOLVERS)
def test_steps_are_the_trainers_to_the_bit(tmp_path, type):
    """With dropout, batch statistics, shuffled data, masks, and a script that looks at everything."""
    file = toy(tmp_path, type=type, phases=PHASES)
    trainer = Trainer.from_file(file)
    trainer.step(8)
    solver = get_solver(file)
    for _ in range(2):
        look_at_everything(solver.net)
        solver.step(4)
    look_at_everything(solver.net)
    assert solver.iter == 8 and solver.trainer.phase.name == "sparse" and trainer.masks
    assert same(weights(solver.net.module), weights(trainer.net))


@pytest.mark.filterwarnings("error")
def test_a_callback_that_looks_at_everything_changes_no_bits(tmp_path):
    """Clipping adds up gradients in the order in which they lie in memory."""
    file = toy(tmp_path, phases=PLAIN, more="clip_gradients: 0.7 iter_size: 2")
    trainer, solver = Trainer.from_file(file), SGDSolver(file)
    solver.add_callback(lambda: look_at_everything(solver.net), lambda: look_at_everything(solver.net))
    trainer.step(5)
    solver.step(5)
    assert same(weights(solver.net.module), weights(trainer.net))


def test_solving_is_what_dsd_train_does(tmp_path):
    file = toy(tmp_path, more="snapshot: 4 test_iter: 2 test_interval: 3")
    trainer = Trainer.from_file(file)
    trainer.run()
    solver = SGDSolver(file)
    solver.solve()
    assert solver.iter == 12 and same(weights(solver.net.module), weights(trainer.net))


def test_a_step_leaves_every_blob_as_the_pass_had_it(tmp_path):
    """Before the update: the loss's definition holds between the blobs, and gradients between the diffs."""
    solver = SGDSolver(toy(tmp_path, phases=PLAIN))
    bias_before = solver.net.params["ip2"][1].data.copy()
    held = solver.net.blobs["ip2"].data
    solver.step(1)
    net = solver.net
    scores, label = net.blobs["ip2"].data.astype(float), net.blobs["label"].data.astype(int).ravel()
    assert np.shares_memory(held, net.blobs["ip2"].data)
    chances = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    assert net.blobs["loss"].data == pytest.approx(-np.log(chances[range(6), label]).mean(), rel=1e-5)
    chances[range(6), label] -= 1
    np.testing.assert_allclose(net.blobs["ip2"].diff, chances / 6, rtol=1e-4, atol=1e-7)
    rate, lr_mult = 0.1, 2  # as the toy has it; the bias is not decayed
    np.testing.assert_allclose(net.params["ip2"][1].diff, rate * lr_mult * chances.sum(0) / 6, rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(net.params["ip2"][1].data, bias_before - net.params["ip2"][1].diff, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("look_before", [True, False])
def test_the_update_is_the_same_whenever_it_is_looked_at(tmp_path, look_before):
    solver = SGDSolver(toy(tmp_path, phases=PLAIN))
    blob = solver.net.params["ip1"][0]
    held = blob.diff if look_before else None
    for _ in range(3):
        before = blob.data.copy()
        solver.step(1)
        if held is not None:
            np.testing.assert_allclose(before - blob.data, held, atol=1e-6)
    np.testing.assert_allclose(before - blob.data, blob.diff, atol=1e-6)
    assert blob.diff.any()


def test_passes_by_hand_and_an_update_are_a_step(tmp_path):
    """Without dropout, whose numbers the trainer draws in its own way."""
    (tmp_path / "net.prototxt").write_text(INPUTS)
    (tmp_path / "solver.prototxt").write_text(
        f'net: "{tmp_path / "net.prototxt"}" base_lr: 0.1 momentum: 0.5 weight_decay: 0.01 lr_policy: "fixed" max_iter: 9')
    by_step, by_hand = (SGDSolver(tmp_path / "solver.prototxt") for _ in range(2))
    draw = np.random.default_rng(0)
    by_hand.net.params["ip"][0].data[...] = by_step.net.params["ip"][0].data[...] = draw.normal(size=(4, 3))
    for _ in range(3):
        data, label = draw.normal(size=(2, 3)), draw.normal(size=(2, 4))
        for solver in (by_step, by_hand):
            solver.net.blobs["data"].data[...], solver.net.blobs["label"].data[...] = data, label
        by_step.step(1)
        by_hand.net.clear_param_diffs()
        by_hand.net.forward()
        by_hand.net.backward()
        by_hand.apply_update()
        assert by_hand.iter == by_step.iter
        for one, other in zip(by_step.net.params["ip"], by_hand.net.params["ip"]):
            np.testing.assert_allclose(one.data, other.data, rtol=1e-6, atol=1e-7)
            np.testing.assert_allclose(one.diff, other.diff, rtol=1e-6, atol=1e-7)


def test_input_layers_are_fed_by_the_script(tmp_path):
    (tmp_path / "net.prototxt").write_text(INPUTS)
    (tmp_path / "solver.prototxt").write_text(
        f'net: "{tmp_path / "net.prototxt"}" base_lr: 0.1 lr_policy: "fixed" max_iter: 5 snapshot_prefix: "{tmp_path / "s"}" '
        "test_iter: 1 test_interval: 2")
    solver = SGDSolver(tmp_path / "solver.prototxt")
    solver.net.blobs["data"].data[...] = 1
    solver.net.blobs["label"].data[...] = [[2], [4]]
    solver.step(1)  # the gradient of the bias is the mean of -label
    np.testing.assert_allclose(solver.net.params["ip"][1].data, 0.1 * 3, rtol=1e-6)
    solver.solve()
    assert solver.iter == 5 and (tmp_path / "s_iter_5.caffemodel").exists()


def test_what_is_written_to_weights_is_what_is_trained(tmp_path):
    solver = SGDSolver(toy(tmp_path, phases=PLAIN))
    solver.net.params["conv"][0].data[...] = 0
    solver.net.params["ip2"][0].data.flat[:] = 0
    solver.step(1)
    assert np.array_equal(solver.net.params["conv"][0].data, -solver.net.params["conv"][0].diff)
    assert (solver.net.module.layers["ip2"].weight.detach().numpy() == -solver.net.params["ip2"][0].diff).all()


def test_test_nets_share_the_weights_and_show_what_was_tested(tmp_path):
    solver = SGDSolver(toy(tmp_path, phases=PLAIN, more="test_iter: 2 test_interval: 2"))
    (test,) = solver.test_nets
    assert test.params["ip1"][0].data.ctypes.data == solver.net.params["ip1"][0].data.ctypes.data
    held = test.blobs["accuracy"].data
    solver.step(1)
    assert held in (0, 0.2, 0.4, 0.6, 0.8, 1) and test.blobs["data"].data.any()
    assert test.forward()["accuracy"].shape == ()


def test_a_test_net_without_batches_is_the_scripts_own(tmp_path):
    """``test_iter: 0`` is how people got a test net that the solver leaves alone."""
    solver = SGDSolver(toy(tmp_path, phases=PLAIN, more="test_iter: 0 test_interval: 1"))
    solver.step(2)
    (test,) = solver.test_nets
    assert not test.blobs["accuracy"].data.any() and test.forward()["loss"] > 0
    assert np.array_equal(test.params["ip1"][0].data, solver.net.params["ip1"][0].data)
    solver.solve()


def test_a_solver_without_an_end_is_stepped(tmp_path):
    solver = SGDSolver(toy(tmp_path, phases=""))
    solver.step(2)
    assert solver.iter == 2 and solver.param.max_iter == 0
    with pytest.raises(SpecError, match="has no `max_iter`, so solve"):
        solver.solve()


def test_snapshots_are_gone_on_from(tmp_path):
    file = toy(tmp_path)
    whole, resumed = SGDSolver(file), SGDSolver(file)
    whole.step(7)
    whole.snapshot()
    whole.step(3)
    array = resumed.net.params["ip1"][0].data
    resumed.restore(tmp_path / "run" / "toy_iter_7.solverstate")
    assert resumed.iter == 7
    resumed.step(3)
    assert same(weights(resumed.net.module), weights(whole.net.module))
    assert np.array_equal(array, whole.net.params["ip1"][0].data)
    again = SGDSolver(file)
    again.solve(tmp_path / "run" / "toy_iter_7.solverstate")
    assert again.iter == 12


def test_another_net_gets_the_weights(tmp_path):
    solver = SGDSolver(toy(tmp_path, phases=PLAIN))
    net = Net(tmp_path / "net.prototxt", 1)
    solver.share_weights(net)
    solver.step(2)
    assert np.array_equal(net.params["ip1"][0].data, solver.net.params["ip1"][0].data)


def test_callbacks_come_before_the_pass_and_before_the_update(tmp_path):
    solver = SGDSolver(toy(tmp_path, phases=PLAIN, more="iter_size: 2"))
    called = []

    def on_gradients_ready():
        called.append(("ready", solver.iter))
        for blobs in solver.net.params.values():
            for blob in blobs:
                blob.diff[...] = 0

    solver.add_callback(lambda: called.append(("start", solver.iter)), on_gradients_ready)
    before = solver.net.params["ip2"][1].data.copy()
    solver.step(2)
    assert called == [("start", 0), ("ready", 0), ("start", 1), ("ready", 1)]
    assert np.array_equal(solver.net.params["ip2"][1].data, before)  # no gradient, no decay, no momentum


def test_a_callback_may_write_the_batch(tmp_path):
    (tmp_path / "net.prototxt").write_text(INPUTS)
    (tmp_path / "solver.prototxt").write_text(
        f'net: "{tmp_path / "net.prototxt"}" base_lr: 0.1 lr_policy: "fixed" max_iter: 5')
    solver = SGDSolver(tmp_path / "solver.prototxt")

    def write():
        solver.net.blobs["label"].data[...] = 10 * (solver.iter + 1)

    solver.add_callback(write, lambda: None)
    solver.step(2)  # b1 = 0.1 * 10, b2 = b1 + 0.1 * (20 - b1)
    np.testing.assert_allclose(solver.net.params["ip"][1].data, 1 + 0.1 * (20 - 1), rtol=1e-5)


def test_a_callback_may_write_weights_of_any_layout(tmp_path):
    file = toy(tmp_path, phases=PLAIN, more="iter_size: 2")
    solver = SGDSolver(file)
    weight, seen = solver.net.params["conv2"][0].data, []

    def write():
        seen.append(weight.copy())
        weight[...] = solver.iter

    solver.add_callback(write, lambda: seen.append(weight.copy()))
    solver.step(3)
    assert len(seen) == 6 and (seen[3] == 1).all() and (seen[5] == 2).all()
    assert np.ptp(seen[2]) > 0 and np.ptp(seen[4]) > 0  # what the updates have made of it
    np.testing.assert_allclose(weight, 2 - solver.net.params["conv2"][0].diff, rtol=1e-6)
    assert np.array_equal(weight, solver.net.module.layers["conv2"].weight.detach().numpy())


def test_hooks_of_both_passes_run_within_a_step(tmp_path):
    file = toy(tmp_path, phases=PLAIN)
    plain, hooked = SGDSolver(file), SGDSolver(file)
    called = []
    hooked.net.before_forward(lambda index: called.append(index))
    hooked.step(1)
    assert called == list(range(len(hooked.net.layers)))
    hooked.net.after_backward(lambda index: called.append(-index))
    hooked.step(1)
    plain.step(2)
    assert called[2 * len(hooked.net.layers) :] == [-index for index in reversed(range(len(hooked.net.layers)))]
    for name, blobs in plain.net.params.items():
        for one, other in zip(blobs, hooked.net.params[name]):
            np.testing.assert_allclose(one.data, other.data, rtol=1e-4, atol=1e-5)


def test_labels_written_to_dummy_data_are_trained_on(tmp_path):
    (tmp_path / "net.prototxt").write_text(INPUTS.replace('"Input"', '"DummyData"').replace("input_param", "dummy_data_param"))
    (tmp_path / "solver.prototxt").write_text(
        f'net: "{tmp_path / "net.prototxt"}" base_lr: 0.1 lr_policy: "fixed" max_iter: 1 snapshot_after_train: false')
    solver = SGDSolver(tmp_path / "solver.prototxt")
    solver.net.blobs["label"].data[...] = 5
    solver.solve()
    np.testing.assert_allclose(solver.net.params["ip"][1].data, 0.5, rtol=1e-6)


def test_the_seed_of_the_process_counts_where_the_file_has_none(tmp_path):
    (tmp_path / "net.prototxt").write_text(INPUTS.replace("num_output: 4", 'num_output: 4 weight_filler { type: "gaussian" }'))
    (tmp_path / "solver.prototxt").write_text(f'net: "{tmp_path / "net.prototxt"}" base_lr: 1 lr_policy: "fixed" max_iter: 1')
    drawn = []
    for seed in (3, 3, 4):
        mode.set_random_seed(seed)
        drawn.append(SGDSolver(tmp_path / "solver.prototxt").net.params["ip"][0].data.copy())
    assert np.array_equal(drawn[0], drawn[1]) and not np.array_equal(drawn[0], drawn[2])
