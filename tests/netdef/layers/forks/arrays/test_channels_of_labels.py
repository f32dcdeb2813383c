"""MaskOutputs: channels by labels."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.definition.read import read_net_text

PARAM = "mask_outputs_param { kernel_size: 2 }"


def test_each_item_has_the_channels_of_its_class():
    x = draw(3, 7, 4).requires_grad_()
    top = top_of("MaskOutputs", PARAM, x=x, t=torch.tensor([2.0, 0, 1]))
    torch.testing.assert_close(top, torch.stack((x[0, 4:6], x[1, 0:2], x[2, 2:4])))
    (gradient,) = torch.autograd.grad(top.sum(), x)
    assert gradient[:, :, 0].tolist() == [[0, 0, 0, 0, 1, 1, 0], [1, 1, 0, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0, 0]]


def test_channels_that_are_not_there():
    with pytest.raises(netdef.NetdefError, match="label"):
        top_of("MaskOutputs", PARAM, x=draw(2, 7), t=torch.tensor([0.0, 3]))
    with pytest.raises(netdef.SpecError, match="takes 9 of 7 channels"):
        one_layer("MaskOutputs", "mask_outputs_param { kernel_size: 9 }", x=(2, 7), t=(2,))
    with pytest.raises(netdef.SpecError, match="`kernel_size`"):
        one_layer("MaskOutputs", x=(2, 7), t=(2,))


def test_the_types_of_2014():
    net = read_net_text("layers { type: MASK_OUTPUTS mask_outputs_param { kernel_size: 3 } } "
                        "layers { type: EUCLIDEAN_WEIGHTED_LOSS euclidean_weight_param { lambda: 50 } }")
    assert [layer.type for layer in net.layers] == ["MaskOutputs", "EuclideanWeightedLoss"]
