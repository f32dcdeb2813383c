"""SPP: bins, padding, order, and planes that are too small."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.errors import SpecError


def spp(shape: tuple, param: str, phase: str = "TEST") -> torch.nn.Module:
    dims = " ".join(f"dim: {size}" for size in shape)
    return netdef.loads(f'layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ {dims} }} }} }} '
                        f'layer {{ name: "l" type: "SPP" bottom: "x" top: "y" spp_param {{ {param} }} }}', phase=phase)


def test_levels_then_channels_then_bins():
    x = torch.arange(2 * 2 * 4.0).reshape(1, 2, 2, 4)  # planes 0..7 and 8..15, rows of 4
    assert spp((1, 2, 2, 4), "pyramid_height: 2")(x=x)["y"].tolist() == [[7, 15, 1, 3, 5, 7, 9, 11, 13, 15]]
    y = spp((1, 2, 2, 4), "pyramid_height: 2 pool: AVE")(x=x)["y"]
    assert y.tolist() == [[3.5, 11.5, 0.5, 2.5, 4.5, 6.5, 8.5, 10.5, 12.5, 14.5]]


def test_odd_padding_is_larger_at_the_front_and_counts_as_zeros_in_a_mean():
    x = -torch.arange(1.0, 4).reshape(1, 1, 1, 3).expand(1, 1, 3, 3)  # rows -1 -2 -3; bins of 2, the first half padding
    assert spp((1, 1, 3, 3), "pyramid_height: 2")(x=x)["y"].tolist() == [[-1, -1, -2, -1, -2]]
    y = spp((1, 1, 3, 3), "pyramid_height: 2 pool: AVE")(x=x)["y"]
    torch.testing.assert_close(y, torch.tensor([[-2, -1 / 4, -5 / 4, -2 / 4, -10 / 4]]))


def test_the_length_does_not_depend_on_the_size():
    net = spp((2, 3, 8, 9), "pyramid_height: 3")
    assert net.shapes["y"] == (2, 3 * 21)
    assert net(x=torch.ones(1, 3, 13, 5 + 7))["y"].shape == (1, 3 * 21)


def test_one_level_keeps_four_axes():
    assert spp((2, 3, 8, 9), "pyramid_height: 1").shapes["y"] == (2, 3, 1, 1)


def test_stochastic_draws_elements_in_training_and_their_mean_in_test():
    x = torch.zeros(1, 1, 3, 4)
    x[..., 1:, 1], x[..., 0, 2] = 2, 5
    y = spp((1, 1, 3, 4), "pyramid_height: 2 pool: STOCHASTIC")(x=x)["y"]
    torch.testing.assert_close(y, torch.tensor([[33 / 9, 0, 5, 2, 0]]))
    net = spp((1, 1, 3, 4), "pyramid_height: 1 pool: STOCHASTIC", "TRAIN")
    assert {net(x=x)["y"].item() for _ in range(60)} == {2, 5}


@pytest.mark.parametrize("shape, param, words", [
    ((1, 2, 5, 8), "pyramid_height: 3", "4 by 4 bins, which a bottom of size 5 by 8 cannot fill"),
    ((1, 2, 8, 9), "", "`pyramid_height` of at least 1"),
    ((2, 8, 9), "pyramid_height: 1", "4 axes"),
])
def test_bottoms_that_do_not_fit_are_refused(shape, param, words):
    with pytest.raises(SpecError, match=words):
        spp(shape, param)
