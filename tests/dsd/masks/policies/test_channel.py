"""CHANNEL: whole output channels of each kind of weight."""

from __future__ import annotations

import torch

from dsd.masks.policies.channel import channel_count, channel_mask
from netdef.layers.core.channels import ChannelLayout

PLAIN = ChannelLayout().by_channel
TRANSPOSED = ChannelLayout(output_axis=1).by_channel
DECONVOLUTION = ChannelLayout(output_axis=1, groups=2).by_channel


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def test_whole_channels_of_smallest_norm_are_pruned():
    weight = torch.tensor([[3.0, 4, 0], [4, 4, -4], [0, -6.5, 0]])  # L2: 5, 6.9, 6.5; L1: 7, 12, 6.5
    assert channel_mask(weight, PLAIN, 0.3).tolist() == [[False] * 3, [True] * 3, [True] * 3]
    assert channel_mask(weight, PLAIN, 0.3, order=1).tolist() == [[True] * 3, [True] * 3, [False] * 3]
    assert channel_mask(weight.t().contiguous(), TRANSPOSED, 0.3).t().equal(channel_mask(weight, PLAIN, 0.3))


def test_output_channels_of_a_grouped_deconvolution():
    weight = drawn(4, 3, 5, 2)  # 4 inputs in 2 groups, 3 outputs of each group
    kept = channel_mask(weight, DECONVOLUTION, 0.5)
    norms = torch.stack([weight[first : first + 2, j].norm() for first in (0, 2) for j in range(3)])
    largest = set(norms.topk(3).indices.tolist())
    for first in (0, 2):
        for j in range(3):
            channel, wanted = kept[first : first + 2, j], first // 2 * 3 + j in largest
            assert channel.all() == channel.any() == wanted
    assert kept.sum() == 60 == channel_count(kept.shape, DECONVOLUTION, 0.5)
