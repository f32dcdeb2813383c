"""Planes whose height a number of rows is."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw

import netdef
from netdef.definition.read import read_net_text

INPUT = 'layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 5 dim: 4 } } }\n'
FORMAT = 'layer { name: "f" type: "SRNNFormat" bottom: "x" top: "s" top: "m" top: "n" }\n'
BACK = ('layer {{ name: "b" type: "SRNNFormat" bottom: "s" bottom: "{}" top: "y" {} '
        "srnnformat_param {{ operation: UNFORMAT }} }}")


def test_sequences_come_back_as_the_planes_they_were():
    text = INPUT + FORMAT + BACK.format("n", "propagate_down: true propagate_down: false")
    definition = read_net_text(text)
    assert list(definition.layers[2].bottoms) == ["s", "n", "x"]
    assert list(definition.layers[2].message.propagate_down) == [True, False, False]
    for size in ((2, 3, 5, 4), (1, 3, 7, 4)):
        x = draw(*size).requires_grad_()
        top = netdef.loads(text, phase="TRAIN").double()(x=x)["y"]
        assert torch.equal(top, x)
        slope = draw(*size, seed=2)
        assert torch.equal(torch.autograd.grad(top, x, slope)[0], slope)


def test_a_number_of_rows_from_elsewhere_is_refused():
    with pytest.raises(netdef.SpecError, match="the third top of an earlier SRNNFormat layer with FORMAT"):
        netdef.loads(INPUT + FORMAT + BACK.format("m", ""))
