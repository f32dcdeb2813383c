"""Scripts on a GPU: copies go where Caffe's would. Without a GPU, a place where numpy shares no memory with tensors stands in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
import toys
from toys import toy

import netdef
from dsd import Trainer
from dsd.pycaffe import parallel
from dsd.pycaffe.solver_types import SGDSolver
from netdef.pycaffe import layer_memory, memory, mode
from netdef.pycaffe.net import Net

PLAIN = "max_iter: 6"
NET = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 4 dim: 3 dim: 6 dim: 5 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 2 kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "conv" }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip"
        inner_product_param { num_output: 7 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "Reduction" bottom: "ip" top: "loss" loss_weight: 1 reduction_param { operation: SUMSQ } }
"""


@pytest.fixture(autouse=True, params=["stand_in", "cuda"])
def gpu(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Scripts that begin with ``caffe.set_mode_gpu()``."""
    monkeypatch.setattr(mode, "choices", mode.Choices(log_level=2))
    if request.param == "stand_in":
        for module in (memory, layer_memory):
            monkeypatch.setattr(module, "shares_memory", lambda device: False)
    elif torch.cuda.is_available():
        mode.set_mode_gpu()
    else:
        pytest.skip("needs a GPU")
    yield


def weights(net: netdef.Net) -> list[np.ndarray]:
    return [blob.detach().cpu().numpy() for blobs in net.params.values() for blob in blobs]


def assert_same(found: list[np.ndarray], wanted: list[np.ndarray]) -> None:
    for mine, theirs in zip(found, wanted, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-5)


def look_at_everything(net: Net) -> None:
    blobs = [*net.blobs.values(), *(blob for blobs in net.params.values() for blob in blobs)]
    assert all(np.isfinite(blob.data).all() and np.isfinite(blob.diff).all() for blob in blobs)


def train_by_hand(net: Net, batches: np.ndarray, between: list[object]) -> list[np.ndarray]:
    """Gradient descent in a script's own hands, with what is called before each batch. Returns the weights."""
    for batch, before in zip(batches, between, strict=True):
        if callable(before):
            before()
        net.clear_param_diffs()
        net.forward(data=batch)
        net.backward()
        for blobs in net.params.values():
            for blob in blobs:
                blob.data[...] -= 0.001 * blob.diff
    return [blob.data.copy() for blobs in net.params.values() for blob in blobs]


def test_training_by_hand_is_that_of_the_cpu_wherever_it_runs():
    """The mode changes in the middle, too: what either has computed counts for the other."""
    batches = np.random.default_rng(2).normal(size=(5, 4, 3, 6, 5))
    module = netdef.loads(NET, phase="TRAIN")
    start = [blob.copy() for blob in weights(module)]
    found = [train_by_hand(Net.of(module), batches, [None] * 5)]
    modes = [None, mode.set_mode_cpu, mode.set_mode_cpu, mode.set_mode_gpu, mode.set_mode_cpu]
    for between in (modes, [mode.set_mode_cpu] * 5):
        net = Net.of(netdef.loads(NET, phase="TRAIN"))
        mode.choices.gpu, mode.choices.warned = torch.cuda.is_available(), True
        for blob, values in zip((blob for blobs in net.params.values() for blob in blobs), start, strict=True):
            blob.data[...] = values
        found.append(train_by_hand(net, batches, between))
    assert_same(found[0], found[2])
    assert_same(found[1], found[2])


def test_statistics_that_a_pass_changes_are_read_again():
    net = Net.of(netdef.loads(NET, phase="TRAIN"))
    net.params["bn"][2].data[...] = 0
    for passes in (1, 2):
        net.forward(data=np.ones((4, 3, 6, 5)))
        assert net.params["bn"][2].data == pytest.approx(1 if passes == 1 else 1.999)


def test_blobs_and_gradients_that_are_written_reach_the_next_pass():
    net = Net.of(netdef.loads(f"force_backward: true {NET}", phase="TEST"))
    net.params["bn"][1].data[...] = net.params["bn"][2].data[...] = 1
    net.params["conv"][0].data[...], net.params["conv"][1].data[...] = 0, 2  # 2 pixels of ones after BatchNorm
    net.params["ip"][0].data[...] = 1
    net.blobs["data"].data[...] = 5
    out = net.forward(end="ip")["ip"]
    np.testing.assert_allclose(out, 2 * 2 * 4 * 3, rtol=1e-4)
    net.blobs["ip"].data[...] = 3
    assert net.forward(start="loss")["loss"] == pytest.approx(4 * 7 * 9)
    net.backward(end="loss")
    np.testing.assert_allclose(net.blobs["ip"].diff, 2 * 3)
    net.blobs["ip"].diff[...] = 1
    net.params["ip"][1].diff[...] = 10
    net.backward(start="ip", end="ip")
    np.testing.assert_allclose(net.params["ip"][1].diff, 10 + 4)
    np.testing.assert_allclose(net.blobs["conv"].diff, 7)


def test_a_solver_follows_the_mode(tmp_path):
    """Made before ``set_mode_gpu``, with a test net that has its own way into the weights and statistics."""
    net = "".join(line for line in toys.NET.splitlines(keepends=True) if "Dropout" not in line)
    file = toy(tmp_path, phases="max_iter: 9", net=net, more="test_iter: 2 test_interval: 2")
    trainer = Trainer.from_file(file, "cpu")
    trainer.step(6)
    on_gpu, mode.choices.gpu, mode.choices.warned = mode.choices.gpu, False, True
    solver = SGDSolver(file)
    for switch in (mode.set_mode_cpu, mode.set_mode_gpu if on_gpu else mode.set_mode_cpu) * 2:
        switch()
        solver.step(1)
        look_at_everything(solver.net)
        solver.test_nets[0].forward()
        look_at_everything(solver.test_nets[0])
    solver.step(2)
    assert_same(weights(solver.net.module), weights(trainer.net))
    assert_same(weights(solver.test_nets[0].module), weights(trainer.net))


def test_gradients_that_a_callback_writes_are_averaged_over_the_processes(tmp_path, monkeypatch):
    """The other process has the same ones. Its share arrives by an operation that torch does not count."""
    monkeypatch.setattr(parallel._place, "count", 2)
    monkeypatch.setattr(torch.distributed, "all_reduce", lambda tensor: tensor.data.mul_(2))
    solver = SGDSolver(toy(tmp_path, phases=PLAIN))
    together = parallel.NCCL.__new__(parallel.NCCL)
    together._solver, together._trainer = solver, solver.trainer
    blob = solver.net.params["ip2"][0]

    def write() -> None:
        blob.diff[...] = 4

    solver.add_callback(write)
    solver.add_callback(together)
    before, rate = blob.data.copy(), solver.lr
    solver.step(1)
    decay = 0.001  # as the toy has it
    np.testing.assert_allclose(blob.diff, rate * (4 + decay * before), rtol=1e-4)


@pytest.mark.parametrize("more", ["", "iter_size: 2 clip_gradients: 0.7"])
def test_callbacks_see_what_the_trainer_computes_and_write_to_gradients(tmp_path, more):
    file = toy(tmp_path, phases=PLAIN, more=more)
    trainer, solver = Trainer.from_file(file, mode.device()), SGDSolver(file)
    solver.add_callback(lambda: look_at_everything(solver.net), lambda: look_at_everything(solver.net))
    trainer.step(4)
    solver.step(4)
    assert_same(weights(solver.net.module), weights(trainer.net))
    seen = []
    blob = solver.net.params["ip2"][0]

    def clear() -> None:
        seen.append(blob.diff.copy())
        blob.diff[...] = 0

    before, history, rate = blob.data.copy(), blob.diff.copy(), solver.lr
    solver.add_callback(clear)
    solver.step(1)
    momentum, decay = 0.9, 0.001  # as the toy has it
    assert seen[0].any()
    np.testing.assert_allclose(blob.diff, momentum * history + rate * decay * before, rtol=1e-4, atol=1e-7)


def test_steps_are_the_trainers_and_what_is_written_arrives(tmp_path):
    file = toy(tmp_path, phases=PLAIN)
    trainer, solver = Trainer.from_file(file, mode.device()), SGDSolver(file)
    blob = solver.net.params["ip2"][0]
    for step in range(3):
        look_at_everything(solver.net)
        if step == 1:
            blob.data[...] *= 2
            with torch.no_grad():
                trainer.net.params["ip2"][0].mul_(2)
        before = blob.data.copy()
        solver.step(1)
        trainer.step(1)
        np.testing.assert_allclose(blob.data, before - blob.diff, rtol=1e-5, atol=1e-6)
    assert_same(weights(solver.net.module), weights(trainer.net))
    np.testing.assert_allclose(blob.data, trainer.net.params["ip2"][0].detach().cpu(), rtol=1e-3, atol=1e-5)
