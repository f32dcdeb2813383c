"""Every recorded case of the original Caffe, replayed through the public API: forward, backward, later forwards."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from devices import DEVICES
from oracle import golden_cases
from torch import Tensor

import netdef
from netdef.layers import catalogue  # noqa: F401  all types
from netdef.layers.core.registry import known_types

BAR = 1e-5
"""The greatest difference over the array's maximum. Two BLAS kernels of Caffe itself differ by 7e-7."""

CASES = golden_cases("layers")

_OVERWRITTEN = "Caffe lets this gradient be overwritten by the second backward pass; ours adds up, as everywhere else"
SLIPS = {
    "accuracy_nan": ("out/out", "Caffe counts a true score of NaN as a hit, so that a diverged net scores 1"),
    "clip_inplace": ("gin/data", "Caffe's gradient reads overwritten data: clipped values count as inside"),
    "eltwise_inplace_sum": ("out/a", "Caffe zeroes the top before it reads bottom 0 from the same memory"),
    "eltwise_inplace_prod": ("gin/a gin/b", "Caffe's gradients read overwritten data"),
    "eltwise_prod_zero_unstable": ("gin/a gin/b", "Caffe divides by a factor that is 0; ours multiplies the others"),
    "parameter": ("gparam2x/l/0", _OVERWRITTEN),
    "parameter_used": ("gparam2x/p/0", _OVERWRITTEN),
    "power_inplace": ("gin/data", "Caffe's gradient reads overwritten data"),
    "relu_special": ("out/out gin/data", "Caffe computes 0 * -inf; and it lets no gradient through a NaN"),
    "scale_axis0": ("gparam2x/l/0", _OVERWRITTEN),
    "scale_axis0_all": ("gparam2x/l/0", _OVERWRITTEN),
}
"""Recorded arrays that are a slip of Caffe's, where ours differ on purpose, and why. The layers' own tests say how."""


OVER_NOTHING = "pool_ave_k1s2_empty"
"""Recorded with a window over nothing: it gives 0/0, and under MAX corrupts Caffe's memory. Ours leaves it out."""


RANDOM = {"dropout_train", "dropout_train_08", "dummydata_gaussian"}
"""Recorded with Caffe's own generator: what they mean is tested below and in `test_dummy_data`."""


class Case:
    """One recorded case: its net, built and with the recorded parameters, and its arrays."""

    def __init__(self, folder: Path, device: str = "cpu"):
        self.name = folder.name
        self.meta = json.loads((folder / "meta.json").read_text())
        missing = set(self.meta["layer_types"]) - set(known_types()) - {"Input", "Split"}
        if missing:
            pytest.skip(f"no layer type {', '.join(sorted(missing))}")
        with np.load(folder / "golden.npz") as arrays:
            self.arrays = dict(arrays)
        self.device = device
        self.recurrent = not {"LSTM", "RNN"}.isdisjoint(self.meta["layer_types"])  # cuDNN's own tanh is off by 1.3e-5
        self.net = netdef.load(folder / "net.prototxt", phase=self.meta["phase"], device=device)
        for key, value in self.group("", "param").items():
            layer, blob = key.rsplit("/", 1)
            own = self.net.params[layer][int(blob)]
            own.data.copy_(torch.from_numpy(value).reshape(own.shape))

    def group(self, step: str, kind: str) -> dict[str, np.ndarray]:
        """The arrays ``<step><kind>/...`` by what follows."""
        head = f"{step}{kind}/"
        return {key.removeprefix(head): value for key, value in self.arrays.items() if key.startswith(head)}

    def tensor(self, array: np.ndarray) -> Tensor:
        return torch.from_numpy(array).to(self.device)

    def check(self, key: str, actual: Tensor | None) -> None:
        """``actual`` is the recorded array ``key``, or is not if that is a slip; None stands for no gradient."""
        expected = self.arrays[key].astype(np.float64)
        actual = np.zeros_like(expected) if actual is None else actual.detach().double().cpu().numpy().reshape(expected.shape)
        finite = np.isfinite(expected) & np.isfinite(actual)
        scale = np.abs(expected[finite]).max(initial=0) or 1
        worst = np.abs(actual[finite] - expected[finite]).max(initial=0) / scale
        bar = 2 * BAR if self.device == "cuda" and self.recurrent else BAR
        same = worst <= bar and np.array_equal(actual[~finite], expected[~finite], equal_nan=True)
        slip = key in SLIPS.get(self.name, ("",))[0].split()
        assert same != slip, f"{key}: differs by {worst:.2e} of its maximum{'; struck off the slips?' if slip else ''}"


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("folder", [c for c in CASES if c.name not in (*RANDOM, OVER_NOTHING)], ids=lambda folder: folder.name)
def test_case_gives_what_caffe_gives(folder, device):
    case = Case(folder, device)
    net, meta = case.net, case.meta
    assert not meta["random"]
    assert net.inputs == meta["inputs"]
    assert net.outputs == meta["outputs"]
    shapes = {**meta["input_shapes"], **meta["output_shapes"]}
    for blob, shape in shapes.items():
        if "Filter" not in meta["layer_types"]:  # whose shapes depend on the data
            assert net.shapes[blob] == tuple(shape), blob
    for step, loss in zip(["", *(f"step{i}/" for i in range(1, meta["steps"]))], meta["loss"]):
        inputs = {blob: case.tensor(value) for blob, value in case.group(step, "in").items()}
        if meta["grad"] == "force":  # under Caffe's own rules nothing goes back to an input
            for blob in meta["grad_inputs"]:
                inputs[blob].requires_grad_()
        blobs = net.activations(**inputs)
        assert {blob: list(blobs[blob].shape) for blob in shapes} == shapes
        for blob in case.group(step, "out"):
            case.check(f"{step}out/{blob}", blobs[blob])
        if case.name not in SLIPS:
            assert net.loss(blobs).item() == pytest.approx(loss, rel=BAR, abs=1e-6)
        for key in case.group(step, "param_after"):
            layer, blob = key.rsplit("/", 1)
            case.check(f"{step}param_after/{key}", net.params[layer][int(blob)])
        check_backward(case, step, blobs, inputs)


