"""MaxDrop, which drops maxima, and StochasticDropout, whose ratio is drawn."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_maxima_of_maps_are_dropped_with_their_windows():
    x = torch.zeros(300, 2, 3, 4).double() + 0.5
    x[:, 0, 1, 2], x[:, 1, 2, 0] = 3, -7
    x[:, 1] = -x[:, 1].abs()  # nothing above 0: the first place counts
    factor = 1 / (1 - 0.375 * 3 / 12)
    kept = top_of("MaxDrop", "max_drop_param { prob: 0.375 dim_option: 1 kernel_w: 3 }", "TRAIN", x=x) / x
    windows = torch.ones(2, 3, 4).double()
    windows[0, 1, 1:4], windows[1, 0, :2] = 0, 0
    for channel, window in enumerate(windows):
        dropped = ((kept[:, channel] - window * factor).abs() < 1e-12).flatten(1).all(1)
        whole = ((kept[:, channel] - factor).abs() < 1e-12).flatten(1).all(1)
        assert bool((dropped ^ whole).all()) and abs(dropped.double().mean() - 0.375) < 6 * (0.375 * 0.625 / 300) ** 0.5


def test_maxima_of_channels_are_dropped():
    x = draw(7, 3, 20, 30)
    top = top_of("MaxDrop", "max_drop_param { prob: 0.3 dim_option: 2 }", "TRAIN", x=x)
    dropped = top == 0
    assert dropped.sum(1).max() == 1 and abs(dropped.sum() / 4200 - 0.3) < 6 * (0.3 * 0.7 / 4200) ** 0.5
    positive = x.clamp_min(0)
    torch.testing.assert_close(positive[dropped], positive.amax(1, keepdim=True).expand_as(x)[dropped])
    assert top[~dropped].equal(x[~dropped])


def test_a_single_channel_is_scaled_down():
    top = top_of("MaxDrop", "max_drop_param { prob: 0.25 }", "TRAIN", x=torch.ones(1, 1, 40, 50).double())
    assert set(top.flatten().tolist()) == {0, 1 - 0.25 / 2000}


@pytest.mark.parametrize(("param", "ratios"), [
    ("prob_arg1: 0.2 prob_arg2: 0.3", (0.2, 0.3)), ("prob_arg1: 0.9 prob_arg2: 0.9", (0.7, 0.7)),
    ("type: 1 prob_arg1: 0.25 prob_arg2: 0", (0.25, 0.25)), ("prob_arg1: 0.5 prob_arg2: 0.5 prob_layer: 0", (0, 0)),
    ("type: 1 prob_arg1: 0 prob_arg2: 0.1", (0, 0.5)),
])
def test_the_ratio_is_drawn_for_each_pass(param, ratios):
    x = torch.ones(200, 300).double()
    net = one_layer("StochasticDropout", f"stochastic_dropout_param {{ {param} }}", "TRAIN", x=x)
    shares = []
    for _ in range(4):
        top = net(x=x)["y0"]
        shares.append(float((top == 0).double().mean()))
        slack = 6 * (0.25 / 60000) ** 0.5
        assert ratios[0] - slack <= shares[-1] <= ratios[1] + slack
        factor = min(1 / (1 - shares[-1]), 1.5)
        assert abs(float(top.max()) - factor) < 10 * slack
    if ratios[0] != ratios[1]:
        assert len(set(shares)) == 4


def test_nothing_is_dropped_in_test():
    x = draw(2, 3, 5, 4)
    assert top_of("MaxDrop", "max_drop_param { prob: 0.9 }", x=x).equal(x)
    assert top_of("StochasticDropout", "stochastic_dropout_param { prob_arg1: 0.4 }", x=x).equal(x)


def test_gradients_are_those_of_what_is_kept():
    x = draw(2, 3, 5, 4).requires_grad_()
    top = one_layer("MaxDrop", "max_drop_param { prob: 0.5 dim_option: 1 }", "TRAIN", x=x)(x=x)["y0"]
    torch.testing.assert_close(torch.autograd.grad(top.sum(), x)[0], (top / x).detach())


def test_refused_numbers():
    with pytest.raises(netdef.SpecError, match="drops 1.2 of each map of 2 x 3; it must be less than all"):
        one_layer("MaxDrop", "max_drop_param { prob: 0.8 kernel_h: 3 kernel_w: 3 dim_option: 1 }", x=(2, 5, 2, 3))
    with pytest.raises(netdef.SpecError, match="has `prob` 1; it must be at least 0 and below 1"):
        one_layer("MaxDrop", "max_drop_param { prob: 1 }", x=(2, 5, 2, 3))
    with pytest.raises(netdef.SpecError, match="has `prob_layer` 1.5; it must be from 0 to 1"):
        one_layer("StochasticDropout", "stochastic_dropout_param { prob_layer: 1.5 }", x=(2, 3))
    with pytest.raises(netdef.SpecError, match="has `prob_arg1` -1; it must be at least 0"):
        one_layer("StochasticDropout", "stochastic_dropout_param { prob_arg1: -1 }", x=(2, 3))
