"""Padding of 2014: zeros around images, or sides cut off."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, top_of

from netdef.definition.read import read_net_text
from netdef.errors import SpecError
from netdef.testing import check_layer


def test_bvlc_pads_all_sides():
    x = draw(2, 3, 4, 5)
    expected = torch.zeros(2, 3, 8, 9).double()
    expected[:, :, 2:6, 2:7] = x
    assert torch.equal(top_of("Padding", "padding_param { pad: 2 }", x=x), expected)


def test_deeplab_pads_begin_and_end():
    x = draw(2, 3, 4, 5)
    expected = torch.zeros(2, 3, 8, 9).double()
    expected[:, :, 1:5, 1:6] = x
    assert torch.equal(top_of("Padding", "padding_param { pad_beg: 1 pad_end: 3 }", x=x), expected)


def test_deeplab_cuts_off():
    x = draw(2, 3, 6, 7)
    assert torch.equal(top_of("Padding", "padding_param { pad_beg: -1 pad_end: -3 }", x=x), x[:, :, 1:3, 1:4])


@pytest.mark.parametrize("param", ["pad: 2", "pad_beg: -1 pad_end: -2"])
def test_gradient(param):
    check_layer(f"layer {{ name: 'p' type: 'Padding' bottom: 'x' top: 'y' padding_param {{ {param} }} }}", x=(2, 3, 5, 6))


@pytest.mark.parametrize(("param", "complaint"), [
    ("pad_beg: -1 pad_end: 2", "both must add or both cut off"),
    ("pad_beg: -2 pad_end: -3", "leaves nothing"),
])
def test_refusals(param, complaint):
    with pytest.raises(SpecError, match=complaint):
        top_of("Padding", f"padding_param {{ {param} }}", x=draw(2, 3, 4, 5))


def test_layers_of_2014_are_read():
    net = read_net_text("layers { name: 'p' type: PADDING bottom: 'x' top: 'y' padding_param { pad_beg: -7 pad_end: -8 } }")
    assert net.layers[0].type == "Padding" and net.layers[0].message.padding_param.pad_end == -8
