"""Which Convolution layers take dilations from a bottom."""

from __future__ import annotations

import warnings

import pytest

from netdef.definition.read import read_net_text

MASK = 'layer { name: "m" type: "Mask" top: "m" }'
THERE = '\nlayer { name: "d" type: "Duplicate" bottom: "e" top: "d" }'


@pytest.mark.parametrize(("text", "takes"), [
    ('bottom: "x" bottom: "d" top: "y"', True), ('bottom: "x" bottom: "d" bottom: "m" top: "y"', True),
    ('bottom: "x" top: "y"', False), ('bottom: "x" bottom: "m" top: "y"', False),
    ('bottom: "x" bottom: "d" top: "y" top: "z"', False),
])
def test_two_bottoms_and_one_top_in_nets_of_the_fork(text: str, takes: bool):
    net = f'{MASK} layer {{ name: "c" type: "Convolution" {text} }}'
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert read_net_text(net + THERE).layers[1].message.convolution_param.dilation_from_bottom is takes
        assert not read_net_text(net).layers[1].message.convolution_param.dilation_from_bottom
    assert len(caught) == takes
    assert all("layer `c` (Convolution) is read as in learnable dilation" in str(each.message) for each in caught)
