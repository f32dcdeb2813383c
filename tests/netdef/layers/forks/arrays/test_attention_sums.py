"""Sums of maps over places and channels."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of
from torch.autograd import gradcheck

import netdef


def test_sums_over_places():
    x, weights = draw(2, 3, 4, 5), draw(2, 1, 4, 5, seed=2)
    assert torch.allclose(top_of("LinearSum", x=x, w=weights), torch.einsum("nchw,nhw->nc", x, weights[:, 0]))
    x, weights = draw(1, 2, 2, 3).requires_grad_(), draw(1, 1, 2, 3, seed=2).requires_grad_()
    net = one_layer("LinearSum", "", "TRAIN", x=x, w=weights)
    assert gradcheck(lambda x, w: net(x=x, w=w)["y0"], (x, weights))


def test_sums_over_channels():
    x, weights = draw(2, 3, 4, 5), draw(2, 3, seed=2)
    assert torch.allclose(top_of("FilterSum", x=x, w=weights), torch.einsum("nchw,nc->nhw", x, weights)[:, None])


def test_the_gradients_of_sums_over_channels():
    x, weights = draw(2, 3, 4, 5).requires_grad_(), draw(2, 3, seed=2).requires_grad_()
    net = one_layer("FilterSum", "", "TRAIN", x=x, w=weights)
    assert gradcheck(lambda x: net(x=x, w=weights.detach())["y0"], (x,))
    factor = draw(2, 1, 4, 5, seed=3)
    (net(x=x, w=weights)["y0"] * factor).sum().backward()
    assert torch.allclose(weights.grad, (x.detach() * factor).abs().sum((2, 3)))


@pytest.mark.parametrize(("kind", "weights", "complaint"), [
    ("LinearSum", (2, 3, 4, 5), "a weight for each place"), ("FilterSum", (2, 4), "a weight for each channel")])
def test_what_does_not_fit_is_refused(kind: str, weights: tuple[int, ...], complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, x=(2, 3, 4, 5), w=weights)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_maps_times_one_map(phase: str):
    a, b, chosen = draw(2, 3, 4, 5), draw(2, 2, 5, 4, seed=2), draw(2, 20, seed=3)
    first, second = tops_of("Spfilter", "", 2, phase, a=a, b=b, s=chosen)
    assert torch.allclose(first, torch.stack([a[i] * chosen[i].reshape(4, 5) for i in range(2)]))
    assert torch.allclose(second, torch.stack([b[i] * chosen[i].reshape(5, 4) for i in range(2)]))
    a, chosen = draw(1, 2, 2, 3).requires_grad_(), draw(1, 1, 2, 3, seed=2).requires_grad_()
    net = one_layer("Spfilter", "", "TRAIN", a=a, s=chosen)
    assert gradcheck(lambda a, s: net(a=a, s=s)["y0"], (a, chosen))


@pytest.mark.parametrize(("tops", "chosen", "complaint"), [(2, (2, 20), "a top of each bottom"), (1, (2, 21), "for each place")])
def test_other_choices_of_places_are_refused(tops: int, chosen: tuple[int, ...], complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("Spfilter", tops=tops, a=(2, 3, 4, 5), s=chosen)
