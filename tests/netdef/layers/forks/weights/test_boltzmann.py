"""A Boltzmann machine whose units are certain, so that nothing is left to chance."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer

import netdef

X = torch.tensor([[1.0, 0, 1], [0, 1, 0]]).double()
WEIGHT = torch.tensor([[90.0, -90, 90], [-90, 90, -90]]).double()  # hidden unit 0 for the first item, 1 for the second


def machine(param: str = "llAprox: REC", kind: str = "RBMCD", weight: torch.Tensor = WEIGHT, bias: float = 0.0) -> netdef.Net:
    net = one_layer(kind, f"rbm_param {{ num_hidden: 2 {param} }} loss_weight: 0 loss_weight: 0 loss_weight: 1", "TRAIN",
                    tops=3, x=X)
    for blob, value in zip(net.params["l"], (weight, bias, 0.0)):
        with torch.no_grad():
            blob.copy_(torch.as_tensor(value))
    return net


def test_hidden_units_are_drawn_and_x_is_made_again():
    tops = machine()(x=X)
    assert tops["y0"].tolist() == [[1, 0], [0, 1]] and tops["y1"].shape == (2, 2)
    assert tops["y2"].item() == pytest.approx(-3 * math.log(1 - 1e-5) / 2)  # of the units of 1, whose probability is 1
    assert machine("")(x=X)["y2"].item() == 0


def test_a_step_of_gibbs_gives_the_negative_states():
    net = machine(bias=1000.0)  # all visible units become 1
    net(x=X)["y2"].backward()
    x1 = torch.ones(2, 3).double()
    h0, h1 = torch.eye(2).double(), torch.tensor([[1.0, 0]] * 2).double()  # 90 + 90 - 90 and its opposite
    weight, b, c = (blob.grad for blob in net.params["l"])
    assert torch.allclose(weight, (h1.T @ x1 - h0.T @ X) / 2)
    assert torch.allclose(b, (x1 - X).sum(0)[:, None] / 2) and torch.allclose(c, (h1 - h0).sum(0)[:, None] / 2)


def test_units_are_1_as_often_as_their_probability():
    torch.manual_seed(3)
    x = torch.ones(4000, 1).double()
    net = one_layer("RBMCD", "rbm_param { num_hidden: 1 }", tops=3, x=x)
    net.params["l"][2].data.fill_(math.log(3))
    net.params["l"][0].data.zero_()
    assert net(x=x)["y0"].mean().item() == pytest.approx(0.75, abs=0.03)


def test_axes_and_refusals():
    net = one_layer("RBMCD", "rbm_param { num_hidden: 5 axis: 2 }", tops=3, x=(2, 3, 4, 6))
    assert net.shapes["y0"] == net.shapes["y1"] == (2, 3, 5) and net.shapes["y2"] == ()
    assert [tuple(blob.shape) for blob in net.params["l"]] == [(5, 24), (24, 1), (5, 1)]
    assert net(x=draw(2, 3, 4, 6))["y0"].shape == (2, 3, 5)
    with pytest.raises(netdef.SpecError, match="`gibbs_steps`"):
        one_layer("RBMCD", "rbm_param { num_hidden: 5 rbm_cd_param { gibbs_steps: 0 } }", tops=3, x=(2, 3))
