"""Where the numbers of a pass stop being finite."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.graph.not_finite import all_finite, broken_blob, first_not_finite

NET = """
    layer { name: "in" type: "Input" top: "x" top: "t" input_param { shape { dim: 2 dim: 3 } shape { dim: 2 dim: 5 } } }
    layer { name: "ip" type: "InnerProduct" bottom: "x" top: "ip"
            inner_product_param { num_output: 5 weight_filler { type: "constant" value: 1 } } }
    layer { name: "relu" type: "ReLU" bottom: "ip" top: "ip" }
    layer { name: "root" type: "Power" bottom: "ip" top: "root" power_param { power: 0.5 } }
    layer { name: "loss" type: "EuclideanLoss" bottom: "root" bottom: "t" top: "loss" }
"""
T = torch.ones(2, 5)


def x(*values: float) -> torch.Tensor:
    return torch.tensor([[*values, 0.0], [0.25, -0.5, 1.0]])


def test_a_pass_of_finite_numbers():
    assert first_not_finite(netdef.loads(NET, phase="TRAIN"), {"x": x(1, 2), "t": T}) is None


@pytest.mark.parametrize("values, said", [
    ((float("nan"), 1), "blob `x` of the data has 1 NaN of 6 values"),
    ((3e38, 3e38), "forward pass, layer `ip` (InnerProduct): its top `ip` has 5 infinite of 10 values; "
                   "its input lies between -0.5 and 3e+38"),
    ((2e38, 0.0), "forward pass, layer `loss` (EuclideanLoss): its top `loss` has 1 infinite of 1 values; "
                  "its input lies between 0.866 and 1.414e+19"),
    # The square root of 0 has an infinite slope.
    ((-1, 0.5), "backward pass, layer `root` (Power): the gradient of its bottom `ip` has 5 infinite of 10 values; "
                "its input lies between 0 and 0.75"),
])
def test_the_first_layer_is_named_with_its_input(values, said):
    net = netdef.loads(NET, phase="TRAIN")
    assert first_not_finite(net, {"x": x(*values), "t": T}) == said


def test_the_gradient_of_a_weight():
    net = netdef.loads("""
        layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 1 dim: 3 } } }
        layer { name: "ip" type: "InnerProduct" bottom: "x" top: "loss" loss_weight: 1e38
                inner_product_param { num_output: 2 weight_filler { type: "constant" } } }""", phase="TRAIN")
    assert first_not_finite(net, {"x": torch.tensor([[1.0, 2.0, 30.0]])}) == (
        "backward pass, layer `ip` (InnerProduct): the gradient of its blob 0 has 2 infinite of 6 values; "
        "its input lies between 1 and 30")


def test_weights_that_are_broken_and_state_that_stays():
    net = netdef.loads("""
        layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
        layer { name: "bn" type: "BatchNorm" bottom: "x" top: "x" }
        layer { name: "ip" type: "InnerProduct" bottom: "x" top: "loss" loss_weight: 1 inner_product_param { num_output: 4 } }
        """, phase="TRAIN")
    before = [blob.clone() for blob in net.params["bn"]]
    first_not_finite(net, {"x": torch.randn(2, 3)})
    assert all(torch.equal(a, b) for a, b in zip(net.params["bn"], before))
    assert all(parameter.grad is None for parameter in net.parameters())
    assert broken_blob(net) is None
    net.params["ip"][1].data[2:] = torch.tensor([float("nan"), float("-inf")])
    assert broken_blob(net) == "layer `ip`: blob 1 of its weights has 1 NaN and 1 infinite of 4 values"


def test_finite_numbers_of_any_size():
    assert all_finite([torch.full((2, 3), 3e38), torch.empty(0), torch.zeros(4, dtype=torch.int64)])
    assert not all_finite([torch.zeros(5), torch.tensor([[1.0, float("-inf")]])])
