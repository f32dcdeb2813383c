"""RunningAverage by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, tops_of

import netdef


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_earlier_passes_weigh_less(phase: str):
    xs = [draw(2, 3, seed=seed) for seed in range(3)]
    net = one_layer("RunningAverage", "running_average_param { mass: 3 }", phase, x=xs[0])
    tops = [net(x=x)["y0"] for x in xs]
    torch.testing.assert_close(tops[0], xs[0])
    torch.testing.assert_close(tops[1], (0.75 * xs[0] + xs[1]) / 1.75)
    torch.testing.assert_close(tops[2], (0.75**2 * xs[0] + 0.75 * xs[1] + xs[2]) / (0.75**2 + 0.75 + 1))
    mean, weight = net.params["l"]
    assert torch.equal(mean, tops[2]) and weight.shape == (1, 1, 1, 1) and weight.item() == pytest.approx(1 + 0.75 + 0.75**2)


def test_means_that_stay_and_that_are_forgotten():
    x = draw(2, 3)
    for forgets in (False, True):
        param = f"mass: 1 reset_history: {str(forgets).lower()}"
        net = one_layer("RunningAverage", f"running_average_param {{ {param} }}", "TRAIN", x=x)
        net.params["l"][1].fill_(2)
        wanted = x if forgets else x / 2  # The mean is 0, with half of the weight of 2.
        torch.testing.assert_close(net(x=x)["y0"], wanted)
    net = one_layer("RunningAverage", "running_average_param { update_test: false }", x=x)
    assert not net(x=x)["y0"].any() and not net.params["l"][1].any()
    with pytest.raises(netdef.SpecError, match="has `mass` -1; it must be at least 0"):
        one_layer("RunningAverage", "running_average_param { mass: -1 }", x=x)


def test_several_bottoms():
    a, b = draw(2, 3), draw(4)
    first, second = tops_of("RunningAverage", "", 2, a=a, b=b)
    torch.testing.assert_close(first, a)
    torch.testing.assert_close(second, b)
