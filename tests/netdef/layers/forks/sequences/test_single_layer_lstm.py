"""SLLSTM: steps by hand, with markers and an input of every step."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer

import netdef
from netdef.testing import check_layer


def layer(**inputs: torch.Tensor):
    net = one_layer("SLLSTM", "recurrent_param { num_output: 2 }", "TRAIN", **inputs)
    with torch.no_grad():
        for i, blob in enumerate(net.params["l"]):
            blob.copy_(draw(*blob.shape, seed=i) / 2)
    return net, [blob.detach() for blob in net.params["l"]]


def by_hand(x, blobs, marks=None, static=None):
    """h of every step of one sequence (T, K)."""
    u, b, w = blobs[:3]
    h = c = torch.zeros(2).double()
    outputs = []
    for step, features in enumerate(x):
        if marks is not None and marks[step] <= 0:
            h, c = torch.zeros_like(h), torch.zeros_like(c)
        gates = w @ features + u @ h + b
        i, f, o, g = (gates if static is None else gates + blobs[3] @ static).chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        outputs.append(h)
    return torch.stack(outputs)


def test_a_single_number():
    """All weights 1: i = f = o = s(1), g = tanh 1."""
    net = one_layer("SLLSTM", "recurrent_param { num_output: 1 }", x=(1, 1, 1))
    with torch.no_grad():
        for blob, value in zip(net.params["l"], (1, 0, 1)):
            blob.fill_(value)
    gate = 1 / (1 + math.exp(-1))
    assert net(x=torch.ones(1, 1, 1).double())["y0"].item() == pytest.approx(gate * math.tanh(gate * math.tanh(1)))


def test_every_batch_begins_with_zeros():
    x = draw(5, 3, 4)
    net, blobs = layer(x=x)
    assert [tuple(blob.shape) for blob in blobs] == [(8, 2), (8,), (8, 4)]
    for _ in range(2):
        top = net(x=x)["y0"]
        for n in range(3):
            torch.testing.assert_close(top[:, n], by_hand(x[:, n], blobs))


def test_markers_and_a_static_input():
    x, static = draw(5, 3, 4), draw(3, 4, seed=7)
    marks = torch.tensor([[1.0, 0, 1], [1, 1, 0], [0.5, -1, 1], [1, 1, 1], [0, 1, 1]]).double()
    net, blobs = layer(x=x, m=marks, s=static)
    assert [tuple(blob.shape) for blob in blobs] == [(8, 2), (8,), (8, 4), (8, 4)]
    top = net(x=x, m=marks, s=static)["y0"]
    for n in range(3):
        torch.testing.assert_close(top[:, n], by_hand(x[:, n], blobs, marks[:, n], static[n]))


def test_gradients_and_the_rest_of_the_contract():
    text = 'layer {{ name: "l" type: "SLLSTM" bottom: "x" {} top: "y" recurrent_param {{ num_output: 3 {} }} }}'
    fillers = 'weight_filler { type: "gaussian" std: 0.5 } bias_filler { value: 0.1 }'
    check_layer(text.format("", fillers), x=(4, 2, 5))
    check_layer(text.format('bottom: "m" bottom: "s"', fillers), x=(4, 2, 5), m=torch.ones(4, 2), s=(2, 5))


@pytest.mark.parametrize("inputs, complaint", [
    ({"x": (5, 3, 4, 2)}, "three axes"), ({"x": (5, 3, 4), "m": (5, 2)}, "5 x 3 numbers"),
    ({"x": (5, 3, 4), "m": (5, 3), "s": (5, 4)}, "3 x 4 numbers")])
def test_shapes_that_do_not_fit(inputs, complaint):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("SLLSTM", "recurrent_param { num_output: 2 }", **inputs)
