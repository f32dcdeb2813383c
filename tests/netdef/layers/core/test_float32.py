"""Layers that compute in float32 under autocast."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from oracle import golden_cases
from torch import Tensor

import netdef
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import known_types


@pytest.mark.parametrize("layer, wanted", [
    ('type: "LRN" lrn_param { local_size: 3 alpha: 3 }', 300 * (1 + 300**2 * 3 / 3) ** -0.75),  # squares overflow float16
    ('type: "Power" power_param { power: 2 }', 90000.0),
    ('type: "Reduction" reduction_param { operation: SUMSQ axis: 1 }', 90000.0),
])  # fmt: skip
def test_what_overflows_half_precision_does_not(layer: str, wanted: float):
    net = netdef.loads(f"""
        layer {{ name: "x" type: "Input" top: "x" input_param {{ shape {{ dim: 2 dim: 1 dim: 1 dim: 1 }} }} }}
        layer {{ name: "y" bottom: "x" top: "y" {layer} }}""", phase="TRAIN")
    x = torch.full((2, 1, 1, 1), 300.0, dtype=torch.float16)
    with torch.autocast("cpu", torch.float16):
        y = net(x)["y"]
    assert y.dtype == torch.float32
    torch.testing.assert_close(y.flatten(), torch.full((2,), wanted))


def test_outside_of_autocast_a_tensor_keeps_its_type():
    net = netdef.loads("""
        layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
        layer { name: "y" type: "Exp" bottom: "x" top: "y" }""", phase="TRAIN")
    assert net.double()(torch.zeros(2, 3, dtype=torch.float64))["y"].dtype == torch.float64


def test_every_loss_is_computed_in_float32():
    losses = [cls for cls in known_types().values() if issubclass(cls, Layer) and cls.is_loss]
    assert len(losses) > 10
    for cls in losses:
        own = next(base for base in cls.__mro__ if "forward" in vars(base))
        assert hasattr(vars(own)["forward"], "__wrapped__"), cls.type_name


HALVED = ("data", "a", "b", "s")  # bottoms that a layer before would give in half precision; not labels, nor indices


@pytest.mark.parametrize("half", [torch.bfloat16, torch.float16])
@pytest.mark.filterwarnings("ignore")
def test_recorded_layers_run_forward_and_backward_in_half_precision(half: torch.dtype):
    ran = 0
    for case in golden_cases("layers"):
        with np.load(case / "golden.npz") as arrays:
            recorded = {key[3:]: torch.from_numpy(array) for key, array in arrays.items() if key.startswith("in/")}
        try:
            net = netdef.load(case / "net.prototxt", phase=json.loads((case / "meta.json").read_text())["phase"])
        except netdef.SpecError:  # a case that is refused on purpose
            continue
        inputs: dict[str, Tensor] = {
            name: x.to(half).requires_grad_() if name in HALVED else x for name, x in recorded.items()}
        try:
            with torch.autocast("cpu", half):
                outputs = net(**inputs)
            learns = [x.float().sum() for x in outputs.values() if x.requires_grad]
            if learns:
                torch.stack(learns).sum().backward()
        except RuntimeError as error:
            raise AssertionError(f"{case.name}: {error}") from error
        ran += 1
    assert ran > 50
