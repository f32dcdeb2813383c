"""Groups of channels with mean 0 and variance 1."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef


def test_each_group_of_an_item():
    x = draw(2, 6, 3, 4)
    top = top_of("GroupNorm", "group_norm_param { group_num: 3 eps: 0.1 }", x=x)
    for item in range(2):
        for group in range(3):
            own = x[item, 2 * group : 2 * group + 2]
            mean = own.sum() / own.numel()
            variance = ((own - mean) ** 2).sum() / own.numel()
            assert torch.allclose(top[item, 2 * group : 2 * group + 2], (own - mean) / (variance + 0.1) ** 0.5)


def test_gradients():
    x = draw(2, 4, 3).requires_grad_()
    net = one_layer("GroupNorm", "group_norm_param { group_num: 2 }", "TRAIN", x=x)
    assert gradcheck(lambda x: net(x=x)["y0"], (x,))


@pytest.mark.parametrize(("param", "complaint"), [
    ("group_num: 4", "has `group_num` 4, which does not divide its 6 channels"), ("", "has `group_num` 32"),
    ("group: 2", "has no field `group`")])
def test_what_does_not_fit_is_refused(param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("GroupNorm", f"group_norm_param {{ {param} }}", x=(2, 6, 3, 4))


@pytest.mark.parametrize("sizes", ["num_groups: 3", "channels_per_group: 2", "num_groups: 3 channels_per_group: 2"])
def test_groups_with_a_slope_and_a_bias(sizes: str):
    x = draw(2, 6, 3, 4)
    net = one_layer("GN", f"gn_param {{ {sizes} eps: 0.1 }}", x=x)
    slope, bias = net.params["l"]
    assert slope.shape == bias.shape == (1, 6, 1, 1) and not slope.any() and not bias.any()
    with torch.no_grad():
        slope.copy_(draw(1, 6, 1, 1, seed=2))
        bias.copy_(draw(1, 6, 1, 1, seed=3))
    plain = top_of("GroupNorm", "group_norm_param { group_num: 3 eps: 0.1 }", x=x)
    torch.testing.assert_close(net(x=x)["y0"], slope * plain + bias)


@pytest.mark.parametrize("sizes", ["", "num_groups: 4", "channels_per_group: 4", "num_groups: 3 channels_per_group: 3"])
def test_groups_that_do_not_divide_the_channels_are_refused(sizes: str):
    with pytest.raises(netdef.SpecError, match="that divide its 6 channels"):
        one_layer("GN", f"gn_param {{ {sizes} }}", x=(2, 6, 3))
