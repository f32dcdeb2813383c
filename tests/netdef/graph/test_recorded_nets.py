"""Whole nets as the original Caffe ran them, from the same weights and data: blobs, gradients, solver runs."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from devices import DEVICES
from oracle import shared
from torch import Tensor

import netdef
from dsd.training.trainer import Trainer
from netdef.definition.read import read_solver, read_solver_text
from netdef.weights.load import load_weights

BAR = 1e-5
"""The greatest difference over the array's maximum in one pass, as for single layers."""

DEEP_BAR = 1e-4
"""The same for AlexNet's gradients: against double precision Caffe's are off by up to 7.6e-5, ours by 3.4e-5."""


@pytest.fixture
def nets(monkeypatch) -> Path:
    """The recorded nets; the working directory is laid out like a Caffe checkout, with data, as when they were run."""
    folder = shared("golden/nets")
    monkeypatch.chdir(folder / "root")
    return folder


def arrays(file: Path, kind: str) -> Iterator[tuple[str, np.ndarray]]:
    """The recorded arrays ``<kind>/...``, without the copies that Caffe makes of a blob with several readers."""
    with np.load(file) as stored:
        for key in stored.files:
            if key.startswith(f"{kind}/") and "_split_" not in key:
                yield key.removeprefix(f"{kind}/"), stored[key]


def difference(actual: Tensor | None, expected: np.ndarray) -> float:
    """The greatest difference over the greatest number; None means no gradient."""
    expected = torch.from_numpy(expected).double()
    actual = torch.zeros_like(expected) if actual is None else actual.detach().double().cpu()
    return ((actual - expected).abs().max() / (expected.abs().max() or 1)).item()


def record_gradients(net: torch.nn.Module) -> dict[str, Tensor]:
    """Filled by backward: the gradient of each blob's first version, which is what Caffe's diff holds in the end."""
    found: dict[str, Tensor] = {}

    def watch(blobs: tuple[str, ...], layer: object, bottoms: object, tops: Tensor | tuple[Tensor, ...]) -> None:
        for blob, top in zip(blobs, tops if isinstance(tops, tuple) else (tops,)):
            if top.requires_grad:
                top.register_hook(partial(found.__setitem__, blob))  # the first version's is called last

    for spec in net.spec.layers:
        if spec.name in net.layers:
            net.layers[spec.name].register_forward_hook(partial(watch, spec.tops))
    return found


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("weights", ["init.caffemodel", "init.caffemodel.h5"])
@pytest.mark.parametrize("name", ["lenet", "cifar10_quick", "hdf5_classification"])
def test_a_training_pass_equals_the_recorded_one(name, weights, device, nets):
    net = netdef.load(nets / name / "net_small.prototxt", "TRAIN", nets / name / weights, device)
    gradients = record_gradients(net)
    blobs = net.activations(**{top: x.to(device) for top, x in next(net.feeds).items()})
    net.loss(blobs).backward()
    recorded = nets / name / "train.npz"
    for blob, expected in arrays(recorded, "data"):
        assert difference(blobs[blob], expected) <= BAR, blob
    for blob, expected in arrays(recorded, "diff"):
        assert difference(gradients.get(blob), expected) <= BAR, blob
    for key, expected in arrays(recorded, "gparam"):
        layer, index = key.split("/")
        assert difference(net.params[layer][int(index)].grad, expected) <= BAR, key


@pytest.mark.parametrize("name", ["lenet", "cifar10_quick", "hdf5_classification"])
def test_a_testing_pass_equals_the_recorded_one(name, nets):
    net = netdef.load(nets / name / "net_small.prototxt", "TEST", nets / name / "init.caffemodel")
    blobs = net.activations(**next(net.feeds))
    for blob, expected in arrays(nets / name / "test.npz", "data"):
        assert difference(blobs[blob], expected) <= BAR, blob
    for blob, expected in json.loads((nets / name / "meta.json").read_text())["test_outputs"].items():
        assert blobs[blob].item() == pytest.approx(expected, rel=BAR)


@pytest.mark.parametrize("name", ["lenet_deploy", "cifar10_quick_deploy"])
def test_a_deployed_net_equals_the_recorded_one(name, nets):
    weights = nets / name.removesuffix("_deploy") / "init.caffemodel"
    net = netdef.load(nets / name / "deploy.prototxt", weights=weights)
    recorded = dict(arrays(nets / name / "forward.npz", "data"))
    blobs = net.activations(data=torch.from_numpy(recorded["data"]))
    assert blobs.keys() == recorded.keys()
    for blob, expected in recorded.items():
        assert difference(blobs[blob], expected) <= BAR, blob


