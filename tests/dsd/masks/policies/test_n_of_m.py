"""N_OF_M: groups along the inputs of each kind of weight."""

from __future__ import annotations

import pytest
import torch

from dsd.masks.policies.n_of_m import n_of_m_count, n_of_m_mask
from netdef.layers.core.channels import ChannelLayout

PLAIN = ChannelLayout().by_channel
TRANSPOSED = ChannelLayout(output_axis=1).by_channel
DECONVOLUTION = ChannelLayout(output_axis=1, groups=2).by_channel


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def test_two_of_four_along_the_inputs():
    weight = torch.tensor([[1.0, -4, 3, 2, 5, 5, 5, 9, 7], [0, 0, 0, 0, -8, 6, 7, 5, 1]])
    assert n_of_m_mask(weight, PLAIN, 2, 4).int().tolist() == [[0, 1, 1, 0, 1, 0, 0, 1, 1], [1, 1, 0, 0, 1, 0, 1, 0, 1]]
    assert n_of_m_mask(weight.t().contiguous(), TRANSPOSED, 2, 4).t().equal(n_of_m_mask(weight, PLAIN, 2, 4))


def test_two_of_four_of_a_convolution_are_channels_at_one_place_of_the_kernel():
    weight = drawn(5, 8, 3, 2)
    for laid in (weight, weight.contiguous(memory_format=torch.channels_last)):
        kept = n_of_m_mask(laid, PLAIN, 2, 4)
        assert kept.shape == weight.shape
        groups = kept.unflatten(1, (2, 4)).movedim(2, -1)
        assert (groups.sum(-1) == 2).all()
        sizes = weight.abs().unflatten(1, (2, 4)).movedim(2, -1)
        assert (sizes.masked_fill(~groups, torch.inf).amin(-1) >= sizes.masked_fill(groups, 0).amax(-1)).all()


@pytest.mark.parametrize(("n", "m"), [(2, 4), (1, 3), (5, 8), (3, 16)])
@pytest.mark.parametrize(("by_channel", "shape"), [
    (PLAIN, (5, 11)), (PLAIN, (4, 7, 3, 2)), (TRANSPOSED, (13, 5)), (DECONVOLUTION, (10, 3, 2, 4))])
def test_counts_are_exact(by_channel, shape, n, m):
    kept = n_of_m_mask(drawn(*shape), by_channel, n, m)
    assert kept.sum() == n_of_m_count(kept.shape, by_channel, n, m)
    per_row = by_channel(kept).sum(2)
    inputs = by_channel(kept).shape[2]
    assert (per_row == inputs // m * n + min(n, inputs % m)).all()
