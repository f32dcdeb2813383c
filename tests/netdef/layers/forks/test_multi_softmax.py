"""A softmax over channels at each place."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.testing import check_layer


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_chances_at_each_place(phase):
    x = draw(2, 3, 5, 4)
    torch.testing.assert_close(top_of("MultiSoftmax", "", phase, x=x), x.exp() / x.exp().sum(1, keepdim=True))
    check_layer('layer { name: "l" type: "MultiSoftmax" bottom: "x" top: "y" }', x=(2, 3, 5, 4))
    with pytest.raises(netdef.SpecError, match="4 axes"):
        one_layer("MultiSoftmax", "", x=(2, 3))


def test_the_type_of_2014():
    text = ('input: "x" input_dim: 1 input_dim: 3 input_dim: 5 input_dim: 4 '
            'layers { name: "l" type: MULTI_SOFTMAX bottom: "x" top: "y" }')
    assert netdef.loads(text, phase="TEST")(x=torch.zeros(1, 3, 5, 4))["y"].flatten().tolist() == pytest.approx([1 / 3] * 60)
