"""LSTMNode: one step by hand, marks, fillers of the gates."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef
from netdef.testing import check_layer

TEXT = 'layer { name: "l" type: "LSTMNode" bottom: "x" bottom: "c" %s top: "h" top: "d" lstm_param { num_cells: 3 %s } }'


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize("marked", [False, True])
def test_one_step_by_hand(phase, marked):
    inputs = {"x": draw(4, 5), "c": draw(4, 3, seed=2)} | ({"m": torch.tensor([1.0, 0, 1, 0]).double()} if marked else {})
    net = one_layer("LSTMNode", "lstm_param { num_cells: 3 }", phase, tops=2, **inputs)
    weight, bias = net.params["l"]
    assert (weight.shape, bias.shape) == ((12, 5), (12,))
    with torch.no_grad():
        weight.copy_(draw(12, 5, seed=3))
        bias.copy_(draw(12, seed=4))
    found = net(**inputs)
    for n in range(4):
        i, f, o, g = (weight @ inputs["x"][n] + bias).reshape(4, 3)
        before = inputs["c"][n] * (inputs["m"][n] if marked else 1)
        cells = f.sigmoid() * before + i.sigmoid() * g.tanh()
        torch.testing.assert_close(found["y1"][n], cells)
        torch.testing.assert_close(found["y0"][n], o.sigmoid() * cells.tanh())


def test_it_keeps_the_promises_of_layers():
    check_layer(TEXT % ("", ""), x=(4, 2, 3), c=(4, 3))
    check_layer(TEXT % ('bottom: "m"', "bias_term: false"), x=(4, 5), c=(4, 1, 3), m=torch.tensor([1.0, 0, 1, 1]))


def test_each_gate_has_its_filler():
    gates = ("input_gate", "forget_gate", "output_gate", "input")
    fillers = " ".join(f"{gate}_{blob}_filler {{ value: {4 * b + i} }}"
                       for b, blob in enumerate(("weight", "bias")) for i, gate in enumerate(gates))
    weight, bias = one_layer("LSTMNode", f"lstm_param {{ num_cells: 2 {fillers} }}", tops=2, x=(3, 5), c=(3, 2)).params["l"]
    assert weight[:, 0].tolist() == [0, 0, 1, 1, 2, 2, 3, 3] and torch.equal(weight, weight[:, :1].expand(8, 5))
    assert bias.tolist() == [4, 4, 5, 5, 6, 6, 7, 7]


@pytest.mark.parametrize(("param", "shapes", "words"), [
    ("num_cells: 0", {"x": (4, 5), "c": (4, 3)}, "has `num_cells` 0; it must be at least 1"),
    ("num_cells: 3", {"x": (4, 5), "c": (4, 2)}, "the second, cells, wants 4 x 3 numbers"),
    ("num_cells: 3", {"x": (4, 5), "c": (4, 3), "m": (5,)}, "the third wants 4 marks"),
])
def test_refusals(param, shapes, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("LSTMNode", f"lstm_param {{ {param} }}", tops=2, **shapes)
