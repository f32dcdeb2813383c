"""Losses of predicted maps of where people look."""

from __future__ import annotations

import math

import pytest
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

E = 1e-6


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_divergence_of_two_maps(phase: str):
    x, t = draw(2, 1, 3, 2).abs(), draw(2, 1, 3, 2, seed=2).abs()
    expected = 0.0
    for predicted, true in zip(x.flatten(1).tolist(), t.flatten(1).tolist()):
        for a, b in zip(predicted, true):
            q, p = b / (sum(true) + E), a / (sum(predicted) + E)
            expected += q * math.log(q / (p + E) + E) / 2
    assert top_of("KLDivLoss", "", phase, x=x, t=t).item() == pytest.approx(expected)


def test_the_gradient_of_the_divergence_is_the_forks():
    x, t = draw(2, 1, 3, 2).abs().requires_grad_(), draw(2, 1, 3, 2, seed=2).abs()
    net = one_layer("KLDivLoss", "loss_weight: 3", "TRAIN", x=x, t=t)
    net.loss(net(x=x, t=t)).backward()
    values, true = x.detach()[1].flatten().tolist(), t[1].flatten().tolist()
    total, q = sum(values), true[4] / (sum(true) + E)
    assert x.grad[1].flatten()[4].item() == pytest.approx(3 * -q * (total - values[4]) / (total * values[4] + E) / 2)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_scanpath_saliency(phase: str):
    x, t = draw(2, 1, 3, 2), (draw(2, 1, 3, 2, seed=2) > 0).double()
    expected = [-(x[i] * t[i]).sum().item() / t[i].sum().item() for i in range(2)]
    assert top_of("NSSLoss", "", phase, x=x, t=t).item() == pytest.approx(sum(expected) / 2)
    net = one_layer("NSSLoss", "", phase, x=x, t=t)
    assert gradcheck(lambda x: net(x=x, t=t)["y0"], (x.requires_grad_(),))


@pytest.mark.parametrize(("x", "t", "complaint"), [
    ((2, 3, 4, 5), (2, 3, 4, 5), "one channel"), ((2, 1, 4, 5), (2, 1, 5, 4), "one shape")])
def test_other_maps_are_refused(x: tuple[int, ...], t: tuple[int, ...], complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("NSSLoss", x=x, t=t)
