"""The scale of GlobalLSEMargin goes without decay unless the text says otherwise."""

from __future__ import annotations

import pytest

from netdef.definition.read import read_net_text


@pytest.mark.parametrize(("bottoms", "param", "wanted"), [
    ('bottom: "x" bottom: "t"', "", [(1, 0)]), ('bottom: "x" bottom: "t" bottom: "n"', "", [(0, 0)]),
    ('bottom: "x" bottom: "t"', "param { lr_mult: 3 }", [(3, 1)]),
])
def test_multipliers(bottoms: str, param: str, wanted: list):
    net = read_net_text(f'layer {{ name: "l" type: "GlobalLSEMargin" {bottoms} top: "y" {param} }}')
    assert [(each.lr_mult, each.decay_mult) for each in net.layers[0].message.param] == wanted
