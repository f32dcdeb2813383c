"""Channels in groups made one."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_each_group_becomes_a_channel(phase: str):
    x = draw(2, 6, 4, 5)
    groups = [x[:, 2 * i : 2 * i + 2] for i in range(3)]
    found = top_of("ChannelReduce", "channel_reduce_param { num_channels: 3 }", phase, x=x)
    assert torch.equal(found, torch.stack([group.amax(1) for group in groups], 1))
    found = top_of("ChannelReduce", "channel_reduce_param { num_channels: 3 operation: SUM }", phase, x=x)
    assert torch.allclose(found, torch.stack([group.sum(1) for group in groups], 1))


@pytest.mark.parametrize("operation", ["MAX", "SUM"])
def test_gradient(operation: str):
    x = draw(1, 6, 2, 3).requires_grad_()
    net = one_layer("ChannelReduce", f"channel_reduce_param {{ num_channels: 2 operation: {operation} }}", "TRAIN", x=x)
    assert gradcheck(lambda x: net(x=x)["y0"], (x,))


@pytest.mark.parametrize("count", [0, 4])
def test_a_number_that_does_not_divide_the_channels_is_refused(count: int):
    with pytest.raises(netdef.SpecError, match="must divide the 6 channels"):
        one_layer("ChannelReduce", f"channel_reduce_param {{ num_channels: {count} }}", x=(2, 6, 4, 5))