def drawn(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """AlexNet's weights and data are too large to hand out: they follow from their names."""
    return np.random.RandomState(zlib.crc32(f"alexnet/{name}".encode()) & 0x7FFFFFFF).standard_normal(shape)


@pytest.mark.slow
def test_alexnet_equals_the_recorded_one(nets):
    folder = nets / "bvlc_alexnet"
    meta = json.loads((folder / "meta.json").read_text())
    net = netdef.load(folder / "deploy_b2.prototxt")
    with torch.no_grad():
        for layer, blobs in net.params.items():
            for index, blob in enumerate(blobs):
                scale = np.sqrt(2 / np.prod(blob.shape[1:])) if index == 0 else 0.1
                blob.copy_(torch.from_numpy(drawn(f"{layer}/{index}", tuple(blob.shape)) * scale))
    assert sum(blob.numel() for blobs in net.params.values() for blob in blobs) == meta["nparams"]
    data = torch.from_numpy(drawn("data", net.shapes["data"])).float().requires_grad_()
    blobs = net.activations(data=data)
    blobs["prob"].backward(torch.from_numpy(drawn("topdiff", net.shapes["prob"])).float())
    for blob, digest in meta["blobs"].items():
        assert list(blobs[blob].shape) == digest["shape"]
        check_digest(blob, blobs[blob], digest, BAR)
    for key, digest in meta["param_diffs"].items():
        layer, index = key.split("/")
        check_digest(key, net.params[layer][int(index)].grad, digest, DEEP_BAR)
    check_digest("data's gradient", data.grad, meta["data_diff"], DEEP_BAR)
    with np.load(folder / "outputs.npz") as recorded:
        assert difference(blobs["prob"], recorded["prob"]) <= BAR
        assert difference(data.grad[..., ::16, ::16], recorded["gin_data_sample"]) <= DEEP_BAR


def check_digest(name: str, actual: Tensor, digest: dict, bar: float) -> None:
    """Some of an array's numbers, and what is known of all of them."""
    actual = actual.detach().double().flatten()  # in logical order
    extent = max(abs(digest["min"]), abs(digest["max"]))
    assert actual.numel() == digest["size"]
    sample = actual[digest["sample_index"]]
    assert (sample - torch.tensor(digest["sample"]).double()).abs().max() <= bar * extent, name
    for what, value in {"min": actual.min(), "max": actual.max()}.items():
        assert abs(value - digest[what]) <= bar * extent, (name, what)
    assert actual.norm().item() == pytest.approx(digest["l2"], rel=bar), name
    assert actual.abs().sum().item() == pytest.approx(digest["abssum"], rel=bar), name


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:TF32")
@pytest.mark.parametrize("name, kernels", [
    ("lenet_solve", "oneDNN"), ("cifar10_quick_solve", "oneDNN"), ("cifar10_quick_solve", "plain"),
    *((name, "cuDNN") for name in ("lenet_solve", "cifar10_quick_solve") if "cuda" in DEVICES)])
def test_a_solver_run_follows_the_recorded_one(name, kernels, nets):
    """Losses of a run follow the recorded ones.

    Rounding differs between processors and grows with each iteration. ``drifts`` is how far two kernels of Caffe parted
    on one machine; another pair may part ten times as far, and losses agree within 1e-4 in any case.
    """
    meta = json.loads((nets / name / "meta.json").read_text())
    drifts = json.loads((nets / "sensitivity.json").read_text())["loss_rel"][name]
    start = nets / meta["init"] / "init.caffemodel"
    device = "cuda" if kernels == "cuDNN" else "cpu"
    trainer = Trainer(read_solver(nets / name / "solver.prototxt"), device, weights=[start])
    with torch.backends.mkldnn.flags(enabled=kernels == "oneDNN"):
        for iteration, (rate, loss) in enumerate(zip(meta["lr"], meta["loss"], strict=True)):
            assert trainer.rate == pytest.approx(rate, rel=1e-7)
            trainer.step()
            assert trainer.loss == pytest.approx(loss, rel=10 * (BAR + max(drifts[: iteration + 1]))), iteration
    ours = {key: [blob.detach().clone() for blob in blobs] for key, blobs in trainer.net.params.items()}
    load_weights(trainer.net, nets / name / "final.caffemodel")
    for layer, blobs in trainer.net.params.items():
        for index, blob in enumerate(blobs):
            assert difference(ours[layer][index], blob.detach().cpu().numpy()) <= 0.01, (layer, index)  # biases began at 0


@pytest.mark.filterwarnings("ignore:TF32")
def test_an_autoencoder_run_from_drawn_weights_follows_the_recorded_one(nets):
    """The weights it began with are not handed out: from three draws of its fillers losses differ by up to 3%."""
    folder = nets / "mnist_autoencoder_solve"
    recorded = json.loads((folder / "meta.json").read_text())["loss"]
    text = (folder / "solver.prototxt").read_text().replace('weights: "nets/mnist_autoencoder/init.caffemodel"', "")
    trainer = Trainer(read_solver_text(text), "cpu", seed=1)
    for loss in recorded:
        trainer.step()
        assert trainer.loss == pytest.approx(loss, rel=0.04)
