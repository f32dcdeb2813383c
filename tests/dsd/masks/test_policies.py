"""Each policy's mask, from arithmetic on small weights, and what all of them promise."""

from __future__ import annotations

import pytest
import torch

from dsd.masks.mask import MaskError, kept_count
from dsd.masks.policies.channel import channel_count, channel_mask
from dsd.masks.policies.dynamic import surgery_chance, surgery_mask, surgery_threshold
from dsd.masks.policies.gradual import gradual_mask, ramp
from dsd.masks.policies.n_of_m import n_of_m_count, n_of_m_mask
from dsd.masks.policies.random import random_mask
from netdef.layers.core.channels import ChannelLayout

PLAIN = ChannelLayout().by_channel
TRANSPOSED = ChannelLayout(output_axis=1).by_channel
DECONVOLUTION = ChannelLayout(output_axis=1, groups=2).by_channel


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def test_the_ramp_is_a_cubic_that_ends_at_the_sparsity_to_the_bit():
    assert ramp(0.7, 0, 8) == 0
    assert ramp(0.8, 4, 8) == pytest.approx(0.8 * 7 / 8)
    assert ramp(0.8, 2, 8) == pytest.approx(0.8 * (1 - 27 / 64))
    assert ramp(0.7, 8, 8) == ramp(0.7, 9, 8) == ramp(0.7, 0, 0) == 0.7


def test_gradual_prunes_the_smallest_survivors_and_frees_none():
    weight = torch.tensor([[5.0, -9, 0], [1, 0, -2]])  # 9 was pruned, and a survivor happens to be 0
    kept = torch.tensor([[True, False, True], [True, True, True]])
    assert gradual_mask(weight, kept, 0.5).tolist() == [[True, False, False], [True, False, True]]
    assert gradual_mask(weight, kept, 0.1).equal(kept)
    assert gradual_mask(weight, torch.zeros_like(kept), 0.1).sum() == 0


def test_gradual_counts_are_exact_on_the_way():
    weight, kept = drawn(7, 5, 3), torch.ones(7, 5, 3, dtype=torch.bool)
    for i in range(10):
        before, kept = kept, gradual_mask(weight, kept, ramp(0.9, i, 9))
        assert kept.sum() == kept_count(105, ramp(0.9, i, 9)) and not (kept & ~before).any()


def test_surgery_prunes_below_splices_above_and_leaves_the_rest():
    dense = torch.tensor([0.5, 0.9, 1.0, 1.0, 1.2, -1.2, float("nan")])
    kept = torch.tensor([True, True, True, False, False, False, False])
    # Pruned up to 0.9, spliced above 1.1, and in between as before.
    assert surgery_mask(dense, kept, 0.9).tolist() == [False, False, True, False, True, True, False]


def test_the_threshold_of_surgery_is_that_of_the_magnitudes_that_are_not_0():
    weight = torch.tensor([[3.0, 0, -1], [1, 0, -3]])  # mean 2, standard deviation 1
    assert surgery_threshold(weight, 0.5) == pytest.approx(0.9 * 2.5)
    assert surgery_threshold(weight, -5) == 0 == surgery_threshold(torch.zeros(2, 3), 1)


def test_surgery_becomes_rarer():
    assert surgery_chance(0, 0.1, 2) == 1
    assert surgery_chance(10, 0.1, 2) == pytest.approx(1 / 4)


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
def test_counts_of_n_of_m(by_channel, shape, n, m):
    kept = n_of_m_mask(drawn(*shape), by_channel, n, m)
    assert kept.sum() == n_of_m_count(kept.shape, by_channel, n, m)
    per_row = by_channel(kept).sum(2)
    inputs = by_channel(kept).shape[2]
    assert (per_row == inputs // m * n + min(n, inputs % m)).all()


def test_channels_of_smallest_norm_go_whole():
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


def test_random_is_exact_and_follows_from_the_seed():
    weight = drawn(11, 7)
    one, again, other = (random_mask(weight, 0.4, seed) for seed in (3, 3, 4))
    assert one.equal(again) and not one.equal(other)
    assert one.sum() == other.sum() == kept_count(77, 0.4)
    assert one.equal(random_mask(weight * 0, 0.4, 3))


@pytest.mark.parametrize("mask", [
    lambda w: gradual_mask(w, torch.ones_like(w, dtype=torch.bool), 0.5),
    lambda w: n_of_m_mask(w, PLAIN, 1, 2),
    lambda w: channel_mask(w, PLAIN, 0.5),
])
def test_nan_has_no_rank(mask):
    with pytest.raises(MaskError, match="1 NaN among its"):
        mask(torch.tensor([[1.0, float("nan")], [2, 3]]))
