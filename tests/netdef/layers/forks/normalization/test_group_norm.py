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
