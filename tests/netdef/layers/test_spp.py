"""SPP: bins, padding, order, and planes that are too small."""

from __future__ import annotations

import pytest
import torch

import netdef
import netdef.layers.spp as spp_module
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


def test_bins_of_a_fork_overlap_and_have_their_own_counts():
    """Rows: one bin of all; columns: 3 bins, a step of 4 - int(0.2 * 10) = 2, so of 10 - 2 * 2 = 6 columns."""
    x = torch.arange(2 * 10.0).reshape(1, 1, 2, 10)
    y = spp((1, 1, 2, 10), "pyramid_height: 2 fineness_h: 1 fineness_w: 3 overlap_ratio_w: 0.2")(x=x)["y"]
    assert y.tolist() == [[19, 15, 17, 19]]
    y = spp((1, 1, 2, 10), "pyramid_height: 1 pool: AVE base_bin_w: 3 base_bin_h: 2 overlap_ratio_w: 0.2")(x=x)["y"]
    assert y.tolist() == [[[[2.5, 4.5, 6.5], [12.5, 14.5, 16.5]]]]


def test_an_overlap_is_multiplied_in_single_precision():
    """10 * 0.7 is 7 in single precision: a step of 10 - 7 = 3; the double product of the nearest float is below 7."""
    net = spp((1, 1, 1, 10), "pyramid_height: 1 overlap_ratio_w: 0.7 base_bin_w: 1")
    assert net(x=torch.arange(10.0).reshape(1, 1, 1, 10))["y"].tolist() == [[[[9]]]]
    assert spp_module.bin_window(10, 1, 0.699999988079071) == (10, 3, 0, 0)


def test_bins_of_a_fork_lie_closer_where_one_would_be_padding_only():
    """4 bins over 5: steps of 2 would pad 2 above bins of 2; steps of 1 are bins of 2 without padding."""
    x = torch.arange(5.0).reshape(1, 1, 1, 5)
    assert spp((1, 1, 1, 5), "pyramid_height: 1 base_bin_w: 4")(x=x)["y"].tolist() == [[[[1, 2, 3, 4]]]]
    with pytest.raises(SpecError, match="1 by 4 bins, which a bottom of size 1 by 2 cannot fill"):
        spp((1, 1, 1, 2), "pyramid_height: 1 base_bin_w: 4")