def check_backward(case: Case, step: str, blobs: dict[str, Tensor], inputs: dict[str, Tensor]) -> None:
    """The gradients of this step, if it was differentiated; a second pass adds up."""
    net, gin, gparam = case.net, case.group(step, "gin"), case.group(step, "gparam")
    if not gin and not gparam:
        return
    sources = {blob: inputs.get(blob, blobs[blob]) for blob in gin}
    for source in sources.values():
        if source.requires_grad:
            source.retain_grad()
    kinds = case.meta["topdiff_kind"]
    total = net.loss(blobs) if "loss" in kinds.values() else torch.zeros((), device=case.device)
    for blob, diff in case.group(step, "topdiff").items():
        if kinds[blob] == "set":
            total = total + (blobs[blob] * case.tensor(diff)).sum()
    for suffix in ("", "2x"):
        if total.requires_grad:
            total.backward(retain_graph=True)
        if not suffix:
            for blob, source in sources.items():
                case.check(f"{step}gin/{blob}", source.grad if source.requires_grad else None)
        for key in case.group(step, f"gparam{suffix}"):
            layer, blob = key.rsplit("/", 1)
            owner = net.layers[layer]  # of a blob that may be another layer's, in that layer's shape
            case.check(f"{step}gparam{suffix}/{key}", getattr(owner, owner.blob_names[int(blob)]).grad)


@pytest.mark.parametrize("name", [c.name for c in CASES if c.name.startswith("dropout_train")])
def test_dropout_scales_what_it_keeps_and_its_gradient_alike(name):
    case = Case(next(folder for folder in CASES if folder.name == name))
    ratio = 0.8 if name.endswith("08") else 0.5
    x = torch.from_numpy(case.arrays["in/data"]).requires_grad_()
    out = case.net(data=x)["out"]
    kept = out != 0
    assert 0 < kept.sum() < kept.numel()
    torch.testing.assert_close(out, torch.where(kept, x / (1 - ratio), 0.0))
    diff = torch.from_numpy(case.arrays["topdiff/out"])
    out.backward(diff)
    torch.testing.assert_close(x.grad, torch.where(kept, diff / (1 - ratio), 0.0))
    zeros = case.arrays["out/out"] == 0  # Caffe's own mask is as dense, within four standard deviations of both
    bound = 4 * (2 * ratio * (1 - ratio) / zeros.size) ** 0.5
    assert abs(zeros.mean() - (~kept).float().mean()) < bound


def test_a_window_over_nothing_is_left_out():
    (case,) = (Case(folder) for folder in CASES if folder.name == OVER_NOTHING)
    blobs = case.net.activations(**{blob: case.tensor(value) for blob, value in case.group("", "in").items()})
    for blob, recorded in case.group("", "out").items():
        rows, columns = blobs[blob].shape[2:]
        there = np.isfinite(recorded)
        assert there[:, :, :rows, :columns].all() and there.sum() == blobs[blob].numel()
        np.testing.assert_allclose(blobs[blob].detach(), recorded[:, :, :rows, :columns], rtol=BAR)
